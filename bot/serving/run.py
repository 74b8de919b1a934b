"""Wires settings, store, answerer and channels together and runs them until SIGTERM or Ctrl-C.

On a signal nothing new is begun, what is begun is finished, and what is not stays in the inbox.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from starlette.routing import Route

from bot import logs
from bot.api.channel import make_api
from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.channels.supervise import Condition, Supervisor
from bot.channels.telegram import make as make_telegram
from bot.channels.web.make import make_web
from bot.channels.wecom.make import make_aibot, make_app, make_robot
from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.conversation.unanswered import UnansweredRecorder
from bot.isolation import isolated, stop_tasks
from bot.keys import load_key
from bot.messages import say
from bot.notices.outbox import Outbox
from bot.notices.planner import Planner
from bot.notices.workdays import CalendarRules
from bot.progress import ProgressLines
from bot.query.plan_repository import PlanRepository
from bot.reading.aliases import AliasFile, OwnFileError
from bot.render.card.fonts import FontError, check_font
from bot.serving import metrics, readiness, replica, web
from bot.serving.open_answerer import Opener, storage_setting
from bot.serving.plan_watch import watch_index, watch_plans
from bot.serving.status_access import behind_token, status_token
from bot.settings import SettingError, Settings, load_settings
from bot.store.database import Store
from bot.store.leases import Leases
from bot.store.unanswered import UnansweredLog
from index.errors import StorageError

Factory = Callable[[ChannelContext], Channel | Unset]
"""Takes the context and returns a channel, or what must be set for it."""
FACTORIES: tuple[Factory, ...] = (make_telegram, make_aibot, make_app, make_robot, make_api, make_web)
"""Every channel there is; the page comes last, since it answers for every address that nobody else has."""

Opening = Callable[[Settings], Answerer]
"""Opens the answerer that the settings ask for."""

WARM_SECONDS = 1.0
"""From the moment that questions are answered until the model is loaded: what has waited in the inbox comes first."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Made:
    supervisors: tuple[Supervisor, ...]
    server: web.Server
    port: socket.socket | None


def run(opening: Opening | None = None, factories: Sequence[Factory] = FACTORIES) -> int:
    """Run every channel whose settings are present; returns the process's exit code."""
    settings = load_settings()
    # Whatever a library writes is for this user alone, too.
    os.umask(0o077)
    logs.set_up(settings.log_level, settings.log_format, settings.secrets())
    # Only now: a logger's method that was taken before the logs are set up would write past them.
    return asyncio.run(_run(settings, opening or Opener(ProgressLines(log.info)), factories))


async def _run(settings: Settings, opening: Opening, factories: Sequence[Factory]) -> int:
    stop = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sig, stop.set)
    me = replica.claim(settings.data_dir)
    store = Store(settings.sql_url())
    await store.open()
    counts, gaps = metrics.Metrics(), _gap_keeper(settings, store)
    asker = Asker(lambda: opening(settings), (counts.watch, gaps.watch))
    try:
        channels = _make_channels(ChannelContext(settings, store, asker, gaps), factories)
        if not channels:
            raise SettingError(say("run.none_set"))
        leases, quiet = Leases(store, me.name), settings.notice_quiet
        supervisors = tuple(Supervisor(channel, store, leases, quiet, counts.ended) for channel in channels)
        made = _make(settings, _own_routes(settings, counts, asker, store, supervisors), supervisors)
        # The first start makes the index, which takes a while: meanwhile messages are taken and wait in the inbox.
        opening_up = asyncio.create_task(asker.open())
        opening_up.add_done_callback(lambda task: _opened(task, stop))
        planner = _planner(settings, store, asker, me.name)
        beside = [
            asyncio.create_task(gaps.run()),
            asyncio.create_task(planner.run()),
            asyncio.create_task(asyncio.to_thread(_check_cards)),
            asyncio.create_task(_warm(asker)),
            asyncio.create_task(_watch(settings, asker, planner)),
        ]
        code = await _serve(made, stop)
        await stop_tasks(*beside)
        opening_up.cancel()
        await _result_of(opening_up)
    except OwnFileError as error:
        raise SettingError(str(error)) from error
    except StorageError as error:
        raise SettingError(say("run.bad_setting", name=storage_setting(settings), reason=str(error))) from error
    finally:
        asker.close()
        await store.close()
        me.lock.release()
    return code


