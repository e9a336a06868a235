"""What places are made of adds up to the places, whatever the levers."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from capacity.base import ordered_sum
from capacity.model import EXISTING, MEASURES, composition
from tests.worlds import BASE, Setup, axes_of, projects_of, quiet_world, setups, stock_of


@given(setups())
def test_the_parts_add_up_to_the_places(setup: Setup) -> None:
    supply = setup.run().supply
    parts = composition(supply, setup.world.axes)
    usable, listed = (ordered_sum(side) for side in zip(*parts.values(), strict=True))
    np.testing.assert_allclose(usable, supply.usable, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(listed, supply.listed, rtol=1e-12, atol=1e-9)


@given(setups(levers=False))
def test_only_counted_statuses_have_a_part(setup: Setup) -> None:
    parts = composition(setup.run().supply, setup.world.axes)
    assert set(parts) - {EXISTING, MEASURES} <= set(setup.supply.count)
    assert not parts[MEASURES][0].any()


def test_each_project_stands_under_its_status() -> None:
    axes = axes_of(1, spans=(2,), last=BASE + 2)
    projects = projects_of(
        axes, (0, "building", BASE + 1, True, [100.0]), (0, "planned", BASE + 2, False, [30.0])
    )
    world = quiet_world(axes, stock=stock_of(axes, [(0, 0)], [50]), projects=projects)
    supply = Setup(world).run().supply
    found = {
        name: (usable[:, 0, 0, 0].tolist(), listed[:, 0, 0, 0].tolist())
        for name, (usable, listed) in composition(supply, axes).items()
    }
    assert found == {
        "existing": ([50, 50, 50], [50, 50, 50]),
        "building": ([0, 50, 100], [0, 100, 100]),
        "planned": ([0, 0, 30], [0, 0, 30]),
        "measures": ([0, 0, 0], [0, 0, 0]),
    }
