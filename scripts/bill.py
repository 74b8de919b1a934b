"""Print the software bill of materials of the bot's own libraries: CycloneDX 1.6, from the lock and what is installed.

``python -m scripts.bill > bom.json``. The same lock gives the same bill; licences stand there as the packages say them.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from scripts.environment import APP, LOCK, PROJECT, ROOT
from scripts.locking import entries


def bill() -> str:
    """Return the bill as JSON."""
    text = (ROOT / LOCK / f"{APP}.txt").read_text(encoding="ascii")
    components = {component["name"]: component for component in map(_component, entries(text))}
    project = PROJECT["project"]
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": project["name"], "version": project["version"]}},
        "components": list(components.values()),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _component(entry: str) -> dict[str, Any]:
    name, _, rest = entry.partition("==")
    version = re.split(r"[\s;]", rest)[0]
    component = {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}"}
    licence = _licence(name)
    return component | ({"licenses": [{"license": {"name": licence}}]} if licence else {})


def _licence(name: str) -> str:
    """Return what an installed package says of its licence; empty for one that this system does not need."""
    try:
        told = metadata(name).json
    except PackageNotFoundError:
        return ""
    classifiers = [one for one in told.get("classifier", []) if one.startswith("License ::")]
    return str(
        told.get("license_expression") or "; ".join(classifiers) or str(told.get("license") or "").split("\n")[0]
    )


if __name__ == "__main__":
    sys.stdout.write(bill() + "\n")
