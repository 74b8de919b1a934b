"""Every setting of the running bot: ``WENCE_…`` environment variables, or the same names in a ``.env`` file.

A wrong value stops start-up and names its setting (``SettingError``). Secrets are ``SecretStr``, so they show as
stars wherever a setting is printed. The meaning of each stands in ``messages.toml``, table ``setting_meanings``.
"""

from __future__ import annotations

import re
from datetime import time
from enum import StrEnum
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.messages import say, table
from corpus.program import adding
from index.models.card import has_graph

PREFIX = "WENCE_"
# What Telegram takes as a secret token: https://core.telegram.org/bots/api#setwebhook
_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")


_POSTGRES = re.compile(r"^postgres(?:ql)?(?:\+[a-z0-9]+)?://")
_SQLITE = re.compile(r"^sqlite://")


class SettingError(Exception):
    """A setting that can't be used; its text is Chinese, names the setting and is meant for the operator."""

    @classmethod
    def of(cls, field: str, reason: object) -> SettingError:
        """Return the error of one setting, by its field's name."""
        return cls(say("run.bad_setting", name=variable(field), reason=reason))


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValueError(say("setting_errors.http_url"))
    return url


def _proxy_url(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if url.get_secret_value() and (parts.scheme not in ("http", "https", "socks5", "socks5h") or not parts.netloc):
        raise ValueError(say("setting_errors.proxy_url"))
    return url


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _webhook_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if text and not _SECRET_TOKEN.fullmatch(text):
        raise ValueError(say("setting_errors.webhook_secret"))
    return secret


def _clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return time.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(say("setting_errors.clock")) from None


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    start, _, end = value.partition("-")
    try:
        return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
    except ValueError:
        raise ValueError(say("setting_errors.span")) from None


def _ws_url(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("ws", "wss") or not parts.netloc):
        raise ValueError(say("setting_errors.ws_url"))
    return url


def _model(name: str) -> str:
    """Refuse a model that nothing here can run."""
    if name and not has_graph(Path(name)) and find_spec("sentence_transformers") is None:
        raise ValueError(say("setting_errors.model", command=adding("models")))
    return name


def _database(url: SecretStr) -> SecretStr:
    """Refuse a database that nothing here can reach."""
    if _POSTGRES.match(url.get_secret_value()) and find_spec("psycopg") is None:
        raise ValueError(say("setting_errors.postgres", command=adding("postgres")))
    return url


def _index(index: str, info: ValidationInfo) -> str:
    url: SecretStr | None = info.data.get("database_url")
    if index == "postgres" and url is not None and not _POSTGRES.match(url.get_secret_value()):
        raise ValueError(say("setting_errors.index"))
    return index


WsUrl = Annotated[str, AfterValidator(_ws_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy_url)]
Ids = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_split)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
NO_SECRET = SecretStr("")


class PageAccess(StrEnum):
    """A way to the page."""

    OPEN = "open"
    """Whoever reaches its address."""
    LINK = "link"
    """Whoever has a signed link."""
    WECOM = "wecom"
    """Members who may ask the self-built app."""


def _networks(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(name)) for name in names)
    except ValueError:
        raise ValueError(say("setting_errors.network")) from None


def _web_key(key: SecretStr) -> SecretStr:
    if any(len(one) < SHORTEST_KEY for one in key.get_secret_value().split()):
        raise ValueError(say("setting_errors.web_key", shortest=SHORTEST_KEY))
    return key


