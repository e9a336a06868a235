"""What commands share: language, exit codes, and problems as text."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from capacity.base.errors import problem_lines
from capacity.base.words import catalog, word

__all__ = [
    "BAD_INPUT",
    "CHECK_FAILED",
    "ENVIRONMENT",
    "IN_USE",
    "OK",
    "lang_option",
    "problem_lines",
    "system_words",
    "tell",
]

OK, CHECK_FAILED, BAD_INPUT, ENVIRONMENT, IN_USE = range(5)

lang_option: Callable[[Any], Any] = click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language; that of the locale by default."
)


def system_words(error: OSError, folder: Path, lang: str) -> str:
    """Say what the system refused, and of which file; of ``folder`` where it names none."""
    said, name = error.strerror or str(error), errno.errorcode.get(error.errno or 0)
    if name in catalog("system"):
        said = word(f"system.{name}", lang)
    return word("system.refused", lang, where=error.filename or folder, said=said)


def tell(text: str) -> None:
    """Show how far a command is, on one line that the next text replaces; only to a person."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", err=True, nl=False)
