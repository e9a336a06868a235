"""Help and usage errors in the language asked for; the words stand in the catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter

import click

from capacity.base.words import LANGUAGES, catalog, has_words, language, width, word, wrap

#: Columns of help, and of the names of options in it at most.
WIDE, _NAMES = 88, 30
#: Lines that a paragraph may take.
_LINES = 99


def lang_of(ctx: click.Context) -> str:
    """Return the language that was asked for, as far as it can be told before options are read."""
    found = ctx.find_root().obj
    return found if found in LANGUAGES else language()


class Spoken(click.Command):
    """A command whose help is in the catalog ``help``: its own text, and that of each option.

    An option has words under the name of the command and its own; else under its own alone.
    """

    def get_usage(self, ctx: click.Context) -> str:
        """Return the line that says how the command is called."""
        lang = lang_of(ctx)
        pieces = " ".join(self._pieces(ctx, lang))
        return word("help.usage", lang, command=ctx.command_path, pieces=pieces).rstrip()

    def _pieces(self, ctx: click.Context, lang: str) -> list[str]:
        arguments = [param for param in self.get_params(ctx) if isinstance(param, click.Argument)]
        pieces = (piece for param in arguments for piece in param.get_usage_pieces(ctx))
        return [word("help.options_piece", lang), *pieces]

    def get_help(self, ctx: click.Context) -> str:
        """Return usage, what the command does, and its options."""
        lang = lang_of(ctx)
        parts = [self.get_usage(ctx), *_paragraphs(word(f"help.{self._key}", lang))]
        parts.append("\n".join([word("help.options", lang), *self._options(ctx, lang)]))
        return "\n\n".join(parts)

    @property
    def _key(self) -> str:
        return str(self.name)

    def _options(self, ctx: click.Context, lang: str) -> Iterator[str]:
        rows = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if isinstance(param, click.Option) and record is not None:
                rows.append((record[0], self._said(param, lang)))
        return _listed(rows)

    def _said(self, param: click.Option, lang: str) -> str:
        name = "help" if "--help" in param.opts else param.name
        own = f"help.{self._key}_{name}"
        text = word(own if has_words(own) else f"help.{name}", lang)
        if param.show_default:
            text += word("help.default", lang, value=param.default)
        return text


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, indented."""
    parts = (wrap(part, WIDE - 2, _LINES) for part in text.split("\n\n"))
    return ["\n".join(f"  {line}" for line in part.split("\n")) for part in parts]


def _listed(rows: list[tuple[str, str]]) -> Iterator[str]:
    """Set names and what is said of them side by side."""
    names = min(_NAMES, max(width(name) for name, _ in rows))
    for name, text in rows:
        lines = wrap(text, WIDE - names - 4, _LINES).split("\n")
        first, *others = [name, *[""] * len(lines)]
        if width(name) > names:
            yield f"  {name}"
            first = ""
        for before, line in zip((first, *others), lines, strict=False):
            yield f"  {before}{' ' * (names - width(before))}  {line}".rstrip()


class SpokenGroup(Spoken, click.Group):
    """A group of such commands."""

    def _pieces(self, ctx: click.Context, lang: str) -> list[str]:
        return [word("help.options_piece", lang), word("help.command_piece", lang)]

    def get_help(self, ctx: click.Context) -> str:
        """Return usage, what the group does, its options and commands."""
        lang = lang_of(ctx)
        rows = [(name, word(f"help.short_{name}", lang)) for name in self.list_commands(ctx)]
        commands = "\n".join([word("help.commands", lang), *_listed(rows)])
        return f"{super().get_help(ctx)}\n\n{commands}"


def usage_lines(error: click.UsageError, lang: str) -> list[str]:
    """Say what was wrong with a call, and how it is made."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return [error.format_message()]
    lines = []
    if error.ctx is not None:
        lines.append(error.ctx.get_usage())
        lines += [word("help.try", lang, command=error.ctx.command_path), ""]
    return [*lines, word("help.error", lang, said=translated(error.format_message(), lang))]


def translated(text: str, lang: str) -> str:
    """Return a message of click in a language; as it came where its words are not known.

    >>> translated("No such option '--ful'. Did you mean '--full'?", "zh")
    "没有选项 '--ful'。是否应为 '--full'？"
    """
    if lang == "en":
        return text
    for key, pattern in _patterns().items():
        if found := pattern.fullmatch(text):
            parts = {name: translated(part, lang) for name, part in found.groupdict().items()}
            return word(f"usage.{key}", lang, **parts)
    return text


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Return what the messages of click look like."""
    return {key: _pattern(said["en"]) for key, said in catalog("usage").items()}


def _pattern(template: str) -> re.Pattern[str]:
    parts = Formatter().parse(template)
    texts = (re.escape(text) + (f"(?P<{name}>.+)" if name else "") for text, name, _, _ in parts)
    return re.compile("".join(texts), re.DOTALL)
