"""``python -m tests.fake_telegram``: chat with the bot in a terminal, on a fake Telegram.

It prints the settings with which to start the bot in another terminal. What is typed here is said in a private chat;
``#2`` presses the second button of the last message; ``@词`` tries inline mode; an empty line or Ctrl-D ends.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Json, Person, World


def show(message: Json) -> None:
    """Print a message of the bot with its buttons numbered."""
    print(f"\n{message.get('text') or '[图] ' + message.get('caption', '')}")
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    number = 0
    for row in rows:
        labels = []
        for button in row:
            number += 1
            labels.append(f"[#{number} {button['text']}]")
        print("  ".join(labels))
    print()


async def follow(person: Person) -> None:
    """Print what the bot writes or changes, as it comes."""
    world, answers, edits = person.world, 0, 0
    while True:
        await world.until(lambda a=answers, e=edits: len(person.answers()) > a or len(world.edits) > e, seconds=1e9)  # type: ignore[misc]
        for message in [*person.answers()[answers:], *world.edits[edits:]]:
            show(message)
        answers, edits = len(person.answers()), len(world.edits)


async def act(person: Person, line: str) -> None:
    """Do what was typed."""
    if line.startswith("#") and line[1:].isdecimal() and person.answers():
        message = person.answers()[-1]
        buttons = [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
        number = int(line[1:])
        if 1 <= number <= len(buttons) and "callback_data" in buttons[number - 1]:
            await person.press_data(message, buttons[number - 1]["callback_data"])
    elif line.startswith("@"):
        await list_inline(person, line[1:].strip())
    else:
        await person.say(line)


async def list_inline(person: Person, typed: str) -> None:
    """Print what inline mode offers."""
    query = await person.type_inline(typed)
    try:
        await person.world.until(lambda: query in person.world.inline_answers, seconds=10)
    except TimeoutError:
        print("…")
        return
    for result in person.world.inline_answers[query]["results"]:
        print(f"· {result['title']} — {result.get('description', '')}")


async def talk(world: World) -> None:
    """Read lines until they end."""
    person = Person(world, 1, world.chat(1))
    following = asyncio.create_task(follow(person))
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        await act(person, line)
    # What was asked last may still be on its way when lines come from a file.
    await asyncio.sleep(1)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def main() -> None:
    """Serve until the terminal ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    async with FakeTelegram(port=parser.parse_args().port) as fake:
        print("在另一个终端启动机器人：\n")
        print(f"WENCE_TELEGRAM_TOKEN={fake.world.token} \\")
        print(f"WENCE_TELEGRAM_BASE_URL={fake.base_url} python -m bot run\n")
        print("然后在这里打字提问；#1 按第一个按钮；@中医馆 试内联；空行结束。")
        sys.stdout.flush()
        await talk(fake.world)


if __name__ == "__main__":
    asyncio.run(main())
