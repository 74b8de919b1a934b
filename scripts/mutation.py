"""Change the code of a room a little, again and again, and count the changes that no test notices.

``python -m scripts.mutation ROOM [MUTANTS] [SEED]``, ROOM one of ``TESTS``. The tests run once to learn which functions
each of them calls. Every mutant then lives in a fork of that process: one function's code is replaced, and the tests
that call it run until one fails. Prints the survivors, each with its place, and their share.
"""

from __future__ import annotations

import ast
import copy
import functools
import gc
import importlib
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
_CORPUS = ("targets", "figures", "role_words", "heads", "headings", "metadata", "task_tables", "numerals")
_ASK = ("tests/ask", "tests/query", "tests/reading")
TESTS = {
    "corpus/figures": tuple(f"tests/corpus/test_{name}.py" for name in (*_CORPUS, "shipped_plans")),
    "corpus/offices": tuple(f"tests/corpus/test_{name}.py" for name in (*_CORPUS, "shipped_plans")),
    "bot/reading": _ASK,
    "bot/query": _ASK,
    "bot/answering": _ASK,
}
"""Each room with the tests that cover it."""
FRESH = ("corpus/figures", "corpus/offices")
"""Rooms whose work fixtures keep (parsed plans): a mutant's tests make them anew."""
_PAIRS = (
    (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn),
    (ast.And, ast.Or), (ast.Add, ast.Sub), (ast.Mult, ast.Add),
)  # fmt: skip
SWAPPED: dict[type[ast.AST], type[Any]] = dict(_PAIRS) | {new: old for old, new in _PAIRS if new is not ast.Add}
_LONGEST = 120.0
"""Seconds of one mutant's tests; one that takes longer runs in circles and is noticed."""


@dataclass(frozen=True)
class Mutant:
    """One changed module, and the function that differs in it."""

    file: str
    line: int
    function: str
    tree: ast.Module
    told: str


def mutants(file: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file: inside functions only, and in what is neither a docstring nor an annotation."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for owner in ast.walk(tree):
        members = owner.body if isinstance(owner, ast.Module | ast.ClassDef) else ()
        for function in (one for one in members if isinstance(one, ast.FunctionDef)):
            name = f"{owner.name}.{function.name}" if isinstance(owner, ast.ClassDef) else function.name
            nodes = [node for statement in function.body for node in ast.walk(statement)]
            for node in nodes:
                yield from _changed(file, tree, name, node)


def _changed(file: Path, tree: ast.Module, function: str, node: ast.AST) -> Iterator[Mutant]:
    for field, value in _changes(node):
        kept = getattr(node, field)
        before = ast.unparse(node)
        setattr(node, field, value)
        told = f"{before}  →  {ast.unparse(node)}"
        yield Mutant(str(file), getattr(node, "lineno", 0), function, copy.deepcopy(tree), told)
        setattr(node, field, kept)


def _changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield "ops", [SWAPPED[type(op)]()]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPPED:
            yield "op", SWAPPED[type(op)]()
        case ast.Constant(value=bool() as value):
            yield "value", not value
        case ast.Constant(value=int() | float() as value):
            yield "value", value + 1
        case ast.If() | ast.IfExp():
            yield "test", ast.UnaryOp(ast.Not(), node.test)
        case ast.comprehension(ifs=[_, *_]):
            yield "ifs", []
        case ast.Return(value=ast.expr()):
            yield "value", ast.Constant(None)


def _caches() -> Iterator[Any]:
    return (one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper))  # noqa: SLF001


def _forget() -> None:
    """Empty the rooms' caches: what the unchanged code has worked out is no use to a mutant."""
    for one in _caches():
        if one.__module__.partition(".")[0] in ("corpus", "index", "bot"):
            one.cache_clear()


def _code(code: CodeType, path: list[str]) -> CodeType:
    inner = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == path[0])
    return _code(inner, path[1:]) if path[1:] else inner


def _install(mutant: Mutant) -> None:
    """Give the live function the mutant's code, wherever it was imported to."""
    name = mutant.file.removesuffix(".py").replace("/", ".")
    owner: Any = importlib.import_module(name)
    path = mutant.function.split(".")
    for part in path:
        owner = owner.__dict__[part] if isinstance(owner, type) else getattr(owner, part)
    function = getattr(owner, "fget", None) or getattr(owner, "func", None) or getattr(owner, "__func__", owner)
    made = compile(ast.fix_missing_locations(mutant.tree), str(ROOT / mutant.file), "exec", dont_inherit=True)
    getattr(function, "__wrapped__", function).__code__ = _code(made, path)


class Mutating:
    """Takes the place of pytest's own loop: a run that learns, then a fork for each mutant."""

    def __init__(self, room: str, chosen: list[Mutant]) -> None:
        self._room, self._chosen = room, chosen
        self._failed = False
        self._calls: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._seconds: dict[int, float] = {}
        self.survivors: list[Mutant] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that something failed."""
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn, then try each mutant."""
        for at, item in enumerate(session.items):
            _forget()
            began = time.perf_counter()
            sys.setprofile(functools.partial(self._note, at))
            self._run(item, session)
            sys.setprofile(None)
            self._seconds[at] = time.perf_counter() - began
        if self._failed:
            pytest.exit("a test fails without any mutant", 2)
        for number, mutant in enumerate(self._chosen, start=1):
            if not self._is_noticed(mutant, session):
                self.survivors.append(mutant)
            print(
                f"\r{number}/{len(self._chosen)}, {len(self.survivors)} survive ", end="", file=sys.stderr, flush=True
            )
        return True

    def _note(self, at: int, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            self._calls[frame.f_code.co_filename, frame.f_code.co_qualname].add(at)

    def _run(self, item: pytest.Item, session: pytest.Session) -> None:
        # What is said to come next keeps the session's fixtures, and no others.
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=session)

    def _is_noticed(self, mutant: Mutant, session: pytest.Session) -> bool:
        calling = self._calls[str(ROOT / mutant.file), mutant.function]
        child = os.fork()
        if not child:
            signal.alarm(int(_LONGEST))
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            _install(mutant)
            _forget()
            if self._room in FRESH:
                session._setupstate.teardown_exact(None)  # noqa: SLF001 - pytest has no public way
            for at in sorted(calling, key=self._seconds.__getitem__):
                self._run(session.items[at], session)
                if self._failed:
                    os._exit(1)
            os._exit(0)
        return os.waitpid(child, 0)[1] != 0


def main(room: str, count: int = 60, seed: int = 1) -> int:
    """Try ``count`` mutants of a room, drawn by chance."""
    files = [file.relative_to(ROOT) for file in sorted((ROOT / room).rglob("*.py"))]
    every = [mutant for file in files for mutant in mutants(file)]
    chosen = random.Random(seed).sample(every, min(count, len(every)))
    run = Mutating(room, chosen)
    code = pytest.main(["-qq", "-p", "no:cacheprovider", *TESTS[room]], [run])
    if code:
        return int(code)
    for one in sorted(run.survivors, key=lambda one: (one.file, one.line)):
        print(f"{one.file}:{one.line} {one.function}: {one.told}")
    print(f"{room}: {len(run.survivors)} of {len(chosen)} survive, of {len(every)} mutants")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
