"""What is there for operators beside the program: image, compose file, settings to copy, workflow; linted and true."""

from __future__ import annotations

import fnmatch
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from dotenv import dotenv_values
from typer.core import TyperGroup

from bot.cli.main import app
from bot.settings import Settings, variable

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
INSTRUCTIONS = [
    line.split(maxsplit=1) for line in DOCKERFILE.replace("\\\n", " ").splitlines() if line and not line.startswith("#")
]
WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"
KNOWN = {variable(field) for field in Settings.model_fields}
_SETTING = re.compile(r"\bWENCE_\w+")


def loaded(path: Path) -> dict[Any, Any]:
    """Return a YAML file's content."""
    content: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize(
    "command",
    [
        ("hadolint", "--failure-threshold", "info", "Dockerfile"),
        ("compose-lint", "check", "--fail-on", "high", "compose.yaml"),
        ("actionlint", str(WORKFLOW)),
    ],
    ids=lambda command: command[0],
)
def test_a_linter_finds_nothing(command: tuple[str, ...]) -> None:
    """Hadolint, compose-lint and actionlint, each on its file."""
    name, *rest = command
    done = subprocess.run([str(BIN / name), *rest], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_copied_into_the_image_is_there() -> None:
    """Each source stands in the repository, and .dockerignore lets it through."""
    let_in = [line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    copied = [shlex.split(rest)[:-1] for word, rest in INSTRUCTIONS if word == "COPY" and "--from" not in rest]
    sources = [source for one in copied for source in one]
    assert {"pyproject.toml", "lock/app.txt", "bot/"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source.rstrip("/"), f"{one}*") for one in let_in), source


def test_the_image_runs_a_command_that_exists() -> None:
    """Entry point and command are the program and one of its commands."""
    told = dict(INSTRUCTIONS)
    group = typer.main.get_group(app)
    assert isinstance(group, TyperGroup)
    assert yaml.safe_load(told["ENTRYPOINT"]) == ["wence"]
    assert set(yaml.safe_load(told["CMD"])) <= set(group.commands)


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", ".env.example"])
def test_every_setting_is_one(name: str) -> None:
    """A variable that has been renamed is found here."""
    found = set(_SETTING.findall((ROOT / name).read_text(encoding="utf-8")))
    assert found
    assert found <= KNOWN


def test_the_composed_settings_are_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With what compose.yaml sets, the bot's settings are whole: state and index in the database beside it."""
    services = loaded(ROOT / "compose.yaml")["services"]
    monkeypatch.chdir(tmp_path)
    for name, value in services["wence"]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:\?[^}]*\}", "secret", value))
    settings = Settings()
    assert settings.index_url() == "postgresql://wence:secret@postgres/wence"
    assert services["postgres"]["environment"]["POSTGRES_USER"] == "wence"
    assert f":{settings.http_port}" in services["wence"]["ports"][0]


def test_the_example_of_settings_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With every line of .env.example taken in, each setting is its default; none is missing."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    without, file = Settings(), tmp_path / ".env"
    file.write_text(re.sub(r"^#(?=\w+=)", "", example, flags=re.MULTILINE), encoding="utf-8")
    assert set(dotenv_values(file)) == KNOWN | {"POSTGRES_PASSWORD"}
    assert Settings() == without


def test_the_workflow_runs_what_everybody_runs() -> None:
    """On a push and a pull request, ``./scripts/test`` as it is."""
    workflow = loaded(WORKFLOW)
    assert {"push", "pull_request"} == set(workflow[True])  # YAML 1.1 reads the key "on" as true
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert "./scripts/test" in runs
    assert not [run for run in runs if not (ROOT / run.split()[0]).exists()]
