"""What carries demand forward: entry, ratios, moves, and what happens where data are missing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capacity.base import Axes, BirthsAhead, Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import ModelData, prepare_demand
from tests.worlds import (
    BASE,
    FIRST,
    NO_LEVERS,
    Setup,
    axes_of,
    central,
    flow_of,
    quiet_world,
    same_bits,
)

NAN = np.nan
AXES = axes_of(1, spans=(2, 1), last=BASE + 2)


def settings(method: Any = "mean", window: int = 2) -> DemandSettings:
    calibration = Calibration(method=method, window=window)
    return DemandSettings(
        progression=calibration, entry=calibration, births=BirthsAhead(after_last="hold")
    )


def counted(axes: Axes = AXES, **rows: list[float]) -> np.ndarray:
    """Pupils of one area by grade: ``y2024=[100, 90, 80]``."""
    pupils = np.full((len(axes.year), len(axes.area), len(axes.grade)), NAN)
    for year, grades in rows.items():
        pupils[axes.year.at(int(year[1:]))] = grades
    return pupils


#: Ratios into grade 2: 99/90 = 1.1 and 90/100 = .9; into grade 3: 72/80 = .9 and 77/99.
HISTORY = counted(y2022=[90, 80, 70], y2023=[100, 99, 72], y2024=[120, 90, 77])


def world(**changes: Any) -> ModelData:
    none = np.full((len(AXES.horizon), 1, 3), NAN)
    births = np.full((len(AXES.year), 1), 200.0)
    return quiet_world(AXES, **({"given": none, "pupils": HISTORY, "births": births} | changes))


def made(own: ModelData, how: DemandSettings | None = None) -> SimpleNamespace:
    how = how or settings()
    side = prepare_demand(own, how, NO_LEVERS)
    return SimpleNamespace(**(vars(side) | vars(central(side))))


# Ratios ------------------------------------------------------------------------------------------


def test_ratios_are_the_mean_or_the_pooled_ratio_of_the_window() -> None:
    found = made(world()).ratios[1, 0]
    assert found == pytest.approx([0, (1.1 + 0.9) / 2, (0.9 + 77 / 99) / 2], rel=1e-15)
    found = made(world(), settings("pooled")).ratios[1, 0]
    assert found == pytest.approx([0, 189 / 190, 149 / 179], rel=1e-15)
    assert made(world(), settings(window=1)).ratios[1, 0, 1] == pytest.approx(0.9, rel=1e-15)


def test_a_window_beyond_the_data_reads_what_there_is() -> None:
    same_bits(made(world(), settings(window=9)).ratios, made(world()).ratios)


def test_a_flagged_year_is_kept_out_as_a_year_arrived_in() -> None:
    flagged = np.zeros((len(AXES.year), 1, 3), dtype=bool)
    flagged[AXES.year.at(2023)] = True  # into 2023; from 2023 into 2024 still counts
    found = made(world(flagged=flagged)).ratios[1, 0]
    assert found == pytest.approx([0, 0.9, 77 / 99], rel=1e-15)


def test_a_grade_without_a_ratio_is_held_with_moves_on_top() -> None:
    pupils = counted(y2024=[120, 90, 77])
    setup = Setup(world(pupils=pupils), settings())
    found = setup.run()
    assert found.demand.held[:, 0].tolist() == [[False, True, True]] * 3
    assert found.pupils[:, 0, 1:].tolist() == [[90, 77]] * 3
    ahead = [False, True, True]
    moved = setup.and_then("migration", "add", 5.0, ahead, None, None).run()
    assert moved.pupils[:, 0, 1:].tolist() == [[90, 77], [95, 82], [95, 82]]


def test_a_lever_that_sets_a_ratio_frees_a_held_grade() -> None:
    setup = Setup(world(pupils=counted(y2024=[120, 90, 77])), settings())
    setup = setup.and_then(
        "progression", "set", 0.5, [False, True, True], None, [False, True, True]
    )
    found = setup.run()
    assert not found.demand.held[1:].any()
    assert found.pupils[1, 0, 1:].tolist() == [60, 45]


def test_stated_ratios_win_over_calibration_year_by_year() -> None:
    stated = np.full((3, 1, 3), NAN)
    stated[2, 0, 1] = 0.5
    found = made(world(given=stated)).ratios[:, 0, 1]
    assert found == pytest.approx([1.0, 1.0, 0.5], rel=1e-15)


def test_a_lever_on_the_onward_share_scales_the_ratio_into_the_level() -> None:
    """Stated .5, set to .6: the ratio into grade 3 times 1.2; unstated, only times acts."""
    base = made(world()).ratios
    ahead, upper = [False, True, True], [False, True]
    stated = Setup(world(onward=np.array([NAN, 0.5])), settings())
    found = stated.and_then("onward_share", "set", 0.6, ahead, None, upper).run().central.ratios
    assert found[1:, 0, 2] == pytest.approx(base[1:, 0, 2] * 1.2, rel=1e-15)
    same_bits(found[:, :, :2], base[:, :, :2])
    plain = Setup(world(), settings())
    found = plain.and_then("onward_share", "times", 1.2, ahead, None, upper).run().central.ratios
    assert found[1:, 0, 2] == pytest.approx(base[1:, 0, 2] * 1.2, rel=1e-15)


def test_flows_share_one_ratio_for_the_district() -> None:
    """Leavers of grade 2 in 2023: 100 and 50; into grade 3 in 2024: 60 and 60, so 120 / 150 = .8.
    All of region 0 and half of region 1 go to region 1: 0 + 25, then 90 + 15 of 90 and 30."""
    axes = axes_of(2, spans=(2, 1), last=BASE + 1)
    pupils = counted(axes, y2023=[0, 0, 0], y2024=[0, 0, 0])
    pupils[axes.year.at(2023), :, 1] = [100, 50]
    pupils[axes.start, :, 1] = [90, 30]
    pupils[axes.start, :, 2] = [60, 60]
    share = np.array([[0.0, 1.0], [0.5, 0.5]])
    none = np.full((2, 2, 3), NAN)
    own = quiet_world(axes, pupils=pupils, given=none, flows=(flow_of(2, share),))
    ran = Setup(own, settings(window=1)).run()
    assert ran.central.ratios[1, :, 2].tolist() == [0.8, 0.8]
    assert ran.pupils[1, :, 2] == pytest.approx([0.8 * 15, 0.8 * 105], rel=1e-15)


# Entry -------------------------------------------------------------------------------------------


def test_entrants_are_births_times_the_mean_entry_ratio() -> None:
    # 100 and 120 entrants of 200 births: .55; births held at 200.
    found = made(world())
    assert found.kappa[1:, 0] == pytest.approx([0.55, 0.55], rel=1e-15)
    assert found.basis[:, 0].tolist() == ["births"] * 3
    assert (found.kappa * found.cohort)[1:, 0] == pytest.approx([110, 110], rel=1e-15)


def test_children_registered_replace_entrants_in_the_ratio() -> None:
    sought = np.full((len(AXES.year), 1), NAN)
    sought[AXES.start] = 140.0
    found = made(world(sought=sought))
    assert found.kappa[1, 0] == pytest.approx((100 / 200 + 140 / 200) / 2, rel=1e-15)
    same_bits(Setup(world(sought=sought), settings()).run().pupils[0, 0], HISTORY[AXES.start, 0])


def test_without_births_the_first_grade_is_held() -> None:
    births = np.full((len(AXES.year), 1), NAN)
    ran = Setup(world(births=births), settings()).run()
    assert ran.demand.basis[:, 0].tolist() == ["held"] * 3
    assert ran.pupils[:, 0, 0].tolist() == [120, 120, 120]
    more = Setup(world(births=births), settings()).and_then("entry", "times", 0.5).run()
    assert more.pupils[:, 0, 0].tolist() == [120, 60, 60]


def test_children_replace_births_for_the_cohorts_that_they_count() -> None:
    """150 children entered as 120 in the base year: .8; 50 children will enter in the next year."""
    children = np.full((len(AXES.year), 1), NAN)
    children[AXES.start : AXES.start + 2, 0] = [150, 50]
    found = made(world(children=children))
    assert found.basis[1:, 0].tolist() == ["children", "births"]
    assert (found.kappa * found.cohort)[1:, 0] == pytest.approx([40, 110], rel=1e-15)
    assert not found.without_ratio.any()


def test_children_without_a_ratio_leave_births_and_are_reported() -> None:
    children = np.full((len(AXES.year), 1), NAN)
    children[AXES.start + 1] = 50.0
    found = made(world(children=children))
    assert found.basis[1, 0] == "births"
    assert found.without_ratio.tolist() == [True]
    stated = np.full((3, 1), 0.9)
    found = made(world(children=children, given_per_child=stated))
    assert found.basis[1, 0] == "children"
    assert (found.kappa * found.cohort)[1, 0] == pytest.approx(45, rel=1e-15)


def test_births_levers_act_on_births_years() -> None:
    year = [label == BASE - 1 for label in AXES.year.labels]  # enters two years later
    ran = Setup(world(), settings()).and_then("births", "times", 0.5, year, None).run()
    assert ran.pupils[1:, 0, 0] == pytest.approx([55, 110], rel=1e-14)


# Moves -------------------------------------------------------------------------------------------


def homes(*rows: tuple[int, float]) -> np.ndarray:
    built = np.full((len(AXES.year), 1), NAN)
    for year, number in rows:
        built[AXES.year.at(year)] = number
    return built


def test_constant_building_at_the_usual_rate_moves_nobody() -> None:
    per_home = np.full((3, 3), 0.2)
    base = made(world())
    for rows in ([(BASE, 70.0)], [(year, 70.0) for year in range(FIRST, BASE + 3)]):
        found = made(world(homes=homes(*rows), per_home=per_home))
        same_bits(found.moves, base.moves)
        assert found.homes.usual.tolist() == [[70.0] * 3]
        assert found.homes.taken_off[0] == pytest.approx([42.0] * 3)  # 70 × (.2 + .2 + .2)
        assert not found.homes.without_past.any()


def test_homes_without_a_calibration_year_count_whole_and_are_reported() -> None:
    per_home = np.array([[0.2, 0.1, 0.0]])
    found = made(world(homes=homes((BASE + 1, 100.0)), per_home=per_home))
    assert found.moves[1, 0] == pytest.approx([20, 10, 0])
    assert not found.moves[2].any()
    assert found.homes.usual.tolist() == [[0.0] * 3]
    assert found.homes.without_past.tolist() == [True]


def test_homes_before_the_base_year_still_bring_pupils() -> None:
    per_home = np.array([[0.0] * 3, [0.0] * 3, [0.1] * 3])
    found = made(world(homes=homes((BASE - 1, 100.0), (BASE, 200.0)), per_home=per_home))
    # usual 150; 2 years after: -50 in BASE + 1, +50 in BASE + 2
    assert found.moves[:, 0, 0] == pytest.approx([0, -5, 5])


def test_pupils_from_homes_are_split_over_groups_by_their_size() -> None:
    axes = axes_of(1, 2, (1,), last=BASE + 1)
    pupils = np.full((len(axes.year), 2, 1), NAN)
    pupils[axes.start, :, 0] = [30, 90]
    built = np.full((len(axes.year), 1), NAN)
    built[axes.start + 1] = 100.0
    own = quiet_world(axes, pupils=pupils, homes=built, per_home=np.array([[0.2]]))
    assert made(own).moves[1, :, 0] == pytest.approx([5, 15])
    pupils = np.where(np.isnan(pupils), NAN, 0.0)
    own = quiet_world(axes, pupils=pupils, homes=built, per_home=np.array([[0.2]]))
    assert made(own).moves[1, :, 0] == pytest.approx([10, 10])


def test_migration_is_pupils_of_each_chosen_cell_and_year() -> None:
    ahead = [False, True, True]
    found = Setup(world(), settings()).and_then("migration", "add", 20.0, ahead, None, None).run()
    same_bits(found.central.moves, [[[0.0] * 3], [[20.0] * 3], [[20.0] * 3]])
