"""What Telegram knows: people, chats, messages, and the updates that wait for the bot."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fake_telegram.markup import find_entities

Json = dict[str, Any]

TOKEN = "700001:AAfake-token-of-the-tests-0123456789ab"
"""What the bot logs in with."""

BOT = {
    "id": 700001,
    "is_bot": True,
    "first_name": "问策",
    "username": "wence_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}


@dataclass(slots=True)
class Fault:
    """A failure to be given instead of an answer."""

    code: int = 0
    """HTTP status and error code; 0 drops the connection in the middle of the response."""
    description: str = ""
    retry_after: int = 0
    """Seconds, with code 429."""
    everywhere: bool = False
    """With code 429: it holds for every chat, as anybody finds out who asks meanwhile; else for that chat alone."""
    after: bool = False
    """Do what was asked first, then fail: the bot can't know that it worked. With code 200 nothing fails."""
    delay: float = 0.0
    """Seconds until the response."""


@dataclass(slots=True)
class Call:
    """One request of the bot."""

    method: str
    params: Json
    at: float
    """Monotonic seconds."""


@dataclass(slots=True)
class Chat:
    """A chat with its messages, newest last."""

    json: Json
    administrators: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    times: dict[int, float] = field(default_factory=dict)
    """When each message came, in monotonic seconds."""
    topics: set[int] = field(default_factory=set)
    deleted_topics: set[int] = field(default_factory=set)
    moved_to: int = 0
    """The supergroup that a group has become."""