SHORTEST_KEY = 32
"""Characters: what signs may not be guessed."""
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_networks)]
Ways = Annotated[tuple[PageAccess, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """What the operator has set; the defaults run on one machine with nothing set but a channel's secrets."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    data_dir: Path = Path("var")
    database_url: Annotated[SecretStr, AfterValidator(_database)] = NO_SECRET
    """Empty: one SQLite file in ``data_dir``. May hold a password."""
    model: Annotated[str, AfterValidator(_model)] = ""
    """A sentence-transformers model by name or path; empty: the default that ships with the project."""
    index: Annotated[Literal["embedded", "postgres"], AfterValidator(_index)] = "embedded"
    """Where plans, words and vectors are kept: in ``data_dir``, or in ``database_url``."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"

    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    """0 picks a free one and logs it."""

    trusted_proxies: Networks = ()
    """Whose word on a reader's address is taken (``X-Forwarded-For``)."""
    status_token: Annotated[SecretStr, AfterValidator(_web_key)] = NO_SECRET
    """Shown by who reads ``/metrics`` and ``/readyz``."""

    web_access: Ways = ()
    """Who may open the page; empty: there is none, but for ``python -m bot web`` on this machine itself."""
    web_url: HttpUrl = ""
    """The page's address from outside."""
    web_key: Annotated[SecretStr, AfterValidator(_web_key)] = NO_SECRET

    api: Literal["off", "on"] = "off"
    """Whether other programs may ask over HTTP and MCP, with a token."""

    questions_per_minute: int = Field(default=60, ge=0)
    """Of one person; 0 sets no limit."""
    stale_after: int = Field(default=6 * 3600, ge=0)
    """Seconds; an older message is not answered but told so. 0 answers everything."""
    button_days: int = Field(default=90, ge=1)

    gaps: Literal["off", "on"] = "off"
    """Whether questions that were declined or answered weakly are kept, word for word."""
    gaps_days: int = Field(default=30, ge=1)

    notice_time: Annotated[time, BeforeValidator(_clock)] = time(9, 0)
    """When the day's notices are sent, Asia/Shanghai."""
    notice_quiet: Annotated[tuple[time, time], NoDecode, BeforeValidator(_span)] = (time(21, 0), time(8, 0))
    """When no notice is sent; equal ends for never."""
    notice_digest: Literal["off", "weekly", "monthly"] = "weekly"

    telegram_token: SecretStr = NO_SECRET
    telegram_base_url: HttpUrl = ""
    telegram_base_file_url: HttpUrl = ""
    telegram_proxy: ProxyUrl = NO_SECRET
    telegram_webhook_url: HttpUrl = ""
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = NO_SECRET
    telegram_allowed_users: Ids = ()
    telegram_allowed_chats: Ids = ()
    telegram_admins: Ids = ()
    """May announce."""
    telegram_invitation_code: SecretStr = NO_SECRET

    wecom_bot_id: str = ""
    wecom_bot_secret: SecretStr = NO_SECRET
    wecom_bot_name: str = ""
    """Only needed for a name with blanks in it."""
    wecom_bot_url: WsUrl = ""
    wecom_corp_id: str = ""
    wecom_app_agent_id: int = Field(default=0, ge=0)
    wecom_app_secret: SecretStr = NO_SECRET
    wecom_app_token: SecretStr = NO_SECRET
    wecom_app_aes_key: SecretStr = NO_SECRET
    wecom_app_markup: Literal["markdown", "text"] = "markdown"
    wecom_robot_url: SecretStr = NO_SECRET
    wecom_api_url: HttpUrl = ""
    wecom_proxy: ProxyUrl = NO_SECRET
    wecom_allowed_users: Names = ()
    wecom_allowed_chats: Names = ()
    wecom_allowed_departments: Ids = ()
    wecom_admins: Names = ()
    """May announce, and say what a group follows: WeCom tells no bot who administers a group."""
    wecom_invitation_code: SecretStr = NO_SECRET

    def sql_url(self) -> str:
        """Return the database's URL with its async driver, for SQLAlchemy."""
        url = self.database_url.get_secret_value()
        if not url:
            return f"sqlite+aiosqlite:///{(self.data_dir / 'wence.db').absolute()}"
        # Whatever driver it names: one serves asyncio and threads.
        return _SQLITE.sub("sqlite+aiosqlite://", _POSTGRES.sub("postgresql+psycopg://", url, 1), 1)

    def index_url(self) -> str:
        """Return the URL of the index's database, as libpq wants it; empty where the index is in ``data_dir``."""
        if self.index == "embedded":
            return ""
        return _POSTGRES.sub("postgresql://", self.database_url.get_secret_value())

    def secrets(self) -> tuple[str, ...]:
        """Return every secret that is set, for what must keep them out of sight."""
        values = (getattr(self, name) for name in type(self).model_fields)
        whole = [v.get_secret_value() for v in values if isinstance(v, SecretStr) and v.get_secret_value()]
        # Two keys in one setting are two secrets.
        return (*whole, *(part for text in whole for part in text.split() if part != text))


def variable(field: str) -> str:
    """Return the environment variable that sets ``field``."""
    return (PREFIX + field).upper()


def load_settings() -> Settings:
    """Read the settings; SettingError names every wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_input=False, include_url=False):
            name = variable(str(problem["loc"][0])) if problem["loc"] else PREFIX
            raised = problem.get("ctx", {}).get("error")
            known = table("setting_errors").get(problem["type"], problem["msg"])
            reason = str(raised) if raised is not None else known.format(**problem.get("ctx", {}))
            lines.append(say("run.bad_setting", name=name, reason=reason))
        raise SettingError("\n".join(lines)) from None
