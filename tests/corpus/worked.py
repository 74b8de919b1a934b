"""Small documents with what is right for them, in TOML files: how they are parsed, and what came out otherwise.

A line of ``gold`` is a clause: a piece of its text, then by ``|`` its units by role (L lead, R responsible, C
cooperating, G guiding), ``by`` with the due time under a label, ``path`` with the end of its headings, ``t @DAY`` with
the day of a target.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.assembly.metadata import meta_of
from corpus.assembly.plan import parse_document
from corpus.figures.targets import find_targets
from corpus.model import Clause, Plan, PlanMeta, Target
from corpus.readers import Document
from corpus.readers.formats import read_here
from tests.docx_parts import p, write_parts

HERE = Path(__file__).parent
ROLES = {"L": "lead", "R": "responsible", "C": "cooperating", "G": "guiding"}
LAST_YEAR = 2027
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="s{level}"><w:name w:val="heading {level}"/></w:style>'
    for level in range(1, 5)
)

Case = dict[str, Any]


def cases(folder: str, name: str, table: str = "case") -> list[Case]:
    """Return the documents of one kind."""
    file = HERE / folder / f"{name}.toml"
    found: list[Case] = tomllib.loads(file.read_text(encoding="utf-8")).get(table, [])
    return found


def document(case: Case) -> Document:
    """Return what is read from a file that holds the case's text."""
    form = case.get("form", "txt")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"a.{form}"
        if form == "docx":
            write_parts(file, "".join(map(_styled, case["text"].strip().split("\n"))), styles=STYLES)
        else:
            file.write_text(case["text"], encoding="utf-8")
        return read_here(file)


def _styled(line: str) -> str:
    style, _, text = line.partition(" ")
    return p(text, f'<w:pStyle w:val="s{style[1:]}"/>' if style.startswith("H") else "")


def plan_of(case: Case) -> Plan:
    """Return the plan that a case's text is parsed into."""
    return parse_document(document(case), PlanMeta("x", "甲区", "试行方案", "", None, None, LAST_YEAR), "")


def misses(case: Case) -> list[str]:
    """Return a line for everything that came out otherwise than the gold says."""
    plan = plan_of(case)
    lines = [f"{line}  ←  {told}" for line in case["gold"] if (told := miss(plan, line, case["gold"]))]
    return [*lines, *_around(plan, case)]


def miss(plan: Plan, line: str, gold: list[str]) -> str:
    """Return what the clause of a gold line is instead; empty where it is right."""
    quote, wanted = _wanted(line)
    found = [clause for clause in plan.clauses if quote in clause.text]
    with_units = [clause for clause in found if clause.units] if wanted["units"] else found
    others = [one.split("|")[0].strip() for one in gold if one != line]
    if len(with_units) != 1:
        return f"{len(with_units)} clauses: {[(one.text, _shown(one)) for one in found]}"
    (clause,) = with_units
    got: dict[str, Any] = {"units": _units(clause), "by": clause.deadline}
    got |= {"path": "/".join(clause.path)} if "path" in wanted else {}
    days = [str(target.deadline) for target in clause.targets]
    if any(other in clause.text for other in others if other not in quote):
        return f"melted: {clause.text}"
    right = all(got[key].endswith(value) if key == "path" else got[key] == value for key, value in wanted.items())
    missing = [day for day in _days(line) if day not in days]
    return "" if right and not missing else f"{got} {days}"


def _shown(clause: Clause) -> list[tuple[str, str]]:
    return [(str(ref.role), ref.printed) for ref in clause.units]


def _units(clause: Clause) -> list[tuple[str, str]]:
    return sorted(_shown(clause))


def _days(line: str) -> list[str]:
    return [part.strip().removeprefix("t @") for part in line.split("|")[1:] if part.strip().startswith("t @")]


def _wanted(line: str) -> tuple[str, dict[str, Any]]:
    quote, *parts = (part.strip() for part in line.split("|"))
    wanted: dict[str, Any] = {"units": [], "by": ""}
    for part in filter(None, parts):
        key, _, value = part.partition(" ")
        if key in ROLES:
            wanted["units"] += [(ROLES[key], name) for name in value.split()]
        elif key in {"by", "path"}:
            wanted[key] = value
    wanted["units"].sort()
    return quote, wanted


def _around(plan: Plan, case: Case) -> Iterator[str]:
    """Yield what is wrong besides the clauses: units too many, problems not told, closing lines in an item."""
    with_units = sum("|" in line and bool(_wanted(line)[1]["units"]) for line in case["gold"])
    tasks = [clause for clause in plan.clauses if clause.kind == "task" and clause.units]
    if len(tasks) != with_units:
        yield f"{len(tasks)} tasks: {[(one.text, _shown(one)) for one in tasks]}"
    for text in case.get("strange", []):
        if not any(text in problem.text for problem in plan.problems):
            yield f"not told: {text}"
    for text in case.get("none", []):
        if any(text in clause.text and clause.units for clause in plan.clauses):
            yield f"has units: {text}"
    for text in case.get("front", []):
        holding = [clause for clause in plan.clauses if text in clause.text]
        if any(str(clause.place) != "front" or clause.number for clause in holding):
            yield f"in an item: {text}"


def meta_misses(case: Case) -> list[str]:
    """Return what a document is found to say of itself otherwise than the case tells."""
    meta = meta_of(document(case), "x")
    names = ("title", "issuer", "district", "issued", "start", "end")
    got = {name: getattr(meta, name) for name in names}
    got["issued"] = str(meta.issued)
    return [f"{name}: {got[name]} not {case[name]}" for name in names if name in case and got[name] != case[name]]


def figures(case: Case) -> list[str]:
    """Return the targets of a sentence, written as the gold writes them."""
    return [_figure(target) for target in find_targets(case["text"], LAST_YEAR)]


def _figure(target: Target) -> str:
    day = str(target.deadline) if target.deadline else str(target.year)
    if target.value is None:
        return f"{target.what} | {day}"
    return f"{target.what} | {target.comparator} {target.value:g} {target.counter} {day}"
