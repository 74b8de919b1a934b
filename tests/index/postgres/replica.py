"""``python -m tests.index.postgres.replica URL FOLDER [DIE_AT]``: a replica that answers a question a line.

It opens the index and watches it as the running bot does. With the name of a stage it kills itself half-way through it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from bot import logs
from bot.conversation.asking import Asker
from bot.query.chat_state import ChatState
from bot.serving.open_answerer import open_answerer
from bot.serving.plan_watch import watch_index
from index.progress import Stage

NO_MODEL = "./none"
OPEN = "open"
"""Said when questions can be put."""


def main(url: str, folder: str, die_at: str = "") -> None:
    """Answer until standard input ends."""

    def progress(stage: Stage, done: int, _total: int) -> None:
        if stage == die_at and done:
            os.kill(os.getpid(), signal.SIGKILL)

    async def answer() -> None:
        asker = Asker(lambda: open_answerer(Path(folder), NO_MODEL, progress, url))
        await asker.open()
        watching = asyncio.create_task(watch_index(asker, url))
        print(json.dumps([OPEN]), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            said, _ = await asker.ask(line.strip(), ChatState())
            lines = [line for section in said.sections for line in section.lines]
            print(json.dumps([said.headline, *lines]), flush=True)
        watching.cancel()
        asker.close()

    logs.set_up("error", "json", ())
    asyncio.run(answer())


if __name__ == "__main__":
    main(*sys.argv[1:])
