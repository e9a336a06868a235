"""Check what a YAML file says against a declaration, all problems in one pass.

pydantic finds the problems; here each gets its place in the file, a code with words in both
languages, and the nearest valid name.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from capacity.base.errors import KEPT, At, Problems, Term, nearest
from capacity.base.limits import as_factor, as_share, percentage
from capacity.base.words import catalog
from capacity.inputs.documents.yaml import WIDE_COLON, Document, Path
from capacity.inputs.tables.columns import chinese

#: Keys whose values, or whose own keys, are those of a column.
_COLUMNS = {"count": "status", "completion": "status", "delay": "status"}
_WANTED = {
    "string": "want-text",
    "int": "want-whole",
    "float": "want-number",
    "finite": "want-number",
    "bool": "want-bool",
    "dict": "want-map",
    "model": "want-map",
    "tuple": "want-list",
    "list": "want-list",
}
_LIMITS = {
    "greater_than_equal": ("value-range", "≥", "ge"),
    "greater_than": ("value-range", ">", "gt"),
    "less_than_equal": ("value-range", "≤", "le"),
    "less_than": ("value-range", "<", "lt"),
    "string_too_short": ("text-length", "≥", "min_length"),
    "string_too_long": ("text-length", "≤", "max_length"),
    "too_short": ("list-length", "≥", "min_length"),
    "too_long": ("list-length", "≤", "max_length"),
}

#: Keys or items of a value that are shown.
_ITEMS = 20

M = TypeVar("M", bound=BaseModel)


def term(key: object) -> Term:
    """Return a key with its Chinese word; one that a user chose, such as a code, has none."""
    return Term(str(key), catalog("terms")["keys"].get(str(key), ""))


def terms(keys: Iterable[object]) -> tuple[Term, ...]:
    """Return keys with their Chinese words."""
    return tuple(map(term, keys))


def value_terms(key: str, values: Iterable[str]) -> tuple[Term, ...]:
    """Return values that may stand at a key with their Chinese words.

    >>> value_terms("count", ["open"])[0].text("zh"), value_terms("kind", ["close"])[0].text("zh")
    ('open（已启用）', 'close（关闭）')
    """
    column, own = _COLUMNS.get(key, key), catalog("terms")["values"].get(key, {})
    return tuple(
        Term(value, chinese(column, value) or own.get(value) or term(value).zh) for value in values
    )


def checked(
    declaration: type[M], document: Document, problems: Problems, path: Path = ()
) -> M | None:
    """Build ``declaration`` from the value at ``path``; None where it has problems.

    Parameters
    ----------
    declaration : type of pydantic model
        What is allowed there.
    document : Document
        The file.
    problems : Problems
        Takes what is wrong, with its place.
    path : Path
        The way to the value; the whole file by default.
    """
    try:
        return declaration.model_validate(value_at(document.data, path))
    except ValidationError as error:
        report = _Report(declaration, document, problems, path)
        details = error.errors(include_url=False)
        for detail in details[:KEPT]:
            report.add(detail)
        if more := len(details[KEPT:]):
            at = report.at(details[KEPT])
            problems.error("faults-unread", at, count=more, kept=KEPT)
        return None


def _has_its_items(detail: ErrorDetails) -> bool:
    """Whether a list that is too short is so for its bad items alone, which are told themselves."""
    if detail["type"] != "too_short":
        return False
    return len(detail["input"]) >= int(detail.get("ctx", {})["min_length"])


def value_at(data: object, path: Path) -> object:
    """Follow ``path`` into nested dicts and tuples."""
    for step in path:
        data = data[step]  # type: ignore[index]
    return data


@dataclass(frozen=True)
class _Report:
    """Puts what pydantic finds in the value at ``start`` into words, each at its place."""

    declaration: type[BaseModel]
    document: Document
    problems: Problems
    start: Path

    def add(self, detail: ErrorDetails) -> None:
        """Report one error of pydantic."""
        kind, found, path = detail["type"], detail["input"], self._path(detail)
        if kind == "union_tag_not_found":
            self._misspelt_kind(path)
            kind, path = "missing", (*path, "kind")
        if self.document.is_broken(path) or _has_its_items(detail):
            return
        at = self.document.at(path)
        if detail["loc"][-1:] == ("[key]",) and kind != "literal_error":
            at, path = self.document.key_at(path), path[:-1]
        if kind == "missing" and isinstance(path[-1], int):
            self.problems.error("list-length", at, key=_named(path), limit=f"≥ {path[-1] + 1}")
        elif kind == "missing":
            self.problems.error("key-missing", at, key=term(path[-1]))
        elif kind == "extra_forbidden":
            self._unknown_key(path, self._valid_keys(path[:-1]))
        elif kind in catalog("problems"):
            scalar = not isinstance(found, dict | tuple)
            facts = ({"found": found} if scalar else {}) | detail.get("ctx", {})
            self.problems.error(kind, at, **facts)
        elif kind in ("literal_error", "union_tag_invalid"):
            self._unlisted(detail, path)
        elif kind in _LIMITS:
            self._beyond(detail, path, at)
        else:
            self._wrong_kind(detail, _named(path), at)

    def at(self, detail: ErrorDetails) -> At:
        """Return where an error of pydantic stands."""
        return self.document.at(self._path(detail))

    def _beyond(self, detail: ErrorDetails, path: Path, at: At) -> None:
        """Report a value beyond a limit, with what a number probably means."""
        code, sign, name = _LIMITS[detail["type"]]
        found, most = detail["input"], detail["ctx"][name]
        shown = str(int(most)) if most == int(most) else f"{most:.15g}"
        facts = {"limit": f"{sign} {shown}", "found": _short(found)}
        if name in ("le", "ge") and (meant := _meant(path, found, abs(most))):
            facts["nearest"] = meant
        self.problems.error(code, at, key=_named(path), **facts)

    def _path(self, detail: ErrorDetails) -> Path:
        return (*self.start, *_located(value_at(self.document.data, self.start), detail))

    def _valid_keys(self, path: Path) -> tuple[str, ...]:
        """Return the keys that the declaration knows at ``path``."""
        declared = self._declared_at(path)
        models = _models(declared, value_at(self.document.data, path))
        fields = (item for model in models for item in model.model_fields.items())
        names = list(dict.fromkeys(info.alias or name for name, info in fields))
        return tuple(sorted(names, key=lambda name: name not in ("kind", "where")))

    def _declared_at(self, path: Path) -> Any:
        """Return what is declared at ``path``."""
        declared: Any = self.declaration
        data = value_at(self.document.data, self.start)
        for step in path[len(self.start) :]:
            declared = _inside(declared, step, data)
            data = value_at(data, (step,))
        return declared

    def _unknown_key(self, path: Path, valid: tuple[str, ...]) -> None:
        facts = {"valid": terms(valid), "nearest": nearest(str(path[-1]), valid)}
        self.problems.error("key-unknown", self.document.key_at(path), key=path[-1], **facts)

    def _misspelt_kind(self, path: Path) -> None:
        """Report the keys that no kind of lever has, where a lever has no kind."""
        said, valid = value_at(self.document.data, path), self._valid_keys(path)
        for key in said if isinstance(said, dict) else ():
            if key not in valid:
                self._unknown_key((*path, key), valid)

    def _unlisted(self, detail: ErrorDetails, path: Path) -> None:
        """Report a value that is none of a short list, with the nearest that are."""
        is_kind = detail["type"] == "union_tag_invalid"
        context, found = detail["ctx"], detail["input"]
        found, place = (found["kind"], (*path, "kind")) if is_kind else (found, path)
        expected = str(context.get("expected") or context.get("expected_tags"))
        valid = [name.strip("'") for name in expected.replace(" or ", ", ").split(", ")]
        close = nearest(str(_short(found)), valid)
        if detail["loc"][-1] == "[key]":
            facts = {"key": found, "valid": value_terms(_named(place[:-1]).name, valid)}
            self.problems.error("key-unknown", self.document.key_at(place), **facts, nearest=close)
        else:
            key = _named(place)
            facts = {"key": key, "valid": value_terms(key.name, valid), "found": _short(found)}
            self.problems.error("value-unlisted", self.document.at(place), **facts, nearest=close)
        if is_kind and len(close) == 1:
            self._as_of(close[0], path)

    def _as_of(self, kind: str, path: Path) -> None:
        """Check what a misspelt kind goes with as of the kind that is clearly meant."""
        said = value_at(self.document.data, path)
        assert isinstance(said, dict)
        meant = {**said, "kind": kind}
        if models := _models(self._declared_at(path), meant):
            document = Document(meant, self.document.mark.way(path)[-1])
            checked(models[0], document, self.problems)

    def _wrong_kind(self, detail: ErrorDetails, key: Term, at: At) -> None:
        """Report a value of another kind than the one that is wanted."""
        found, shown = detail["input"], _short(detail["input"])
        code = _WANTED.get(detail["type"].split("_", maxsplit=1)[0], "want-other")
        if code == "want-text" and isinstance(found, bool | int | float):
            self.problems.error("text-unquoted", at, key=key, found=shown)
        elif code == "want-map" and isinstance(found, str) and WIDE_COLON in found:
            self.problems.error("yaml-wide-colon", at)
        elif code == "want-number" and (share := isinstance(found, str) and percentage(found)):
            self.problems.error(code, at, key=key, found=shown, nearest=share)
        elif code == "want-other":
            self.problems.error(code, at, key=key, detail=detail["msg"], found=shown)
        else:
            self.problems.error(code, at, key=key, found=shown)


class _Yaml(str):
    """A text that is shown as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _short(value: object) -> object:
    """Return a value as a file would have it, and of a map its keys."""
    if value is None or isinstance(value, bool):
        return _Yaml({None: "null", True: "true", False: "false"}[value])
    if isinstance(value, dict | tuple):
        listed = ", ".join(map(_item, islice(value, _ITEMS))) + ", …" * (len(value) > _ITEMS)
        return _Yaml(f"{{{listed}}}" if isinstance(value, dict) else f"[{listed}]")
    return value if isinstance(value, str | int | float) else repr(value)