class World:
    """The state of the fake platform; every change wakes who waits for it."""

    def __init__(self) -> None:
        """Begin empty."""
        self.token = TOKEN
        self.chats: dict[int, Chat] = {}
        self.updates: list[Json] = []
        self.calls: list[Call] = []
        self.press_answers: dict[str, Json] = {}
        self.inline_answers: dict[str, Json] = {}
        self.open_presses: set[str] = set()
        self.open_inline: set[str] = set()
        self.edits: list[Json] = []
        """The messages that were edited, one entry an edit."""
        self.photos: dict[str, bytes] = {}
        """What was uploaded, by file id."""
        self.files: dict[str, bytes] = {}
        """Files that anybody has sent, by file id."""
        self.menus: dict[str, list[Json]] = {}
        """Command menus by the kind of chat that they are for."""
        self.descriptions: dict[str, str] = {}
        self.menu_button: Json = {}
        self.knows_ephemeral = False
        """Whether this server has messages that one member of a group alone sees (Bot API 10.2)."""
        self.whispers: list[tuple[int, int, str]] = []
        """Those that were sent: chat, receiver, text."""
        self.open_guests: set[str] = set()
        self.guest_answers: dict[str, Json] = {}
        self.webhook: Json = {}
        self.raw: dict[str, str] = {}
        """Texts of updates that travel as something which Python would not write: JSON by the text."""
        self.faults: dict[str, list[Fault]] = {}
        self.closed: dict[object, tuple[float, float]] = {}
        """Between these (monotonic seconds) a 429 holds for a chat, or for None: everywhere."""
        self.violations: list[str] = []
        """Requests that came although a 429 still held."""
        self.polling = 0
        """Grows with each getUpdates, so that an older one knows that it was replaced."""
        self.changed = asyncio.Condition()
        self._update_ids = itertools.count(1000)
        self._message_ids: dict[int, itertools.count[int]] = {}
        self._ids = itertools.count(1)

    def chat(self, number: int, kind: str = "private", **more: object) -> Chat:
        """Return the chat ``number``, made when it is new."""
        if number not in self.chats:
            name = {"first_name": f"用户{number}"} if kind == "private" else {"title": f"群{-number}"}
            self.chats[number] = Chat({"id": number, "type": kind, **name, **more})
        return self.chats[number]

    def fail(self, method: str, *faults: Fault) -> None:
        """Have the next requests of ``method`` fail, one fault each."""
        self.faults.setdefault(method, []).extend(faults)

    def new_message(self, chat: Chat, sender: Json, fields: Json) -> Json:
        """Return a message that now stands in ``chat``."""
        number = int(chat.json["id"])
        ids = self._message_ids.setdefault(number, itertools.count(1))
        message = {"message_id": next(ids), "from": sender, "chat": chat.json, "date": int(time.time()), **fields}
        chat.messages[int(message["message_id"])] = message
        if message.get("is_topic_message"):
            chat.topics.add(int(message["message_thread_id"]))
        chat.times[int(message["message_id"])] = time.monotonic()
        return message

    def new_id(self) -> str:
        """Return an id for a query."""
        return str(next(self._ids) + 4_000_000_000)

    async def push(self, **update: object) -> Json:
        """Have an update wait for the bot."""
        whole = {"update_id": next(self._update_ids), **update}
        async with self.changed:
            self.updates.append(whole)
            self.changed.notify_all()
        return whole

    async def migrate(self, group: int, supergroup: int, *, told: bool = True) -> None:
        """Make a group a supergroup; ``told`` sends the service messages of both chats."""
        old = self.chat(group, "group")
        new = self.chat(supergroup, "supergroup")
        new.administrators |= old.administrators
        old.moved_to = supergroup
        if told:
            nobody = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
            await self.push(message=self.new_message(old, nobody, {"migrate_to_chat_id": supergroup}))
            await self.push(message=self.new_message(new, nobody, {"migrate_from_chat_id": group}))

    async def change_membership(self, chat: int, status: str, before: str = "member") -> None:
        """Have somebody make the bot a ``left``, ``kicked`` or plain ``member`` of a chat."""
        bot = {key: BOT[key] for key in ("id", "is_bot", "first_name", "username")}
        banned = {"until_date": 0} if status == "kicked" else {}
        await self.push(
            my_chat_member={
                "chat": self.chat(chat).json,
                "from": {"id": 1, "is_bot": False, "first_name": "用户1"},
                "date": int(time.time()),
                "old_chat_member": {"user": bot, "status": before},
                "new_chat_member": {"user": bot, "status": status, **banned},
            }
        )

    async def tell_all(self) -> None:
        """Wake who waits for a change."""
        async with self.changed:
            self.changed.notify_all()

    async def until(self, happened: Callable[[], bool], seconds: float = 30) -> None:
        """Wait for something that must happen; TimeoutError when it does not."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(happened)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the bot, in a private chat or in a group."""

    world: World
    number: int
    place: Chat

    @property
    def user(self) -> Json:
        """The person as Telegram describes one."""
        return {"id": self.number, "is_bot": False, "first_name": f"用户{self.number}", "language_code": "zh-hans"}

    async def say(self, text: str, *, reply_to: Json | None = None, **more: object) -> Json:
        """Write a message; returns it."""
        fields: Json = {"text": text, **more}
        if entities := find_entities(text):
            fields.setdefault("entities", entities)
        if reply_to is not None:
            fields["reply_to_message"] = {k: v for k, v in reply_to.items() if k != "reply_to_message"}
        return await self.post(fields)

    async def post(self, fields: Json) -> Json:
        """Write a message of any kind."""
        message = self.world.new_message(self.place, self.user, fields)
        await self.world.push(message=message)
        return message

    async def send_file(self, name: str, content: bytes, caption: str = "") -> Json:
        """Send a file; returns the message."""
        number = f"file-{len(self.world.files) + 1}"
        self.world.files[number] = content
        document = {"file_id": number, "file_unique_id": number, "file_name": name, "file_size": len(content)}
        return await self.post({"document": document} | ({"caption": caption} if caption else {}))

    async def edit(self, message: Json, text: str) -> None:
        """Change one's own message."""
        message.pop("entities", None)
        message.update(text=text, edit_date=int(time.time()))
        if entities := find_entities(text):
            message["entities"] = entities
        await self.world.push(edited_message=dict(message))

    async def press(self, message: Json, label: str) -> str:
        """Press the button ``label`` under a message of the bot; returns the query's id."""
        buttons = [b for row in message["reply_markup"]["inline_keyboard"] for b in row]
        (data,) = [b["callback_data"] for b in buttons if b["text"] == label]
        return await self.press_data(message, data)

    async def press_data(self, message: Json, data: str) -> str:
        """Press a button by its data, also one that has gone meanwhile."""
        query = self.world.new_id()
        self.world.open_presses.add(query)
        fields = {"id": query, "from": self.user, "message": message, "chat_instance": "1", "data": data}
        await self.world.push(callback_query=fields)
        return query

    async def type_inline(self, text: str, offset: str = "") -> str:
        """Type after the bot's name in some chat; returns the query's id."""
        query = self.world.new_id()
        self.world.open_inline.add(query)
        await self.world.push(inline_query={"id": query, "from": self.user, "query": text, "offset": offset})
        return query

    async def summon(self, text: str) -> str:
        """Name the bot in a chat that it is not in; returns the query's id."""
        query = self.world.new_id()
        self.world.open_guests.add(query)
        elsewhere = {"id": -int(query), "type": "supergroup", "title": "别的群"}
        message: Json = {"message_id": 1, "from": self.user, "chat": elsewhere, "date": int(time.time()), "text": text}
        fields = {"guest_query_id": query, "entities": find_entities(text)}
        await self.world.push(guest_message=message | fields)
        return query

    def answers(self) -> list[Json]:
        """Return the bot's messages in this place, oldest first."""
        return [m for m in self.place.messages.values() if m["from"]["id"] == BOT["id"]]

    async def answer(self, count: int = 1) -> Json:
        """Wait until the bot has written ``count`` messages here; returns the last of them."""
        await self.world.until(lambda: len(self.answers()) >= count)
        return self.answers()[count - 1]
