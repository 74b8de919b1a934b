"""The HTTP API: gettoken, message/send, appchat, menu, members, and the group robot's webhook.

Every answer is an HTTP 200 with an ``errcode``, as the real one's. Limits are counted in bytes and per minute; what
the platform drops or cuts silently is dropped and cut silently here.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fake_telegram.methods import read_parts
from tests.fake_wecom.oauth import FakeOAuth
from tests.fake_wecom.rules import TOO_OFTEN, PlatformError, Rates, check_card, check_image

Json = dict[str, Any]

TOKEN_EXPIRED = 42001
TOKEN_INVALID = 40014
SECRET_WRONG = 40001
USERS_INVALID = 81013
IP_UNTRUSTED = 60020
KEY_WRONG = 93000
NO_CHAT = 86003
CONTENT_SIZE = 40058
TEXT_BYTES = 2048
ROBOT_MARKDOWN_BYTES = 4096


@dataclass
class Received:
    """A message as its reader sees it."""

    to: str
    kind: str
    content: str
    mentioned: tuple[str, ...] = ()
    image: bytes = b""


@dataclass
class FakeApi:
    """What the platform holds; tests change it as they need."""

    corp_id: str = "corp"
    secret: str = "app-secret"
    agent_id: int = 1000002
    members: dict[str, list[int]] = field(default_factory=lambda: {"li": [2], "wang": [3]})
    """Departments of each member."""
    left: set[str] = field(default_factory=set)
    """Members who were disabled."""
    below: dict[int, list[int]] = field(default_factory=lambda: {1: [1, 2, 3], 2: [2], 3: [3]})
    robot_keys: set[str] = field(default_factory=lambda: {"robot-key-1"})
    trusted: bool = True
    token_life: int = 7200
    inbox: list[Received] = field(default_factory=list)
    chats: dict[str, Json] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    """What was uploaded, by its id."""
    cards: list[tuple[str, Json]] = field(default_factory=list)
    """Template cards with whom they were sent to, oldest first."""
    menu: Json | None = None
    oauth: FakeOAuth = field(default_factory=FakeOAuth)
    tokens_fetched: int = 0
    refused_secrets: int = 0
    """How often somebody came with a wrong one."""
    calls: list[str] = field(default_factory=list)
    fail_next: list[int] = field(default_factory=list)
    """Errcodes that the next calls get, one each; 0 is an HTTP 502."""
    refuse_tokens: int = 0
    """The errcode that every access_token gets, however fresh."""
    lose_next_answer: bool = False
    """The next message arrives, but its answer does not."""
    app_rates: Rates = field(default_factory=lambda: Rates((30, 60.0), (1000, 3600.0)))
    robot_rates: Rates = field(default_factory=lambda: Rates((20, 60.0)))
    _token: str = ""
    _token_until: float = 0.0
    _seen: dict[str, float] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def app(self) -> Starlette:
        """Return the web app that serves it."""
        return Starlette(
            routes=[
                self._route("/cgi-bin/gettoken", "GET", self._gettoken, token=False),
                self._route("/cgi-bin/message/send", "POST", self._send),
                self._route("/cgi-bin/media/upload", "POST", self._upload),
                self._route("/cgi-bin/appchat/create", "POST", self._create_chat),
                self._route("/cgi-bin/appchat/send", "POST", self._send_to_chat),
                self._route("/cgi-bin/menu/create", "POST", self._create_menu),
                self._route("/cgi-bin/user/get", "GET", self._user),
                self._route("/cgi-bin/department/simplelist", "GET", self._departments),
                self._route("/cgi-bin/webhook/send", "POST", self._webhook, token=False),
                self._route("/cgi-bin/auth/getuserinfo", "GET", self.oauth.getuserinfo),
                self.oauth.route(),
            ]
        )

    def kill_token(self) -> None:
        """Let the access_token die before its time."""
        self._token = ""

    def _route(self, path: str, method: str, answer: Callable[[Json, Json], Json], *, token: bool = True) -> Route:
        return Route(path, self._endpoint(path, answer, token=token), methods=[method])

    def _endpoint(
        self, path: str, answer: Callable[[Json, Json], Json], *, token: bool
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            self.calls.append(path)
            try:
                self._fail()
                if token:
                    self._check_token(request.query_params.get("access_token", ""))
                fields = answer(dict(request.query_params), await _read(request))
            except PlatformError as error:
                if not error.code:
                    return Response("<html>bad gateway</html>", 502)
                return JSONResponse(
                    {"errcode": error.code, "errmsg": f"{error.message}, hint: [1], from ip: 127.0.0.1"}
                )
            if self.lose_next_answer and token:
                self.lose_next_answer = False
                return Response("", 504)
            return JSONResponse({"errcode": 0, "errmsg": "ok"} | fields)

        return endpoint

    def _fail(self) -> None:
        if self.fail_next:
            raise PlatformError(self.fail_next.pop(0), "made to fail")

    def _check_token(self, token: str) -> None:
        if not self.trusted:
            raise PlatformError(IP_UNTRUSTED, "not allow to access from your ip")
        if self.refuse_tokens:
            raise PlatformError(self.refuse_tokens, "made to fail")
        if not token or token != self._token:
            raise PlatformError(TOKEN_INVALID, "invalid access_token")
        if time.monotonic() >= self._token_until:
            raise PlatformError(TOKEN_EXPIRED, "access_token expired")

    def _gettoken(self, query: Json, _: Json) -> Json:
        if (query.get("corpid"), query.get("corpsecret")) != (self.corp_id, self.secret):
            self.refused_secrets += 1
            raise PlatformError(SECRET_WRONG, "invalid credential")
        self.tokens_fetched += 1
        self._token = secrets.token_urlsafe(16)
        self._token_until = time.monotonic() + self.token_life
        return {"access_token": self._token, "expires_in": self.token_life}

    def _send(self, _: Json, body: Json) -> Json:
        if body.get("agentid") != self.agent_id:
            raise PlatformError(40056, "invalid agentid")
        names = str(body.get("touser", "")).split("|")
        invalid = [name for name in names if name not in self.members]
        if len(invalid) == len(names):
            raise PlatformError(USERS_INVALID, "user & party & tag all invalid")
        if body.get("msgtype") == "template_card":
            card = check_card(body["template_card"])
            self.cards += [(name, card) for name in names if name in self.members and self.app_rates.count(name)]
            return {"invaliduser": "|".join(invalid), "msgid": f"sent-{next(self._numbers)}"}
        if body.get("msgtype") in ("image", "file"):
            content, image = "", self._uploaded(body[body["msgtype"]]["media_id"])
        else:
            content, image = self._content(body, ("text", "markdown")), b""
        for name in names:
            if name in self.members and not self._is_duplicate(name, body) and self.app_rates.count(name):
                self.inbox.append(Received(name, body["msgtype"], content, image=image))
        return {"invaliduser": "|".join(invalid), "msgid": f"sent-{next(self._numbers)}"}

    def _upload(self, query: Json, body: Json) -> Json:
        if query.get("type") not in ("image", "file"):
            raise PlatformError(40004, "invalid media type")
        media = f"media-{next(self._numbers)}"
        content = body.get("media", b"")
        self.media[media] = check_image(content) if query["type"] == "image" else content
        return {"type": query["type"], "media_id": media, "created_at": "1380000000"}

    def _uploaded(self, media: str) -> bytes:
        if media not in self.media:
            raise PlatformError(40007, "invalid media_id")
        return self.media[media]

    def _content(self, body: Json, kinds: tuple[str, ...]) -> str:
        kind = body.get("msgtype")
        if kind not in kinds:
            raise PlatformError(40008, "invalid message type")
        text: str = body[kind]["content"]
        if not text:
            raise PlatformError(44004, "empty content")
        # The platform cuts by bytes; what is left of a broken character is not shown.
        return text.encode()[:TEXT_BYTES].decode(errors="ignore")

    def _is_duplicate(self, name: str, body: Json) -> bool:
        if body.get("enable_duplicate_check") != 1:
            return False
        key, now = json.dumps([name, body], sort_keys=True), time.monotonic()
        before = self._seen.get(key)
        self._seen[key] = now
        return before is not None and now - before < body.get("duplicate_check_interval", 1800)

    def _create_chat(self, _: Json, body: Json) -> Json:
        members = body.get("userlist", [])
        if len(members) < 2 or any(name not in self.members for name in members):
            raise PlatformError(86001, "invalid chat members")
        chat = body.get("chatid") or f"chat-{next(self._numbers)}"
        self.chats[chat] = body
        return {"chatid": chat}

    def _send_to_chat(self, _: Json, body: Json) -> Json:
        if body.get("chatid") not in self.chats:
            raise PlatformError(NO_CHAT, "chat does not exist, or was not created by this app")
        self.inbox.append(Received(body["chatid"], body["msgtype"], self._content(body, ("text", "markdown"))))
        return {}

    def _create_menu(self, query: Json, body: Json) -> Json:
        buttons = body.get("button", [])
        if query.get("agentid") != str(self.agent_id) or not 1 <= len(buttons) <= 3:
            raise PlatformError(40058, "invalid menu")
        for button in buttons:
            below = button.get("sub_button", [])
            if len(below) > 5 or not all(b.get("key") or b.get("url") for b in below or [button]):
                raise PlatformError(40058, "invalid menu button")
        self.menu = body
        return {}

    def _user(self, query: Json, _: Json) -> Json:
        if query.get("userid") not in self.members:
            raise PlatformError(60111, "userid not found")
        name = query["userid"]
        return {"userid": name, "department": self.members[name], "status": 2 if name in self.left else 1}

    def _departments(self, query: Json, _: Json) -> Json:
        number = int(query.get("id", 1))
        if number not in self.below:
            raise PlatformError(60123, "invalid party id")
        return {"department_id": [{"id": below, "parentid": number, "order": 1} for below in self.below[number]]}

    def _webhook(self, query: Json, body: Json) -> Json:
        if query.get("key") not in self.robot_keys:
            raise PlatformError(KEY_WRONG, "invalid webhook url")
        kind = body.get("msgtype", "")
        if kind == "image":
            return self._robot_image(query["key"], body["image"])
        if kind not in ("text", "markdown", "markdown_v2"):
            raise PlatformError(40008, "invalid message type")
        text: str = body[kind]["content"]
        if len(text.encode()) > (TEXT_BYTES if kind == "text" else ROBOT_MARKDOWN_BYTES):
            raise PlatformError(CONTENT_SIZE, "content exceed max length")
        if not self.robot_rates.count(query["key"]):
            raise PlatformError(TOO_OFTEN, "api freq out of limit")
        self.inbox.append(Received(query["key"], kind, text, tuple(body[kind].get("mentioned_list", ()))))
        return {}

    def _robot_image(self, key: str, image: Json) -> Json:
        data = check_image(base64.b64decode(image["base64"], validate=True))
        if image["md5"] != hashlib.md5(data, usedforsecurity=False).hexdigest():
            raise PlatformError(40058, "md5 does not match")
        if not self.robot_rates.count(key):
            raise PlatformError(TOO_OFTEN, "api freq out of limit")
        self.inbox.append(Received(key, "image", "", image=data))
        return {}


async def _read(request: Request) -> Json:
    """Return a request's JSON, or the files of its form."""
    kind, body = request.headers.get("content-type", ""), await request.body()
    if kind.startswith("multipart/form-data"):
        return dict(read_parts(body, kind)[1])
    return dict(json.loads(body)) if body else {}
