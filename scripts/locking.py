"""Write ``lock/*.txt``: what each part of the set-up installs, for every system, with hashes, by uv.

torch is in none of them, nor what it alone brings (``APART``): which build of it is fetched depends on the machine, and
one that lies on its disk is taken. Its version is pinned; its content is whatever the operator's index holds.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.environment import APP, EXTRAS, LOCK, LOCKED, PROJECT, ROOT, decisive

APART = ("torch", "torchvision", "triton", "nvidia-*", "cuda-*")
"""Packages that set-up installs before, without hashes; a star stands for any ending."""
_PYTHON = "3.11"


def compiled(*groups: str, constraints: str = "") -> str:
    """Return a lock file's lines: the project's own packages, those of extras and groups, and all that they bring.

    What builds the project is among them. ``constraints`` is a file of versions to keep to.
    """
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "compile", "pyproject.toml", "-", "--universal", "--generate-hashes", "--no-header"]
    command += ["--no-annotate", "--quiet", "--python-version", _PYTHON]
    command += ["--constraints", constraints] if constraints else []
    for group in groups:
        if group != APP:
            command += ["--extra" if group in EXTRAS else "--group", group]
    build = "\n".join(PROJECT["build-system"]["requires"])
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, input=build)
    return "".join(entry for entry in entries(done.stdout) if not is_apart(entry.partition("==")[0]))


def entries(lines: str) -> list[str]:
    """Return the lines of each package."""
    found: list[str] = []
    for line in lines.splitlines(keepends=True):
        if line.startswith((" ", "\t")) and found:
            found[-1] += line
        elif "==" in line:
            found.append(line)
    return found


def is_apart(name: str) -> bool:
    """Whether a package is one of those that are installed apart."""
    return any(name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in APART)


def main() -> int:
    """Write every lock file, and of what they were made."""
    (ROOT / LOCK).mkdir(exist_ok=True)
    own: set[str] = set()
    # The largest first: what a part has with it in common then has one version everywhere.
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as whole:
        everything = compiled(*LOCKED[1:])
        whole.write(everything)
        whole.flush()
        for group in LOCKED:
            found = entries(compiled(group, constraints=whole.name))
            new = "".join(entry for entry in found if entry not in own)
            own = own or set(found)  # the app is always installed, an extra is not
            (ROOT / LOCK / f"{group}.txt").write_text(f"# {decisive(group)}\n{new}", encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
