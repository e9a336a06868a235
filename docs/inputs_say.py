"""Parts of the JSON Schema of input files in words, and the Markdown that holds them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from capacity.inputs.tables.columns import TABLES

#: What the pages are made of: a template for each language, words, and examples that are read.
FOLDER = Path(__file__).parent / "inputs"
LANGUAGES = ("en", "zh")
Part = Mapping[str, Any]
#: Words that the code does not hold.
WORDS: dict[str, Any] = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
_SCALARS = {
    "string": ("text", "文本"),
    "integer": ("whole number", "整数"),
    "number": ("number", "数字"),
    "boolean": ("true or false", "true 或 false"),
    "object": ("map", "映射"),
}
#: Limits from here on are those of the machine, not of a planner.
_HUGE = 2**53


def example(name: str) -> str:
    """Return the text of an example."""
    return (FOLDER / name).read_text(encoding="utf-8")


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def code(items: Iterable[object]) -> str:
    """Return names as code."""
    return " ".join(f"`{item}`" for item in items)


def flow(value: Any) -> str:
    """Write a value as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value if re.fullmatch(r"[^\W\d][\w .?？-]*", value) else f'"{value}"'
    return str(value)


def references(part: Any) -> list[str]:
    """Return the declarations that a part of the schema refers to."""
    if isinstance(part, Mapping):
        own = [part["$ref"].rpartition("/")[2]] if "$ref" in part else []
        return own + [
            name for key, one in part.items() if key != "$ref" for name in references(one)
        ]
    return [name for one in part for name in references(one)] if isinstance(part, list) else []


def is_day(part: Part) -> bool:
    """Whether a value is a month and day."""
    return str(part.get("pattern", "")).startswith(r"^\d")


#: Chinese for the keys of a project that say what their columns say.
_OF_COLUMNS = {f"{c.docs['en']}.": f"{c.docs['zh']}。" for c in TABLES["pipeline"].columns}


class Speaker:
    """Says what stands in a declaration, in one language."""

    def __init__(self, language: str) -> None:
        self.language, self.index = language, LANGUAGES.index(language)

    def say(self, en: str, zh: str) -> str:
        """Return one of two texts."""
        return (en, zh)[self.index]

    def word(self, book: str, key: str) -> Any:
        """Return the words of a key."""
        if key not in WORDS[book]:
            raise SystemExit(f"docs/inputs/words.toml has no words for {key!r}")
        return WORDS[book][key]

    def meaning(self, model: str, key: str, part: Part) -> str:
        """Return what a key means: the description in the code, and what else there is to say."""
        english = part["description"]
        chinese = WORDS["fields"].get(english, _OF_COLUMNS.get(english))
        text = self.say(english, chinese or self.word("fields", english))
        more = WORDS["more"].get(f"{model}.{key}")
        return text + (self.say(" ", "") + more[self.language] if more else "")

    def kind(self, part: Part) -> str:
        """Return the kind and limits of a value."""
        any_of = part.get("anyOf", part.get("oneOf", ()))
        options = [one for one in any_of if one.get("type") != "null"]
        if options and "zh" in options[-1].get("properties", {}):
            return self.say("text or `{en, zh}`", "文本或 `{en, zh}`")
        if options:
            return self.say(" or ", "或").join(map(self.kind, options))
        if "enum" in part:
            return code(part["enum"])
        if references(part):
            return (
                self.say("list of maps", "映射列表") if "items" in part else self._scalar("object")
            )
        return self._listed(part) if part["type"] in ("array", "object") else self._limited(part)

    def _listed(self, part: Part) -> str:
        if part["type"] == "object":
            return self.say("map to ", "映射到") + self.kind(part["additionalProperties"])
        if isinstance(part["items"], list):
            return "[" + ", ".join(map(self.kind, part["items"])) + "]"
        return self.say("list of ", "列表：") + self.kind(part["items"])

    def _scalar(self, kind: str) -> str:
        return _SCALARS[kind][self.index]

    def _limited(self, part: Part) -> str:
        low, high = part.get("minimum"), part.get("maximum")
        if is_day(part):
            return '"MM-DD"'
        if (low, high) == (1900, 2200):
            return self.say("year", "年份")
        said = self._scalar(part["type"])
        if low is not None and high is not None and high < _HUGE:
            return f"{said} {low:,g}–{high:,}"
        signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤"}
        limits = [
            f"{sign} {part[key]:,}" for key, sign in signs.items() if part.get(key, _HUGE) < _HUGE
        ]
        return " ".join((said, self.say(", ", "，").join(limits))).strip()

    def default(self, part: Part) -> str:
        """Return what holds where a key that may be absent is."""
        value = part.get("default")
        if value in (None, "", []):
            return self.say("no", "否")
        if is_day(part):
            value = f"{value[0]:02}-{value[1]:02}"
        return self.say("no: ", "否，默认 ") + f"`{flow(value)}`"
