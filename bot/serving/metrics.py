"""What the bot counts, and ``/metrics``, which tells it to Prometheus. Every label takes one of a few known values."""

from __future__ import annotations

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.supervise import Condition
from bot.notices.ledger import Ledger
from bot.serving.readiness import STORE_SECONDS, Readiness, ReadinessState
from bot.store.database import Store
from bot.store.inbox import backlog
from bot.turns import Turn

_ANSWERING = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_REPLYING = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)


class Metrics:
    """The counts of one process, since it started."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        ProcessCollector(registry=own)
        self._questions = Counter("wence_questions", "Questions, declined ones too", ("channel", "kind"), registry=own)
        meaning = "Questions declined, by the message that said so"
        self._declines = Counter("wence_declines", meaning, ("channel", "reason"), registry=own)
        meaning = "Seconds from question to answer, sending left out; way: data alone, or by the model"
        self._answering = Histogram("wence_answer_seconds", meaning, ("way",), buckets=_ANSWERING, registry=own)
        meaning = "Seconds from a message's arrival until its reply was sent"
        self._replying = Histogram("wence_reply_seconds", meaning, ("channel",), buckets=_REPLYING, registry=own)
        self._failures = Counter("wence_failures", "Messages that ended with an apology", ("channel",), registry=own)

    def watch(self, turn: Turn) -> None:
        """Count a question; a ``bot.turns.Watcher``."""
        channel, answer = turn.by.channel, turn.answer
        self._questions.labels(channel, answer.kind.value).inc()
        if answer.declined:
            self._declines.labels(channel, answer.declined).inc()
        self._answering.labels("model" if turn.by_model else "data").observe(turn.seconds)

    def ended(self, channel: str, seconds: float, answered: bool) -> None:  # noqa: FBT001 - a ``dispatch.Ended``
        """Count a message that is through; a ``bot.channels.dispatch.Ended``."""
        if answered:
            self._replying.labels(channel).observe(seconds)
        else:
            self._failures.labels(channel).inc()


def make_route(metrics: Metrics, readiness: Readiness, store: Store) -> Route:
    """Return the route; while the database is away it goes without what is counted there."""
    ledger = Ledger(store)

    async def show(_request: Request) -> Response:
        now = CollectorRegistry()
        _show_state(now, await readiness.look())
        try:
            async with asyncio.timeout(STORE_SECONDS):
                outbox, inbox = await ledger.counts(), await backlog(store)
        except (SQLAlchemyError, OSError):
            outbox, inbox = {}, {}
        _show_rows(now, "wence_outbox_messages", "Messages of notices by state", outbox)
        _show_rows(now, "wence_inbox_messages", "Messages not yet answered", inbox)
        return Response(generate_latest(metrics.registry) + generate_latest(now), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", show)


def _show_state(now: CollectorRegistry, state: ReadinessState) -> None:
    for name, meaning, value in (
        ("wence_index_open", "1 once questions are answered", state.index),
        ("wence_model_loaded", "1 once the embedding model is in memory", state.model),
        ("wence_store_reachable", "1 while the database answers", state.store),
    ):
        Gauge(name, meaning, registry=now).set(value)
    connected = Gauge("wence_channel_connected", "1 while the platform is in reach", ("channel",), registry=now)
    conditions = Gauge(
        "wence_channel_condition", "1 for what the channel is doing", ("channel", "condition"), registry=now
    )
    for channel in state.channels:
        connected.labels(channel.name).set(channel.connected)
        for condition in Condition:
            conditions.labels(channel.name, condition.value).set(channel.condition is condition)


def _show_rows(now: CollectorRegistry, name: str, meaning: str, rows: dict[tuple[str, str], int]) -> None:
    gauge = Gauge(name, meaning, ("channel", "state"), registry=now)
    for labels, count in rows.items():
        gauge.labels(*labels).set(count)
