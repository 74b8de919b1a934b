"""Who may read the page: nobody else, however the address, the link or the cookie was come by."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.channels.web.channel import WebChannel
from bot.channels.web.links import make_link
from bot.channels.web.make import make_page, make_web
from bot.channels.web.signer import Signer
from bot.cli.main import app
from bot.settings import SettingError, Settings
from bot.store.database import Store
from bot.store.revocations import EVERYTHING, Revocations
from tests.bot_process import BotProcess
from tests.scripted import ScriptedAnswerer
from tests.web.reading import Reader, browsing, one, reading
from tests.wecom.office import context

KEY = "k" * 32
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}


@pytest.fixture
def answerer() -> ScriptedAnswerer:
    """Return an answerer that needs no plans."""
    return ScriptedAnswerer()


def by_link(**settings: object) -> dict[str, object]:
    """Return the settings of a page for holders of a link."""
    return {"web_access": "link", "web_key": KEY, "http_host": "0.0.0.0", **settings}  # noqa: S104 - nothing listens


def link(days: int = 3, **settings: object) -> str:
    """Return the path of a signed link."""
    made = make_link(Settings.model_validate(by_link(**settings)), days).url
    return made.partition(":8080")[2] or made


async def test_with_nothing_set_it_is_open_on_this_machine_only(
    store: Store, answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    """``bot web`` answers under loopback names, and not to a page of another name that points here."""
    async with reading(store, answerer, data_dir=tmp_path) as reader:
        await reader.open("/?q=列表3")
        assert reader.heading == "共3项"
        await reader.open("/", host="localhost:8080")
        assert reader.status == 200
        await reader.open("/", host="evil.example:8080")
        assert (reader.status, reader.heading) == (421, "请用本机地址打开")


async def test_another_address_needs_a_word_on_who_may_read(tmp_path: Path) -> None:
    """Binding to the network without saying who may read stops the start, and names the setting."""
    settings = {"WENCE_HTTP_HOST": "0.0.0.0"}  # noqa: S104 - that is what is refused
    async with BotProcess(tmp_path, settings, "bot", ("web",)) as bot:
        assert await bot.wait() == 2
        assert "WENCE_WEB_ACCESS" in bot.words
        assert "Traceback" not in bot.words


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"web_access": "wecom", "web_key": KEY}, "WENCE_WEB_URL"),
        ({"web_access": "wecom", "web_key": KEY, "web_url": "https://a.example"}, "WENCE_WECOM_CORP_ID"),
    ],
)
async def test_what_is_missing_is_named(
    store: Store, answerer: ScriptedAnswerer, settings: dict[str, object], named: str
) -> None:
    """Members can only be let in with the page's address and the app's secrets."""
    with pytest.raises(SettingError, match=named):
        make_page(await context(store, answerer, **settings))


async def test_run_shows_no_page_unless_told(store: Store, answerer: ScriptedAnswerer) -> None:
    """``bot run`` has no page until it is said who may open it."""
    made = make_web(await context(store, answerer))
    assert made == Unset("web", "WENCE_WEB_ACCESS")


async def test_a_link_lets_in(store: Store, answerer: ScriptedAnswerer) -> None:
    """Without a link there is one line; with it the page, and its signature is gone from the address."""
    async with reading(store, answerer, **by_link()) as reader, browsing(str(reader.client.base_url)) as other:
        for address in ("/", "/?q=列表3", "/c/x", "/u/x", "/i/x", "/p/x", "/d/x", "/p", "/d", "/u", "/i"):
            await reader.open(address)
            assert (reader.status, reader.heading) == (403, "需要链接")
        assert answerer.asked == []
        await reader.open(link())
        assert reader.response is not None
        assert reader.response.url.path == "/"
        assert not reader.response.url.query
        await reader.open("/?q=列表3")
        assert reader.heading == "共3项"
        await other.open("/")
        assert other.status == 403


@pytest.mark.parametrize("everything", [False, True])
async def test_a_link_taken_back_lets_in_nobody(store: Store, answerer: ScriptedAnswerer, everything: bool) -> None:  # noqa: FBT001
    """Neither the link nor the session that came of it; another link, made later, does."""
    made = make_link(Settings.model_validate(by_link()), 3)
    async with reading(store, answerer, **by_link()) as reader, browsing(str(reader.client.base_url)) as other:
        await reader.open(made.url.partition(":8080")[2])
        await other.open(link())
        assert (reader.status, other.status) == (200, 200)
        await Revocations(store).revoke(EVERYTHING if everything else made.name)
        await reader.open("/")
        assert reader.status == 403
        await reader.open(made.url.partition(":8080")[2])
        assert reader.status == 403
        await other.open("/")
        assert other.status == (403 if everything else 200)
        await reader.open(link())
        assert reader.status == 200


async def test_a_session_ends_with_its_link(store: Store, answerer: ScriptedAnswerer) -> None:
    """The cookie lives no longer than the link; both are refused afterwards."""
    signer = Signer(KEY)
    async with reading(store, answerer, **by_link()) as reader:
        entered = await reader.client.get(link(days=1), follow_redirects=False)
        (cookie,) = entered.headers.get_list("set-cookie")
        seconds = int(cookie.partition("Max-Age=")[2].partition(";")[0])
        assert 86_000 < seconds <= 86_400
        await reader.open(f"/enter?k={signer.sign('link', ['old', int(time.time()) - 1])}")
        assert (reader.status, reader.heading) == (403, "链接无效")
        reader.client.cookies.set("wence-session", signer.sign("session", ["link", "old", time.time() - 1]))
        await reader.open("/")
        assert reader.status == 403


async def test_what_was_not_sealed_here_for_this_opens_nothing(store: Store, answerer: ScriptedAnswerer) -> None:
    """Changed links, links of another key, and what was sealed for another use are all refused."""
    async with reading(store, answerer, **by_link()) as reader:
        good = link()
        other_key = link(web_key="x" * 32)
        for bad in (good[:-1], good + "A", other_key, "/enter", "/enter?k=", "/enter?k=" + "." * 9):
            await reader.open(bad)
            assert reader.status == 403, bad
        # The link's own seal as a cookie, and a conversation's seal as a session.
        for stolen in (good.partition("k=")[2], Signer(KEY).sign("talk", ["link", "x", time.time() + 99])):
            reader.client.cookies.set("wence-session", stolen)
            await reader.open("/")
            assert reader.status == 403
        reader.client.cookies.delete("wence-session")
        await reader.open(good)
        assert reader.status == 200


async def test_a_link_is_worth_nothing_where_links_are_not_a_way_in(store: Store, answerer: ScriptedAnswerer) -> None:
    """With links taken out of the settings, those given out earlier let nobody in."""
    settings = {"wecom_corp_id": "c", "wecom_app_agent_id": 1, "wecom_app_secret": "s", "web_url": "http://a.example"}
    async with reading(store, answerer, **(by_link() | {"web_access": "wecom"} | settings)) as reader:
        await reader.open(link())
        assert reader.status == 403
        with pytest.raises(SettingError, match="WENCE_WEB_ACCESS"):
            make_link(Settings.model_validate({"web_access": "wecom", "web_key": KEY}), 1)


async def test_cookies_are_out_of_reach(store: Store, answerer: ScriptedAnswerer) -> None:
    """No script and no other site's form gets a cookie; behind HTTPS it travels only there, and for this host."""
    async with reading(store, answerer, **by_link()) as reader:
        for response in (await reader.client.get(link(), follow_redirects=False), await reader.client.get("/?q=列表3")):
            for cookie in response.headers.get_list("set-cookie"):
                assert "HttpOnly" in cookie
                assert "SameSite=lax" in cookie
                assert "Secure" not in cookie
    secure = by_link(web_url="https://wence.example")
    async with reading(store, answerer, **secure) as reader:
        path = link(web_url="https://wence.example").removeprefix("https://wence.example")
        (cookie,) = (await reader.client.get(path, follow_redirects=False)).headers.get_list("set-cookie")
        assert cookie.startswith("__Host-wence-session=")
        assert "Secure" in cookie
        assert "Path=/;" in cookie
        assert "Domain" not in cookie


