"""Settings that are said to have no effect have none, and no other is said to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import capacity
from tests.inputs.folder import SCENARIO, tables, write

#: Two files of a scenario that differ in a setting, and whether that is said to do nothing.
PAIRS = (
    ("demand: {entry: {method: shrunk, window: %s}}", (1, 4), True),
    ("demand: {entry: {method: mean, window: %s}}", (1, 2), False),
    ("demand: {entry: {method: pooled, window: %s}}", (1, 2), False),
    ("demand: {progression: {method: shrunk, window: %s}}", (1, 4), True),
    ("demand: {progression: {method: mean, window: %s}}", (1, 2), False),
    ("demand: {births: {after_last: %s}}", (0.1, -0.1), True),
    ("chance: {draws: 0, seed: %s}", (1, 2), True),
    ("chance: {draws: 20, seed: %s}", (1, 2), False),
    ("chance: {draws: 0, sources: [%s]}", ("births", "ratios"), True),
    ("supply: {completion: {planned: %s}}\nchance: {draws: 0}", (0.1, 0.9), True),
    ("supply: {completion: {planned: %s}}\nchance: {draws: 40}", (0.1, 0.9), False),
    (
        "supply: {completion: {planned: %s}}\nchance: {draws: 40, sources: [births]}",
        (0.1, 0.9),
        True,
    ),
    ("supply: {delay: {planned: {2: %s}}}\nchance: {draws: 0}", (0.1, 0.9), True),
    (
        "supply: {count: [open, building], completion: {planned: %s}}\nchance: {draws: 40}",
        (0.1, 0.9),
        True,
    ),
)
#: The same in a district without births.
WITHOUT = (
    ("demand: {entry: {method: %s}}", ("mean", "pooled"), True),
    ("demand: {births: {after_last: %s}}", (0.1, -0.1), True),
)


def told(folder: Path, line: str, **changed: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Run the sound district, in which pupils vary, and give what is said of settings."""
    pupils = tables()["enrolment"].replace("2019,north,1,101", "2019,north,1,150")
    pupils = pupils.replace("2020,north,4,104", "2020,north,4,130")
    pupils = pupils.replace("2020,south,1,101", "2020,south,1,80")
    path = write(folder, scenario=f"{SCENARIO}{line}\n", enrolment=pupils, **changed)
    result = capacity.run(capacity.load_scenario(path))
    said = [note.text("en") for note in result.notes if note.code == "setting-unused"]
    return result.frame(), said


def hold(folder: Path, setting: str, values: tuple, unused: bool, **changed: str | None) -> None:
    one, other = (
        told(folder / str(number), setting % value, **changed)
        for number, value in enumerate(values)
    )
    assert bool(one[1]) == bool(other[1]) == unused, one[1]
    columns = [name for name in one[0] if name != "constrained"]
    assert one[0][columns].equals(other[0][columns]) == unused


@pytest.mark.parametrize(("setting", "values", "unused"), PAIRS)
def test_what_is_said_to_do_nothing_does_nothing(
    setting: str, values: tuple, unused: bool, tmp_path: Path
) -> None:
    hold(tmp_path, setting, values, unused)


@pytest.mark.parametrize(("setting", "values", "unused"), WITHOUT)
def test_without_births_their_settings_do_nothing(
    setting: str, values: tuple, unused: bool, tmp_path: Path
) -> None:
    hold(tmp_path, setting, values, unused, births=None)


def test_how_births_go_on_matters_where_they_are_not_known(tmp_path: Path) -> None:
    rows = tables()["births"].splitlines()
    births = "\n".join(row for row in rows if not row.startswith("2020")) + "\n"
    hold(tmp_path, "demand: {births: {after_last: %s}}", (0.1, -0.1), False, births=births)


def test_a_setting_of_the_file_extended_is_told_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, scenario=f"{SCENARIO}demand: {{entry: {{window: 5}}}}\n")
    path = tmp_path / "more.yaml"
    path.write_text("name: more\nextends: baseline.yaml\nhorizon: {last_year: 2025}\n", "utf-8")
    (told_,) = (n for n in capacity.load_scenario(path).warnings if n.code == "setting-unused")
    assert told_.at.file.endswith("baseline.yaml") and told_.at.line == 6
