"""The shipped plans in WeCom: real answers in its sizes, and every word that it offers is understood."""

from __future__ import annotations

import re

import pytest

from bot.channels.wecom.app.menu import menu_buttons
from bot.conversation.answerer import Answerer
from bot.serving.open_answerer import open_answerer
from bot.store.database import Store
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import FakeRobot
from tests.wecom.office import aibot, app

NO_MODEL = "no/such-model"


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Open the shipped plans without the embedding model: everything asked here stands in the data."""
    return open_answerer(tmp_path_factory.mktemp("plans"), NO_MODEL)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("区教委负责什么", "**巴南 附件 一（一）2** · 夯实基层中医药服务网底"),
        ("古籍保护谁负责", "区文旅委"),
        ("2027年中医馆要建多少个", "2023年 23个 → 2027年 24个"),
        ("任务4.2.2", "> 4.2.2 开展多层次人才培养培训。"),
        ("两个区名中医目标差多少", "渝中区"),
        ("渝北区教委负责什么", "没有收录渝北区的方案"),
    ],
)
async def test_questions_are_answered_in_a_groups_size(
    robot: FakeRobot, store: Store, plans: Answerer, question: str, words: str
) -> None:
    """A real answer reaches a member whole, and a group in at most ten lines."""
    async with aibot(robot, store, plans):
        private = await robot.say("li", question)
        group = await robot.say("li", question, chat="group-1")
        await robot.until(lambda: private.finished.is_set() and group.finished.is_set())
        assert words in private.answer
        assert len(private.answer.encode()) <= 2048
        assert "来源：" in private.answer or "没有收录" in private.answer
        assert len(group.answer.splitlines()) <= 10 or "> " in group.answer


async def test_every_button_of_a_real_answer_is_answered(robot: FakeRobot, store: Store, plans: Answerer) -> None:
    """What a card offers, pressed, brings an answer about the same question."""
    async with aibot(robot, store, plans):
        await robot.say("li", "区教委负责什么")
        await robot.until(lambda: robot.cards)
        (task_id,) = robot.cards
        labels = [button["text"] for button in robot.cards[task_id]["button_list"]]
        assert {"下一页", "展开1", "只看巴南区", "只看渝中区"} <= set(labels)
        labels = [label for label in labels if label not in ("看图", "导出")]
        for count, label in enumerate(labels, 1):
            await robot.press("li", task_id, label)
            await robot.until(lambda n=count: sum(body["msgtype"] == "markdown" for body in robot.pushed) == n)  # type: ignore[misc]
        answers = [body["markdown"]["content"] for body in robot.pushed if body["msgtype"] == "markdown"]
    assert len(set(answers)) == len(labels)
    assert all("区教委" in answer for answer in answers)


async def test_pages_of_the_longest_list_hold_every_entry(store: Store, plans: Answerer) -> None:
    """Typed 下一页 in the app goes through every entry of the plans' longest list, no message beyond its bytes."""
    numbers: list[int] = []
    async with app(FakeApi(), store, plans) as caller:
        text = (await caller.say("li", "渝中区卫健委负责什么")).content
        pages = int(re.search(r"（第1/(\d+)页）", text)[1])  # type: ignore[index]
        for page in range(1, pages + 1):
            assert f"（第{page}/{pages}页）" in text
            assert len(text.encode()) <= 2048
            numbers += [int(number) for number in re.findall(r"^(\d+)\. 渝中", text, re.MULTILINE)]
            text = (await caller.say("li", "下一页")).content
    answer, _ = plans.ask("渝中区卫健委负责什么")
    assert numbers == [entry.number for section in answer.sections for entry in section.entries]
    assert len(numbers) > 20


async def test_menu_asks_what_the_plans_answer(store: Store, plans: Answerer) -> None:
    """Every entry of the app's menu is a question that is answered."""
    buttons = [below for button in menu_buttons() for below in button.get("sub_button", [button])]
    async with app(FakeApi(), store, plans) as caller:
        for created, button in enumerate(buttons, 1_900_000_000):
            answered = await caller.event("li", "click", button["key"], created)
            assert "来源：" in answered.content or "方案" in answered.content
            assert "没有" not in answered.content.splitlines()[0]
