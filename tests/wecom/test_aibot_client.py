"""The AI bot's long connection: it comes back from every kind of end, at a pace the platform bears."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import AsyncIterator, Sequence

import pytest
from structlog.testing import capture_logs

from bot.channels.wecom.aibot.client import AibotClient, AibotTiming, KickedError
from bot.channels.wecom.aibot.frames import AibotMessage, Callback, Chat, Press, UnreadableFrame
from bot.channels.wecom.errors import NoAckError, NotConnectedError, WeComRefusedError
from tests.fake_wecom.robot import FakeRobot

QUICK = AibotTiming(ping=0.1, ack=0.15, reconnect=(0.02, 0.1), login=(0.05, 0.4))


class Running:
    """A client at work, with what it has received."""

    def __init__(self, client: AibotClient) -> None:
        self.client = client
        self.received: list[Callback] = []
        self.task = asyncio.create_task(client.run(self._keep))

    async def _keep(self, callbacks: Sequence[Callback]) -> None:
        self.received += callbacks


@contextlib.asynccontextmanager
async def running(robot: FakeRobot, pace: AibotTiming = QUICK, name: str = "") -> AsyncIterator[Running]:
    """Run a client against ``robot`` and wait until it is connected."""
    run = Running(AibotClient(robot.bot_id, robot.secret, url=robot.url, bot_name=name, pace=pace))
    try:
        await run.client.connected()
        yield run
    finally:
        run.task.cancel()
        await asyncio.gather(run.task, return_exceptions=True)


def stream(text: str, *, finish: bool = True) -> dict[str, object]:
    """Return the body of a stream's reply."""
    return {"msgtype": "stream", "stream": {"id": "s1", "content": text, "finish": finish}}


async def test_question_and_answer_pass() -> None:
    """A member's words arrive, and the reply reaches the member."""
    async with FakeRobot() as robot, running(robot) as run:
        asked = await robot.say("li", "教委负责什么")
        await robot.until(lambda: run.received)
        assert run.received == [
            AibotMessage(
                asked.msgid,
                asked.req_id,
                "li",
                Chat("li", group=False),
                "教委负责什么",
                asked.frame["body"]["create_time"],
            )
        ]
        await run.client.respond(asked.req_id, stream("12项"))
        assert asked.answer == "12项"


@pytest.mark.parametrize("code", [None, 1000, 1001, 1008, 1011, 4000])
async def test_comes_back_from_every_end(code: int | None) -> None:
    """An aborted connection, a normal close, a server going away or failing: the bot is connected again."""
    async with FakeRobot() as robot, running(robot) as run:
        await robot.end(code)
        await robot.connected()
        assert robot.logins == 2
        asked = await robot.say("li", "还在吗")
        await robot.until(lambda: run.received)
        assert isinstance(run.received[0], AibotMessage)
        assert run.received[0].id == asked.msgid


async def test_comes_back_when_the_server_was_away() -> None:
    """While nobody listens the client keeps trying, and finds the server when it is back."""
    robot = await FakeRobot().start()
    async with running(robot):
        await robot.stop()
        await asyncio.sleep(0.1)
        await robot.start()
        await robot.connected()
        await robot.stop()


async def test_missed_heartbeats_end_the_connection() -> None:
    """A server that falls silent is left, and the next connection works."""
    async with FakeRobot() as robot, running(robot):
        await robot.until(lambda: robot.pings >= 2)
        robot.mute = True
        await robot.until(lambda: robot.logins == 2)
        robot.mute = False
        await robot.until(lambda: robot.logins >= 3 and robot.online)


async def test_refused_login_waits_longer_each_time() -> None:
    """Subscribing is frequency-limited, so refusals are answered with growing pauses, and told without the secret."""
    robot = FakeRobot()
    robot.refuse_logins = 4
    with capture_logs() as logs:
        async with robot, running(robot, AibotTiming(ping=0.1, ack=1.0, login=(0.05, 10.0))):
            pauses = [entry["seconds"] for entry in logs if entry["event"] == "wecom.aibot_disconnected"]
    assert len(pauses) == 4
    assert all(later >= sooner for sooner, later in itertools.pairwise(pauses))
    assert pauses[-1] >= 0.4
    assert robot.secret not in str(logs)


async def test_kicked_client_stays_away() -> None:
    """Whom another connection of the same bot has replaced does not come back on its own."""
    async with FakeRobot() as robot, running(robot) as first, running(robot):
        with pytest.raises(KickedError):
            await first.task
        assert robot.logins == 2


async def test_server_that_never_acks_does_not_hang_a_reply() -> None:
    """A reply without an ack ends as such, within the time for acks."""
    async with FakeRobot() as robot, running(robot, AibotTiming(ping=30.0, ack=0.15)) as run:
        asked = await robot.say("li", "教委")
        await robot.until(lambda: run.received)
        robot.mute = True
        with pytest.raises(NoAckError):
            await run.client.respond(asked.req_id, stream("12项"))


