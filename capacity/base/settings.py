"""The settings of a run: years, methods, what is built, what is drawn."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from capacity.base.fields import Fixed, Share, Strict, Year
from capacity.base.limits import YEARLY_CHANGE, as_change
from capacity.base.words import entry

Method = Literal["mean", "pooled", "shrunk"]
#: What may vary from draw to draw.
Source = Literal["births", "ratios", "projects", "places", "regions"]
METHODS: tuple[str, ...] = get_args(Method)
#: Statuses of projects: all, those that may count, and those that can slip or fail.
STATUSES: tuple[str, ...] = tuple(entry("tables", "choice.status"))
COUNTED = tuple(status for status in STATUSES if status != "cancelled")
UNSURE = tuple(status for status in COUNTED if status != "open")
Counted: Any = Literal[COUNTED]
Unsure: Any = Literal[UNSURE]
SOURCES: tuple[str, ...] = get_args(Source)
#: Quantiles that draws add to a figure, by the end of their columns: low, middle, high.
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
LOW, MIDDLE, HIGH = QUANTILES
MAX_WINDOW = 50
#: Most that may be kept free of all places: more is a percentage, or no plan.
MAX_MARGIN = 0.5
MAX_DRAWS = 1_000_000
MAX_SEED = 2**63 - 1
#: Sums of probabilities may differ from 1 by the rounding of their digits.
ROUNDING = 1e-9


def _after_last(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value in ("trend", "hold") or (number and abs(value) <= YEARLY_CHANGE):
        return value
    if number and math.isfinite(value):
        facts = {"found": value, "limit": YEARLY_CHANGE, "nearest": as_change(value)}
        raise PydanticCustomError("after-last-far", "no change of a year", facts)
    raise PydanticCustomError("after-last", "no way to go on")


def _summed(delay: dict[int, float]) -> dict[int, float]:
    """Refuse probabilities above 1 in all, or below where the years on time are stated too."""
    total = sum(delay.values())
    if total > 1 + ROUNDING or (0 in delay and total < 1 - ROUNDING):
        limit = "1" if 0 in delay else "≤ 1"
        raise PydanticCustomError("delay-sum", "no sum of 1", {"total": total, "limit": limit})
    return delay


Years = Annotated[int, Field(ge=0, le=50)]
Delays = Annotated[dict[Years, Share], AfterValidator(_summed), AfterValidator(Fixed)]


class Horizon(Strict):
    """The years of a run."""

    base_year: Year = Field(description="The last year of enrolment used; its autumn.")
    last_year: Year = Field(description="The last year forecast.")


class Calibration(Strict):
    """How ratios are estimated from past years."""

    method: Method = Field(
        default="shrunk",
        description="mean of the yearly ratios; pooled: sum over sum; shrunk: the fewer pupils, "
        "the closer to longer pasts and larger areas.",
    )
    window: int = Field(default=3, ge=1, le=MAX_WINDOW, description="Years up to the base year.")


class BirthsAhead(Strict):
    """Births after the last known year."""

    after_last: Annotated[
        Literal["trend", "hold"] | Annotated[float, Field(ge=-YEARLY_CHANGE, le=YEARLY_CHANGE)],
        BeforeValidator(_after_last),
    ] = Field(
        default="trend",
        description="trend, damped by .8 a year; hold; or a change per year as a share (-0.03).",
    )


class Demand(Strict):
    """How pupils are forecast."""

    progression: Calibration = Field(default=Calibration(), description="Ratios into later grades.")
    entry: Calibration = Field(default=Calibration(), description="Entrants per birth or child.")
    births: BirthsAhead = Field(default=BirthsAhead(), description="Births yet unknown.")


class Supply(Strict):
    """Which projects count, how they fill, how sure they are, and what is kept free."""

    margin: Annotated[float, Field(ge=0, le=MAX_MARGIN)] = Field(
        default=0.0, description="Share of places kept free (0.05: five in a hundred)."
    )
    count: tuple[Counted, ...] = Field(
        default=("open", "building", "approved", "planned"),
        description="Projects of these statuses count.",
    )
    fill: Literal["as_listed", "by_grade", "immediate"] = Field(
        default="as_listed", description="How projects fill; as_listed: as each one says."
    )
    completion: Annotated[dict[Unsure, Share], AfterValidator(Fixed)] = Field(
        default_factory=Fixed, description="Probability that a project of a status is built."
    )
    delay: Annotated[dict[Unsure, Delays], AfterValidator(Fixed)] = Field(
        default_factory=Fixed,
        description="For a status, years of delay and their probabilities; the rest is on time.",
    )


class Chance(Strict):
    """Draws: worlds sampled beside the central one."""

    draws: int = Field(default=1000, ge=0, le=MAX_DRAWS, description="How many; 0: central only.")
    seed: int = Field(default=1, ge=0, le=MAX_SEED, description="The same seed, the same draws.")
    sources: tuple[Source, ...] | None = Field(
        default=None, description="What varies from draw to draw; all by default."
    )


class Settings(Strict):
    """What a run of the model is told beside its data and its levers."""

    demand: Demand = Demand()
    supply: Supply = Supply()
    chance: Chance = Chance()
