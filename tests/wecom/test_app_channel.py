"""Members write to the self-built app: what they see, and what is refused at its address."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest
import xmltodict
from structlog.testing import capture_logs

from bot.answering.answer import Answer, AnswerKind
from bot.channels.base import ChannelRefusedError
from bot.channels.wecom.app import channel as app_channel
from bot.channels.wecom.app.callback import Callback
from bot.channels.wecom.app.crypto import CallbackCrypto
from bot.channels.wecom.app.documents import AppMessage, write_text_answer
from bot.serving.web import make_app as make_web_app
from bot.store.database import Store
from bot.store.inbox import Inbox, set_aside
from bot.turns import request_id
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.caller import NO_TLS, FakeCaller
from tests.fake_wecom.serving import serving
from tests.poison import APP
from tests.wecom.office import AES_KEY, TOKEN, app, make_app_channel
from tests.wecom.scripted import CLAUSE, Scripted


@pytest.fixture
def platform() -> FakeApi:
    """Return the platform's side."""
    return FakeApi()


async def post(caller: FakeCaller, query: dict[str, str], body: str | bytes) -> httpx.Response:
    """Post something to the callback, once."""
    async with httpx.AsyncClient(verify=NO_TLS) as client:
        return await client.post(caller.url, params=query, content=body)


async def until(what: object, seconds: float = 10.0) -> None:
    """Wait for something that must happen."""
    async with asyncio.timeout(seconds):
        while not what():  # type: ignore[operator]
            await asyncio.sleep(0.005)


async def test_address_is_verified(platform: FakeApi, store: Store) -> None:
    """The platform's check of the address gets the number it has sent, in plain text."""
    async with app(platform, store) as caller, httpx.AsyncClient(verify=NO_TLS) as client:
        answer = await client.get(caller.url, params=caller.verification("8899"))
        assert (answer.status_code, answer.text) == (200, "8899")
        # Whoever has caught a member's message can't have it read out this way.
        message = await client.get(caller.url, params=caller.verification("<xml>教委负责什么</xml>"))
        assert (message.status_code, message.text) == (403, "")
        wrong = caller.verification() | {"msg_signature": "0" * 40}
        assert (await client.get(caller.url, params=wrong)).status_code == 403


async def test_quick_answer_comes_with_the_callback(platform: FakeApi, store: Store) -> None:
    """An answer within the platform's five seconds is the response itself: text, with words to type."""
    async with app(platform, store) as caller:
        answered = await caller.say("li", "教委负责什么")
        assert answered.tries == 1
        assert answered.content.startswith("教委负责什么：12项（第1/")
        assert "**" not in answered.content
        assert "<font" not in answered.content
        assert not platform.inbox