async def test_reply_during_a_lost_connection_is_told() -> None:
    """A reply whose connection ends before its ack, or that has no connection, says so."""
    async with FakeRobot() as robot, running(robot, AibotTiming(ping=30.0, ack=5.0, reconnect=(5.0, 5.0))) as run:
        asked = await robot.say("li", "教委")
        await robot.until(lambda: run.received)
        robot.mute = True
        reply = asyncio.create_task(run.client.respond(asked.req_id, stream("12项")))
        await robot.until(lambda: asked.contents)
        await robot.end(None)
        with pytest.raises(NotConnectedError):
            await reply
        with pytest.raises(NotConnectedError):
            await run.client.respond(asked.req_id, stream("12项"))


async def test_refusals_carry_the_platforms_code() -> None:
    """A reply to an unknown req_id is refused with 846605, a change of a finished stream with 846608."""
    async with FakeRobot() as robot, running(robot) as run:
        asked = await robot.say("li", "教委")
        with pytest.raises(WeComRefusedError) as unknown:
            await run.client.respond("never-seen", stream("12项"))
        await run.client.respond(asked.req_id, stream("12项"))
        with pytest.raises(WeComRefusedError) as finished:
            await run.client.respond(asked.req_id, stream("13项"))
        assert (unknown.value.code, finished.value.code) == (846605, 846608)


async def test_frames_of_one_req_id_keep_their_order() -> None:
    """The states of a stream share a req_id, so each waits for the ack of the one before."""
    async with FakeRobot() as robot, running(robot, AibotTiming(ack=5.0)) as run:
        asked = await robot.say("li", "教委")
        robot.ack_delay = 0.02
        states = [run.client.respond(asked.req_id, stream(f"第{n}步", finish=n == 4)) for n in range(5)]
        await asyncio.gather(*states)
        assert asked.contents == [f"第{n}步" for n in range(5)]


@pytest.mark.parametrize(
    "data",
    [
        "not json",
        b"\xff\xfe\x00",
        "[]",
        "42",
        "{}",
        '{"headers": {"req_id": "nobody-knows"}, "errcode": 0, "errmsg": "ok"}',
        '{"headers": {"req_id": 7}, "errcode": "zero"}',
        '{"cmd": "aibot_new_thing", "headers": {"req_id": "x"}, "body": {}}',
        '{"cmd": "aibot_msg_callback", "headers": {"req_id": "x"}, "body": {"msgtype": "text"}}',
        '{"cmd": "aibot_msg_callback", "headers": {"req_id": "x"}, "body": {"from": "li", "msgid": []}}',
        '{"cmd": "aibot_event_callback", "headers": {"req_id": "x"}, "body": {"event": {"eventtype": "new"}}}',
    ],
)
async def test_strange_frames_are_passed_over(data: str | bytes) -> None:
    """What is no frame, or none that is known, costs one log line, or is handed on as unreadable."""
    async with FakeRobot() as robot, running(robot, AibotTiming()) as run:
        with capture_logs() as logs:
            await robot.raw(data)
            await robot.say("li", "还在吗")
            await robot.until(lambda: any(isinstance(one, AibotMessage) for one in run.received))
        assert len(logs) + sum(isinstance(one, UnreadableFrame) for one in run.received) == 1
        assert robot.logins == 1


async def test_huge_frame_ends_the_connection_and_not_the_bot() -> None:
    """A frame beyond any message's size costs the connection, and the next one works."""
    async with FakeRobot() as robot, running(robot) as run:
        await robot.raw("x" * 2_000_000)
        await robot.until(lambda: robot.logins == 2 and robot.online)
        await robot.say("li", "还在吗")
        await robot.until(lambda: run.received)


