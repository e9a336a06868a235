"""What commands share: language, exit codes, how they stop, and one way to keep and report."""

from __future__ import annotations

import errno
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar
from unicodedata import normalize

import click

from capacity.base.errors import InputError, Problem, Term, problem_lines
from capacity.base.words import LANGUAGES, catalog, word
from capacity.cli.console import shows
from capacity.cli.spoken import lang_of
from capacity.render.fonts import MissingGlyphs
from capacity.results.lock import FolderInUseError, FolderTakenError

if TYPE_CHECKING:
    from capacity.results.folder import Kept

T = TypeVar("T")

OK, CHECK_FAILED, BAD_INPUT, ENVIRONMENT, IN_USE, INCOMPLETE = range(6)
INTERRUPTED = 130

#: What may not be read is said in our words, as an error of the system.
PATH = click.Path(path_type=Path, readable=False)
#: Gives the command the language itself, never None.
lang_option: Callable[[Any], Any] = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    callback=lambda context, parameter, value: value or lang_of(context),
)
charts_option: Callable[[Any], Any] = click.option("--no-charts", is_flag=True)
json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True)


class Stopped(click.ClickException):
    """A command, or one of its jobs, cannot go on; left uncaught it ends the command.

    Attributes
    ----------
    exit_code : int
    state : str
        Of its folder, as JSON has it.
    lines : tuple of str
        That say why.
    """

    def __init__(self, exit_code: int, state: str, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.exit_code = exit_code  # type: ignore[misc]  # click has it of the class
        self.state, self.lines = state, tuple(lines)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print why, in place of how far the command was."""
        show_progress("")
        print_errors(self.lines)


@contextmanager
def stopping(
    lang: str,
    folder: Path,
    command: str = "",
    *,
    overwrite: bool = False,
    heard: list[Warning] | None = None,
) -> Iterator[None]:
    """Turn what cannot be into `Stopped`, in the words of a language.

    Parameters
    ----------
    lang
    folder
        What is being read or written, where the system names no file.
    command
        Whose words say that the folder is in use.
    overwrite
        Whether that was asked for, or cannot be; else it is offered.
    heard
        Takes the warnings of Python, as of characters that no font draws, for `print_warnings`;
        without it they are printed at the end.

    Raises
    ------
    Stopped
        For bad input, a folder that is taken or in use, and what the system refuses.
    """
    try:
        with _plain_warnings(lang, heard):
            yield
    except InputError as error:
        raise Stopped(BAD_INPUT, "refused", problem_lines(error.problems, lang)) from None
    except FolderTakenError as error:
        line = word("cli.taken", lang, said=error.text(lang))
        helps = not overwrite and error.key != "folders.beside"
        line += word("cli.or_overwrite", lang) if helps else ""
        raise Stopped(BAD_INPUT, "refused", [line]) from None
    except FolderInUseError:
        line = word(f"cli.{command}_in_use", lang, folder=folder)
        raise Stopped(IN_USE, "in use", [line]) from None
    except OSError as error:
        raise Stopped(ENVIRONMENT, "failed", [system_words(error, folder, lang)]) from None


@contextmanager
def _plain_warnings(lang: str, heard: list[Warning] | None) -> Iterator[None]:
    """Keep the warnings of Python, or print them as the others are, in place of lines of code."""
    import logging

    log = logging.getLogger("matplotlib")  # which tells that it looks for fonts, and the like
    level, found = log.level, [] if heard is None else heard
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        log.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            log.setLevel(level)
            found += [one.message for one in caught if isinstance(one.message, Warning)]
            if heard is None:
                print_warnings(found, lang)


def print_warnings(heard: Sequence[Warning], lang: str) -> None:
    """Print the warnings of Python, each once; all characters that no font draws in one line."""
    glyphs = [one for one in heard if isinstance(one, MissingGlyphs)]
    others = [Term(str(one)) for one in heard if not isinstance(one, MissingGlyphs)]
    said = [*others, *([MissingGlyphs.of_all(glyphs).said] if glyphs else [])]
    if said:
        show_progress("")
    texts = dict.fromkeys(one.text(lang) for one in said)
    print_errors(word("common.warning", lang, text=text) for text in texts)


class Asked(NamedTuple):
    """What every command that keeps a folder is asked for."""

    lang: str
    charts: bool
    overwrite: bool
    as_json: bool


class Outcome(NamedTuple):
    """How keeping a folder ended: the exit code, and the folder and its state as JSON has them."""

    code: int
    figures: dict[str, str]


def keep_and_report(
    kept: Kept,
    folder: Path,
    asked: Asked,
    *,
    command: str,
    text: Callable[[], str],
    line: str = "cli.is",
    quiet: bool = False,
    **facts: object,
) -> Outcome:
    """Keep what a study found; print what it says and, last, what became of its folder.

    Parameters
    ----------
    kept, folder
        As `capacity.results.folder.keep` takes them.
    asked
        With JSON nothing is printed on standard output.
    command
        Whose words say that the folder is in use.
    text
        Gives what it says.
    line
        Beginning of the keys of the words that say what became of the folder, beside ``facts``.
    quiet
        Whether JSON alone says that all went well.
    """
    from capacity.results.folder import Options, keep

    try:
        with stopping(asked.lang, folder, command, overwrite=asked.overwrite):
            options = Options(asked.lang, asked.charts)
            state = keep(kept, folder, options, overwrite=asked.overwrite)
        code, ending = OK, word(f"{line}_{state}", asked.lang, folder=folder, **facts)
    except Stopped as stopped:
        code, state, ending = stopped.exit_code, stopped.state, stopped.message
    if not asked.as_json:
        click.echo(text() + "\n")
    if not (asked.as_json and quiet and code == OK):
        print_errors([ending]) if asked.as_json or code != OK else click.echo(ending)
    return Outcome(code, {"folder": str(folder), "state": json_state(state)})


def each_read(paths: Iterable[Path], read: Callable[[Path], T]) -> list[T]:
    """Read every path, and tell the problems of all at once.

    Raises
    ------
    InputError
        With the problems of all.
    """
    found: list[T] = []
    wrong: dict[Problem, None] = {}
    for path in paths:
        try:
            found.append(read(path))
        except InputError as error:
            wrong |= dict.fromkeys(error.problems)
    if wrong:
        raise InputError(tuple(wrong))
    return found


def named_alike(names: Sequence[str]) -> list[str]:
    """Return the names that would be one folder on a system that does not tell their case."""
    folded = [normalize("NFC", name).casefold() for name in names]
    return sorted({n for n, one in zip(names, folded, strict=True) if folded.count(one) > 1})


def json_state(state: str) -> str:
    """Return a folder's state as JSON has it: redrawn charts leave numbers unchanged."""
    return "unchanged" if state == "redrawn" else state


def print_json(bodies: Sequence[Mapping[str, Any]], several: str = "") -> None:
    """Print one object: the only body, or all of them under a format's name in the plural."""
    together = {"format": f"capacity.{several}/1", several: bodies}
    body = bodies[0] if len(bodies) == 1 else together
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    if not shows(text, sys.stdout):  # its own escapes say the same; those of a console do not
        text = json.dumps(body, allow_nan=False)
    click.echo(text)


def print_errors(lines: Iterable[str]) -> None:
    """Print lines beside the output; nothing is lost where nobody can hear them."""
    with suppress(OSError):
        for line in lines:
            click.echo(line, err=True)


def system_words(error: OSError, folder: Path, lang: str) -> str:
    """Return what the system refused, and of which file; of ``folder`` where it names none."""
    name = errno.errorcode.get(error.errno or 0)
    known = name in catalog("system")
    why = word(f"system.{name}", lang) if known else error.strerror or str(error)
    where = Path(error.filename) if isinstance(error.filename, str) else folder
    return word("system.refused", lang, where=where, said=why)


def show_progress(text: str) -> None:
    """Show how far a command is, on one line that the next text replaces; only to a person."""
    if sys.stderr.isatty():
        with suppress(OSError):
            click.echo(f"\r\033[K{text}", err=True, nl=False)
