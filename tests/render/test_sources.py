"""Sources of the register: what the program states has words in every language."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import capacity
from capacity.base import catalog
from capacity.model import ASSUMPTIONS
from capacity.render import source_in

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CHINESE = re.compile("[\u4e00-\u9fff]")
#: Kinds of rows whose sources files state, and files, which are called the same in any language.
OF_FILES, FILES = {"table", "level"}, {"ratios.csv", "district.yaml"}
FACTS = {"method": "pooled", "years": "2019-2024", "n": "12", "file": "late.yaml"}


@pytest.mark.parametrize("key", catalog("sources"))
def test_a_source_is_known_by_its_english_words(key: str) -> None:
    words = catalog("sources")[key]
    facts = {field for _, field, _, _ in Formatter().parse(words["en"]) if field}
    said = {lang: text.format(**FACTS) for lang, text in words.items()}
    assert source_in(said["en"], "en") == said["en"] and facts <= set(FACTS)
    assert source_in(said["en"], "zh") == said["zh"] and CHINESE.search(said["zh"])


@pytest.mark.parametrize(
    "source",
    [
        "Bureau of Statistics",
        "shrunk of pupils",
        "choice of the office",
        "scenario of the plan",
        "",
    ],
)
def test_what_a_file_states_stays_as_it_is(source: str) -> None:
    assert source_in(source, "zh") is None


def test_constants_have_sources_of_the_catalog() -> None:
    for one in ASSUMPTIONS:
        assert source_in(one.source, "zh") is not None, one.name


@pytest.mark.parametrize("name", ["baseline", "as-seen", "outlook-2026", "vocational"])
def test_what_the_program_states_in_a_register_has_words(name: str) -> None:
    rows = capacity.run(capacity.load_scenario(SCENARIOS / f"{name}.yaml"), draws=8).assumptions
    own = rows[~rows["kind"].isin(OF_FILES) & ~rows["source"].isin(FILES)]
    unknown = {source for source in own["source"] if source_in(source, "zh") is None}
    assert not unknown
