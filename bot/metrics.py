"""``/metrics``: the outbox's counts for Prometheus."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.notices.ledger import Ledger
from bot.store.database import Store


def make_route(store: Store) -> Route:
    """Return the route; it is 503 while the database is away."""
    ledger = Ledger(store)

    async def metrics(_request: Request) -> Response:
        registry = CollectorRegistry()
        rows = Gauge("wence_outbox_messages", "Messages of notices by state", ("channel", "state"), registry=registry)
        try:
            for (channel, state), count in (await ledger.counts()).items():
                rows.labels(channel, state).set(count)
        except (SQLAlchemyError, OSError):
            return Response(status_code=503)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", metrics)
