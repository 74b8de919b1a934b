"""HTTP JSON: what each address answers, and whom it answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from bot.api.openapi import document
from bot.api.operations import OPERATIONS
from bot.store.api_tokens import number_of
from bot.store.scope import Scope
from corpus.library.shipped import load_shipped_plans
from tests.api.conftest import Served

UNIT = "区教委"
DUTIES = {"select": "tasks", "where": {"units": [{"name": UNIT}], "districts": ["渝中"]}}


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    """A client with a good token."""
    with httpx.Client(base_url=served.url, headers=served.headers, timeout=60) as client:
        yield client


def named(unit: str, district: str) -> set[str]:
    """Return the ids of the tasks of a district that name a unit, from the plans themselves."""
    plan = next(plan for plan in load_shipped_plans() if plan.meta.district == district)
    (name,) = {one.name for one in plan.units if one.key == unit}
    return {one.id for one in plan.clauses if one.kind == "task" and name in {ref.name for ref in one.units}}


def test_a_query_gives_exactly_the_duties(client: httpx.Client) -> None:
    """A unit given by its name, a district by its short one: every task that names it, none added, each verbatim."""
    found = client.post("/api/query", json=DUTIES).json()
    assert found["answered"]
    assert {one["id"] for one in found["clauses"]} == named(UNIT, "渝中区")
    assert all(one["text"] for one in found["clauses"])
    assert found["headline"] in found["text"]
    assert found["sections"][0]["entries"][0]["quotes"]


def test_a_question_in_words_may_go_on_with_the_last_one(client: httpx.Client) -> None:
    """Earlier messages of the conversation are sent along: 那渝中呢 means the same of another district."""
    first = client.post("/api/ask", json={"question": f"巴南{UNIT}负责什么"}).json()
    then = client.post("/api/ask", json={"question": "那渝中呢", "earlier": [f"巴南{UNIT}负责什么"]}).json()
    assert {one["district"] for one in first["clauses"]} == {"巴南区"}
    assert {one["id"] for one in then["clauses"]} == named(UNIT, "渝中区")


def test_a_decline_is_no_error(client: httpx.Client) -> None:
    """What no plan says is answered with 200, not answered, and the reason's name."""
    found = client.post("/api/ask", json={"question": "渝中区的预算是多少"})
    assert found.status_code == 200
    assert not found.json()["answered"]
    assert found.json()["declined"].startswith("decline")


def test_lists_come_in_parts(client: httpx.Client) -> None:
    """Every list tells its total; the parts together are the whole, as the plans have it."""
    plans = client.get("/api/plans").json()
    assert {one["meta"]["district"] for one in plans["items"]} == {"巴南区", "渝中区"}
    plan = next(plan for plan in load_shipped_plans() if plan.meta.district == "渝中区")
    got: list[str] = []
    total = 1
    while len(got) < total:
        part = client.get("/api/clauses", params={"plan": plan.meta.id, "limit": 200, "offset": len(got)}).json()
        got, total = [*got, *(one["id"] for one in part["items"])], part["total"]
    assert got == [one.id for one in plan.clauses]
    units = client.get("/api/units", params={"district": "渝中", "limit": 200}).json()
    assert {one["unit"]["name"] for one in units["items"]} == {one.name for one in plan.units}
    indicators = client.get("/api/indicators", params={"district": "渝中区"}).json()
    assert [one["id"] for one in indicators["items"]] == [one.id for one in plan.indicators]
    tasks = client.get("/api/clauses", params={"plan": plan.meta.id, "unit": UNIT}).json()
    assert named(UNIT, "渝中区") <= {one["id"] for one in tasks["items"]}


def test_one_clause_by_its_id(client: httpx.Client) -> None:
    """The id that people see is the address."""
    found = client.get("/api/clauses/渝中 4.2.2").json()
    assert found["id"] == "渝中 4.2.2"
    assert found["text"]
    assert client.get("/api/clauses/渝中 99.9").json()["error"] == "unknown"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/query", {"select": "nothing"}, 400),
        ("POST", "/api/query", {"select": "tasks", "where": {"districts": ["没有区"]}}, 404),
        ("POST", "/api/ask", {"question": ""}, 400),
        ("POST", "/api/ask", {"question": "x" * 1001}, 400),
        ("POST", "/api/ask", {"question": "你好", "nobody": 1}, 400),
        ("POST", "/api/ask", {"question": "你好", "earlier": ["x" * 70_000]}, 413),
        ("GET", "/api/units?limit=0", None, 400),
        ("GET", "/api/units?district=没有区", None, 404),
        ("GET", "/api/clauses?plan=nothing", None, 404),
        ("GET", "/api/ask", None, 405),
        ("POST", "/api/plans", {}, 405),
        ("GET", "/api/nothing", None, 404),
    ],
)
def test_what_is_wrong_is_told_in_chinese(
    client: httpx.Client, method: str, path: str, body: object, status: int
) -> None:
    """The status for programs, a line for whoever writes them."""
    found = client.request(method, path, json=body)
    assert found.status_code == status
    assert any("一" <= character <= "鿿" for character in found.json()["message"])