async def test_goes_through_a_proxy() -> None:
    """Where the office's way out is a proxy, the connection goes through it."""
    through: list[str] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        through.append(head.split("\r\n")[0])
        there, here = await asyncio.open_connection("127.0.0.1", int(head.split()[1].rpartition(":")[2]))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(pump(reader, here), pump(there, writer), return_exceptions=True)

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(65536):
            sink.write(piece)
        sink.close()

    proxy = await asyncio.start_server(forward, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    async with FakeRobot() as robot:
        run = Running(AibotClient(robot.bot_id, robot.secret, url=robot.url, proxy=url, pace=QUICK))
        await robot.connected()
        run.task.cancel()
        await asyncio.gather(run.task, return_exceptions=True)
        await robot.until(lambda: not robot.online)
    proxy.close()
    assert through == [f"CONNECT localhost:{robot.port} HTTP/1.1"]


CARD = {"event_key": "next", "task_id": "task-1"}


@pytest.mark.parametrize(
    "event",
    [
        {"eventtype": "template_card_event", "template_card_event": CARD},
        {"eventtype": "template_card_event", **CARD},
    ],
)
@pytest.mark.parametrize("where", [{"chatid": "group-1", "chattype": "group"}, {"chatid": "group-1"}])
async def test_press_is_read_in_both_published_forms(event: dict[str, object], where: dict[str, str]) -> None:
    """The documentation and the SDK disagree on where a press stands, and an event may lack the kind of chat."""
    async with FakeRobot() as robot, running(robot) as run:
        body = {"msgid": "e-1", "create_time": "1700000000", "from": {"userid": "li"}, "msgtype": "event"}
        frame = {"cmd": "aibot_event_callback", "headers": {"req_id": "r-1"}, "body": body | where | {"event": event}}
        await robot.raw(json.dumps(frame))
        await robot.until(lambda: run.received)
        assert run.received == [Press("e-1", "r-1", "li", Chat("group-1", group=True), "task-1", "next")]


@pytest.mark.parametrize(
    ("name", "said", "heard"),
    [
        ("", "@问策 教委负责什么", "教委负责什么"),
        ("", "@问策\u2005教委 @李雷 的任务", "教委 的任务"),
        ("", "教委负责什么 @问策", "教委负责什么"),
        ("", "教委@问策 负责什么", "教委 负责什么"),
        ("", "@李雷 @问策 教委负责什么", "教委负责什么"),
        ("", "@问策 教委 li@example.org 负责什么", "教委 li@example.org 负责什么"),
        ("", "@问策", ""),
        ("", "教委负责什么", "教委负责什么"),
        ("问策 助手", "@问策 助手 教委负责什么", "教委负责什么"),
        ("问策 助手", "教委负责什么 @问策 助手", "教委负责什么"),
    ],
)
async def test_bots_name_is_taken_off_in_a_group(name: str, said: str, heard: str) -> None:
    """In a group the question is what stands beside the @ of the bot; its blanks don't matter where it is set."""
    async with FakeRobot() as robot, running(robot, name=name) as run:
        await robot.ask("li", "group-1", {"msgtype": "text", "text": {"content": said}})
        await robot.until(lambda: run.received)
        assert isinstance(run.received[0], AibotMessage)
        assert (run.received[0].text, run.received[0].chat) == (heard, Chat("group-1", group=True))


async def test_a_name_with_blanks_is_learnt() -> None:
    """What follows the @ in all messages of groups is the name; before enough of them came, it is its first word."""
    asked = ("教委负责什么", "名中医目标是多少", "有哪些方案", "谁牵头", "中医馆要建几个")
    async with FakeRobot(name="问策 助手") as robot, running(robot) as run:
        for words in asked:
            await robot.say("li", words, chat="group-1")
        await robot.ask("li", "group-1", {"msgtype": "text", "text": {"content": "教委 @问策 助手 负责什么"}})
        await robot.until(lambda: len(run.received) == 6)
        heard = [one.text for one in run.received if isinstance(one, AibotMessage)]
    assert heard == [f"助手 {words}" for words in asked[:3]] + [*asked[3:], "教委 负责什么"]


async def test_at_sign_stays_in_a_private_chat() -> None:
    """Outside groups nothing is taken off."""
    async with FakeRobot() as robot, running(robot) as run:
        await robot.say("li", "@问策 是什么")
        await robot.until(lambda: run.received)
        assert isinstance(run.received[0], AibotMessage)
        assert run.received[0].text == "@问策 是什么"


async def test_mixed_voice_and_photo() -> None:
    """Words among pictures and spoken words are read; a photo arrives as a message without words."""
    items = [
        {"msgtype": "text", "text": {"content": "教委"}},
        {"msgtype": "image", "image": {"url": "https://example.org/x"}},
        {"msgtype": "text", "text": {"content": "负责什么"}},
    ]
    async with FakeRobot() as robot, running(robot) as run:
        await robot.ask("li", "", {"msgtype": "mixed", "mixed": {"msg_item": items}})
        await robot.ask("li", "", {"msgtype": "voice", "voice": {"content": "中医馆要建几个"}})
        await robot.ask("li", "", {"msgtype": "image", "image": {"url": "https://example.org/x"}})
        await robot.until(lambda: len(run.received) == 3)
        assert [message.text for message in run.received if isinstance(message, AibotMessage)] == [
            "教委\n负责什么",
            "中医馆要建几个",
            "",
        ]


async def test_first_reconnect_is_soon_and_a_hot_loop_is_not() -> None:
    """A server that ends each connection at once sees ever fewer of them."""
    async with FakeRobot() as robot, running(robot, AibotTiming(ping=30.0, reconnect=(0.02, 5.0))):
        began = time.monotonic()
        for logins in range(2, 6):
            await robot.end(1011)
            await robot.until(lambda logins=logins: robot.logins == logins and robot.online)  # type: ignore[misc]
        assert time.monotonic() - began >= 0.02 + 0.04 + 0.08 + 0.16
