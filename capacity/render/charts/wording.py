"""What a chart says: the labels of a run, and the phrases about them, in one language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from capacity.base.titles import text_in
from capacity.base.words import MINUS, number, sentence, word
from capacity.results.labels import ALL, Labels, named, pooled_levels

GRADES = ("GREEN", "AMBER", "UNSTATED", "RED")


#: Facts of phrases that are school years.
YEARS = ("year", "first", "last")


@dataclass(frozen=True)
class Wording:
    """The labels of a run in one language; called with a key, its words."""

    labels: Labels
    lang: str

    @classmethod
    def of(cls, labels: Labels, lang: str) -> Wording:
        """Return the labels in a language."""
        return cls(labels, lang)

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of a key, filled with facts; years as the district calls them."""
        years = {name: facts[name] for name in YEARS if name in facts}
        named = {name: self.year(year) for name, year in years.items() if isinstance(year, int)}
        return word(key, self.lang, **facts | named)

    def year(self, year: int) -> str:
        """Return the name of a school year."""
        return self.labels.year_name(year, self.lang)

    def region(self, code: str) -> str:
        """Return the name of a region, or of the district for ``all``."""
        return self.labels.region_name(code, self.lang)

    def row(self, code: str, *, net: bool = False) -> str:
        """Return the name of a region at the head of a row: `Labels.row_name`."""
        return self.labels.row_name(code, self.lang, net=net)

    def grade(self, grade: int) -> str:
        """Return the name of a grade."""
        return self.labels.grade_name(grade, self.lang)

    def level(self, code: str) -> str:
        """Return the name of a level as it stands inside a sentence."""
        return self.labels.level_name(code, self.lang)

    def level_head(self, code: str) -> str:
        """Return the name of a level as it stands alone."""
        return sentence(self.level(code))

    def joined(self, parts: Iterable[str], by: str = "list") -> str:
        """Return what is not empty, joined by a sign: "list", "comma" or "semicolon"."""
        return self(f"nouns.{by}").join(filter(None, parts))

    @property
    def pooled(self) -> str:
        """Which levels are pooled, and where; empty where there are none."""
        return pooled_levels(self.labels, self.lang)

    @property
    def sign(self) -> str:
        """What the sign of a gap means, with the real minus sign."""
        return self("nouns.sign").replace("-", MINUS)

    @property
    def scenario(self) -> str:
        """The title of the scenario."""
        return text_in(self.labels.title, self.lang, self.labels.scenario)

    @property
    def titles(self) -> list[str]:
        """The titles that stand in the charts of a run: the scenario's, regions' and levels'."""
        places = [self.row(region.code) for region in self.labels.regions]
        return [
            self.region(ALL),
            self.scenario,
            *map(str.strip, places),
            *(self.level(level.code) for level in self.labels.levels),
        ]

    def lead(self, region: str = ALL) -> str:
        """Return what a headline begins with: which district or region, which scenario."""
        return self.joined([self.region(region), self.scenario], "comma") + self("nouns.colon")

    def span(self, years: Sequence[int]) -> str:
        """Return the first and the last year as a title says them; one year alone."""
        key = "charts.span" if len(years) > 1 else "charts.span_one"
        return self(key, first=years[0], last=years[-1])

    def balance(self, short: float, idle: float, full: bool) -> str:
        """Return how many places are short and how many idle; a bound where demand is one."""
        if math.isnan(short):
            return self("nouns.no_data")
        parts = []
        if round(short) > 0:
            parts.append(self("charts.n_short", n=("≥ " if full else "") + number(short)))
        if round(idle) > 0:
            parts.append(self("charts.n_idle", n=("≤ " if full else "") + number(idle)))
        return self.joined(parts, "comma") or self("nouns.balanced")

    def missing_places(self, shortages: Mapping[tuple[str, str], float]) -> str:
        """Return of which cells (region, level) places are not known; empty where all are."""
        cells = [c for c in self.labels.counted if math.isnan(shortages.get(c, math.nan))]
        listed = named(cells, self.labels, self.lang)
        return self("sentences.no_places", cells=listed) if cells else ""

    @property
    def provenance(self) -> list[str]:
        """What a reader must know about where the figures come from, most needed first."""
        labels, quality = self.labels, self.labels.quality
        if quality in GRADES:
            quality = self(f"nouns.{quality}")
        return [
            self("nouns.split_assumed") if labels.split_assumed else "",
            self("nouns.quality", quality=quality) if quality else "",
            self("nouns.run", run=labels.run_id) if labels.run_id else "",
            self("nouns.source", sources=" ".join(labels.sources.split()))
            if labels.sources
            else "",
        ]