@pytest.mark.parametrize("body", [b'{"question": "\xff"}', b'{"\xff": 1}', b"[" * 30_000, b"\0", b'"\xed\xa0\x80"'])
def test_bytes_that_are_no_json_are_a_bad_request(client: httpx.Client, body: bytes) -> None:
    """Text that is no UTF-8, or nested without end, is no fault of the bot's."""
    found = client.post("/api/ask", content=body)
    assert (found.status_code, found.json()["error"]) == (400, "bad_request")


def test_a_token_is_needed_and_is_good_for_what_it_says(served: Served) -> None:
    """None, a wrong one, one for something else, one that was taken back: each is turned away, at once."""
    reading = served.make("读", frozenset({Scope.READ}))
    with httpx.Client(base_url=served.url, timeout=60) as client:
        for token in ("-", "wence_00000000_x", reading[:-1], "x"):
            found = client.get("/api/plans", headers={"Authorization": f"Bearer {token}"})
            assert (found.status_code, found.headers["www-authenticate"]) == (401, "Bearer")
        headers = {"Authorization": f"Bearer {reading}"}
        assert client.get("/api/plans", headers=headers).status_code == 200
        assert client.post("/api/ask", json={"question": "你好"}, headers=headers).status_code == 403
        assert served.take_back(number_of(reading))
        assert client.get("/api/plans", headers=headers).status_code == 401


def test_a_token_has_its_pace_and_its_end(served: Served) -> None:
    """More requests than it is good for in a minute are told to wait; one that has expired is none."""
    slow, old = served.make("慢", per_minute=2), served.make("旧", days=0)
    with httpx.Client(base_url=served.url, timeout=60) as client:
        found = [client.get("/api/plans", headers={"Authorization": f"Bearer {slow}"}) for _ in range(3)]
        assert [one.status_code for one in found] == [200, 200, 429]
        assert found[-1].headers["retry-after"] == "60"
        assert client.get("/api/plans", headers={"Authorization": f"Bearer {old}"}).status_code == 401


def test_nothing_of_a_token_is_kept_but_a_hash(served: Served) -> None:
    """Who reads the database can't ask with what stands there."""
    token = served.make("散列")
    kept = b"".join(path.read_bytes() for path in served.folder.glob("wence.db*"))
    assert number_of(token).encode() in kept
    assert token.rpartition("_")[2].encode() not in kept


def test_pages_of_other_sites_get_nothing(served: Served) -> None:
    """No header lets a browser hand an answer to another site's page, nor send it a token."""
    with httpx.Client(base_url=served.url, timeout=60) as client:
        asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
        found = [client.options("/api/ask", headers=asked), client.get("/api/openapi.json", headers=asked)]
        assert found[0].status_code == 405
        assert not [name for one in found for name in one.headers if name.startswith("access-control")]


def test_the_description_is_in_chinese_and_whole(served: Served) -> None:
    """Every operation stands in the document that anybody may read, and every part of a request has a meaning."""
    described: dict[str, Any] = httpx.get(f"{served.url}/api/openapi.json", timeout=60).json()
    assert described == msgspec.json.decode(msgspec.json.encode(document()))
    assert set(described["paths"]) == {f"/api{one.path}" for one in OPERATIONS}
    schemas = described["components"]["schemas"]
    for name in ("Ask", "InDistrict", "OfPlan", "ById", "Query", "Where", "UnitTerm", "ClauseRef"):
        assert not [part for part, schema in schemas[name]["properties"].items() if not schema.get("description")]


def test_the_days_are_iso(client: httpx.Client) -> None:
    """A date is sent and got as 2027-06-30."""
    found = client.post("/api/query", json={"select": "tasks", "where": {"before": "2027-06-30", "dated": True}})
    assert found.status_code == 200
    issued = date.fromisoformat(client.get("/api/plans").json()["items"][0]["meta"]["issued"])
    assert issued.year > 2000
