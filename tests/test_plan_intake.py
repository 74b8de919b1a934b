"""A plan sent in a chat: what is told of it, that it is added only when somebody says so, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.conversation import plan_intake
from bot.conversation.plan_intake import PlanIntake, SentFile, read_decision
from corpus.library.added import PlanStore

PLAN = """江东省河口县人民政府办公室关于印发河口县教育发展行动方案（2024—2026年）的通知

江东省河口县人民政府办公室
2024年3月1日

河口县教育发展行动方案（2024—2026年）

一、建设学校

（一）到2026年，新建中学3所。（责任单位：县教育局、县财政局）

（二）培训教师，每年培训200名。（责任单位：县教育局）
"""
NAMELESS = "教育发展行动方案（2024—2026年）\n\n一、建设学校\n\n（一）新建中学3所。（责任单位：县教育局）\n"


def sent(text: str, name: str = "教育.txt") -> SentFile:
    """Return a file as a platform hands it over."""

    async def fetch() -> tuple[str, bytes]:
        return name, text.encode()

    return SentFile(0, fetch)


def lines(answer: Answer) -> str:
    """Return all that an answer says."""
    return "\n".join([answer.headline, *(line for one in answer.sections for line in (one.heading, *one.lines))])


@pytest.fixture
def intake(tmp_path: Path) -> PlanIntake:
    """The intake of an empty data folder."""
    return PlanIntake(tmp_path)


def added(folder: Path) -> list[str]:
    """Return the titles of the added plans."""
    return [entry.meta.title for entry in PlanStore(folder / "plans").entries()]


def kept(folder: Path) -> list[Path]:
    """Return what waits for a decision."""
    return list((folder / "offered").glob("*"))


async def press(intake: PlanIntake, answer: Answer, label: str, *, operator: bool = True) -> Answer:
    """Press a button below a report."""
    (choice,) = [one for one in answer.choices if one.label == label]
    decision = read_decision(choice.say)
    assert decision is not None
    return await intake.decide(decision, operator=operator)


async def test_it_is_reported_and_added_when_told_so(intake: PlanIntake, tmp_path: Path) -> None:
    """The report names title, district, counts and findings; a restart between report and button loses nothing."""
    answer = await intake.offer(sent(PLAN), "", operator=True)
    told = lines(answer)
    for words in ("河口县教育发展行动方案", "河口县", "2024-03-01", "审读意见"):
        assert words in told
    assert (added(tmp_path), len(kept(tmp_path))) == ([], 1)
    assert kept(tmp_path)[0].stat().st_mode & 0o077 == 0
    done = await press(PlanIntake(tmp_path), answer, "加入")
    assert "已加入" in done.headline
    assert len(added(tmp_path)) == 1
    assert kept(tmp_path) == []
    assert "已经处理过" in (await press(intake, answer, "加入")).headline


async def test_cancelled_it_leaves_nothing(intake: PlanIntake, tmp_path: Path) -> None:
    """取消 removes what was kept."""
    answer = await intake.offer(sent(PLAN), "", operator=True)
    assert "没有加入" in (await press(intake, answer, "取消")).headline
    assert (added(tmp_path), kept(tmp_path)) == ([], [])


async def test_only_operators_add(intake: PlanIntake, tmp_path: Path) -> None:
    """Others are told who may, and neither their file nor an operator's button does anything for them."""
    assert "运维人员" in (await intake.offer(sent(PLAN), "", operator=False)).headline
    assert kept(tmp_path) == []
    answer = await intake.offer(sent(PLAN), "", operator=True)
    assert "运维人员" in (await press(intake, answer, "加入", operator=False)).headline
    assert added(tmp_path) == []


async def test_a_new_text_replaces_the_old(intake: PlanIntake, tmp_path: Path) -> None:
    """The report shows what changes; the same file again is told to be there."""
    await press(intake, await intake.offer(sent(PLAN), "", operator=True), "加入")
    assert "已经添加过" in (await intake.offer(sent(PLAN), "", operator=True)).headline
    answer = await intake.offer(sent(PLAN.replace("3所", "5所")), "", operator=True)
    assert "5所" in lines(answer)
    await press(intake, answer, "替换旧版")
    assert len(added(tmp_path)) == 1


async def test_the_caption_names_the_district(intake: PlanIntake) -> None:
    """A document that does not say where it holds asks for it, and takes it from the words beside the file."""
    assert "写上区县" in (await intake.offer(sent(NAMELESS), "", operator=True)).headline
    assert "河口县" in lines(await intake.offer(sent(NAMELESS), " 河口县 ", operator=True))


async def test_what_is_no_plan_is_refused_in_one_line(intake: PlanIntake, tmp_path: Path) -> None:
    """An unknown kind, a broken file, an empty one, one with a folder in its name: nothing is kept of them."""
    for file in (sent("x", "a.exe"), sent("not a zip", "a.docx"), sent("", "a.txt"), sent("x", "../../etc/passwd")):
        answer = await intake.offer(file, "巴南区", operator=True)
        assert answer.headline
        assert not answer.choices
        assert "\n" not in answer.headline
    assert (added(tmp_path), kept(tmp_path)) == ([], [])


async def test_a_large_file_is_not_even_fetched(intake: PlanIntake) -> None:
    """The platform says how large it is; where it does not, what comes is measured."""

    async def fetch() -> tuple[str, bytes]:
        raise AssertionError

    large = SentFile(plan_intake.FILE_BYTES + 1, fetch)
    assert "太大" in (await intake.offer(large, "", operator=True)).headline
    answer = await intake.offer(sent("长" * (plan_intake.FILE_MB * 400_000)), "", operator=True)
    assert "太大" in answer.headline


async def test_a_file_that_does_not_come_is_told(intake: PlanIntake) -> None:
    """The platform may be away."""

    async def fetch() -> tuple[str, bytes]:
        raise ConnectionError

    assert "再发一次" in (await intake.offer(SentFile(0, fetch), "", operator=True)).headline


async def test_what_nobody_decides_about_is_forgotten(intake: PlanIntake, tmp_path: Path) -> None:
    """After a day, whole or half."""
    await intake.offer(sent(PLAN), "", operator=True)
    intake.tidy()
    (path,) = kept(tmp_path)
    os.utime(path, (0, 0))
    intake.tidy()
    assert kept(tmp_path) == []


def test_other_words_decide_nothing() -> None:
    """A path in the place of a token finds nothing."""
    assert read_decision("加入") is None
    assert read_decision("/addplan ../../x") == ("add", "../../x")


async def test_a_token_is_no_path(intake: PlanIntake, tmp_path: Path) -> None:
    """What is no token opens no file."""
    (tmp_path / "x.json").write_text("{}")
    assert "已经处理过" in (await intake.decide(("add", "../x"), operator=True)).headline
