"""What commands share: language, exit codes, and problems as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from capacity.errors import Problem

OK, CHECK_FAILED, BAD_INPUT, ENVIRONMENT, IN_USE = range(5)

lang_option: Callable[[Any], Any] = click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language; that of the locale by default."
)


def show(problems: Iterable[Problem], lang: str, most: int | None = None) -> None:
    """Print problems on stderr, a line each; past ``most`` only their count."""
    listed = list(problems)
    for problem in listed[:most]:
        mark = {"en": "warning: ", "zh": "提示："}[lang] if problem.severity == "warning" else ""
        click.echo(mark + problem.text(lang), err=True)
    if most is not None and len(listed) > most:
        more = len(listed) - most
        click.echo({"en": f"… and {more} more", "zh": f"……另有 {more} 条"}[lang], err=True)
