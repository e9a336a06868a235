"""What can be told of district.yaml where it has faults, so that they hide no others.

A district has parts that others ask about: ``regions`` (their codes), ``within`` (which of them
have regions within them), ``levels`` (codes and grades), ``class_size``, ``onward``, ``entry``
and ``neighbours``. A part with faults is doubtful: what asks about it has to wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from capacity.base.errors import Problems, nearest
from capacity.inputs.districts.checks import check_district_file
from capacity.inputs.districts.declared import DistrictFile, Level, Region
from capacity.inputs.documents.events import Mark
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import Document

#: The forms of values of parts that may be absent: an unknown key with one may be that part.
_FORMS: Mapping[str, tuple[type, ...]] = {
    "onward": (int, float),
    "entry": (dict,),
    "neighbours": (dict,),
}

M = TypeVar("M", bound=BaseModel)

#: Stand in for what cannot be read; nothing that is asked depends on them.
_REGION: Mapping[str, Any] = {"code": "?"}
_LEVEL: Mapping[str, Any] = {"code": "?", "grades": (1, 1), "class_size": 1.0}


def read_parts(
    document: Document, problems: Problems, *, sound: bool
) -> tuple[DistrictFile, frozenset[str]]:
    """Give what district.yaml says, and its doubtful parts.

    Parameters
    ----------
    document : Document
        The file.
    problems : Problems
        Takes what is wrong.
    sound : bool
        Whether the file was read without a fault.
    """
    own = Problems()
    declared = checked(DistrictFile, document, own)
    doubtful: set[str] = set()
    if declared is None or own.errors or not sound:
        declared = _mended_file(document, doubtful)
    doubtful |= check_district_file(declared, document, own, frozenset(doubtful))
    problems.extend(own)
    return declared, frozenset(doubtful)


def _mended_file(document: Document, doubtful: set[str]) -> DistrictFile:
    regions, wrong = _items(Region, "regions", document, _REGION)
    if "code" in wrong or not regions:
        doubtful |= {"regions", "within"}
    doubtful |= wrong & {"within"}
    if _names_regions(document.data.get("regions"), {region.code for region in regions}):
        doubtful.add("within")
    levels, wrong = _items(Level, "levels", document, _LEVEL)
    if wrong & {"code", "grades"} or not levels:
        doubtful.add("levels")
    doubtful |= wrong & {"class_size", "onward"}
    stated = {
        "name": "?",
        **document.data,
        "regions": regions or (_REGION,),
        "levels": levels or (_LEVEL,),
    }
    declared, wrong = _mended(DistrictFile, stated, document.mark, {"name": "?"})
    doubtful |= wrong & {"entry", "neighbours"}
    assert declared is not None
    return declared


def _names_regions(stated: object, codes: set[str]) -> bool:
    """Tell whether an unknown key of a region names a region, as ``within`` would."""
    return any(
        isinstance(value, str) and value in codes
        for said in (stated if isinstance(stated, tuple) else ())
        for key, value in (said.items() if isinstance(said, dict) else ())
        if key not in Region.model_fields
    )


def _items(
    model: type[M], key: str, document: Document, filler: Mapping[str, Any]
) -> tuple[tuple[M, ...], set[str]]:
    """Read the items of a list each by itself; give also the keys that are wrong in any."""
    stated, items, wrong = document.data.get(key), [], set[str]()
    for index, said in enumerate(stated if isinstance(stated, tuple) else ()):
        mark = document.mark.below[key].below[index]
        item, faults = _mended(model, said, mark, filler)
        items += [item] if item is not None else []
        wrong |= faults
    return tuple(items), wrong


def _mended(
    model: type[M], said: object, mark: Mark, filler: Mapping[str, Any]
) -> tuple[M | None, set[str]]:
    """Read a map without its wrong keys, and name them.

    An absent key is wrong too where one was refused or an unknown one may stand for it.
    """
    names = set(model.model_fields)
    if not isinstance(said, dict):
        return None, names
    wrong = {str(key) for key, below in mark.below.items() if below.broken}
    try:
        model.model_validate(said)
    except ValidationError as error:
        wrong |= {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    absent = names - set(said)
    wrong |= absent if mark.partial else set()
    for key in set(said) - names:
        wrong |= set(nearest(str(key), absent))
        wrong |= {name for name in absent if isinstance(said[key], _FORMS.get(name, ()))}
    kept = {key: value for key, value in said.items() if key in names - wrong}
    try:
        return model.model_validate({**filler, **kept}), wrong & names
    except ValidationError:
        return None, names
