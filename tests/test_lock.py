"""What set-up installs is what was locked, and what was locked is what pyproject.toml says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.audit import audit
from scripts.bill import bill
from scripts.environment import APP, LOCK, LOCKED, PROJECT, decisive
from scripts.locking import entries, is_apart

ROOT = Path(__file__).resolve().parent.parent
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(group: str) -> dict[str, list[str]]:
    """Return the versions of each package of a lock file."""
    found: dict[str, list[str]] = {}
    for entry in entries((ROOT / LOCK / f"{group}.txt").read_text(encoding="ascii")):
        name, _, rest = entry.partition("==")
        found.setdefault(name, []).append(re.split(r"[\s;]", rest)[0])
    return found


@pytest.mark.parametrize("group", LOCKED)
def test_the_lock_is_of_this_pyproject(group: str) -> None:
    """After a change of the pins scripts/lock has to be run: the lock names what it was made of."""
    first = (ROOT / LOCK / f"{group}.txt").read_text(encoding="ascii").partition("\n")[0]
    assert first == f"# {decisive(group)}"


def test_every_pin_is_locked() -> None:
    """Each direct dependency stands in the lock with its version."""
    versions = {name: found for group in LOCKED for name, found in locked(group).items()}
    wanted = [Requirement(line) for line in (*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"])]
    for one in wanted:
        if not is_apart(one.name):
            assert str(one.specifier).removeprefix("==") in versions[canonicalize_name(one.name)], one.name


@pytest.mark.parametrize("group", LOCKED)
def test_every_package_has_hashes(group: str) -> None:
    """A file that is not one of these is not installed; no package stands in two lock files."""
    for entry in entries((ROOT / LOCK / f"{group}.txt").read_text(encoding="ascii")):
        assert HASH.search(entry), entry.split()[0]
    if group != APP:
        assert not locked(group).keys() & locked(APP).keys()


def test_the_bill_of_materials_names_every_library() -> None:
    """Each locked package is a component with a version, an address and a licence as far as one is installed here."""
    components = {one["name"]: one for one in json.loads(bill())["components"]}
    assert components.keys() == locked(APP).keys()
    assert components["msgspec"]["purl"] == f"pkg:pypi/msgspec@{components['msgspec']['version']}"
    assert "LGPL" in json.dumps(components["python-telegram-bot"]["licenses"])


def test_an_advisory_that_touches_a_locked_version_is_told(tmp_path: Path) -> None:
    """By range or by list of versions; one that is fixed is not. Without a list it is said that nothing was done."""
    assert audit(tmp_path / "none") is None
    name, (version, *_) = "starlette", locked(APP)["starlette"]

    def advisory(number: int, **affected: object) -> None:
        whole = {"id": f"X-{number}", "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}]}
        (tmp_path / f"{number}.json").write_text(json.dumps(whole), encoding="utf-8")

    advisory(1, versions=[version])
    advisory(2, ranges=[{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9999"}]}])
    advisory(3, ranges=[{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "0.1"}]}])
    advisory(4, versions=["0.1"])
    assert audit(tmp_path) == [f"{name} {version}: X-1", f"{name} {version}: X-2"]
