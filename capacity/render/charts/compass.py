"""Where the panels of a chart stand: regions as on the compass, or in a plain grid."""

from __future__ import annotations

import pandas as pd

from capacity.results.labels import Labels, RegionLabel, column, years_of

#: Regions on the compass at most; regions in a plain grid at most.
COMPASS, GRID = 16, 10
#: A row and a column.
Place = tuple[int, int]


def arrange(
    frame: pd.DataFrame, labels: Labels
) -> tuple[tuple[RegionLabel, ...], tuple[Place, ...], Place, Place]:
    """Give the regions, the places of the district and of each, the key's, the grid's shape."""
    tops = labels.tops
    cells = [region.cell for region in tops if region.cell is not None]
    if len(cells) == len(tops) == len(set(cells)) and len(tops) <= COMPASS:
        return _compass(tops, cells)
    regions = _shortest(frame, labels)
    count = len(regions) + 2
    columns = min(count, 3 if count <= 6 else 4)
    grid = [divmod(k, columns) for k in range(count)]
    return regions, tuple(grid[:-1]), grid[-1], (-(-count // columns), columns)


def _compass(
    tops: tuple[RegionLabel, ...], cells: list[Place]
) -> tuple[tuple[RegionLabel, ...], tuple[Place, ...], Place, Place]:
    """Put regions in their cells, the district and the key into free corners or a column more."""
    first = (min(row for row, _ in cells), min(col for _, col in cells))
    placed = [(row - first[0], col - first[1]) for row, col in cells]
    rows = max(row for row, _ in placed) + 1
    columns = max(col for _, col in placed) + 1
    corners = [(0, 0), (0, columns - 1), (rows - 1, 0), (rows - 1, columns - 1)]
    free = [place for place in dict.fromkeys(corners) if place not in placed]
    if len(free) < 2:
        rows = max(rows, 2)
        free = [(0, columns), (1, columns)]
        columns += 1
    return tops, (free[0], *placed), free[1], (rows, columns)


def _shortest(frame: pd.DataFrame, labels: Labels) -> tuple[RegionLabel, ...]:
    """Give all top regions in their order, or the `GRID` of the greatest shortage in any year."""
    if len(labels.tops) <= GRID:
        return labels.tops
    gaps = column(frame, "gap")
    own = [level.code for level in labels.own_levels]

    def worst(region: RegionLabel) -> float:
        leaves = labels.leaves_of(region.code)
        sums = [
            sum(max(gaps.get((year, leaf, level), 0.0), 0.0) for leaf in leaves for level in own)
            for year in years_of(frame)
        ]
        return max(sums)

    return tuple(sorted(labels.tops, key=lambda region: (-worst(region), region.code))[:GRID])


def box(place: Place, shape: Place) -> tuple[float, float, float, float]:
    """Give a panel's place in the host, leaving room for its title and tick labels."""
    rows, columns = shape
    width, height = 1 / columns, 1 / rows
    left, bottom = place[1] * width, 1 - (place[0] + 1) * height
    return (left + 0.15 * width, bottom + 0.13 * height, 0.8 * width, 0.7 * height)
