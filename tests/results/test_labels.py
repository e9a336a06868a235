"""Names that people read tell regions and levels apart."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from capacity.results import LevelLabel, RegionLabel
from tests.render.frames import make_labels
from tests.seeds import seeds

CODES = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize("seed", seeds(range(8), range(20)))
def test_no_two_regions_or_levels_go_by_one_name(seed: int) -> None:
    rng = random.Random(seed)

    def titled(code: str) -> dict[str, str]:
        return {lang: rng.choice(["North", "北部", "South", code]) for lang in ("en", "zh")}

    titles = {code: titled(code) for code in CODES}
    labels = replace(
        make_labels(),
        regions=tuple(RegionLabel(code, title) for code, title in titles.items()),
        levels=tuple(LevelLabel(code, title, (1, 1)) for code, title in titles.items()),
    )
    for lang in ("en", "zh"):
        for name_of in (labels.region_name, labels.level_name):
            names = {code: name_of(code, lang) for code in CODES}
            assert len({name.casefold() for name in names.values()}) == len(CODES)
            for code, title in titles.items():
                once = sum(other[lang] == title[lang] for other in titles.values()) == 1
                assert names[code].casefold().startswith(title[lang].casefold())
                assert (names[code].casefold() == title[lang].casefold()) or not once
