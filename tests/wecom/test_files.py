"""Files in WeCom: lists that are sent as one, and plans that an operator sends to the AI bot."""

from __future__ import annotations

import asyncio
import base64
import io
import os
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.conversation.answerer import Answerer
from bot.notices.announcements import Announcements
from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.outbox import Outbox
from bot.notices.receipts import Receipts
from bot.notices.workdays import NEVER
from bot.serving.open_answerer import open_answerer
from bot.store.database import Store
from corpus.library.added import PlanStore
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import FakeRobot
from tests.fake_wecom.serving import serving
from tests.test_plan_intake import PLAN
from tests.wecom.office import aibot, app

NO_MODEL = "no/such-model"
SCHOOLS = Subject(SubjectKind.UNIT, "区教委", "", "区教委")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Open the shipped plans without the embedding model: everything in the files stands in the data."""
    return open_answerer(tmp_path_factory.mktemp("plans"), NO_MODEL)


def headline(workbook: bytes) -> str:
    """Return the first line of a workbook."""
    return str(openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]["A1"].value)


def encrypted(content: bytes, key: bytes) -> bytes:
    """Encrypt a file as the platform does (100719)."""
    length = 32 - len(content) % 32
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return cipher.update(content + bytes([length]) * length) + cipher.finalize()


async def test_the_ai_bot_sends_a_file_after_the_words(robot: FakeRobot, store: Store, plans: Answerer) -> None:
    """Uploaded piece by piece under a name that says what is in it."""
    async with aibot(robot, store, plans):
        asked = await robot.say("li", "巴南区教委的任务清单发我")
        await robot.until(lambda: any(body["msgtype"] == "file" for body in robot.pushed))
    assert "6项" in asked.answer
    (media,) = [body["file"]["media_id"] for body in robot.pushed if body["msgtype"] == "file"]
    assert robot.names[media] == "巴南区 区教委 6项.xlsx"
    assert "6项" in headline(robot.media[media])


async def test_a_refused_upload_is_told(robot: FakeRobot, store: Store, plans: Answerer) -> None:
    """One line says that the file did not come."""
    robot.refuse_uploads = True
    async with aibot(robot, store, plans):
        await robot.say("li", "巴南区教委负责什么 导出")
        await robot.until(
            lambda: any("文件没有发出去" in body.get("markdown", {}).get("content", "") for body in robot.pushed)
        )


async def test_the_app_sends_a_file(store: Store, plans: Answerer) -> None:
    """A member gets the list as a message of its own."""
    platform = FakeApi()
    async with app(platform, store, plans) as caller:
        await caller.say("li", "巴南区教委负责什么 导出")
        while not any(one.kind == "file" for one in platform.inbox):
            await asyncio.sleep(0.02)
    (sent,) = [one for one in platform.inbox if one.kind == "file"]
    assert "6项" in headline(sent.image)


async def test_an_operators_plan_is_added(robot: FakeRobot, store: Store, tmp_path: Path) -> None:
    """The file is fetched and decrypted with its own key; what is typed as the button says adds it."""
    key = os.urandom(32)

    async def serve(_request: Request) -> Response:
        name = {"Content-Disposition": 'attachment; filename="jiaoyu.txt"'}
        return Response(encrypted(PLAN.encode(), key), headers=name)

    async with (
        serving(Starlette(routes=[Route("/f", serve)])) as url,
        aibot(robot, store, wecom_admins="li", data_dir=tmp_path),
    ):
        sent = {"url": f"{url}/f", "aeskey": base64.b64encode(key).decode().rstrip("=")}
        asked = await robot.ask("li", "", {"msgtype": "file", "file": sent})
        await asked.finished.wait()
        assert "河口县教育发展行动方案" in asked.answer
        await robot.until(lambda: robot.cards)
        (task_id,) = robot.cards
        await robot.press("li", task_id, "加入")
        await robot.until(lambda: PlanStore(tmp_path / "plans").entries())
        refused = await robot.ask("wang", "", {"msgtype": "file", "file": sent})
        await refused.finished.wait()
    assert "运维人员" in refused.answer


async def test_a_file_with_another_key_is_not_read(robot: FakeRobot, store: Store, tmp_path: Path) -> None:
    """What does not come out as it was encrypted is told to be sent again."""

    async def serve(_request: Request) -> Response:
        return Response(encrypted(PLAN.encode(), os.urandom(32)))

    async with (
        serving(Starlette(routes=[Route("/f", serve)])) as url,
        aibot(robot, store, wecom_admins="li", data_dir=tmp_path),
    ):
        sent = {"url": f"{url}/f", "aeskey": base64.b64encode(os.urandom(32)).decode()}
        asked = await robot.ask("li", "", {"msgtype": "file", "file": sent})
        await asked.finished.wait()
    assert "再发一次" in asked.answer


async def test_words_confirm_an_announcement(robot: FakeRobot, store: Store) -> None:
    """收到 in a group is noted without a word; in a chat with the bot it says how many have."""
    robot.know("g1", group=True)
    robot.know("wang", group=False)
    async with store.begin() as tx:
        for chat in ("group:g1", "single:wang"):
            await Followings(store).follow("wecom-aibot", chat, SCHOOLS, tx)
    announcements = Announcements(Outbox(store))
    preview = await announcements.prepare(SCHOOLS, "明天开会。", "cli")
    await announcements.send(preview.id)
    async with aibot(robot, store, notice_quiet=NEVER):
        await robot.until(lambda: len(robot.pushed) == 2)
        assert f"收到通知{preview.id}" in robot.pushed[0]["markdown"]["content"]
        await robot.say("li", "收到", "g1")
        asked = await robot.say("wang", f"收到通知{preview.id}")
        await asked.finished.wait()
        while len(readers := [name for one in await Receipts(store).of(preview.id) for name in one.readers]) < 2:
            await asyncio.sleep(0.02)
    assert "已收到" in asked.answer
    assert sorted(readers) == ["li", "wang"]
    assert len(robot.pushed) == 2