async def test_slow_answer_is_sent_actively(platform: FakeApi, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow one gets an empty 200 in time, then a message, once."""
    monkeypatch.setattr(app_channel, "_ANSWER_WITHIN", 0.3)
    async with app(platform, store) as caller:
        answered = await caller.say("li", "慢慢找 短")
        assert (answered.tries, answered.status, answered.content) == (1, 200, "")
        await until(lambda: platform.inbox)
        assert platform.inbox[0].kind == "markdown"
        assert platform.inbox[0].content.startswith("**慢慢找 短：12项**")


async def test_text_where_markdown_is_not_shown(
    platform: FakeApi, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For members in personal WeChat the app sends text only."""
    monkeypatch.setattr(app_channel, "_ANSWER_WITHIN", 0.0)
    async with app(platform, store, wecom_app_markup="text") as caller:
        await caller.say("li", "教委负责什么")
        await until(lambda: platform.inbox)
        assert platform.inbox[0].kind == "text"
        assert "**" not in platform.inbox[0].content


@pytest.mark.parametrize("within", [4.0, 0.0])
async def test_pages_hold_every_entry_within_the_bytes(
    platform: FakeApi, store: Store, monkeypatch: pytest.MonkeyPatch, within: float
) -> None:
    """Whether passive or active, no page is beyond 2,048 bytes, and turning pages misses no entry."""
    monkeypatch.setattr(app_channel, "_ANSWER_WITHIN", within)
    async with app(platform, store) as caller:
        texts = [(await caller.say("li", words)).content for words in ("教委负责什么", *["下一页"] * 5)]
        await until(lambda: within or len(platform.inbox) == 6)
        texts += [received.content for received in platform.inbox]
    assert max(len(text.encode()) for text in texts) <= 2048
    assert all(any(f"第{number}件事" in text for text in texts) for number in range(1, 13))
    assert all("来源：《渝中区促进中医药发展方案》" in text for text in texts if text)


async def test_long_clause_comes_whole(platform: FakeApi, store: Store) -> None:
    """An entry in full that is longer than a message comes at once, in several."""
    async with app(platform, store) as caller:
        await caller.say("li", "教委负责什么")
        assert (await caller.say("li", "展开3")).content == ""
        await until(lambda: len(platform.cards) == 2)
        text = "".join(received.content for received in platform.inbox)
        assert text.count("中医馆建设，") == CLAUSE.count("中医馆建设，")


async def test_retries_are_answered_once(platform: FakeApi, store: Store) -> None:
    """The platform's further tries of one message get the same answer, and nobody is asked twice."""
    answerer = Scripted()
    async with app(platform, store, answerer) as caller:
        caller.patience = 0.2
        answered = await caller.say("li", "慢慢找 短")
        assert answered.tries > 1
        await until(lambda: platform.inbox or answered.content)
        caller.patience = 5.0
        again = await caller.say("li", "教委 短", msgid="77")
        assert (await caller.say("li", "教委 短", msgid="77")).content == again.content
        assert answerer.asked == ["慢慢找 短", "教委 短"]


async def test_menu_and_entering(platform: FakeApi, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press on the menu says its words; who enters is greeted once a day; other events get nothing."""
    monkeypatch.setattr(app_channel, "_ANSWER_WITHIN", 0.5)
    async with app(platform, store, stale_after=0) as caller:
        now = int(time.time()) // 86400 * 86400
        assert (await caller.event("li", "click", "主要指标 短", now + 1)).content.startswith("主要指标 短：12项")
        assert (await caller.event("li", "enter_agent", "", now + 2)).content.startswith("直接打字提问。")
        assert (await caller.event("li", "enter_agent", "", now + 3)).content == ""
        assert (await caller.event("li", "location", "", now + 4)).content == ""
        assert (await caller.event("wang", "enter_agent", "", now + 5)).content.startswith("直接打字提问。")


async def test_order_of_a_member(platform: FakeApi, store: Store) -> None:
    """Messages sent together by many members are all answered, each member's in order."""
    answerer = Scripted()
    async with app(platform, store, answerer) as caller:
        answers = await asyncio.gather(*(caller.say(f"u{n % 10}", f"{n % 10}:{n // 10} 短") for n in range(60)))
        assert all(answer.content for answer in answers)


async def test_members_outside_are_turned_away(platform: FakeApi, store: Store) -> None:
    """Only members of a listed department, or those below it, are answered."""
    platform.below = {1: [1, 2]}
    async with app(platform, store, wecom_allowed_departments="1") as caller:
        assert (await caller.say("li", "教委 短")).content.startswith("教委 短")
        assert (await caller.say("wang", "教委 短")).content.startswith("抱歉，您还没有使用权限")


async def test_mistake_is_apologised_for(platform: FakeApi, store: Store) -> None:
    """A question that breaks something gets one line with its number."""
    async with app(platform, store) as caller:
        said = (await caller.say("li", "坏了", msgid="66")).content
        assert said == f"抱歉，这条消息处理时出错，已记录（编号 {request_id('wecom-app', '66')}）。"


def outer(ciphertext: str) -> str:
    """Return a callback's body."""
    return f"<xml><ToUserName>corp</ToUserName><Encrypt>{ciphertext}</Encrypt></xml>"


DTD = '<!DOCTYPE xml [<!ENTITY a "教委">]><xml><Encrypt>&a;</Encrypt></xml>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><xml><Encrypt>&b;&b;</Encrypt></xml>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>'


STRANGE = (b"", b"not xml", DTD.encode(), BOMB.encode(), EXTERNAL.encode(), b"\xff\xfe", b"<xml/>", b"x" * 1_000_000)


async def test_strange_bodies_are_refused(platform: FakeApi, store: Store) -> None:
    """What is no message gets a 403 and one log line, and never an error."""
    async with app(platform, store) as caller:
        for body in STRANGE:
            query, _ = caller.sealed("<xml/>")
            with capture_logs() as logs:
                answer = await post(caller, query, body)
            assert (answer.status_code, answer.text) == (403, ""), body[:40]
            assert [entry["event"] for entry in logs] == ["wecom.callback_refused"]


async def test_strange_messages_inside_are_set_aside(platform: FakeApi, any_store: Store) -> None:
    """A well-sealed message that is none is taken, so that it does not come again, counted, and stops nobody."""
    async with app(platform, any_store) as caller:
        for document in APP.values():
            answer = await post(caller, *caller.sealed(document))
            assert (answer.status_code, answer.text) == (200, ""), document
        said = caller.document("li", "<MsgType>text</MsgType><Content>甲 短</Content><MsgId>1</MsgId>")
        assert caller.opened((await post(caller, *caller.sealed(said))).text).startswith("甲 短")
    assert await set_aside(any_store) == {"wecom-app": len(APP)}


async def test_messages_that_no_database_takes_are_answered(platform: FakeApi, any_store: Store) -> None:
    """A control character is left out, and an id of 300 characters is one like any other."""
    async with app(platform, any_store) as caller:
        for words, number in (("甲\x00 短", "1"), ("乙 短", "9" * 300), ("丙 短", "9" * 299 + "8")):
            said = f"<MsgType>text</MsgType><Content>{words}</Content><MsgId>{number}</MsgId>"
            answer = await post(caller, *caller.sealed(caller.document("li", said)))
            assert caller.opened(answer.text).startswith(f"{words[0]} 短")
    assert await set_aside(any_store) == {}


def forged(caller: FakeCaller, damage: str) -> tuple[dict[str, str], str]:
    """Return a callback with one thing wrong in it."""
    document = caller.document("li", "<MsgType>text</MsgType><Content>教委</Content><MsgId>1</MsgId>")
    now = int(time.time())
    query, body = caller.sealed(document, {"stale": now - 310, "future": now + 310}.get(damage, now))
    match damage:
        case "signature":
            return query | {"msg_signature": "0" * 40}, body
        case "padding":
            return signed(caller, "A" * 43 + "=")
        case "receive id":
            return FakeCaller(caller.url, *_secrets(), "other-corp").sealed(document)
        case "no time":
            return query | {"timestamp": ""}, body
        case "no query":
            return {}, body
    return query, body


async def test_refusals_look_the_same(platform: FakeApi, store: Store) -> None:
    """Wrong signature, padding, receive id or time: one and the same refusal."""
    async with app(platform, store) as caller:
        for damage in ("signature", "padding", "receive id", "stale", "future", "no time", "no query"):
            with capture_logs() as logs:
                answer = await post(caller, *forged(caller, damage))
            assert (answer.status_code, answer.text) == (403, ""), damage
            assert logs == [{"event": "wecom.callback_refused", "kind": "CallbackRefusedError", "log_level": "warning"}]


def _secrets() -> tuple[str, str]:
    return TOKEN, AES_KEY


def signed(caller: FakeCaller, ciphertext: str) -> tuple[dict[str, str], str]:
    """Sign any ciphertext rightly."""
    stamp = str(int(time.time()))
    signature = CallbackCrypto(*_secrets(), caller.corp_id).signature(stamp, "1", ciphertext)
    return {"msg_signature": signature, "timestamp": stamp, "nonce": "1"}, outer(ciphertext)


async def test_used_nonce_is_refused(platform: FakeApi, store: Store) -> None:
    """A nonce that another message has used is refused; the very same message once more is a retry."""
    async with app(platform, store) as caller:
        first = caller.document("li", "<MsgType>text</MsgType><Content>甲 短</Content><MsgId>1</MsgId>")
        second = caller.document("li", "<MsgType>text</MsgType><Content>乙 短</Content><MsgId>2</MsgId>")
        query, body = caller.sealed(first, nonce="42")
        assert (await post(caller, query, body)).status_code == 200
        assert (await post(caller, *caller.sealed(second, nonce="42"))).status_code == 403
        assert caller.opened((await post(caller, query, body)).text).startswith("甲 短")


async def test_a_caught_message_is_not_opened_as_a_verification(platform: FakeApi, store: Store) -> None:
    """Who has caught a member's message on its way can't have it shown by asking as the platform asks."""
    async with app(platform, store) as caller, httpx.AsyncClient(verify=NO_TLS) as client:
        query, body = caller.sealed(caller.document("li", "<MsgType>text</MsgType><Content>甲</Content>"))
        caught = query | {"echostr": xmltodict.parse(body)["xml"]["Encrypt"]}
        answer = await client.get(caller.url, params=caught)
        assert (answer.status_code, answer.text) == (403, "")


async def test_unknown_message_types_are_answered_with_help(platform: FakeApi, store: Store) -> None:
    """A picture, a place or something new gets the help line."""
    async with app(platform, store) as caller:
        for number, kind in enumerate(("image", "location", "something_new"), 100):
            answered = await caller.send("li", f"<MsgType>{kind}</MsgType><MsgId>{number}</MsgId>")
            assert answered.content.startswith("直接打字提问。")


async def test_push_reaches_members_and_groups(platform: FakeApi, store: Store) -> None:
    """A notice reaches a member, and a group chat that the app has made."""
    notice = Answer(AnswerKind.DEADLINE, answered=True, headline="本月到期：2项")
    platform.chats["wr1"] = {"name": "中医药工作"}
    async with serving(platform.app()) as url:
        channel = await make_app_channel(url, platform, store)
        await channel.send_notice("li", notice)
        await channel.send_notice("chat:wr1", notice)
        await channel.close()
    assert [(one.to, one.content) for one in platform.inbox] == [
        ("li", "**本月到期：2项**"),
        ("wr1", "**本月到期：2项**"),
    ]


async def test_message_outlives_a_database_that_is_away(platform: FakeApi, store: Store) -> None:
    """What can't be kept is not confirmed, so that the platform sends it again."""
    tries = 0

    async def receive(message: AppMessage, _: asyncio.Future[None]) -> str:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ConnectionError
        return message.text

    async def set_aside(document: str, reason: str) -> None:
        raise AssertionError(reason)

    callback = Callback(CallbackCrypto(*_secrets(), platform.corp_id), receive, set_aside)
    async with serving(make_web_app([callback.route()], dict)) as here:
        caller = FakeCaller(f"{here}/wecom/callback", *_secrets(), platform.corp_id)
        answered = await caller.say("li", "教委")
    assert (answered.tries, answered.content) == (2, "教委")


async def test_replica_that_stands_by_does_not_keep_the_platform_waiting(platform: FakeApi, store: Store) -> None:
    """A callback that reaches a replica without the lease is kept and confirmed at once; the holder answers."""
    async with serving(platform.app()) as url:
        standby = await make_app_channel(url, platform, store)
        inbox = Inbox(store, standby.name)
        async with serving(make_web_app(standby.callbacks(inbox.accept), dict)) as here:
            caller = FakeCaller(f"{here}/wecom/callback", *_secrets(), platform.corp_id)
            answered = await caller.say("li", "教委 短")
            assert (answered.tries, answered.status, answered.content) == (1, 200, "")
        async with app(platform, store):
            await until(lambda: platform.inbox)
    assert platform.inbox[0].content.startswith("**教委 短：12项**")


async def test_busy_platform_at_the_start_is_waited_for(platform: FakeApi, store: Store) -> None:
    """A start while the platform is busy, or away, is tried again: only wrong credentials end the channel."""
    async with serving(platform.app()) as url:
        channel = await make_app_channel(url, platform, store)
        for code in (-1, 45009, 0):
            platform.fail_next = [code]
            with pytest.raises(ConnectionError):
                await channel.open()
        await channel.open()
        await channel.close()


def test_any_words_can_be_a_passive_answer() -> None:
    """What people type and plans say can't break the answer's XML."""
    words = "a]]>b <&> \x0b\x00教委"
    message = AppMessage("corp", "li", 1, "text", "", "", "", "1")
    document = xmltodict.parse(write_text_answer(message, words, 1))
    assert document["xml"]["Content"] == "a]]>b <&> 教委"


async def test_wrong_secret_names_its_settings(platform: FakeApi, store: Store) -> None:
    """A secret that the platform refuses ends this channel with the settings' names."""
    async with serving(platform.app()) as url:
        channel = await make_app_channel(url, platform, store, wecom_app_secret="wrong")
        with pytest.raises(ChannelRefusedError, match="WENCE_WECOM_CORP_ID、WENCE_WECOM_APP_SECRET"):
            await channel.open()
        await channel.close()


async def test_a_secret_that_is_changed_pauses_the_channel(
    platform: FakeApi, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the platform takes the secret no more, what waits stays, and is answered when it is taken again."""
    monkeypatch.setattr("bot.channels.supervise.REFUSED_PAUSE", 0.05)
    monkeypatch.setattr(app_channel, "_ANSWER_WITHIN", 0.0)
    good = platform.secret
    async with app(platform, store) as caller:
        platform.secret = "changed"
        platform.kill_token()
        await caller.say("li", "教委 短")
        inbox = Inbox(store, "wecom-app")
        await until(lambda: platform.refused_secrets)
        waiting: list[str] = []
        while not waiting:  # between two tries the row waits
            await asyncio.sleep(0.01)
            waiting = [row.conversation for row in await inbox.waiting(9)]
        assert waiting == ["li"]
        platform.secret = good
        await until(lambda: platform.inbox)
        assert platform.inbox[0].content.startswith("**教委 短")


async def test_an_answer_has_its_buttons_on_a_card(platform: FakeApi, store: Store) -> None:
    """The words come with the callback, the buttons as a card; a press brings the next page as a message."""
    async with app(platform, store) as caller:
        answered = await caller.say("li", "教委负责什么")
        assert "回复“" not in answered.content
        await until(lambda: platform.cards)
        ((member, card),) = platform.cards
        assert (member, card["main_title"]["title"]) == ("li", "教委负责什么：12项")
        pressed = await caller.press("li", card, "下一页")
        assert (pressed.status, pressed.content) == (200, "")
        await until(lambda: platform.inbox and len(platform.cards) == 2)
        assert platform.inbox[0].content.startswith("**教委负责什么：12项**（第2/")


async def test_somebody_elses_button_is_none_of_theirs(platform: FakeApi, store: Store) -> None:
    """A key that was made for another member asks for the question again."""
    async with app(platform, store) as caller:
        await caller.say("li", "教委负责什么")
        await until(lambda: platform.cards)
        await caller.press("wang", platform.cards[0][1], "下一页")
        await until(lambda: platform.inbox)
        assert [(one.to, one.content) for one in platform.inbox] == [("wang", "这个按钮已过期，请重新提问。")]


async def test_words_stand_in_for_buttons_without_a_card(platform: FakeApi, store: Store) -> None:
    """Where no card is shown, in personal WeChat, the answer says what to type."""
    async with app(platform, store, wecom_app_markup="text") as caller:
        answered = await caller.say("li", "教委负责什么")
        assert answered.content.endswith("回复“下一页”“展开1”“只看巴南区”")
    assert platform.cards == []
