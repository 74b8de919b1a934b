"""``/metrics``: what the bot did and what it is connected to, for Prometheus, with few labels."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot.answering.answer import AnswerKind
from bot.conversation.asking import Asker
from bot.notices.sending import UnknownError
from bot.serving.metrics import Metrics, make_route
from bot.serving.readiness import Readiness
from tests.bot_process import STATUS_HEADERS, BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person
from tests.notices.fakes import Clock, FakePlatform, Post, notice, once
from tests.scripted import ScriptedAnswerer

Samples = dict[str, float]


def read(text: str) -> Samples:
    """Return each sample of a page by its name and labels; comments and the process's own figures left out."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith(("#", "process_")))
    return {name: float(value) for name, _, value in lines}


async def fetch(url: str) -> Samples:
    """Return what ``/metrics`` of a running bot says."""
    async with httpx.AsyncClient() as client:
        return read((await client.get(f"{url}/metrics", headers=STATUS_HEADERS)).text)


async def test_questions_replies_and_apologies_are_counted(tmp_path: Path) -> None:
    """Each question counts by channel and kind, each reply with its time, each apology as a failure."""
    async with FakeTelegram() as fake:
        settings = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        async with BotProcess(tmp_path, settings) as bot:
            person = Person(fake.world, 1, fake.world.chat(1))
            for number, text in enumerate(("列表3", "列表4", "没有的事", "出错"), start=1):
                await person.say(text)
                await person.answer(number)
            await bot.logged_times("done", 4)
            samples = await fetch(await bot.url())
    assert samples['wence_questions_total{channel="telegram",kind="duties"}'] == 2
    assert samples['wence_questions_total{channel="telegram",kind="decline"}'] == 1
    assert samples['wence_declines_total{channel="telegram",reason="decline.topic"}'] == 1
    assert samples['wence_answer_seconds_count{way="data"}'] == 3
    assert samples['wence_reply_seconds_count{channel="telegram"}'] == 3
    assert samples['wence_failures_total{channel="telegram"}'] == 1
    assert samples['wence_channel_connected{channel="telegram"}'] == 1
    assert samples['wence_channel_condition{channel="telegram",condition="running"}'] == 1
    assert samples['wence_channel_condition{channel="telegram",condition="refused"}'] == 0
    assert (samples["wence_index_open"], samples["wence_store_reachable"], samples["wence_model_loaded"]) == (1, 1, 0)


async def test_no_label_comes_from_what_people_type(tmp_path: Path) -> None:
    """A hundred people with a hundred questions add no series: labels are channels, kinds, reasons and ways."""
    async with FakeTelegram() as fake:
        settings = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        async with BotProcess(tmp_path, settings) as bot:
            people = [Person(fake.world, number, fake.world.chat(number)) for number in range(1, 31)]
            for person in people:
                await person.say(f"问题{person.number}")
            for person in people:
                await person.answer()
            samples = await fetch(await bot.url())
    labels = {found for name in samples for found in re.findall(r'(\w+)="([^"]*)"', name) if found[0] != "le"}
    known = {("channel", "telegram"), ("way", "data"), *(("kind", kind.value) for kind in AnswerKind)}
    assert {(name, value) for name, value in labels if name not in ("condition", "state")} <= known


async def test_the_outbox_is_counted(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """``/metrics`` gives the outbox's rows by state."""
    platform.after = once(UnknownError("timeout"))
    await post.plan(notice("一"))
    await post.send()
    await post.plan(notice("二", at=clock.at))
    store = post.outbox.store
    route = make_route(Metrics(), Readiness(Asker(ScriptedAnswerer), store, ()), store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=[route])), base_url="http://b") as web:
        samples = read((await web.get("/metrics")).text)
    assert samples['wence_outbox_messages{channel="fake",state="due"}'] == 1
    assert samples['wence_outbox_messages{channel="fake",state="unknown"}'] == 1
    assert samples["wence_index_open"] == 0
