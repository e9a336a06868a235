"""What district.yaml states of words alone: which levels are added up, what grades are called."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import capacity
from capacity.base import InputError
from capacity.results import LevelLabel
from tests.inputs.folder import DISTRICT, write
from tests.render.frames import make_labels


def test_levels_are_added_unless_the_district_says_otherwise(tmp_path: Path) -> None:
    results = {}
    for said in ("", "headline: all\n", "headline: levels\n"):
        path = write(tmp_path / str(len(said)), district=DISTRICT + said)
        result = capacity.run(capacity.load_scenario(path), draws=0)
        assert result.labels.by_level == (said == "headline: levels\n")
        results[said] = result.frame()
    pd.testing.assert_frame_equal(results[""], results["headline: levels\n"])


def test_another_word_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, district=DISTRICT + "headline: none\n")
    with pytest.raises(InputError, match="headline"):
        capacity.load_scenario(path)


def test_grades_are_called_as_the_district_calls_them(tmp_path: Path) -> None:
    named = "grade_names: {1: {en: Year 1, zh: 一年级（英）}, 7: Year 7}\n"
    own, usual = (
        capacity.run(capacity.load_scenario(write(tmp_path / d[-4:-1], district=d)), draws=0)
        for d in (DISTRICT + named, DISTRICT)
    )
    assert [own.labels.grade_name(grade, "en") for grade in (1, 2, 7)] == [
        "Year 1",
        "grade 2",
        "Year 7",
    ]
    assert (
        own.labels.grade_name(1, "zh") == "一年级（英）"
        and own.labels.grade_name(7, "zh") == "Year 7"
    )
    pd.testing.assert_frame_equal(own.frame(), usual.frame())


@pytest.mark.parametrize(
    ("grades", "name"), [(((1, 6), (7, 9), (10, 12)), "初一"), (((1, 5), (6, 9)), "初一（七年级）")]
)
def test_a_chinese_grade_is_short_where_no_other_may_be_meant(grades, name: str) -> None:
    levels = tuple(LevelLabel(str(k), {}, each) for k, each in enumerate(grades))
    assert replace(make_labels(), levels=levels).grade_name(7, "zh") == name


@pytest.mark.parametrize("said", ["{99: Year 99}", "{1: ''}", "[Reception]"])
def test_grades_that_cannot_be_are_refused(said: str, tmp_path: Path) -> None:
    path = write(tmp_path, district=f"{DISTRICT}grade_names: {said}\n")
    with pytest.raises(InputError, match="grade_names"):
        capacity.load_scenario(path)
