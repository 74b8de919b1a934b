"""How a command ends that can't do its work: the error's own sentence on standard error, and exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer

P = ParamSpec("P")


def prints_errors(*errors: type[Exception]) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Make a command print these errors, and a SettingError, and return 2.

    Each of them carries a sentence for the operator.
    """

    def decorate(command: Callable[P, int]) -> Callable[P, int]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> int:
            try:
                return command(*args, **kwargs)
            except (_setting_error(), *errors) as error:
                typer.echo(error, err=True)
                return 2

        return run

    return decorate


def _setting_error() -> type[Exception]:
    # The settings are imported by the commands that read them: --help and --version start at once.
    from bot.settings import SettingError

    return SettingError
