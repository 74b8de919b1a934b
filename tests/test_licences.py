"""Every library that the bot runs with may be used as it is used here; those under the LGPL are named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FREE = re.compile(
    r"\b(?:MIT(?:-CMU|-0)?|BSD|[023]BSD|BSD-[23]-Clause|Apache|ISC|PSF\w*|Python Software Foundation|Zlib|BSL-1\.0"
    r"|CC0-1\.0|HPND|MPL|Mozilla Public License|OFL|Unlicense|Public Domain|NVIDIA|LicenseRef-NVIDIA\S*)\b",
    re.IGNORECASE,
)
LESSER = re.compile(r"\bLGPL|Lesser General Public", re.IGNORECASE)
STRONG = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public|AGPL|SSPL|Non-?Commercial", re.IGNORECASE)
OR = re.compile(r"\bOR\b")


def own() -> list[str]:
    """Return the project's own dependencies, those of its extras too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]


def needed() -> Iterator[Distribution]:
    """Yield every installed package that the project's own dependencies bring, each once."""
    waiting = [Requirement(line) for line in own()]
    seen: set[tuple[str, frozenset[str]]] = set()
    given: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # for another system, or another Python
        if key[0] not in given:
            given.add(key[0])
            yield found
        for line in found.requires or ():
            inner = Requirement(line)
            extras = ("", *wanted.extras)
            if not inner.marker or any(inner.marker.evaluate({"extra": one}) for one in extras):
                waiting.append(inner)


def licence(package: Distribution) -> str:
    """Return what a package says of its licence, its classifiers where it says nothing short."""
    told = package.metadata.json
    classifiers = [one for one in told.get("classifier", []) if one.startswith("License ::")]
    short = str(told.get("license_expression") or "")
    return short or "; ".join(classifiers) or str(told.get("license") or "").split("\n")[0]


def test_every_licence_allows_the_use() -> None:
    """Permissive, or the lesser GPL: nothing that would bind the whole, and nothing without a licence."""
    packages = {package.metadata["Name"]: licence(package) for package in needed()}
    assert len(packages) > 60
    strange = {}
    for name, said in packages.items():
        choices = OR.split(said)
        if not any((FREE.search(one) or LESSER.search(one)) and not STRONG.search(one) for one in choices):
            strange[name] = said
    assert strange == {}


def test_the_lesser_gpl_is_named() -> None:
    """SECURITY.md names exactly the packages under the LGPL, so that whoever passes the bot on knows them."""
    lesser = {canonicalize_name(one.metadata["Name"]) for one in needed() if LESSER.search(licence(one))}
    said = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"licences are checked by a test; ([^.]+?) are LGPL", said)
    assert {canonicalize_name(name) for name in re.split(r",\s+|\s+and\s+", line)} == lesser


def test_every_library_is_pinned() -> None:
    """A dependency of the bot has one version."""
    assert [line for line in own() if not re.fullmatch(r"[\w.\[\],-]+==[\w.]+", line)] == []
