"""Inline mode: what matches, as one types in any chat."""

from __future__ import annotations

from bot.conversation.answerer import Suggestion
from tests.scripted import ScriptedAnswerer
from tests.telegram_bot import Scene


async def test_inline_mode_lists_what_matches_by_pages(scene: Scene) -> None:
    """Results come at most 50 at a time, with where the next page begins, and may be cached."""
    person = scene.person()
    async with scene.bot():
        titles: list[str] = []
        offset = ""
        for _ in range(5):
            query = await person.type_inline("中医馆", offset)
            await scene.world.until(lambda query=query: query in scene.world.inline_answers)  # type: ignore[misc]
            answer = scene.world.inline_answers[query]
            assert len(answer["results"]) <= 50
            assert int(answer["cache_time"]) > 0
            titles += [result["title"] for result in answer["results"]]
            offset = answer.get("next_offset") or ""
            if not offset:
                break
    assert titles == [f"中医馆第{number}条" for number in range(60)]


async def test_the_chosen_result_posts_the_entry_with_its_source(scene: Scene) -> None:
    """What is posted holds the answer, its source, and a link that opens it in the bot."""
    person = scene.person()
    async with scene.bot():
        query = await person.type_inline("中医馆")
        await scene.world.until(lambda: query in scene.world.inline_answers)
        result = scene.world.inline_answers[query]["results"][3]
        assert result["description"] == "区教委"
        assert result["parsed"]["text"].startswith("中医馆3\n")
        assert "来源：《巴南区建设方案》" in result["parsed"]["text"]
        link = result["reply_markup"]["inline_keyboard"][0][0]["url"]
        payload = link.removeprefix("https://t.me/wence_test_bot?start=")
        await person.say(f"/start {payload}")
        assert (await person.answer())["text"].startswith("中医馆3\n")


async def test_an_empty_inline_query_lists_nothing(scene: Scene) -> None:
    """Only the bot's name: nothing to list, and nothing goes wrong."""
    person = scene.person()
    async with scene.bot():
        query = await person.type_inline("")
        await scene.world.until(lambda: query in scene.world.inline_answers)
    assert scene.world.inline_answers[query]["results"] == []


async def test_an_inline_query_that_was_typed_over_does_no_harm(scene: Scene) -> None:
    """An answer that comes too late for Telegram is refused, and the next one goes out."""
    person = scene.person()
    async with scene.bot():
        await person.type_inline("中")
        scene.world.open_inline.clear()
        query = await person.type_inline("中医")
        await scene.world.until(lambda: query in scene.world.inline_answers)


class Unsuggesting(ScriptedAnswerer):
    """Knows no list for what is typed."""

    def suggest(self, typed: str, limit: int = 50, offset: int = 0) -> tuple[Suggestion, ...]:
        return ()


async def test_a_question_is_answered_inline(scene: Scene) -> None:
    """What matches no entry is asked; its answer is the one result, and what can't be answered is none."""
    person = scene.person()
    async with scene.bot(Unsuggesting()):
        asked = await person.type_inline("区教委负责什么")
        declined = await person.type_inline("没有的事")
        await scene.world.until(lambda: {asked, declined} <= scene.world.inline_answers.keys())
    (result,) = scene.world.inline_answers[asked]["results"]
    assert result["title"] == "区教委负责什么"
    assert result["parsed"]["text"].startswith("区教委负责什么")
    assert scene.world.inline_answers[declined]["results"] == []


async def test_what_one_may_see_is_not_cached_for_others(scene: Scene) -> None:
    """With a list of who may ask, results are each person's own; over the limit nothing is kept at all."""
    person = scene.person(2)
    async with scene.bot(telegram_allowed_users=(2,), questions_per_minute=1):
        first = await person.type_inline("中医")
        await scene.world.until(lambda: first in scene.world.inline_answers)
        second = await person.type_inline("中医馆")
        await scene.world.until(lambda: second in scene.world.inline_answers)
    seen, limited = scene.world.inline_answers[first], scene.world.inline_answers[second]
    assert (bool(seen["results"]), seen["is_personal"]) in ((True, True), (True, "true"))
    assert (limited["results"], limited["is_personal"], int(limited.get("cache_time", 300))) in (
        ([], True, 0),
        ([], "true", 0),
    )
