"""Compare the locked packages with a list of advisories that lies on the disk: no network is asked.

``python -m scripts.audit [FOLDER]`` reads advisories in the OSV format (https://ossf.github.io/osv-schema/), a JSON
file each, by default from ``lock/advisories``. Where there is none it says that it could not look.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from scripts.environment import LOCK, LOCKED, ROOT
from scripts.locking import entries

FOLDER = ROOT / LOCK / "advisories"


def locked() -> list[tuple[str, str]]:
    """Return name and version of every locked package."""
    lines = [(ROOT / LOCK / f"{group}.txt").read_text(encoding="ascii") for group in LOCKED]
    parts = [entry.partition("==") for text in lines for entry in entries(text)]
    return sorted({(name, re.split(r"[\s;]", rest)[0]) for name, _, rest in parts})


def audit(folder: Path) -> list[str] | None:
    """Return each locked package that an advisory touches, with its id; None where there is no list."""
    files = sorted(folder.glob("**/*.json"))
    if not files:
        return None
    known: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for file in files:
        advisory = json.loads(file.read_text(encoding="utf-8"))
        for affected in advisory.get("affected", ()) if not advisory.get("withdrawn") else ():
            name = canonicalize_name(affected["package"]["name"])
            known.setdefault(name, []).append((advisory["id"], affected))
    return [
        f"{name} {version}: {number}"
        for name, version in locked()
        for number, affected in known.get(name, ())
        if touches(affected, version)
    ]


def touches(affected: dict[str, Any], version: str) -> bool:
    """Whether a version is listed, or lies in a range."""
    return version in affected.get("versions", ()) or any(
        _inside(one.get("events", ()), Version(version))
        for one in affected.get("ranges", ())
        if one["type"] == "ECOSYSTEM"
    )


def _inside(events: list[dict[str, str]], version: Version) -> bool:
    inside = False
    for event in events:
        for kind, at in event.items():
            try:
                reached = at == "0" or version >= Version(at)
            except InvalidVersion:
                continue
            if kind == "introduced" and reached:
                inside = True
            elif kind == "fixed" and reached:
                inside = False
            elif kind == "last_affected":
                inside = inside and version <= Version(at)
    return inside


def main() -> int:
    """Print what was found; 1 when an advisory touches what is installed."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    found = audit(folder)
    if found is None:
        print(f"not audited: no advisories in {folder}")
        return 0
    print("\n".join(found) or f"audited: none of {len(locked())} packages is touched")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