def _planner(settings: Settings, store: Store, asker: Asker, replica_name: str) -> Planner:
    """Make the calendar of notices; in every replica, since any may die."""

    async def shelf() -> PlanRepository:
        return (await asker.subjects()).shelf

    rules = CalendarRules(settings.notice_time, settings.notice_digest, settings.notice_quiet)
    return Planner(Outbox(store), shelf, rules, replica_name)


async def _warm(asker: Asker) -> None:
    """Load the model once who waited for the start has been answered."""
    await asker.opened()
    await asyncio.sleep(WARM_SECONDS)
    failure = await isolated(asker.warm())
    if isinstance(failure, Exception):
        log.warning("what questions will need could not be loaded yet", error=type(failure).__name__)


async def _watch(settings: Settings, asker: Asker, planner: Planner) -> None:
    aliases = AliasFile(settings.data_dir).path
    watching = [watch_plans(asker, settings.data_dir / "plans", aliases, opened=planner.wake)]
    if settings.index_url():
        watching.append(watch_index(asker, settings.index_url(), opened=planner.wake))
    await asyncio.gather(*watching)


def _gap_keeper(settings: Settings, store: Store) -> UnansweredRecorder:
    key = load_key(settings.data_dir, "gaps")
    return UnansweredRecorder(UnansweredLog(store), key, keep=settings.gaps == "on", days=settings.gaps_days)


def _check_cards() -> None:
    """Say at the start, and not when somebody first asks, that no picture can be drawn; words need no type."""
    try:
        check_font()
    except FontError as error:
        log.warning(str(error))


def _opened(task: asyncio.Task[None], stop: asyncio.Event) -> None:
    if task.cancelled():
        return
    if task.exception() is None:
        log.info(say("run.ready"))
    else:
        stop.set()


async def _result_of(task: asyncio.Task[None]) -> None:
    """Raise what made opening fail; nothing when it was only cut short by the end."""
    with suppress(asyncio.CancelledError):
        await task


def _make_channels(context: ChannelContext, factories: Sequence[Factory]) -> list[Channel]:
    channels = []
    for make in factories:
        made = make(context)
        if isinstance(made, Unset):
            log.info(say("run.absent", channel=made.channel, setting=made.setting))
        else:
            channels.append(made)
    return channels


def _own_routes(
    settings: Settings, counts: metrics.Metrics, asker: Asker, store: Store, supervisors: tuple[Supervisor, ...]
) -> Sequence[Route]:
    state = readiness.Readiness(asker, store, supervisors)
    routes = metrics.make_route(counts, state, store), readiness.make_route(state)
    return behind_token(routes, status_token(settings))


def _make(settings: Settings, own: Sequence[Route], supervisors: tuple[Supervisor, ...]) -> _Made:
    routes = [route for s in supervisors for route in s.routes()]
    # The page's last route takes every address that is left.
    app = web.make_app([*own, *routes], lambda: {s.channel.name: s.condition for s in supervisors})
    port: socket.socket | None = None
    try:
        port = web.listen(settings.http_host, settings.http_port)
        log.info("listening", host=settings.http_host, port=port.getsockname()[1])
    except SettingError as error:
        # Another bot on this machine may have the default port; without webhooks only /healthz is missing.
        if routes or "http_port" in settings.model_fields_set:
            raise
        log.warning(str(error))
    return _Made(supervisors, web.make_server(app, settings.trusted_proxies), port)


async def _serve(made: _Made, stop: asyncio.Event) -> int:
    serving: Sequence[asyncio.Task[None]] = ()
    if made.port is not None:
        serving = (asyncio.create_task(made.server.serve(sockets=[made.port])),)
    try:
        await asyncio.gather(*(supervisor.run(stop) for supervisor in made.supervisors))
    finally:
        made.server.should_exit = True
        await asyncio.gather(*serving)
    if all(s.condition is Condition.REFUSED for s in made.supervisors):
        log.error(say("run.all_refused"))
        return 1
    return 0
