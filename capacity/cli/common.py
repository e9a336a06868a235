"""What commands share: language, exit codes, and problems as text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from capacity.errors import Problem

OK, CHECK_FAILED, BAD_INPUT, ENVIRONMENT, IN_USE = range(5)

lang_option: Callable[[Any], Any] = click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language; that of the locale by default."
)


def problem_lines(problems: Iterable[Problem], lang: str, most: int = 100) -> list[str]:
    """Give problems as text, a line each; past ``most`` only their count."""
    marks = {"warning": {"en": "warning: ", "zh": "提示："}, "error": {"en": "", "zh": ""}}
    lines = [marks[problem.severity][lang] + problem.text(lang) for problem in problems]
    if (more := len(lines) - most) > 0:
        rest = {"en": f"… and {more} more", "zh": f"……另有 {more} 条"}
        lines = [*lines[:most], rest[lang]]
    return lines


def tell(text: str) -> None:
    """Show how far a command is, on one line that the next text replaces; only to a person."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", err=True, nl=False)