async def test_every_response_has_its_headers(store: Store, answerer: ScriptedAnswerer) -> None:
    """Pages, refusals, redirects, files and mishaps alike allow no script, no outside resource and no frame."""
    async with reading(store, answerer, **by_link()) as reader:
        await headers_hold(reader, "/", link(), "/enter", "/login/wecom")
        await reader.open(link())
        await headers_hold(
            reader, "/", "/?q=列表3", "/?q=出错", "/c/x", "/assets/style.css", "/assets/x", "/?d=x", "/p/x", "/nothing"
        )


async def headers_hold(reader: Reader, *addresses: str) -> None:
    """Check the headers of what stands at some addresses."""
    for address in addresses:
        response: httpx.Response = await reader.client.get(address, follow_redirects=False)
        assert HEADERS.items() <= dict(response.headers).items(), address


async def test_too_many_questions_are_slowed_down(store: Store, answerer: ScriptedAnswerer, tmp_path: Path) -> None:
    """Beyond the limit of a minute there is one line and no answer."""
    async with reading(store, answerer, data_dir=tmp_path, questions_per_minute=2) as reader:
        statuses = []
        for _ in range(3):
            await reader.open("/?q=列表3")
            statuses.append(reader.status)
        assert statuses == [200, 200, 429]
        assert reader.response is not None
        assert reader.response.headers["retry-after"] == "60"
        assert len(answerer.asked) == 2


