"""Every answer says how it came about."""

from __future__ import annotations

import pytest

from bot.cli.terminal import print_answer
from tests.ask.chatting import Chat


@pytest.mark.parametrize(
    ("message", "step"),
    [
        ("区教委负责什么", "所问：duties"),
        ("区教委负责什么", '"name":"区教委"'),
        ("渝中教委负责什么", '"districts":["渝中区"]'),
        ("区科技局在人才方面有什么任务", '"topic":"人才"'),
        ("2027年中医馆目标是多少", '"years":[2027]'),
        ("区财证局负责什么", "→ 区财政局"),
        ("区中医院院长是谁", "所问的是方案一般没有的内容：person"),
        ("病历写进电脑", "把握"),
    ],
)
def test_each_step_is_told(chat: Chat, message: str, step: str) -> None:
    """Act, district, unit, topic, year, correction, what is never there, how sure the search was."""
    assert any(step in line for line in chat.ask(message).why)


def test_what_is_gone_on_with_is_told(chat: Chat) -> None:
    """A follow-up names the question it goes on with."""
    chat.ask("巴南古籍保护谁负责")
    assert any('"earlier":"古籍保护"' in line for line in chat.ask("那人才呢").why)


def test_explain_prints_the_steps_behind_the_answer(chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --explain none of them is shown, with it all of them, after the source."""
    answer = chat.ask("区财证局负责什么")
    print_answer(answer)
    assert "更正：" not in capsys.readouterr().out
    print_answer(answer, explain=True)
    printed = capsys.readouterr().out
    assert printed.index("来源：") < printed.index("· 所问：duties") < printed.index("→ 区财政局")
