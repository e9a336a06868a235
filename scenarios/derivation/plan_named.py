"""The plan's projects by name: each takes its places out of its year's and region's row.

Names, regions and autumns are those of ``facts/plan_named.csv``; the plan's places by level, year
and region stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derivation.figures import LEVELS, Row, table, whole

#: What stands for the places of a project where no source states them.
SHARE = "share"
#: Words of the notes.
REBUILT = "rebuilt: named on a page published later"
_SHARED = "places are an even share of what its region's year holds of the level (RED)"
_BY_GRADE = "filled by grade as the plan's other rows are, whose sums stay"
_PLACES = {level: f"places_{level}" for level in LEVELS}
Cell = tuple[object, object]


def with_names(rows: Iterable[Row], vintage: str) -> list[Row]:
    """Give named projects, then `rows` (one a year and region) less the places of these.

    Parameters
    ----------
    rows
        The plan's rows of the pipeline.
    vintage
        The month the plan was adopted: what came out later is marked.
    """
    cells = {_cell(row): row for row in rows}
    named = list(table("plan_named"))
    found: list[Row] = []
    for at, row in cells.items():
        mine = [one for one in named if (one["region"], int(one["opens"])) == at]
        sized = [_sized(one, mine, row) for one in mine]
        found += [_project(one, size, row, vintage) for one, size in zip(mine, sized, strict=True)]
        cells[at] = _less(row, sized) if mine else row
    if len(found) != len(named):
        raise LookupError("a project of plan_named.csv opens in no year of the plan")
    order = [row["project"] for row in named]
    found.sort(key=lambda row: order.index(str(row["project"])))
    return [*found, *({"fill": "", **row} for row in cells.values())]


def _cell(row: Row) -> Cell:
    return row["region"], row["opens"]


def _sized(one: Row, mine: Sequence[Row], row: Row) -> dict[str, int]:
    """Give a project's places by level: as stated, or an even share of what the row leaves."""
    sizes = {}
    for level, name in _PLACES.items():
        stated = sum(int(str(other[name])) for other in mine if other[name] != SHARE)
        sharing = [str(other["project"]) for other in mine if other[name] == SHARE]
        left = int(str(row[name])) - stated
        if left < 0:
            raise ValueError(f"{row['project']} has {-left} {level} places less than its projects")
        parts = whole(left, dict.fromkeys([*sharing, ""], 1.0))
        sizes[level] = parts[str(one["project"])] if one[name] == SHARE else int(str(one[name]))
    return sizes


def _project(one: Row, size: dict[str, int], row: Row, vintage: str) -> Row:
    notes = [
        REBUILT if str(one["known"]) > vintage else "",
        str(one["note"]),
        _SHARED if SHARE in one.values() else "",
        "" if one["kind"] == "new" else _BY_GRADE,
    ]
    return {
        **{key: one[key] for key in ("project", "title", "region", "kind")},
        "status": row["status"],
        "opens": row["opens"],
        "fill": "" if one["kind"] == "new" else "by_grade",
        **{_PLACES[level]: places for level, places in size.items()},
        **{key: one[key] for key in ("source", "quality", "known")},
        "note": "; ".join(note for note in notes if note),
    }


def _less(row: Row, sized: Iterable[dict[str, int]]) -> Row:
    """Give a row less the places of named projects."""
    taken = {level: sum(size[level] for size in sized) for level in LEVELS}
    left = {name: int(str(row[name])) - taken[level] for level, name in _PLACES.items()}
    title = str(row["title"]).replace(" programme", " rest of programme")
    return {**row, **left, "title": title}
