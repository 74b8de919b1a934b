"""The Bot API's methods: https://core.telegram.org/bots/api#available-methods."""

from __future__ import annotations

import asyncio
import email
import json
import re
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fake_telegram.markup import MarkupError, parse_html, units
from tests.fake_telegram.world import BOT, Chat, Json, World

PNG = b"\x89PNG\r\n\x1a\n"


class RefusalError(Exception):
    """What Telegram answers with ``ok: false``."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.description = description
        self.code = code
        self.parameters = parameters


def require(met: bool, description: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Refuse unless the condition is met."""
    if not met:
        raise RefusalError(f"Bad Request: {description}")


async def get_me(_world: World, _params: Json) -> Json:
    """Return the bot itself."""
    return BOT


async def get_updates(world: World, params: Json) -> list[Json]:
    """Return updates from ``offset``; those before it are confirmed and gone. A newer request ends an older one."""
    if world.webhook.get("url"):
        raise RefusalError("Conflict: can't use getUpdates method while webhook is active", 409)
    world.polling += 1
    mine = world.polling
    await world.tell_all()
    offset, limit = int(params.get("offset") or 0), min(int(params.get("limit") or 100), 100)
    async with world.changed:
        world.updates = [update for update in world.updates if update["update_id"] >= offset]
        try:
            async with asyncio.timeout(float(params.get("timeout") or 0)):
                await world.changed.wait_for(lambda: bool(world.updates) or world.polling != mine)
        except TimeoutError:
            pass
        if world.polling != mine:
            raise RefusalError("Conflict: terminated by other getUpdates request", 409)
        return world.updates[:limit]


async def set_webhook(world: World, params: Json) -> bool:
    """Have updates posted to a URL."""
    require(bool(re.match(r"https?://", params.get("url", ""))), "bad webhook: invalid URL")
    secret = params.get("secret_token", "")
    require(bool(re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret)), "secret token contains unallowed characters")
    world.webhook = {"url": params["url"], "secret": secret}
    await world.tell_all()
    return True


async def get_webhook_info(world: World, _params: Json) -> Json:
    """Return where updates are posted to."""
    return {
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }


async def delete_webhook(world: World, _params: Json) -> bool:
    """Go back to polling."""
    world.webhook = {}
    return True


