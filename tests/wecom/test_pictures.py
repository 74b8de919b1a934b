"""Pictures in WeCom: uploaded and sent as images behind the words, which stay whatever becomes of them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.answering.answer import Answer, AnswerKind, Countdown
from bot.channels.wecom.http import Http
from bot.channels.wecom.robot import GroupRobot
from bot.channels.wecom.robot_channel import RobotChannel
from bot.conversation.answerer import Answerer
from bot.serving.open_answerer import open_answerer
from bot.store.database import Store
from tests.card.test_card_pictures import DAY
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import FakeRobot
from tests.fake_wecom.serving import serving
from tests.wecom.office import aibot, app

NO_MODEL = "no/such-model"
DIGEST = Answer(
    AnswerKind.FACT,
    True,
    "任务摘要",
    countdowns=(Countdown("渝中区教委", DAY, DAY, DAY.replace(year=2027), 3),),
    picture=True,
)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Open the shipped plans without the embedding model: everything that is drawn stands in the data."""
    return open_answerer(tmp_path_factory.mktemp("plans"), NO_MODEL)


def is_card(png: bytes) -> bool:
    """Whether these bytes are a card."""
    return bool(Image.open(io.BytesIO(png)).size[0] == 800)


async def test_the_ai_bot_sends_an_image_after_the_words(robot: FakeRobot, store: Store, plans: Answerer) -> None:
    """The stream ends with the whole answer; the image comes as a message of its own, uploaded piece by piece."""
    async with aibot(robot, store, plans):
        asked = await robot.say("li", "渝中 主要指标 图")
        await robot.until(lambda: any(body["msgtype"] == "image" for body in robot.pushed))
        assert asked.finished.is_set()
    assert "主要指标9项" in asked.answer
    (image,) = [body["image"]["media_id"] for body in robot.pushed if body["msgtype"] == "image"]
    assert is_card(robot.media[image])


async def test_the_cards_button_brings_only_the_image(robot: FakeRobot, store: Store, plans: Answerer) -> None:
    """看图 on the card below an answer repeats no words: they stand above it."""
    async with aibot(robot, store, plans):
        await robot.say("li", "渝中区主要指标")
        await robot.until(lambda: robot.cards)
        (task_id,) = robot.cards
        await robot.press("li", task_id, "看图")
        await robot.until(lambda: [body for body in robot.pushed if body["msgtype"] == "image"])
    assert robot.media
    assert not [body for body in robot.pushed if body["msgtype"] == "markdown"]


async def test_a_refused_upload_costs_no_words(robot: FakeRobot, store: Store, plans: Answerer) -> None:
    """The answer stands, one line says that the picture did not come, and the next question is answered."""
    robot.refuse_uploads = True
    async with aibot(robot, store, plans):
        asked = await robot.say("li", "渝中 主要指标 图")
        await robot.until(
            lambda: any("图没能发出" in body.get("markdown", {}).get("content", "") for body in robot.pushed)
        )
        assert "主要指标9项" in asked.answer
        following = await robot.say("li", "有哪些方案")
        await robot.until(following.finished.is_set)


async def test_an_image_larger_than_a_piece_arrives_whole(robot: FakeRobot, store: Store, plans: Answerer) -> None:
    """A file of several pieces is put together as it was."""
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4500
    async with aibot(robot, store, plans) as channel:
        await channel._client.connected()
        media = await channel._client.upload_image(png)
    assert robot.media[media] == png
    assert len(png) > 2 * 512 * 1024


async def test_the_app_sends_text_passively_and_the_image_after(store: Store, plans: Answerer) -> None:
    """The callback's own response carries the words; the image is uploaded and sent."""
    platform = FakeApi()
    async with app(platform, store, plans) as caller:
        text = (await caller.say("li", "渝中 主要指标 图")).content
        await _until(platform, 1)
    assert "主要指标9项" in text
    assert platform.inbox[0].kind == "image"
    assert is_card(platform.inbox[0].image)


async def test_the_app_tells_of_an_image_that_was_refused(store: Store, plans: Answerer) -> None:
    """With no right to upload, the words are there and one line says what is not."""
    platform = FakeApi()
    async with app(platform, store, plans) as caller:
        await caller.say("li", "有哪些方案")
        platform.fail_next += [48002, 48002]  # the card of its buttons, the image
        text = (await caller.say("li", "渝中 主要指标 图")).content
        await _until(platform, 1)
    assert "主要指标9项" in text
    assert any("图没能发出" in one.content for one in platform.inbox)


async def test_a_group_robot_pushes_the_days_left() -> None:
    """The digest's chart goes into the group as an image; when the minute is nearly full it is left out."""
    platform = FakeApi()
    async with serving(platform.app()) as url:
        channel = RobotChannel(GroupRobot(Http(url), "robot-key-1"))
        await channel.send_notice("", DIGEST)
        await channel.send_picture("", DIGEST)
        assert [one.kind for one in platform.inbox] == ["markdown", "image"]
        assert is_card(platform.inbox[1].image)
        for _ in range(14):
            await channel.send_notice("", DIGEST)
        await channel.send_picture("", DIGEST)
        assert sum(one.kind == "image" for one in platform.inbox) == 1
        await channel.close()


async def _until(platform: FakeApi, messages: int) -> None:
    import asyncio

    async with asyncio.timeout(20):
        while len(platform.inbox) < messages:
            await asyncio.sleep(0.005)
