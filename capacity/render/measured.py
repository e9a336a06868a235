"""How good forecasts were, in words: the answer of a back-test, in one line beside a run's.

The answer speaks of the middle region and of all pupils together: a region that closed is a
forecast among others there, where a mean of relative errors is that region's alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.words import number, word
from capacity.inputs.districts.measured import METHODS, NAIVE, origin_years

if TYPE_CHECKING:
    from capacity.inputs.districts.measured import Measured
    from capacity.inputs.scenarios.scenario import Scenario

#: The years ahead that the answer speaks of, where there are so many.
SPOKEN = 3
#: Figures from fewer forecasts than these are read with care.
ENOUGH = 30
MODEL, REF3 = "model", "ref3"
#: How often a range held is said as so many of these.
_HUNDRED = 100
#: What two errors may differ by and still be one.
_NOISE = 1e-12
#: Scores by years ahead.
Scores = Mapping[int, Mapping[str, Any]]


def method_of(scenario: Scenario) -> str | None:
    """Return the measured method by which a scenario forecasts; None where it is another.

    Stated ratios were not measured: nobody knows what would have been stated in the past.
    """
    if scenario.district.has("ratios"):
        return None
    return next((name for name, one in METHODS.items() if one == scenario.demand), None)


def is_measured(scenario: Scenario, measured: Measured | None) -> bool:
    """Whether forecasts by a scenario's method were measured on its data."""
    method = method_of(scenario)
    return measured is not None and method is not None and bool(measured.scores(method))


def measured_line(
    scenario: Scenario, measured: Measured | None, lang: str, folder: Path | None = None
) -> str:
    """Say how good forecasts of these data by this method were, or that nobody has measured it.

    ``folder`` is where the data are, as it is to be named.
    """
    if measured is None:
        if not origin_years(scenario.district):
            return word("backtest.measured_never", lang)
        return word("backtest.measured_not", lang, folder=folder or scenario.district.folder)
    method = method_of(scenario)
    found = measured.scores(method) if method else {}
    if not found:
        return word("backtest.measured_other", lang)
    text = answered(found, measured.scores(NAIVE), measured.scores(REF3), lang, brief=True)
    first, last = measured.grades
    if measured.grades == (scenario.district.grades[0], scenario.district.grades[-1]):
        return word("backtest.measured_line", lang, text=text)
    return word("backtest.measured_grades", lang, text=text, grades=grades_of((first, last), lang))


def answered(model: Scores, naive: Scores, plain: Scores, lang: str, *, brief: bool = False) -> str:
    """Say how close forecasts came, how often ranges held, and what they are better than.

    ``plain`` are the scores of plain cohort survival; where it came closer that is said too. In
    ``brief`` what forecasts are better than is said only where they are not.
    """
    spoken = spoken_of(model)
    row = model[spoken]
    facts = {"half": percent(row["median"], lang), "most": percent(row["p90"], lang)}
    parts = [word("backtest.score_within", lang, ahead=ahead([spoken], lang), **facts)]
    if row["n"] < ENOUGH:
        parts.append(word("backtest.score_few", lang, n=number(row["n"])))
    parts.append(held(row, lang) or word("backtest.score_no_band", lang))
    if not brief:
        parts.append(word("backtest.score_bias", lang, bias=leaning(row["wpe"], lang)))
    if not brief or _no_better(model, naive):
        parts.append(_better(model, naive, lang) + _closer(model, naive, plain, lang))
    return word("nouns.semicolon", lang).join(parts)


def spoken_of(horizons: Iterable[int]) -> int:
    """Return the years ahead that the answer speaks of: `SPOKEN`, or the next fewer there are."""
    years = set(horizons)
    return max((one for one in years if one <= SPOKEN), default=min(years))


def held(row: Mapping[str, Any], lang: str) -> str:
    """Say how often the range for 8 of 10 cases held; nothing where there was none."""
    if not is_known(row["coverage80"]):
        return ""
    cases = min(int(row["n"]), _HUNDRED)
    times = round(cases * row["coverage80"])
    return word("backtest.score_band", lang, held=str(times), n=str(cases))


def _better(model: Scores, naive: Scores, lang: str) -> str:
    """Say at which years ahead the model beats holding the last year."""
    worse = _no_better(model, naive)
    if not worse:
        return word("backtest.score_better", lang)
    if len(worse) == len(model):
        return word("backtest.score_worse_all", lang)
    return word("backtest.score_worse", lang, ahead=ahead(worse, lang))


def _no_better(model: Scores, naive: Scores) -> list[int]:
    """Return the years ahead at which the model is no better, for the middle region or in all."""
    return [years for years, row in model.items() if is_no_better(row, naive[years])]


def _closer(model: Scores, naive: Scores, plain: Scores, lang: str) -> str:
    """Say at which years ahead plain cohort survival misses fewer pupils; else nothing."""
    closer = [
        years
        for years, row in model.items()
        if years in plain and row["wape"] - plain[years]["wape"] > _NOISE
    ]
    if not closer:
        return ""
    joint = word("backtest.score_and" if _no_better(model, naive) else "backtest.score_but", lang)
    if len(closer) == len(model):
        return joint + word("backtest.score_closer_all", lang)
    return joint + word("backtest.score_closer", lang, ahead=ahead(closer, lang))


def grades_of(grades: tuple[int, int], lang: str) -> str:
    """Say which grades were measured: a first and a last one, or one alone."""
    first, last = grades
    key = "backtest.grades" if first < last else "backtest.grades_one"
    return word(key, lang, first=first, last=last)


def is_no_better(row: Mapping[str, Any], rival: Mapping[str, Any]) -> bool:
    """Whether forecasts came no closer than a rival's, the middle one or all together."""
    return not all(row[name] < rival[name] for name in ("median", "wape"))


def ahead(years: Sequence[int], lang: str) -> str:
    """Say so many years ahead: one number in words, several as a list."""
    if len(years) == 1 and years[0] <= SPOKEN:
        return word(f"backtest.ahead_{years[0]}", lang)
    return word("backtest.ahead_n", lang, years=word("nouns.list", lang).join(map(str, years)))


def percent(value: float | None, lang: str) -> str:
    """Return a share as a percentage with one decimal; nothing where it is not known."""
    return _percent(value, 1, lang)


def share(value: float | None, lang: str) -> str:
    """Return a share in whole percent; nothing where it is not known."""
    return _percent(value, 0, lang)


def _percent(value: float | None, places: int, lang: str) -> str:
    if value is None or math.isnan(value):
        return ""
    return word("backtest.percent", lang, n=f"{100 * value:.{places}f}")


def is_known(value: Any) -> bool:
    """Whether there is such a figure."""
    return value is not None and not math.isnan(value)


def leaning(value: float, lang: str) -> str:
    """Say that forecasts were too high or too low, and by how much."""
    if round(1000 * value) == 0:
        return word("backtest.unbiased", lang)
    return word(
        "backtest.too_high" if value > 0 else "backtest.too_low", lang, n=percent(abs(value), lang)
    )
