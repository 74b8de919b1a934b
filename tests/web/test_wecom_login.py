"""Members come in through WeCom: the redirect, the code, and the same rules as in the app's chat."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.channels.web.make import make_page
from bot.channels.wecom.app import login
from bot.channels.wecom.limits import AUTHORIZE_URL
from bot.serving.web import listen
from bot.store.database import Store
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.serving import serving
from tests.scripted import ScriptedAnswerer
from tests.web.reading import Reader, browsing, serving_channel
from tests.wecom.office import context

IN_WECOM = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh"


@dataclass
class Phone:
    """A member's phone: WeCom's own browser, with the fake platform in place of the real page."""

    reader: Reader
    platform_url: str

    async def open(self, url: str) -> httpx.Response:
        """Open an address as WeCom does, following every redirect, the one to the platform's page as well."""
        client = self.reader.client
        response = await client.get(url, headers={"user-agent": IN_WECOM}, follow_redirects=False)
        while response.is_redirect:
            where = response.headers["location"].removesuffix("#wechat_redirect")
            if where.startswith(AUTHORIZE_URL):
                assert response.headers["location"].endswith("#wechat_redirect")
                where = self.platform_url + urlsplit(where).path + "?" + urlsplit(where).query
            response = await client.get(where, headers={"user-agent": IN_WECOM}, follow_redirects=False)
        self.reader.response = response
        return response


@pytest.fixture
def platform() -> FakeApi:
    """Return the platform's side."""
    return FakeApi()


@contextlib.asynccontextmanager
async def phone(platform: FakeApi, store: Store, **settings: object) -> AsyncIterator[Phone]:
    """Serve the page for members, and give one of them a phone."""
    port = listen("127.0.0.1", 0)
    home = f"http://127.0.0.1:{port.getsockname()[1]}"
    port.close()
    async with serving(platform.app()) as platform_url:
        given = {
            "web_access": "wecom",
            "web_key": "k" * 32,
            "web_url": home,
            "wecom_corp_id": platform.corp_id,
            "wecom_app_agent_id": platform.agent_id,
            "wecom_app_secret": platform.secret,
            "wecom_api_url": platform_url,
        }
        channel = make_page(await context(store, ScriptedAnswerer(), **(given | settings)))
        port_number = int(home.rpartition(":")[2])
        async with serving_channel(channel, port_number) as url, browsing(url) as reader:
            yield Phone(reader, platform_url)


async def test_a_member_gets_to_the_page_that_was_tapped(platform: FakeApi, store: Store) -> None:
    """A link in a chat goes through the platform's page and ends at what it names, without a word to type."""
    async with phone(platform, store) as member:
        await member.open("/?q=列表3&page=1")
        assert member.reader.heading == "共3项"
        assert member.reader.response is not None
        assert member.reader.response.url.path == "/"
        assert platform.calls.count("/cgi-bin/auth/getuserinfo") == 1
        await member.open("/?q=列表5")
        assert member.reader.heading == "共5项"
        assert platform.calls.count("/cgi-bin/auth/getuserinfo") == 1


async def test_what_is_asked_of_the_platform(platform: FakeApi, store: Store) -> None:
    """The redirect has what the documentation asks for: the corporation, the app, the way back, a state of its own."""
    async with phone(platform, store) as member:
        states = set()
        for _ in range(2):
            response = await member.reader.client.get(
                "/c/巴南 一(一)2", headers={"user-agent": IN_WECOM}, follow_redirects=False
            )
            assert response.status_code == 303
            where = urlsplit(response.headers["location"])
            query = {name: values[0] for name, values in parse_qs(where.query).items()}
            states.add(query.pop("state"))
            assert query == {
                "appid": "corp",
                "redirect_uri": f"{str(member.reader.client.base_url).rstrip('/')}/login/wecom",
                "response_type": "code",
                "scope": "snsapi_base",
                "agentid": "1000002",
            }
        assert len(states) == 2
        assert all(state.isalnum() and len(state) <= 128 for state in states)


async def test_an_address_in_chinese_is_come_back_to(platform: FakeApi, store: Store) -> None:
    """A clause's address with brackets and a number sign survives the way there and back."""
    async with phone(platform, store) as member:
        response = await member.open("/c/%E5%B7%B4%E5%8D%97%20%E4%B8%80(%E4%B8%80)2%232")
        assert response.status_code == 404
        assert "巴南 一(一)2#2" in member.reader.text


async def test_another_browser_is_told_where_to_open_it(platform: FakeApi, store: Store) -> None:
    """Outside WeCom the redirect would end nowhere: the page says where to open it."""
    async with phone(platform, store) as member:
        await member.reader.open("/")
        assert (member.reader.status, member.reader.heading) == (403, "请在企业微信中打开")


