"""The kinds of values that district and scenario files share."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

K = TypeVar("K")
V = TypeVar("V")

MAX_CODE = 64
_NAME = re.compile(r"[\w-]{1,64}")
#: Names that Windows keeps for itself, in any case and with any ending.
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)
}
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Fixed(dict[K, V]):
    """A dict that stays as it is; unlike a mapping proxy it can be sent to other processes."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[K, V]]]:
        return type(self), (dict(self),)


class Strict(BaseModel):
    """A map whose keys are all known and whose values are of the right kind as written."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False
    )


def as_code(text: str) -> str:
    """Return a code without spaces around it, or raise where it cannot be one."""
    text = text.strip()
    if not 1 <= len(text) <= MAX_CODE or not text.isprintable() or text == "all":
        raise PydanticCustomError("code-bad", "this cannot be a code")
    return text


def _name(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()  # as systems may take it: COM¹ is COM1
    if not _NAME.fullmatch(text) or text.startswith("-") or plain in _DEVICES:
        raise PydanticCustomError("name-bad", "this cannot be a name")
    return text


def _month_day(text: Any) -> Any:
    if isinstance(text, tuple):
        return text
    if isinstance(text, str) and (match := re.fullmatch(r"(\d{2})-(\d{2})", text)):
        month, day = int(match[1]), int(match[2])
        if 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]:
            return month, day
    raise PydanticCustomError("month-day-bad", "this is no day of the year")


def _known(text: str) -> str:
    if not re.fullmatch(r"(19|20)\d{2}(-(0[1-9]|1[0-2]))?", text):
        raise PydanticCustomError("known-bad", "this is no year and month")
    return text


def _both(value: Any) -> Any:
    """Take one text for both languages, and one language for the other."""
    if isinstance(value, str):
        value = {"en": value}
    if isinstance(value, dict) and (texts := [v for v in value.values() if v is not None]):
        return {"en": texts[0], "zh": texts[0], **value}
    return value


def _as_tuple(value: Any) -> Any:
    return value if isinstance(value, tuple | list) else (value,)


Code = Annotated[str, AfterValidator(as_code), Field(json_schema_extra={"maxLength": MAX_CODE})]
Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": r"^[\w-]{1,64}$"})]
MonthDay = Annotated[
    tuple[int, int],
    BeforeValidator(_month_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}-\d{2}$"}),
]
Year = Annotated[int, Field(ge=1900, le=2200)]
Quality = Literal["GREEN", "AMBER", "RED"]
Known = Annotated[str, AfterValidator(_known)]
Share = Annotated[float, Field(ge=0, le=1)]


class Texts(Strict):
    """A text in English and Chinese."""

    en: str = Field(min_length=1, description="English text.")
    zh: str = Field(min_length=1, description="Chinese text.")


Title = Annotated[
    Texts,
    BeforeValidator(_both),
    WithJsonSchema(
        {
            "description": "One text for both languages, or a text for each.",
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ],
        }
    ),
]

#: Stands only until `titled_by` has put the code in its place.
UNTITLED = Texts(en="?", zh="?")


def titled_by(key: str) -> Any:
    """Return a validator that takes the text of ``key`` where there is no title."""

    def fill(data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get(key), str) and "title" not in data:
            return {**data, "title": data[key]}
        return data

    return model_validator(mode="before")(fill)


def one_or_more(item: dict[str, Any]) -> tuple[Any, ...]:
    """Annotate a tuple so that a file may give one item or a list."""
    schema = {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}
    return (BeforeValidator(_as_tuple), Field(min_length=1), WithJsonSchema(schema))


_CODE_SCHEMA = {"type": "string", "minLength": 1, "maxLength": MAX_CODE}
Codes = Annotated[tuple[Code, ...], *one_or_more(_CODE_SCHEMA)]
Grades = Annotated[tuple[int, ...], *one_or_more({"type": "integer"})]
