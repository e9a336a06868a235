"""Check what a YAML file says against a declaration, all problems in one pass.

pydantic finds the problems; here each gets its place in the file, a code with words in both
languages, and the nearest valid name.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from capacity.base.errors import At, Problems, Term, nearest
from capacity.base.words import catalog
from capacity.inputs.documents.yaml import WIDE_COLON, Document, Path
from capacity.inputs.tables.columns import chinese

#: Keys whose values, or whose own keys, are those of a column.
_COLUMNS = {"count": "status", "completion": "status", "delay": "status"}


def term(key: object) -> Term:
    """Return a key with its Chinese word; one that a user chose, such as a code, has none."""
    return Term(str(key), catalog("terms")["keys"].get(str(key), ""))


def terms(keys: Iterable[object]) -> tuple[Term, ...]:
    """Return keys with their Chinese words."""
    return tuple(map(term, keys))


def value_terms(key: str, values: Iterable[str]) -> tuple[Term, ...]:
    """Return values that may stand at a key with their Chinese words.

    >>> value_terms("count", ["open"])[0].said("zh"), value_terms("kind", ["close"])[0].said("zh")
    ('open（已启用）', 'close（关闭）')
    """
    column, own = _COLUMNS.get(key, key), catalog("terms")["values"].get(key, {})
    return tuple(
        Term(value, chinese(column, value) or own.get(value) or term(value).zh) for value in values
    )


M = TypeVar("M", bound=BaseModel)

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
    value = value_at(document.data, path)
    try:
        return declaration.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(declaration, detail, document, problems, path)
        return None


def value_at(data: object, path: Path) -> object:
    """Follow ``path`` into nested dicts and tuples."""
    for step in path:
        data = data[step]  # type: ignore[index]
    return data


def _report(
    declaration: type[BaseModel],
    detail: ErrorDetails,
    document: Document,
    problems: Problems,
    start: Path,
) -> None:
    path = (*start, *_located(value_at(document.data, start), detail))
    kind, found = detail["type"], detail["input"]
    if kind == "union_tag_not_found":
        _misspelt_kind(declaration, path, document, problems, len(start))
        kind, path = "missing", (*path, "kind")
    if document.is_broken(path):
        return
    at = document.at(path)
    if detail["loc"][-1:] == ("[key]",) and kind != "literal_error":
        at, path = document.key_at(path), path[:-1]
    if kind == "missing" and isinstance(path[-1], int):
        problems.error("list-length", at, key=_named(path), limit=f"≥ {path[-1] + 1}")
    elif kind == "missing":
        problems.error("key-missing", at, key=term(path[-1]))
    elif kind == "extra_forbidden":
        valid = valid_keys(declaration, document.data, path[:-1], len(start))
        _unknown(valid, document, problems, path)
    elif kind in catalog("problems"):
        scalar = not isinstance(found, dict | tuple)
        facts = ({"found": found} if scalar else {}) | detail.get("ctx", {})
        problems.error(kind, at, **facts)
    elif kind in ("literal_error", "union_tag_invalid"):
        meant = _unlisted(detail, path, document, problems)
        _as_of(meant, declaration, detail, document, problems, start)
    elif kind in _LIMITS:
        code, sign, name = _LIMITS[kind]
        limit = f"{sign} {_number(detail['ctx'][name])}"
        problems.error(code, at, key=_named(path), limit=limit, found=_short(found))
    else:
        _wrong_kind(detail, _named(path), at, problems)


def _misspelt_kind(
    declaration: type[BaseModel], path: Path, document: Document, problems: Problems, start: int
) -> None:
    """Name the keys that no kind of lever has, where a lever has no kind."""
    said = value_at(document.data, path)
    valid = valid_keys(declaration, document.data, path, start)
    for key in said if isinstance(said, dict) else ():
        if key not in valid:
            _unknown(valid, document, problems, (*path, key))


def _as_of(
    kinds: tuple[str, ...],
    declaration: type[BaseModel],
    detail: ErrorDetails,
    document: Document,
    problems: Problems,
    start: Path,
) -> None:
    """Check what a misspelt kind goes with as of the kind that is clearly meant."""
    if detail["type"] != "union_tag_invalid" or len(kinds) != 1:
        return
    path = (*start, *_located(value_at(document.data, start), detail))
    said = value_at(document.data, path)
    assert isinstance(said, dict)
    meant = {**said, "kind": kinds[0]}
    model = _model(_declared_at(declaration, document.data, path, len(start)), meant)
    if model is not None:
        checked(model, Document(meant, document.mark.way(path)[-1]), problems)


def _unlisted(
    detail: ErrorDetails, path: Path, document: Document, problems: Problems
) -> tuple[str, ...]:
    """Report a value that is none of a short list, and return the nearest that are."""
    context, found = detail["ctx"], detail["input"]
    if detail["type"] == "union_tag_invalid":
        path, found = (*path, "kind"), found["kind"]
    expected = str(context.get("expected") or context.get("expected_tags"))
    valid = [name.strip("'") for name in expected.replace(" or ", ", ").split(", ")]
    close = nearest(str(_short(found)), valid)
    if detail["loc"][-1] == "[key]":
        at, listed = document.key_at(path), value_terms(_named(path[:-1]).name, valid)
        problems.error("key-unknown", at, key=found, valid=listed, nearest=close)
    else:
        key = _named(path)
        facts = {"key": key, "valid": value_terms(key.name, valid), "found": _short(found)}
        problems.error("value-unlisted", document.at(path), **facts, nearest=close)
    return close


def _wrong_kind(detail: ErrorDetails, key: Term, at: At, problems: Problems) -> None:
    """Report a value of another kind than the one that is wanted."""
    found, shown = detail["input"], _short(detail["input"])
    code = _WANTED.get(detail["type"].split("_", maxsplit=1)[0], "want-other")
    if code == "want-text" and isinstance(found, bool | int | float):
        problems.error("text-unquoted", at, key=key, found=shown)
    elif code == "want-map" and isinstance(found, str) and WIDE_COLON in found:
        problems.error("yaml-wide-colon", at)
    elif code == "want-other":
        problems.error(code, at, key=key, detail=detail["msg"], found=shown)
    else:
        problems.error(code, at, key=key, found=shown)


class _Yaml(str):
    """A text that is shown as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _short(value: object) -> object:
    """Return a value as a file would have it, and of a map its keys."""
    if value is None or isinstance(value, bool):
        return _Yaml({None: "null", True: "true", False: "false"}[value])
    if isinstance(value, dict):
        return _Yaml("{" + ", ".join(map(_item, value)) + "}")
    if isinstance(value, tuple):
        return _Yaml("[" + ", ".join(map(_item, value)) + "]")
    return value if isinstance(value, str | int | float) else repr(value)