async def test_links_outlive_a_restart(store: Store, answerer: ScriptedAnswerer, tmp_path: Path) -> None:
    """Without a key in the settings this installation's own is used: the same after a restart, no other's."""
    settings = by_link(web_key="", data_dir=tmp_path / "mine")
    path = link(web_key="", data_dir=tmp_path / "mine")
    for _ in range(2):
        async with reading(store, answerer, **settings) as reader:
            await reader.open(path)
            assert reader.status == 200
    async with reading(store, answerer, **(settings | {"data_dir": tmp_path / "other"})) as reader:
        await reader.open(path)
        assert reader.status == 403


async def test_a_mishap_is_one_line_with_a_number(store: Store, answerer: ScriptedAnswerer, tmp_path: Path) -> None:
    """What goes wrong in an answer is told without a traceback, and the next question is answered."""
    async with reading(store, answerer, data_dir=tmp_path) as reader:
        await reader.open("/?q=出错")
        assert (reader.status, reader.heading) == (500, "抱歉，出错了")
        assert "编号" in reader.text
        assert "ZeroDivision" not in reader.text
        await reader.open("/?q=列表3")
        assert reader.status == 200


async def test_a_bot_that_is_not_ready_asks_to_wait(store: Store, tmp_path: Path) -> None:
    """While the answer takes too long, the page says so and loads itself again; afterwards the answer is there."""
    answerer = ScriptedAnswerer()
    made: list[WebChannel] = []

    def impatient(on: ChannelContext) -> Channel:
        channel = make_page(on)
        assert isinstance(channel, WebChannel)
        channel._wait = 0.05
        made.append(channel)
        return channel

    async with reading(store, answerer, impatient, data_dir=tmp_path) as reader:
        page = await reader.open("/?q=慢")
        assert (reader.status, reader.heading) == (503, "正在准备")
        assert one(page, "meta[http-equiv=refresh]").attributes["content"] == "5"
        answerer.gate.set()
        made[0]._wait = 30.0
        await reader.open("/?q=列表3")
        assert reader.status == 200


async def test_the_command_prints_a_link_that_works(
    store: Store, answerer: ScriptedAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``python -m bot link`` prints one line that lets in where the same key is used, and says for how long."""
    with monkeypatch.context() as here:
        for name, value in (("ACCESS", "link"), ("KEY", KEY), ("URL", "https://wence.example/")):
            here.setenv(f"WENCE_WEB_{name}", value)
        run = CliRunner().invoke(app, ["link", "--days", "2"])
    assert run.exit_code == 0
    assert "有效 2 天" in run.stderr
    address = run.stdout.strip()
    assert address.startswith("https://wence.example/enter?k=")
    async with reading(store, answerer, **by_link()) as reader:
        await reader.open(address.removeprefix("https://wence.example"))
        assert reader.status == 200


def test_the_command_says_when_links_let_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where links are no way in, the command names the setting instead of printing a dead one."""
    monkeypatch.setenv("WENCE_WEB_ACCESS", "open")
    run = CliRunner().invoke(app, ["link"])
    assert run.exit_code == 2
    assert "WENCE_WEB_ACCESS" in run.stderr
    assert not run.stdout