@pytest.mark.parametrize(
    "reader", [{"openid": "o1"}, {"openid": "o2", "external_userid": "wm"}, {"userid": "other/li"}]
)
async def test_who_is_no_member_stays_outside(platform: FakeApi, store: Store, reader: dict[str, str]) -> None:
    """A customer, a stranger or a member of a linked corporation gets one line."""
    platform.oauth.reader = reader
    async with phone(platform, store) as member:
        await member.open("/")
        assert (member.reader.status, member.reader.heading) == (403, "没能确认您的身份")
        await member.reader.open("/")
        assert member.reader.status == 403


async def test_the_rules_are_those_of_the_chat(platform: FakeApi, store: Store) -> None:
    """Who may not ask the app may not read the page; who stands in an allowed department may."""
    async with phone(platform, store, wecom_allowed_users="wang") as member:
        await member.open("/")
        assert (member.reader.status, member.reader.heading) == (403, "没有使用权限")
        platform.oauth.reader = {"userid": "wang"}
        member.reader.client.cookies.clear()
        await member.open("/?q=列表3")
        assert member.reader.heading == "共3项"
    for departments, status in (("2", 200), ("3", 403)):
        platform.oauth.reader = {"userid": "li"}
        async with phone(platform, store, wecom_allowed_departments=departments) as member:
            await member.open("/")
            assert member.reader.status == status


async def test_a_code_is_good_for_the_browser_that_left_and_once(platform: FakeApi, store: Store) -> None:
    """A code brought by another browser, with another state, used before or made up lets nobody in."""
    async with phone(platform, store) as member, browsing(str(member.reader.client.base_url)) as other:
        left = await member.reader.client.get("/", headers={"user-agent": IN_WECOM}, follow_redirects=False)
        state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
        code = platform.oauth.code()
        await other.open(f"/login/wecom?code={code}&state={state}")
        assert other.status == 403
        for query in (f"code={code}&state=0", f"code={code}", f"state={state}", f"code=made-up&state={state}"):
            await member.reader.open(f"/login/wecom?{query}")
            assert member.reader.status == 403, query
            assert member.reader.heading == "没能确认您的身份"
        await member.reader.open(f"/login/wecom?code={code}&state={state}")
        assert member.reader.status == 200
        await member.reader.open(f"/login/wecom?code={code}&state={state}")
        assert member.reader.status == 403


async def test_a_platform_that_is_away_is_told(platform: FakeApi, store: Store) -> None:
    """When WeCom does not answer, or refuses the app, the page says to try later and asks it once only."""
    async with phone(platform, store) as member:
        platform.fail_next = [0]
        await member.open("/")
        assert (member.reader.status, member.reader.heading) == (503, "暂时无法登录")
        platform.trusted = False
        await member.open("/")
        assert member.reader.status == 503
        platform.trusted = True
        await member.open("/")
        assert member.reader.status == 200


@pytest.mark.parametrize("how", ["deleted", "disabled"])
async def test_who_is_no_member_any_more_loses_the_page(
    platform: FakeApi, store: Store, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A session ends with the membership, also where every member may ask; others go on reading."""
    monkeypatch.setattr(login, "_REMEMBER", 0.0)
    async with phone(platform, store) as member:
        await member.open("/?q=列表3")
        assert member.reader.heading == "共3项"
        if how == "deleted":
            del platform.members["li"]
        else:
            platform.left.add("li")
        await member.open("/?q=列表3")
        assert (member.reader.status, member.reader.heading) == (403, "没有使用权限")
        platform.oauth.reader = {"userid": "wang"}
        member.reader.client.cookies.clear()
        await member.open("/?q=列表3")
        assert member.reader.heading == "共3项"


async def test_who_was_a_member_lately_reads_on_while_the_platform_is_away(
    platform: FakeApi, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that is away takes the page from nobody whom it has known within the hour, and lets nobody else in."""
    monkeypatch.setattr(login, "_REMEMBER", 0.0)
    async with phone(platform, store) as member:
        await member.open("/?q=列表3")
        platform.fail_next = [0]
        await member.open("/?q=列表5")
        assert member.reader.heading == "共5项"
        monkeypatch.setattr(login, "_WITHOUT_NEWS", 0.0)
        platform.fail_next = [0]
        await member.open("/?q=列表5")
        assert (member.reader.status, member.reader.heading) == (503, "暂时无法登录")


async def test_a_link_opens_the_page_beside_wecom(platform: FakeApi, store: Store) -> None:
    """With both ways set, a browser outside WeCom is told of the link, and comes in with one."""
    async with phone(platform, store, web_access="wecom,link") as member:
        await member.reader.open("/")
        assert "链接" in member.reader.heading
        await member.open("/")
        assert member.reader.status == 200
