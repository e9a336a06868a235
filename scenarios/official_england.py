"""This model beside the official forecasts: `python scenarios/official_england.py FROM DISTRICT`.

FROM holds official_forecast_accuracy.csv (area, target_fall, base_fall_1yr, base_fall_3yr, level,
err_1yr, err_3yr: forecast ÷ actual − 1 as published); DISTRICT is the folder that
convert_england.py writes. --write puts the table into docs/england.md, which says what differs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

import capacity

PAGE = Path(__file__).parents[1] / "docs" / "england.md"
START, END = "<!-- official forecasts -->", "<!-- end of official forecasts -->"
HEADS = (
    *("autumn", "level", "years ahead", "authorities"),
    *("official error", "ours", "official leaning", "ours"),
)
#: What a row of the comparison is of.
KEYS = ["region", "year", "level", "horizon"]
#: Columns of the published errors, by years ahead, and of the year that they started from.
PUBLISHED = {1: ("err_1yr", "base_fall_1yr"), 3: ("err_3yr", "base_fall_3yr")}


def official(source: Path) -> pd.DataFrame:
    """Published errors, a row per authority, target year, level and years ahead.

    Those whose starting year is not known are left out.
    """
    table = pd.read_csv(source / "official_forecast_accuracy.csv")
    table = table.rename(columns={"area": "region", "target_fall": "year"})
    parts = []
    for ahead, (error, base) in PUBLISHED.items():
        rows = table[table[error].notna() & (table["year"] - table[base] == ahead)]
        parts.append(rows.assign(horizon=ahead, official=rows[error])[[*KEYS, "official"]])
    return pd.concat(parts, ignore_index=True)


def ours(district: capacity.District | Path) -> pd.DataFrame:
    """Errors of this model's forecasts of the past, in the same rows."""
    found = capacity.backtest(district, draws=0, horizons=max(PUBLISHED)).forecasts
    rows = found[(found["method"] == "model") & (found["actual"] > 0)]
    return rows.assign(ours=rows["forecast"] / rows["actual"] - 1)[[*KEYS, "ours"]]


def compared(published: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Mean absolute error and mean error of both, over the authorities that both forecast."""
    both = published.merge(own, on=KEYS)
    groups = both.groupby(["year", "level", "horizon"])
    found = groups.agg(n=("region", "size"))
    for name in ("official", "ours"):
        found[f"{name}_error"] = groups[name].agg(lambda errors: errors.abs().mean())
        found[f"{name}_leaning"] = groups[name].mean()
    return found.reset_index()


def lines(found: pd.DataFrame) -> Iterator[str]:
    """The comparison as a table."""
    yield f"| {' | '.join(HEADS)} |"
    yield "|---" * len(HEADS) + "|"
    for row in found.to_dict("records"):
        errors = f"{row['official_error']:.2%} | {row['ours_error']:.2%}"
        leaning = f"{row['official_leaning']:+.2%} | {row['ours_leaning']:+.2%}"
        start = f"{row['year']} | {row['level']} | {row['horizon']} | {row['n']}"
        yield f"| {start} | {errors} | {leaning} |".replace("%", " %")
    worse = found[found["ours_error"] > found["official_error"]]
    named = [f"{r['level']} {r['year']}, {r['horizon']} ahead" for r in worse.to_dict("records")]
    yield ""
    yield f"Ours was the larger error in: {'; '.join(named) or 'none of these'}."


def put(text: str) -> str:
    """The page with the table between its marks."""
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{START}\n{text}\n{END}", PAGE.read_text(encoding="utf-8"))


def main(source: Path, district: Path) -> str:
    return "\n".join(lines(compared(official(source), ours(district))))


if __name__ == "__main__":
    made = main(*map(Path, sys.argv[1:3]))
    print(made)
    if "--write" in sys.argv:
        PAGE.write_text(put(made), encoding="utf-8")
