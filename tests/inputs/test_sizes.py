"""What a project builds, in the words of offices, becomes places; where unclear it is asked."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from capacity.base import catalog
from capacity.inputs.scenarios import check, load_scenario
from capacity.inputs.tables import Size, Sizes
from tests.inputs.folder import write

LEVELS = {"primary": (1, 6), "middle": (7, 9), "high": (10, 12)}
TITLES = {"primary": ("小学", "Primary"), "middle": ("初中",), "high": ("高中",)}
SIZES = Sizes(LEVELS, TITLES, {"primary": 40, "middle": 45, "high": 45})


def classes(**of: float) -> dict[str, Size]:
    return {level: Size(number, "classes") for level, number in of.items()}


@pytest.mark.parametrize(
    ("text", "level", "found"),
    [
        *(
            (text, "primary", classes(primary=24))
            for text in ("24班", "24个班", "24 classes", "约24班")
        ),
        *((text, "primary", classes(primary=12)) for text in ("2轨", "2FE", "2 forms of entry")),
        ("12轨", "middle", classes(middle=36)),
        ("小学24班/初中18班", "", classes(primary=24, middle=18)),
        ("primary 24 classes / middle 18 classes", "", classes(primary=24, middle=18)),
        ("小学24班、初中18班、高中30班", "", classes(primary=24, middle=18, high=30)),
        ("12轨九年一贯制", "", classes(primary=72, middle=36)),
        ("36班(小学24班、初中12班)", "", classes(primary=24, middle=12)),
        ("1,080个学位", "primary", {"primary": Size(1080, "places")}),
        (
            "小学1,080个学位，初中600学位",
            "",
            {"primary": Size(1080, "places"), "middle": Size(600, "places")},
        ),
        *(
            (text, "", None)
            for text in ("24班", "24班九年一贯制", "36班(小学24班、初中13班)", "小学")
        ),
        *((text, "primary", None) for text in ("24", "24班24班", "24亩", "24班艺术", "")),
    ],
)
def test_sizes(text: str, level: str, found: dict[str, Size] | None) -> None:
    assert SIZES.read(text, level) == found


def test_every_word_of_a_size_is_read() -> None:
    stated = catalog("reading")["sizes"]
    grades = {level: last - first + 1 for level, (first, last) in LEVELS.items()}
    for unit, words in stated["units"].items():
        for word, level in product(words, LEVELS):
            times = grades[level] if unit == "tracks" else 1
            wanted = Size(12 * times, "places" if unit == "places" else "classes")
            assert SIZES.read(f"12{word}", level) == {level: wanted}, word
            assert SIZES.read(f"{TITLES[level][0]}12{word}", "") == {level: wanted}, word
    for school, stages in stated["schools"].items():
        assert set(SIZES.read(f"2 FE {school}", "") or ()) == set(stages), school


def pipeline(root: Path, head: str, cells: str) -> Path:
    text = f"project,region,status,opens,{head}\nP,north,planned,2024,{cells}\n"
    return write(root, pipeline=text)


def places(path: Path) -> list[float]:
    row = load_scenario(path).district.table("pipeline").iloc[0]
    return [row[f"places_{level}"] for level in ("primary", "middle", "high")]


@pytest.mark.parametrize(
    ("head", "cells", "found"),
    [
        ("places_primary", "24班", [960, 0, 0]),
        ("小学学位数", "2轨", [240, 0, 0]),
        ("places_primary,places_middle", "24 classes,1FE", [960, 90, 0]),
        ("classes_primary,初中班数", "24,12班", [960, 540, 0]),
        ("办学规模", "小学24班/初中18班", [960, 810, 0]),
        ("规模", "2轨九年一贯制", [240, 180, 0]),
        ("size,places_high", "小学24班,90", [960, 0, 90]),
    ],
)
def test_classes_and_tracks_become_places(
    tmp_path: Path, head: str, cells: str, found: list[float]
) -> None:
    path = pipeline(tmp_path, head, cells)
    assert places(path) == found
    assert {problem.code for problem in check(path)} <= {"read-otherwise"}


@pytest.mark.parametrize(
    ("head", "cells", "code"),
    [
        ("places_primary", "初中24班", "size-elsewhere"),
        ("places_primary", "小学24班/初中18班", "size-elsewhere"),
        ("classes_primary", "960学位", "size-elsewhere"),
        ("places_primary", "24亩", "number-invalid"),
        ("size", "24班", "size-unclear"),
        ("size", "24班九年一贯制", "size-unclear"),
        ("size", "一所小学", "size-unclear"),
    ],
)
def test_what_has_two_meanings_is_refused(tmp_path: Path, head: str, cells: str, code: str) -> None:
    assert [problem.code for problem in check(pipeline(tmp_path, head, cells)).errors] == [code]


def test_listed_places_that_differ_from_the_classes_are_told(tmp_path: Path) -> None:
    path = pipeline(tmp_path, "places_primary,classes_primary", "900,24")
    (told,) = check(path).warnings
    assert told.code == "sizes-differ" and told.at.column == 22
    assert places(path) == [960, 0, 0]
    assert not check(pipeline(tmp_path / "same", "places_primary,size", "960,小学24班")).errors