async def set_my_commands(world: World, params: Json) -> bool:
    """Set the command menu."""
    commands = params.get("commands", [])
    require(len(commands) <= 100, "too many commands")
    for command in commands:
        require(bool(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"])), "BOT_COMMAND_INVALID")
        require(1 <= len(command["description"]) <= 256, "BOT_COMMAND_DESCRIPTION_INVALID")
    scope = (params.get("scope") or {"type": "default"})["type"]
    world.menus[scope] = commands
    return True


async def set_my_description(world: World, params: Json) -> bool:
    """Set what stands in an empty chat with the bot."""
    require(len(params.get("description") or "") <= 512, "description is too long")
    world.descriptions["description"] = params.get("description") or ""
    return True


async def set_my_short_description(world: World, params: Json) -> bool:
    """Set what stands in the bot's profile."""
    require(len(params.get("short_description") or "") <= 120, "short description is too long")
    world.descriptions["short_description"] = params.get("short_description") or ""
    return True


async def set_chat_menu_button(world: World, params: Json) -> bool:
    """Set the button beside the text field, for all private chats."""
    button = params.get("menu_button") or {"type": "default"}
    require(button["type"] in {"commands", "web_app", "default"}, "can't parse menu button")
    if button["type"] == "web_app":
        require(bool(button.get("text")), "menu button text is empty")
        require(str(button["web_app"]["url"]).startswith("https://"), "only HTTPS links are allowed")
    world.menu_button = button
    return True


async def set_message_reaction(world: World, params: Json) -> bool:
    """React to a message: one emoji for a bot, of those that Telegram allows."""
    message = _chat(world, params).messages.get(int(params.get("message_id", 0)))
    if message is None:
        raise RefusalError("Bad Request: message to react not found")
    reactions = params.get("reaction") or []
    require(len(reactions) <= 1, "REACTIONS_TOO_MANY")
    require(all(one["emoji"] in {"👍", "👌", "👀", "🫡"} for one in reactions), "REACTION_INVALID")
    message["reactions"] = [one["emoji"] for one in reactions]
    await world.tell_all()
    return True


async def answer_guest_query(world: World, params: Json) -> Json:
    """Write into a chat that the bot is no member of."""
    query = params.get("guest_query_id", "")
    require(query in world.open_guests, "query is too old and response timeout expired or query ID is invalid")
    result = params["result"]
    require(bool(result.get("title")), "ARTICLE_TITLE_EMPTY")
    content = result["input_message_content"]
    result["parsed"] = _content(content["message_text"], content.get("parse_mode"))
    _keyboard(result)
    world.open_guests.discard(query)
    world.guest_answers[query] = result
    await world.tell_all()
    return {"inline_message_id": f"guest-{query}"}


async def send_message(world: World, params: Json) -> Json:
    """Write into a chat."""
    chat = _chat(world, params)
    content = _content(params.get("text", ""), params.get("parse_mode"))
    if (alone := params.get("ephemeral_message_parameters")) and world.knows_ephemeral:
        require(BOT["id"] in chat.administrators, "CHAT_ADMIN_REQUIRED")
        world.whispers.append((int(chat.json["id"]), int(alone["receiver_user_id"]), content["text"]))
        await world.tell_all()
        return {"message_id": 0, "ephemeral_message_id": len(world.whispers), "chat": chat.json, "date": 1, **content}
    return await _posted(world, chat, params, content)


async def delete_ephemeral_message(world: World, _params: Json) -> bool:
    """Delete what one member alone sees; an older server does not know it."""
    if not world.knows_ephemeral:
        raise RefusalError("Not Found: method not found", 404)
    raise RefusalError("Bad Request: EPHEMERAL_MESSAGE_ID_INVALID")


async def _posted(world: World, chat: Chat, params: Json, fields: Json) -> Json:
    """Return a message of the bot that now stands where the request wants it."""
    if thread := params.get("message_thread_id"):
        require(int(thread) in chat.topics - chat.deleted_topics, "message thread not found")
        fields |= {"message_thread_id": int(thread), "is_topic_message": True}
    if quoting := params.get("reply_parameters"):
        quoted = chat.messages.get(int(quoting["message_id"]))
        if quoted is not None:
            fields["reply_to_message"] = {k: v for k, v in quoted.items() if k != "reply_to_message"}
        else:
            require(bool(quoting.get("allow_sending_without_reply")), "message to be replied not found")
    if markup := _keyboard(params):
        fields["reply_markup"] = markup
    message = world.new_message(chat, {k: BOT[k] for k in ("id", "is_bot", "first_name", "username")}, fields)
    await world.tell_all()
    return message


async def send_photo(world: World, params: Json) -> Json:
    """Show a PNG in a chat, with a caption."""
    chat, data = _chat(world, params), params.get("photo")
    if not isinstance(data, bytes) or not data.startswith(PNG):
        raise RefusalError("Bad Request: IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", data[16:24])
    require(len(data) <= 10_000_000, "file is too big")
    require(width + height <= 10_000 and max(width, height) <= 20 * min(width, height), "PHOTO_INVALID_DIMENSIONS")
    number = f"photo-{len(world.photos) + 1}"
    world.photos[number] = data
    size = {"file_id": number, "file_unique_id": f"{number}-unique", "width": width, "height": height}
    fields: Json = {"photo": [{**size, "file_size": len(data)}]}
    if params.get("caption"):
        content = _content(params["caption"], params.get("parse_mode"), most=1024)
        fields |= {"caption": content.pop("text")} | {f"caption_{key}": value for key, value in content.items()}
    return await _posted(world, chat, params, fields)


async def send_document(world: World, params: Json) -> Json:
    """Send a file with its caption."""
    content = params.get("document", b"")
    require(isinstance(content, bytes) and 0 < len(content) <= 50_000_000, "wrong file identifier/HTTP URL specified")
    chat = _chat(world, params)
    number = f"file-{len(world.files) + 1}"
    world.files[number] = content
    document = {"file_id": number, "file_unique_id": number}
    told = _content(params.get("caption") or "", params.get("parse_mode"), 1024)
    fields = {"document": document | {"file_size": len(content)}, "caption": told["text"]}
    return await _posted(world, chat, params, fields)


async def get_file(world: World, params: Json) -> Json:
    """Say where a file is that somebody has sent."""
    number = params.get("file_id", "")
    require(number in world.files, "wrong file_id or the file is temporarily unavailable")
    require(len(world.files[number]) <= 20_000_000, "file is too big")
    size = len(world.files[number])
    return {"file_id": number, "file_unique_id": number, "file_size": size, "file_path": f"documents/{number}"}


async def edit_message_reply_markup(world: World, params: Json) -> Json:
    """Change the buttons of a message."""
    message = _chat(world, params).messages.get(int(params.get("message_id", 0)))
    if message is None:
        raise RefusalError("Bad Request: message to edit not found")
    markup = _keyboard(params)
    require(markup != message.get("reply_markup"), "message is not modified")
    message["reply_markup"] = markup
    world.edits.append(message)
    await world.tell_all()
    return message


async def edit_message_text(world: World, params: Json) -> Json:
    """Change one of the bot's messages."""
    message = _chat(world, params).messages.get(int(params.get("message_id", 0)))
    if message is None:
        raise RefusalError("Bad Request: message to edit not found")
    require(message["from"]["id"] == BOT["id"], "message can't be edited")
    fields = _content(params.get("text", ""), params.get("parse_mode"))
    markup = _keyboard(params)
    same = all(message.get(key) == fields.get(key) for key in ("text", "entities"))
    require(
        not (same and message.get("reply_markup") == markup),
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message",
    )
    for key in ("entities", "reply_markup"):
        message.pop(key, None)
    message |= {**fields, "edit_date": int(time.time()), **({"reply_markup": markup} if markup else {})}
    world.edits.append(message)
    await world.tell_all()
    return message


async def answer_callback_query(world: World, params: Json) -> bool:
    """End the waiting sign on a pressed button."""
    query = params.get("callback_query_id", "")
    require(query in world.open_presses, "query is too old and response timeout expired or query ID is invalid")
    require(len(params.get("text") or "") <= 200, "MESSAGE_TOO_LONG")
    world.open_presses.discard(query)
    world.press_answers[query] = params
    await world.tell_all()
    return True


async def answer_inline_query(world: World, params: Json) -> bool:
    """List results."""
    query = params.get("inline_query_id", "")
    require(query in world.open_inline, "query is too old and response timeout expired or query ID is invalid")
    results = params.get("results", [])
    require(len(results) <= 50, "RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    require(len(set(ids)) == len(ids), "RESULT_ID_DUPLICATE")
    require(all(1 <= len(number.encode()) <= 64 for number in ids), "RESULT_ID_INVALID")
    require(len(params.get("next_offset") or "") <= 64, "NEXT_OFFSET_INVALID")
    for result in results:
        require(bool(result.get("title")), "ARTICLE_TITLE_EMPTY")
        content = result["input_message_content"]
        result["parsed"] = _content(content["message_text"], content.get("parse_mode"))
        _keyboard(result)
    world.open_inline.discard(query)
    world.inline_answers[query] = params
    await world.tell_all()
    return True


async def send_chat_action(world: World, params: Json) -> bool:
    """Show “typing…”."""
    _chat(world, params)
    require(params.get("action") == "typing", "wrong parameter action in request")
    return True


async def get_chat_member(world: World, params: Json) -> Json:
    """Return what somebody is in a chat."""
    chat, user = _chat(world, params), int(params.get("user_id", 0))
    person = {"id": user, "is_bot": False, "first_name": f"用户{user}"}
    if user not in chat.administrators:
        return {"status": "member", "user": person}
    rights = ("manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members")
    more = ("change_info", "send_welcome_messages", "invite_users", "post_stories", "edit_stories", "delete_stories")
    flags: Json = {f"can_{right}": True for right in (*rights, *more)}
    return {"status": "administrator", "user": person, "can_be_edited": False, "is_anonymous": False, **flags}


Method = Callable[[World, Json], Awaitable[Any]]
METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
    "setMessageReaction": set_message_reaction,
    "answerGuestQuery": answer_guest_query,
    "deleteEphemeralMessage": delete_ephemeral_message,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "getFile": get_file,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageText": edit_message_text,
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "sendChatAction": send_chat_action,
    "getChatMember": get_chat_member,
}


def _chat(world: World, params: Json) -> Chat:
    chat = world.chats.get(int(params.get("chat_id", 0)))
    if chat is None:
        raise RefusalError("Bad Request: chat not found")
    if chat.moved_to:
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        raise RefusalError(description, migrate_to_chat_id=chat.moved_to)
    return chat


def _content(source: str, parse_mode: str | None, most: int = 4096) -> Json:
    require(parse_mode in {None, "HTML"}, "unsupported parse_mode")
    try:
        text, entities = parse_html(source) if parse_mode else (source, [])
    except MarkupError as error:
        raise RefusalError(f"Bad Request: can't parse entities: {error}") from error
    require(bool(text.strip()), "message text is empty")
    require(units(text) <= most, "message is too long" if most == 4096 else "message caption is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def _keyboard(params: Json) -> Json | None:
    markup: Json | None = params.get("reply_markup")
    if not markup:
        return None
    rows = markup["inline_keyboard"]
    require(sum(len(row) for row in rows) <= 100 and all(len(row) <= 8 for row in rows), "too many buttons")
    for button in (button for row in rows for button in row):
        require(bool(button.get("text")), "BUTTON_TEXT_INVALID")
        data = button.get("callback_data")
        require(data is None or 1 <= len(data.encode()) <= 64, "BUTTON_DATA_INVALID")
        if copied := button.get("copy_text"):
            require(1 <= len(copied["text"]) <= 256, "BUTTON_COPY_TEXT_INVALID")
            continue
        require(data is not None or str(button.get("url", "")).startswith("https://"), "BUTTON_URL_INVALID")
    return markup


def read_parts(body: bytes, kind: str) -> tuple[list[tuple[str, str]], dict[str, bytes]]:
    """Return the values and the files of a form that came in parts (multipart/form-data)."""
    form = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    values: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(data, bytes):
            continue
        if part.get_filename():
            files[name] = data
        else:
            values.append((name, data.decode()))
    return values, files


def read_params(body: bytes, pairs: list[tuple[str, str]]) -> Json:
    """Return a request's parameters, whether they came as JSON or as a form whose values are JSON."""
    if body[:1] == b"{":
        return dict(json.loads(body))
    params: Json = {}
    for key, value in pairs:
        params[key] = json.loads(value) if value[:1] in {"{", "["} and key not in {"text", "caption"} else value
    return params
