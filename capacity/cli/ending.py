"""How the command ends: always with an exit code, a line that says why, and never a traceback."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from capacity import __version__
from capacity.base.words import LANGUAGES, language, word
from capacity.cli.common import ENVIRONMENT, INTERRUPTED, OK, system_words
from capacity.cli.console import unnamed
from capacity.cli.spoken import usage_lines


def open_streams() -> None:
    """Open what the caller has closed: nothing that is written may come into its place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def standing() -> os.stat_result | None:
    """Return what folder the command, and the terminal, stands in."""
    try:
        return os.stat(".")
    except OSError:
        return None


def moved(stood: os.stat_result | None, arguments: Sequence[str] | None) -> list[str]:
    """Say it where another folder has taken the place of the one that the terminal stands in."""
    now = standing()
    if stood is None or now is None or os.path.samestat(stood, now):
        return []
    return [word("cli.moved", asked_language(arguments))]


def ended(run: Callable[[], Any], arguments: Sequence[str] | None) -> tuple[int, list[str]]:
    """Run the command; return its exit code and what is to be said of why it stopped."""
    lang = asked_language(arguments)
    try:
        code = run()
        sys.stdout.flush()
    except click.ClickException as error:
        return error.exit_code, _refused(error, lang)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED, [word("cli.interrupted", lang)]
    except SystemExit as error:  # a worker was interrupted, or who read has had enough
        return INTERRUPTED if error.code == INTERRUPTED else ENVIRONMENT, []
    except OSError as error:
        return ENVIRONMENT, [system_words(error, Path(_where(lang)), lang)]
    except Exception as error:
        return ENVIRONMENT, [_unexpected(error, lang)]
    return code if isinstance(code, int) else OK, []


def _refused(error: click.ClickException, lang: str) -> list[str]:
    """Return what is wrong with the call; what a command says of its work it shows itself."""
    if isinstance(error, click.UsageError):
        return usage_lines(error, lang)
    with suppress(OSError):
        error.show()
    return []


def leave(code: int, lines: Sequence[str]) -> int:
    """Say why the command stopped, if anybody can hear it, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is sys.stderr:
                stream.writelines(f"{line}\n" for line in lines)
            stream.flush()
        except OSError:
            code = code or (ENVIRONMENT if stream is sys.stdout else OK)
            _silence(stream.fileno())
    return code


def _silence(number: int) -> None:
    """Let a stream that takes nothing be closed without a word."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def asked_language(arguments: Sequence[str] | None) -> str:
    """Return the language that was asked for, as far as it can be told before options are read."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = [after for before, after in pairwise(given) if before == "--lang"]
    asked += [one.removeprefix("--lang=") for one in given]
    return language(next((one for one in asked if one in LANGUAGES), None))


def _where(lang: str) -> str:
    """Say what the system refused that names no file: the working folder, or the output."""
    try:
        os.getcwd()
    except OSError:
        return word("cli.here", lang)
    return word("cli.output", lang)


def _unexpected(error: Exception, lang: str) -> str:
    """Say that something went wrong that should not, and where it is written down."""
    if isinstance(error, UnicodeEncodeError):  # the name of a file: consoles take every text
        return unnamed(error, lang)
    said = " ".join(f"{type(error).__name__}: {error}".split())
    try:
        number, path = tempfile.mkstemp(prefix="capacity-", suffix=".txt")
        with open(number, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"capacity {__version__}, Python {sys.version}\n{sys.argv[1:]}\n")
            traceback.print_exception(error, file=file)
    except OSError:
        return word("cli.unexpected", lang, said=said)
    return word("cli.unexpected", lang, said=said) + word("cli.traced", lang, path=path)
