"""The log: structlog for the bot and for every library alike, JSON when not on a terminal, secrets scrubbed."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "***"
SHORTEST = 4
"""Characters; hiding a shorter secret would garble every line."""
# A Telegram token wherever it turns up (a library may log the URL that holds it).
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
_QUIET = (
    "httpx", "httpcore", "telegram", "apscheduler", "alembic", "aiosqlite", "uvicorn", "asyncio", "faiss",
    "sentence_transformers",
)  # fmt: skip


class Scrub:
    """Replaces secrets in everything that is logged, tracebacks included; must stand after they are rendered."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Hide ``secrets``, longest first, so that one inside another leaves nothing."""
        self._secrets = sorted((s for s in secrets if len(s) >= SHORTEST), key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Scrub one event."""
        return {key: self.clean(value) for key, value in event.items()}

    def clean(self, value: object) -> object:
        """Return ``value`` without secrets: strings, and what is inside dicts, lists and tuples."""
        if isinstance(value, dict):
            return {self.clean(k): self.clean(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.clean(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        text = value if isinstance(value, str) else str(value)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, text)


def set_up(level: str, form: str, secrets: Iterable[str]) -> None:
    """Send every log line of the process to standard error; ``form`` is auto, json or console."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not as_json:
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, Scrub(secrets), last],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
