"""Whether a district adds up levels is stated in district.yaml, and all else stays as it is."""

from pathlib import Path

import pandas as pd
import pytest

import capacity
from capacity.base import InputError
from tests.inputs.folder import DISTRICT, write


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
