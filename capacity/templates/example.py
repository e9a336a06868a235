"""An invented district that runs at once: three regions, three levels, nine years of pupils.

So many that its forecasts can be measured on its own past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capacity.inputs.tables.headers import tables_for
from capacity.templates.content import TOLD, Cell, Content, Filled, filled

BASE_YEAR = 2025
LAST_YEAR = 2035
#: Codes in English and Chinese: what tables and scenarios say.
REGIONS = {"north": "北部", "central": "中部", "south": "南部"}
LEVELS = {"primary": "小学", "middle": "初中", "high": "高中"}
TITLES = {"primary": "Primary", "middle": "Middle", "high": "High"}
SOURCE = {"en": "example (invented)", "zh": "示例（虚构）"}
#: How a reader sees that a figure is no fact.
QUALITY = "RED"

#: Pupils of grades 1-12, by region and year.
_PUPILS = {
    "north": {
        2017: (800, 840, 793, 778, 814, 772, 699, 751, 684, 432, 452, 440),
        2018: (942, 819, 858, 820, 798, 830, 742, 747, 745, 449, 426, 450),
        2019: (966, 965, 845, 854, 818, 808, 822, 759, 776, 479, 443, 441),
        2020: (921, 986, 965, 863, 888, 819, 775, 826, 767, 523, 478, 447),
        2021: (1000, 929, 987, 972, 863, 868, 767, 757, 804, 502, 504, 455),
        2022: (1135, 982, 947, 964, 987, 846, 817, 772, 768, 520, 505, 480),
        2023: (1181, 1111, 985, 968, 971, 972, 767, 825, 785, 516, 512, 484),
        2024: (1114, 1210, 1120, 1018, 1007, 994, 948, 791, 833, 526, 533, 501),
        2025: (1055, 1133, 1207, 1154, 1024, 1014, 907, 934, 804, 536, 532, 508),
    },
    "central": {
        2017: (1022, 963, 1037, 989, 977, 922, 933, 934, 933, 773, 747, 716),
        2018: (1082, 1034, 977, 1053, 1003, 996, 961, 951, 944, 744, 778, 747),
        2019: (1237, 1082, 1032, 971, 1037, 976, 1002, 954, 937, 761, 737, 748),
        2020: (1259, 1208, 1067, 1053, 985, 1048, 1015, 1008, 963, 765, 751, 749),
        2021: (1224, 1262, 1214, 1052, 1047, 974, 1090, 1009, 1019, 761, 745, 750),
        2022: (1328, 1232, 1236, 1218, 1067, 1014, 1013, 1057, 1009, 811, 767, 740),
        2023: (1416, 1334, 1247, 1275, 1213, 1091, 1064, 1020, 1047, 805, 790, 761),
        2024: (1298, 1408, 1325, 1254, 1245, 1200, 1155, 1049, 1030, 833, 804, 781),
        2025: (1179, 1286, 1371, 1271, 1210, 1203, 1188, 1125, 1049, 809, 816, 800),
    },
    "south": {
        2017: (424, 523, 463, 460, 489, 438, 402, 404, 397, 275, 259, 262),
        2018: (572, 418, 530, 454, 470, 474, 430, 400, 407, 285, 274, 264),
        2019: (557, 572, 417, 518, 457, 465, 443, 441, 400, 288, 288, 272),
        2020: (616, 530, 553, 432, 495, 464, 447, 443, 424, 278, 282, 278),
        2021: (547, 601, 499, 550, 431, 481, 441, 430, 434, 289, 278, 276),
        2022: (596, 562, 602, 501, 547, 447, 488, 446, 446, 308, 290, 289),
        2023: (660, 602, 549, 584, 501, 532, 440, 472, 443, 303, 306, 295),
        2024: (648, 677, 607, 558, 578, 517, 521, 441, 450, 307, 306, 301),
        2025: (572, 615, 652, 601, 551, 557, 493, 507, 427, 303, 301, 304),
    },
}
#: Births from this year on, by region.
_FIRST_BIRTHS = 2010
_BIRTHS = {
    "north": (543, 683, 779, 774, 774, 872, 986, 1033, 891, 859, 770, 690, 637, 612, 624),
    "central": (892, 990, 1084, 1153, 1182, 1217, 1279, 1350, 1166, 1079, 952, 851, 803, 750, 790),
    "south": (415, 514, 586, 604, 614, 609, 641, 685, 616, 583, 522, 469, 430, 398, 422),
}
#: Places of primary, middle and high schools.
_PLACES = {"north": (6800, 2760, 1665), "central": (8000, 3480, 2565), "south": (3900, 1560, 990)}
#: Project, region, status, opens, places by level, titles, kind.
_PROJECTS: tuple[tuple[str, str, str, int, tuple[Cell, ...], tuple[str, str], str], ...] = (
    ("N1", "north", "building", 2026, (480, 240, None), ("North School", "北部学校"), "new"),
    ("N2", "north", "planned", 2028, (None, 720, None), ("North Middle", "北部初中"), "new"),
    ("C1", "central", "approved", 2027, (None, 480, None), ("Extension", "中部扩建"), "extension"),
    ("C2", "central", "planned", 2029, (None, None, 900), ("Central High", "中部高中"), "new"),
)
#: Shares of leavers of primary schools, from and to.
_FLOWS = (
    ("north", "north", 0.95),
    ("north", "central", 0.05),
    ("central", "central", 1),
    ("south", "south", 0.97),
    ("south", "central", 0.03),
)
#: Children at the ages before entry, by the year of the count.
_AGES = (5, 4, 3)
_CHILDREN = {
    "north": {2022: (1150, 1100, 1040), 2025: (960, 880, 820)},
    "central": {2022: (1330, 1260, 1160), 2025: (1060, 950, 890)},
    "south": {2022: (650, 610, 560), 2025: (510, 460, 420)},
}


def codes(names: Mapping[str, str], lang: str) -> dict[str, str]:
    """Give the code in a language for each English one."""
    return {code: name if lang == "zh" else code for code, name in names.items()}


def example(lang: str) -> Content:
    """Give the tables of the example, its codes in a language."""
    regions, levels = codes(REGIONS, lang), codes(LEVELS, lang)
    titles = {levels[code]: (TITLES[code], LEVELS[code]) for code in LEVELS}
    maker = _Example(lang, regions, levels)
    specs = tables_for(titles, titles)
    places = tuple(f"places_{code}" for code in levels.values())

    def table(name: str, columns: str, rows: Iterator[tuple[Cell, ...]]) -> Filled:
        names = (*columns.replace("places_", " ".join(places)).split(), *TOLD)
        return filled(specs[name], names, (maker.invented(row) for row in rows))

    tables = (
        table("enrolment", "year region grade pupils", maker.enrolment()),
        table("births", "year region births", maker.births()),
        table("places", "region level places convertible_to", maker.places()),
        table("pipeline", "project region status opens places_ title kind fill", maker.projects()),
    )
    optional = (
        table("children", "year region age children", maker.children()),
        table("ratios", "grade region ratio year", maker.ratios()),
        table("housing", "year region homes", maker.housing()),
        table("yields", "level years_since pupils_per_home", maker.yields()),
        table("flows", "level from to share", maker.flows()),
        table("actuals", "year region level measure value", maker.actuals()),
        table("flags", "year region reason", maker.flags()),
    )
    return Content(tables, tuple(regions.values()), tuple(levels.values()), titles, optional)


class _Example:
    """Gives the rows of each table, without source, quality and note."""

    def __init__(self, lang: str, regions: dict[str, str], levels: dict[str, str]) -> None:
        self.lang, self.index = lang, int(lang == "zh")
        self.regions, self.levels = regions, levels

    def invented(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return (*row, SOURCE[self.lang], QUALITY, None)

    def enrolment(self) -> Iterator[tuple[Cell, ...]]:
        for year in _PUPILS["north"]:
            for code, region in self.regions.items():
                for grade, pupils in enumerate(_PUPILS[code][year], 1):
                    yield year, region, grade, pupils

    def births(self) -> Iterator[tuple[Cell, ...]]:
        for after, births in enumerate(zip(*_BIRTHS.values(), strict=True)):
            for region, count in zip(self.regions.values(), births, strict=True):
                yield _FIRST_BIRTHS + after, region, count

    def places(self) -> Iterator[tuple[Cell, ...]]:
        for code, region in self.regions.items():
            for (level, name), places in zip(self.levels.items(), _PLACES[code], strict=True):
                yield region, name, places, self.levels["middle"] if level == "primary" else None

    def projects(self) -> Iterator[tuple[Cell, ...]]:
        for project, region, status, opens, places, titles, kind in _PROJECTS:
            title = titles[self.index]
            yield project, self.regions[region], status, opens, *places, title, kind, None

    def children(self) -> Iterator[tuple[Cell, ...]]:
        for year in (2022, 2025):
            for code, region in self.regions.items():
                for age, count in zip(_AGES, _CHILDREN[code][year], strict=True):
                    yield year, region, age, count

    def ratios(self) -> Iterator[tuple[Cell, ...]]:
        yield 10, self.regions["north"], 0.70, 2027
        yield 1, "all", 1.1, 2030

    def housing(self) -> Iterator[tuple[Cell, ...]]:
        for year, homes in ((2023, 600), (2024, 500), (2025, 700), (2026, 1500), (2027, 1800)):
            yield year, self.regions["north"], homes

    def yields(self) -> Iterator[tuple[Cell, ...]]:
        for level, shares in (("primary", (0.06, 0.04, 0.02)), ("middle", (0.02, 0.02, 0.01))):
            for after, share in enumerate(shares, 1):
                yield self.levels[level], after, share

    def flows(self) -> Iterator[tuple[Cell, ...]]:
        for origin, goal, share in _FLOWS:
            yield self.levels["middle"], self.regions[origin], self.regions[goal], share

    def actuals(self) -> Iterator[tuple[Cell, ...]]:
        yield BASE_YEAR + 1, "all", self.levels["primary"], "pupils", 17300

    def flags(self) -> Iterator[tuple[Cell, ...]]:
        reason = {"en": "boundary moved", "zh": "区划调整"}[self.lang]
        yield 2023, self.regions["south"], reason