def _item(value: object) -> str:
    """Return an item of a list, in quotes only where it would not be readable without."""
    shown = _short(value)
    return repr(shown) if isinstance(shown, str) and not shown.isprintable() else str(shown)


def _number(value: float) -> str:
    """Write a limit without an exponent."""
    return str(int(value)) if value == int(value) else f"{value:.15g}"


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


def _unknown(valid: tuple[str, ...], document: Document, problems: Problems, path: Path) -> None:
    problems.error(
        "key-unknown",
        document.key_at(path),
        key=path[-1],
        valid=terms(valid),
        nearest=nearest(str(path[-1]), valid),
    )


def valid_keys(declaration: Any, data: object, path: Path, start: int = 0) -> tuple[str, ...]:
    """Return the keys that a declaration knows at ``path``."""
    models = _models(_declared_at(declaration, data, path, start), value_at(data, path))
    fields = (item for model in models for item in model.model_fields.items())
    names = list(dict.fromkeys(info.alias or name for name, info in fields))
    return tuple(sorted(names, key=lambda name: name not in ("kind", "where")))


def _declared_at(declaration: Any, data: object, path: Path, start: int) -> Any:
    """Return what a declaration of the value at ``path[:start]`` declares at ``path``."""
    data = value_at(data, path[:start])
    for step in path[start:]:
        declaration = _inside(declaration, step, data)
        data = value_at(data, (step,))
    return declaration


def _inside(declaration: Any, step: str | int, data: object) -> Any:
    if (model := _model(declaration, data)) is not None:
        for name, info in model.model_fields.items():
            if step == (info.alias or name):
                return info.annotation
        return None
    for candidate in _branches(declaration):
        args = get_args(candidate)
        if get_origin(candidate) in (tuple, list) and isinstance(step, int):
            return args[0] if args[-1] is Ellipsis else args[min(step, len(args) - 1)]
        if get_origin(candidate) in (dict, Mapping):
            return args[1]
    return None


def _model(declaration: Any, data: object) -> type[BaseModel] | None:
    """Return the model that a declaration means; of several, the one of the value's kind."""
    return next(iter(_models(declaration, data)), None)


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
