"""Runs WeCom's channels in the test's own process, against the fake platform."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.channels.base import Channel
from bot.channels.context import ChannelContext
from bot.channels.supervise import Condition, Supervisor
from bot.channels.wecom.aibot.channel import AibotChannel
from bot.channels.wecom.aibot.client import AibotClient, AibotTiming
from bot.channels.wecom.app.callback import PATH
from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.make import make_app
from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.conversation.unanswered import UnansweredRecorder
from bot.serving.web import make_app as make_app_of
from bot.settings import Settings
from bot.store.database import Store
from bot.store.leases import Leases
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.caller import FakeCaller
from tests.fake_wecom.robot import FakeRobot
from tests.fake_wecom.serving import serving as serving_app
from tests.wecom.scripted import Scripted

QUICK = AibotTiming(ping=5.0, ack=2.0, reconnect=(0.02, 0.1), login=(0.05, 0.4))


async def context(store: Store, answerer: Answerer | None = None, **settings: object) -> ChannelContext:
    """Return what channels are made from; nothing of this machine's own settings gets in."""
    given = {"questions_per_minute": 0} | settings
    scripted = answerer or Scripted()
    asker = Asker(lambda: scripted)
    await asker.open()
    return ChannelContext(Settings.model_validate(given), store, asker)


@contextlib.asynccontextmanager
async def serving(channel: Channel, store: Store, holder: str = "one") -> AsyncIterator[Supervisor]:
    """Run a channel as ``python -m bot run`` does."""
    supervisor = Supervisor(channel, store, Leases(store, holder))
    stop = asyncio.Event()
    running = asyncio.create_task(supervisor.run(stop))
    try:
        yield supervisor
    finally:
        stop.set()
        await running


TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


async def make_app_channel(
    url: str, platform: FakeApi, store: Store, answerer: Answerer | None = None, **settings: object
) -> AppChannel:
    """Make the app's channel as its settings would."""
    given = {
        "wecom_corp_id": platform.corp_id,
        "wecom_app_agent_id": platform.agent_id,
        "wecom_app_secret": platform.secret,
        "wecom_app_token": TOKEN,
        "wecom_app_aes_key": AES_KEY,
        "wecom_api_url": url,
    }
    channel = make_app(await context(store, answerer, **(given | settings)))
    assert isinstance(channel, AppChannel)
    return channel


@contextlib.asynccontextmanager
async def app(
    platform: FakeApi, store: Store, answerer: Answerer | None = None, **settings: object
) -> AsyncIterator[FakeCaller]:
    """Run the app's channel and its address; yields who calls it."""
    async with serving_app(platform.app()) as url:
        channel = await make_app_channel(url, platform, store, answerer, **settings)
        async with serving(channel, store) as supervisor:
            while supervisor.condition is not Condition.RUNNING:
                await asyncio.sleep(0.005)
            routes = supervisor.routes()
            async with serving_app(make_app_of(routes, dict)) as here:
                yield FakeCaller(f"{here}{PATH}", TOKEN, AES_KEY, platform.corp_id, platform.agent_id)


@contextlib.asynccontextmanager
async def aibot(
    robot: FakeRobot,
    store: Store,
    answerer: Answerer | None = None,
    departments: Departments | None = None,
    holder: str = "one",
    unanswered: UnansweredRecorder | None = None,
    **settings: object,
) -> AsyncIterator[AibotChannel]:
    """Run the AI bot's channel and wait until it is connected."""
    client = AibotClient(robot.bot_id, robot.secret, url=robot.url, pace=QUICK)
    base = replace(await context(store, answerer, **settings), unanswered=unanswered)
    channel = AibotChannel(base, client, departments)
    try:
        async with serving(channel, store, holder):
            await robot.connected()
            yield channel
    finally:
        base.asker.close()
