"""Feed changed bytes to all that reads what comes from outside: a million in minutes, where hypothesis takes hours.

What comes out must be a value, or the error that the reader names; nothing may take long, and memory must stay flat.
The inputs are made by a seeded generator from whole ones, so a run can be repeated.
Usage: scripts/chaos/run fuzz_inputs [--count N] [--seed N] [--only NAME …]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from telegram import Bot

from bot.channels.base import UnreadableUpdateError
from bot.channels.telegram.updates import pack, split, unpack
from bot.channels.wecom.aibot.frames import read_frame
from bot.channels.wecom.aibot.mentions import Mentions
from bot.channels.wecom.app.documents import read_envelope, read_message
from bot.channels.wecom.errors import UnreadableError
from bot.query.chat_state import ChatState
from bot.query.query import Query
from bot.reading.aliases import parse_aliases
from corpus.library.added import StoreError, parse_stored
from index.errors import StorageError
from tests.fake_telegram.world import TOKEN
from tests.fuzz.making import HOSTILE, WORDS
from tests.fuzz.test_frames import BODY, EVENT, PRESSED, SAID, TYPED

SECONDS = 1.0
"""Of the processor, that one input may take."""
GROWTH_MB = 50.0
"""By which the process may grow after the first tenth of a harness's inputs."""
_PIECES = [piece.encode(errors="surrogatepass") for piece in (*WORDS, *HOSTILE)]
_PIECES += [
    b"\xff",
    b"\x00",
    b"[" * 500,
    b'{"a":' * 200,
    b"<a>" * 300,
    b"1" * 400,
    b"null",
    b"-0",
    b"1e999",
    b'"',
    b"]}",
]


@dataclass(frozen=True, slots=True)
class Harness:
    """A reader, whole inputs for it, and how it may refuse."""

    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]
    refusals: tuple[type[Exception], ...] = ()


def _telegram(data: bytes) -> None:
    for raw in split(data):
        stored = pack(raw, late=True)
        if stored is not None:
            with contextlib.suppress(UnreadableUpdateError):
                unpack(stored.payload, _BOT)


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _samples(*values: object) -> tuple[bytes, ...]:
    return tuple(json.dumps(value, ensure_ascii=False).encode() for value in values)


def _result(*updates: dict[str, object]) -> dict[str, object]:
    return {"ok": True, "result": [{"update_id": number, **one} for number, one in enumerate(updates, 1)]}


_BOT = Bot(TOKEN)
_FRAME = {"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": BODY}
_QUERY = {"select": "tasks", "where": {"districts": ["巴南区"], "units": [{"name": "区教委"}], "years": [2027]}}
_XML = "<xml><ToUserName>c</ToUserName><FromUserName>li</FromUserName><CreateTime>1</CreateTime>"
_PLAN = {"meta": {"id": "a"}, "document": {"blocks": []}, "sha256": "0", "source": "a.txt", "added": "2026-01-01"}
HARNESSES = {
    "telegram": Harness(
        _telegram,
        _samples(
            _result({"message": SAID}, {"callback_query": PRESSED}),
            _result({"inline_query": TYPED}, {"edited_message": SAID}),
        ),
    ),
    "aibot": Harness(
        lambda data: read_frame(data, Mentions()),
        _samples(
            _FRAME, {**_FRAME, "cmd": "aibot_event_callback", "body": {**BODY, "msgtype": "event", "event": EVENT}}
        ),
        (UnreadableError,),
    ),
    "app": Harness(
        lambda data: read_message(_text(data)),
        (
            f"{_XML}<MsgType>text</MsgType><Content>教委</Content><MsgId>1</MsgId></xml>".encode(),
            f"{_XML}<MsgType>event</MsgType><Event>click</Event><EventKey>怎么用</EventKey></xml>".encode(),
        ),
        (UnreadableError, LookupError),
    ),
    "envelope": Harness(
        read_envelope,
        (b"<xml><ToUserName>c</ToUserName><Encrypt>YWJj</Encrypt></xml>",),
        (UnreadableError, LookupError),
    ),
    "query": Harness(lambda data: Query.from_json(_text(data)), _samples(_QUERY)),
    "state": Harness(
        lambda data: ChatState.from_json(_text(data)), (ChatState(query=json.dumps(_QUERY), page=2).to_json().encode(),)
    ),
    "plan": Harness(lambda data: parse_stored(data, "a.json"), _samples(_PLAN), (StoreError, StorageError)),
    "aliases": Harness(lambda data: parse_aliases(data, "a.json"), _samples({"教委": "区教委"}), (StorageError,)),
}


def changed(data: bytes, dice: random.Random) -> bytes:
    """Return ``data`` with one to four changes: a byte, a piece cut out, put in, or put twice."""
    for _ in range(dice.randint(1, 4)):
        at, way = dice.randrange(len(data) + 1), dice.randrange(5)
        end = at + dice.randint(1, 20)
        if way == 0:
            data = data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        elif way == 1:
            data = data[:at] + data[end:]
        elif way == 2:
            data = data[:at] + dice.choice(_PIECES) + data[at:]
        elif way == 3:
            data = data[:end] + data[at:]
        else:
            data = data[:at]
    return data


def run(harness: Harness, count: int, seed: str) -> tuple[int, float, float]:
    """Feed so many inputs; returns how many were against the rule, the slowest's seconds, and the growth in MB."""
    bad, slowest, before = 0, 0.0, 0.0
    for number in range(count):
        dice = random.Random(f"{seed}-{number}")
        data = changed(dice.choice(harness.samples), dice)
        begun = time.process_time()
        try:
            harness.read(data)
        except harness.refusals:
            pass
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            bad += 1
            print(f"{seed}-{number}: {data[:200]!r}\n{traceback.format_exc(limit=-2)}", flush=True)
        slowest = max(slowest, time.process_time() - begun)
        if number == count // 10:
            before = _memory_mb()
    return bad, slowest, _memory_mb() - before


def _memory_mb() -> float:
    """Return how much memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> int:
    """Run; return 1 when something was against the rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="of inputs for each reader")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", nargs="*", default=list(HARNESSES), choices=list(HARNESSES))
    given = parser.parse_args()
    failed = False
    for name in given.only:
        bad, slowest, growth = run(HARNESSES[name], given.count, f"{given.seed}-{name}")
        line = f"{given.count} inputs, against the rule {bad}, slowest {slowest:.3f} s, grown by {growth:.1f} MB"
        print(f"{name}: {line}", flush=True)
        failed = failed or bool(bad) or slowest > SECONDS or growth > GROWTH_MB
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
