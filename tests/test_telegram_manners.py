"""What people expect of a bot today: menus for each kind of chat, quotations that unfold, reactions, guest mode."""

from __future__ import annotations

import pytest

from bot.channels.telegram import limits
from bot.messages import say
from bot.render.html import FOLDED_FROM
from tests.fake_telegram.world import BOT, Json
from tests.telegram_bot import Scene

NAME = f"@{BOT['username']}"


def menu_of(scene: Scene, scope: str) -> set[str]:
    """Return the commands in the menu of one kind of chat."""
    return {command["command"] for command in scene.world.menus[scope]}


async def test_each_kind_of_chat_has_its_own_menu(scene: Scene) -> None:
    """A group is offered what is asked there, its administrators also what they alone may set."""
    async with scene.bot():
        group, administrators = menu_of(scene, "all_group_chats"), menu_of(scene, "all_chat_administrators")
        assert group < administrators < menu_of(scene, "default")
        assert administrators - group == {"follow", "unfollow", "district"}
        assert "start" not in administrators


async def test_an_empty_chat_says_what_the_bot_is_for(scene: Scene) -> None:
    """Its description and the line in its profile are set, within Telegram's limits."""
    async with scene.bot():
        await scene.world.until(lambda: bool(scene.world.menu_button))
    words = scene.world.descriptions
    assert "区教委负责什么" in words["description"]
    assert 0 < len(words["description"]) <= limits.DESCRIPTION_CHARACTERS
    assert 0 < len(words["short_description"]) <= limits.SHORT_DESCRIPTION_CHARACTERS


@pytest.mark.parametrize(
    ("url", "access", "kind"),
    [
        ("https://wence.example", "open", "web_app"),
        ("http://wence.example", "open", "commands"),
        ("https://wence.example", "link", "commands"),
        ("", "", "commands"),
    ],
)
async def test_the_menu_button_opens_a_page_that_anybody_may_read(
    scene: Scene, url: str, access: str, kind: str
) -> None:
    """Only over HTTPS, and only where nobody is turned away; else the button lists the commands."""
    async with scene.bot(web_url=url, web_access=access):
        assert scene.world.menu_button["type"] == kind
        assert scene.world.menu_button.get("web_app", {}).get("url") == (url if kind == "web_app" else None)


async def opened(scene: Scene, quote: str) -> Json:
    """Ask for a list, and open its second entry, whose clause is ``quote``."""
    scene.answerer.long_quote = quote
    person = scene.person()
    await person.say("列表3")
    answer = await person.answer()
    await person.press(answer, say("telegram.expand", number=2))
    await scene.world.until(lambda: bool(scene.world.edits))
    return answer


@pytest.mark.parametrize(("characters", "kind"), [(20, "blockquote"), (FOLDED_FROM, "expandable_blockquote")])
async def test_a_long_clause_unfolds_at_a_tap(scene: Scene, characters: int, kind: str) -> None:
    """It stands there whole; a short one needs no tap."""
    async with scene.bot():
        answer = await opened(scene, "教" * characters)
    (quotation,) = [entity for entity in answer["entities"] if "blockquote" in entity["type"]]
    assert (quotation["type"], quotation["length"]) == (kind, characters)


@pytest.mark.parametrize(("more", "copied"), [(0, True), (1, False)])
async def test_a_clause_is_copied_whole_or_not_at_all(scene: Scene, more: int, copied: bool) -> None:  # noqa: FBT001
    """The button copies the clause in full; of one that is longer than Telegram takes there is no button."""
    characters = limits.COPIED_CHARACTERS + more
    async with scene.bot():
        answer = await opened(scene, "教" * characters)
    buttons = [button for row in answer["reply_markup"]["inline_keyboard"] for button in row]
    assert [button["copy_text"]["text"] for button in buttons if "copy_text" in button] == ["教" * characters] * copied


async def test_received_gets_a_reaction_and_no_message(scene: Scene) -> None:
    """收到 below an answer in a group is seen; nobody else is disturbed by it."""
    member = scene.member(1)
    async with scene.bot():
        await member.say(f"{NAME} 教委负责什么")
        answer = await member.answer()
        thanks = await member.say("收到", reply_to=answer)
        await scene.world.until(lambda: "reactions" in thanks)
    assert thanks["reactions"] == ["👌"]
    assert len(member.answers()) == 1


async def test_forty_acknowledgements_leave_room_for_a_question(scene: Scene) -> None:
    """Reactions take no message's place: the question after them is answered within the minute."""
    member = scene.member(1)
    async with scene.bot():
        await member.say(f"{NAME} 教委负责什么")
        answer = await member.answer()
        for _ in range(40):
            await member.say("收到", reply_to=answer)
        await member.say(f"{NAME} 财政局负责什么")
        assert (await member.answer(2))["text"].startswith("财政局负责什么")


async def test_a_guest_answers_where_it_is_named(scene: Scene) -> None:
    """In a chat that the bot is not in, one answer, with a way to go on in its own chat."""
    async with scene.bot():
        query = await scene.person().summon(f"{NAME} 教委负责什么")
        await scene.world.until(lambda: query in scene.world.guest_answers)
    posted = scene.world.guest_answers[query]
    assert posted["parsed"]["text"].startswith("教委负责什么")
    (button,) = posted["reply_markup"]["inline_keyboard"][0]
    assert button["url"].startswith(f"https://t.me/{BOT['username']}?start=q_")


async def test_a_guest_tells_a_stranger_that_they_may_not_ask(scene: Scene) -> None:
    """The allow-list holds there as well, and nothing of an answer is shown."""
    async with scene.bot(telegram_allowed_users="2"):
        query = await scene.person(1).summon(f"{NAME} 教委负责什么")
        await scene.world.until(lambda: query in scene.world.guest_answers)
    assert scene.world.guest_answers[query]["parsed"]["text"] == say("chat.not_allowed")
    assert scene.answerer.asked == []


async def test_a_refusal_in_a_group_is_whispered_where_the_server_can(scene: Scene) -> None:
    """Who may not ask reads so alone; the group sees nothing."""
    scene.world.knows_ephemeral = True
    stranger = scene.member(1)
    stranger.place.administrators.add(int(str(BOT["id"])))
    async with scene.bot(telegram_allowed_users="2"):
        await stranger.say(f"{NAME} 教委负责什么")
        await scene.world.until(lambda: bool(scene.world.whispers))
    assert scene.world.whispers == [(-100, 1, say("chat.not_allowed"))]
    assert stranger.answers() == []


@pytest.mark.parametrize("newer", [True, False])
async def test_a_refusal_is_said_openly_where_it_can_not_be_whispered(scene: Scene, newer: bool) -> None:  # noqa: FBT001
    """On an older server, or where the bot is no administrator, the line stands in the group."""
    scene.world.knows_ephemeral = newer
    stranger = scene.member(1)
    async with scene.bot(telegram_allowed_users="2"):
        await stranger.say(f"{NAME} 教委负责什么")
        assert (await stranger.answer())["text"] == say("chat.not_allowed")
    assert scene.world.whispers == []