def _item(value: object) -> str:
    """Return an item of a list, in quotes only where it would not be readable without."""
    shown = _short(value)
    return repr(shown) if isinstance(shown, str) and not shown.isprintable() else str(shown)


def _meant(path: Path, found: object, limit: float) -> tuple[float, ...]:
    """Return what a number beyond a limit probably means."""
    assert isinstance(found, int | float)
    return as_factor(found) if path[-1:] == ("times",) else as_share(found, limit)


def _named(path: Path) -> Term:
    names = [step for step in path if isinstance(step, str)]
    return term(names[-1] if names else "")


def _located(data: object, detail: ErrorDetails) -> Iterator[str | int]:
    """Turn pydantic's way to an error into steps of the file.

    Its way also names branches of unions and ``[key]``, which no file holds.
    """
    steps = detail["loc"]
    for index, step in enumerate(steps):
        last = index == len(steps) - 1
        if (isinstance(data, dict) and step in data) or (
            isinstance(data, tuple) and isinstance(step, int) and step < len(data)
        ):
            data = data[step]  # type: ignore[index]
            yield step
        elif last and detail["type"] == "missing":
            yield step


def _inside(declaration: Any, step: str | int, data: object) -> Any:
    """Return what a declaration of ``data`` declares at one of its keys or indices."""
    if models := _models(declaration, data):
        fields = models[0].model_fields.items()
        return next((one.annotation for name, one in fields if step == (one.alias or name)), None)
    for candidate in _branches(declaration):
        args = get_args(candidate)
        if get_origin(candidate) in (tuple, list) and isinstance(step, int):
            return args[0] if args[-1] is Ellipsis else args[min(step, len(args) - 1)]
        if get_origin(candidate) in (dict, Mapping):
            return args[1]
    return None


def _models(declaration: Any, data: object) -> list[type[BaseModel]]:
    """Return the models that a declaration can mean; all of them where the value has no kind."""
    models = [b for b in _branches(declaration) if isinstance(b, type) and issubclass(b, BaseModel)]
    if len(models) > 1 and isinstance(data, dict) and "kind" in data:
        kind = data["kind"]
        models = [m for m in models if kind in get_args(m.model_fields["kind"].annotation)]
    return models


def _branches(declaration: Any) -> Iterator[Any]:
    origin = get_origin(declaration)
    if origin is Annotated:
        yield from _branches(get_args(declaration)[0])
    elif origin in (Union, types.UnionType):
        for branch in get_args(declaration):
            yield from _branches(branch)
    elif isinstance(declaration, TypeAdapter):
        yield from _branches(declaration._type)
    elif declaration is not None:
        yield declaration
