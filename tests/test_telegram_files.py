"""Files in Telegram: lists that are sent as one, plans that an operator sends, and announcements that are confirmed."""

from __future__ import annotations

import asyncio
import io

import docx
import openpyxl
import pytest

from bot.conversation.answerer import Answerer
from bot.notices.announcements import Announcements
from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.outbox import Outbox
from bot.notices.receipts import Receipts
from bot.notices.workdays import NEVER
from bot.serving.open_answerer import open_answerer
from corpus.library.added import PlanStore
from tests.fake_telegram.world import Fault, Json, Person
from tests.telegram_bot import Scene
from tests.test_plan_intake import PLAN

NO_MODEL = "no/such-model"
SCHOOLS = Subject(SubjectKind.UNIT, "区教委", "", "区教委")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Open the shipped plans without the embedding model: everything in the files stands in the data."""
    return open_answerer(tmp_path_factory.mktemp("plans"), NO_MODEL)


def content(person: Person, message: Json) -> bytes:
    """Return the file of a message."""
    return person.world.files[message["document"]["file_id"]]


async def announced(scene: Scene, *chats: str) -> int:
    """Announce something to chats; its number."""
    async with scene.store.begin() as tx:
        for chat in chats:
            await Followings(scene.store).follow("telegram", chat, SCHOOLS, tx)
    announcements = Announcements(Outbox(scene.store))
    preview = await announcements.prepare(SCHOOLS, "明天开会。", "cli")
    await announcements.send(preview.id)
    return preview.id


async def test_the_button_sends_the_list_as_a_workbook(scene: Scene, plans: Answerer) -> None:
    """导出 under a list answers it with the file; the list stays as it is."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say("巴南区教委负责什么")
        listed = await person.answer()
        before = listed["text"], listed["reply_markup"]
        await person.press(listed, "导出")
        sent = await person.answer(2)
    assert (listed["text"], listed["reply_markup"]) == before
    sheet = openpyxl.load_workbook(io.BytesIO(content(person, sent))).worksheets[0]
    assert sheet.title == "任务清单"
    assert "6项" in str(sheet["A1"].value)
    assert "6项" in sent["caption"]


async def test_words_bring_a_word_file_in_a_group(scene: Scene, plans: Answerer) -> None:
    """The words go first, then the file, below the question."""
    person = scene.member(1)
    async with scene.bot(plans):
        asked = await person.say("@wence_test_bot 渝中区主要指标，发我Word")
        sent = await person.answer(2)
    assert sent["reply_to_message"]["message_id"] == asked["message_id"]
    (table,) = docx.Document(io.BytesIO(content(person, sent))).tables
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "名称", "2023年", "2027年"]


async def test_a_file_that_fails_costs_no_words(scene: Scene, plans: Answerer) -> None:
    """The answer stands, and one line says that the file did not come."""
    scene.world.fail("sendDocument", Fault(400, "Bad Request: FILE_PARTS_INVALID"))
    person = scene.person()
    async with scene.bot(plans):
        await person.say("巴南区教委负责什么 导出")
        told = await person.answer(2)
    assert "6项" in person.answers()[0]["text"]
    assert "文件没有发出去" in told["text"]


async def test_an_operators_plan_is_added(scene: Scene) -> None:
    """The report has 加入 and 取消; what is pressed happens, and the words of the caption are no question."""
    person = scene.person()
    async with scene.bot(telegram_admins="1"):
        await person.send_file("教育.txt", PLAN.encode())
        report = await person.answer()
        assert "河口县教育发展行动方案" in report["text"]
        query = await person.press(report, "加入")
        await scene.world.until(lambda: query in scene.world.press_answers)
    assert "已加入" in scene.world.press_answers[query]["text"]
    assert len(PlanStore(scene.folder / "plans").entries()) == 1
    assert not list((scene.folder / "offered").glob("*"))


async def test_others_are_told_who_may(scene: Scene) -> None:
    """Somebody else's file is not even fetched."""
    person = scene.person(2)
    async with scene.bot(telegram_admins="1"):
        await person.send_file("教育.txt", PLAN.encode())
        assert "运维人员" in (await person.answer())["text"]
    assert not [call for call in scene.world.calls if call.method == "getFile"]
    assert not (scene.folder / "plans").exists()


async def test_a_confirmation_is_counted_on_the_button(scene: Scene) -> None:
    """Who presses is told alone; the button shows everybody how many have."""
    one, two = scene.member(1), scene.member(2)
    number = await announced(scene, "-100")
    async with scene.bot(notice_quiet=NEVER):
        notice = await one.answer()
        query = await one.press(notice, "收到")
        await scene.world.until(lambda: query in scene.world.press_answers)
        await scene.world.until(lambda: bool(scene.world.edits))
        assert scene.world.press_answers[query]["text"] == "已收到（共1人）"
        (((button,),),) = (notice["reply_markup"]["inline_keyboard"],)
        assert button["text"] == "已收到（共1人）"
        query = await two.press(notice, "已收到（共1人）")
        await scene.world.until(lambda: query in scene.world.press_answers)
    assert scene.world.press_answers[query]["text"] == "已收到（共2人）"
    (chat,) = await Receipts(scene.store).of(number)
    assert (chat.chat, chat.readers) == ("-100", ("用户1", "用户2"))
    assert len(one.answers()) == 1


async def test_words_confirm_too(scene: Scene) -> None:
    """收到 in a group is noted without a word; in a private chat the bot says that it is."""
    member, person = scene.member(1), scene.person(2)
    number = await announced(scene, "-100", "2")
    async with scene.bot(notice_quiet=NEVER):
        await member.answer()
        await member.say("@wence_test_bot 收到")
        await person.answer()
        await person.say("收到")
        assert "已收到" in (await person.answer(2))["text"]
        readers: list[str] = []
        while len(readers) < 2:
            await asyncio.sleep(0.02)
            readers = [name for chat in await Receipts(scene.store).of(number) for name in chat.readers]
    assert sorted(readers) == ["用户1", "用户2"]
    assert len(member.answers()) == 1
