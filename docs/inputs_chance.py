"""The part of docs/inputs.md on draws: what varies, and by how much where no file says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from inputs_say import Speaker, grid

from capacity.base.settings import Source
from capacity.inputs.to_model.build import PROJECTION
from capacity.inputs.to_model.supply import SPREAD_OF_QUALITY
from capacity.model.assumptions import PROJECTS_COMMON
from capacity.model.draws.supply import COMPLETION, DELAY

Pair = tuple[str, str]

_HEAD = (
    """\
### What varies from draw to draw

A draw is one way in which the years may turn out. `chance.sources` chooses what varies; all by
default. `draws: 0` gives the central run alone, whose columns draws never change. A source alone
shows what it contributes: `sources: [projects]`.""",
    """\
### 抽样时变化的内容

每次抽样是今后各年的一种可能情形。`chance.sources` 选择哪些内容变化，默认全部。`draws: 0` 只算
中心方案；抽样不会改变中心方案的各列。只写一种来源，就能看出它的影响：`sources: [projects]`。""",
)

_SOURCES: dict[str, tuple[Pair, Pair]] = {
    "births": (
        ("births not yet counted", "尚未统计的出生人数"),
        (
            "the district's past errors of a year; rows with {projection} are not counted either: "
            "their value is the middle of the draws",
            "本区过去各年的误差；{projection} 的行也算尚未统计，其数值是抽样的中心",
        ),
    ),
    "ratios": (
        ("who enters, stays, comes and leaves", "入学、升级、转入和转出"),
        (
            "the district's past one-year forecasts; defaults with fewer than three years of "
            "enrolment, said in the output. Given ratios stray like calibrated ones, or by the "
            "`sd` of their row in ratios.csv (a share of the ratio, each year)",
            "本区过去逐年预测的误差；在校生不足三年时用默认值，输出中会注明。给定的比率与推算的比率一样"
            "变化，或按 ratios.csv 该行的 `sd`（每年占比率的比例）",
        ),
    ),
    "projects": (
        ("whether, and how late, a project opens", "项目是否建成、延期几年"),
        (
            "`supply.completion` and `supply.delay` by status, else the table below. Any two "
            "projects share luck (correlation {common:g}). A lever `delay` comes on top",
            "按状态写在 `supply.completion` 和 `supply.delay` 中，否则用下表。任何两个项目的运气"
            "有一部分相同（相关系数 {common:g}）。调整项 `delay` 另外叠加",
        ),
    ),
    "places": (
        ("what the standing schools hold", "现有学校的学位"),
        (
            "`sd` of places.csv, else by `quality`: {qualities}",
            "places.csv 的 `sd`，不填则按 `quality`：{qualities}",
        ),
    ),
    "regions": (
        ("how base-year pupils divide among regions", "基准年学生在各区域之间的划分"),
        (
            "by the worst `quality` of a region's base-year rows of enrolment.csv: {qualities}; "
            "the district's total stays",
            "按 enrolment.csv 中该区域基准年各行最差的 `quality`：{qualities}；全区合计不变",
        ),
    ),
}

_STATUSES = (
    """\
Where a scenario does not state them, the chances of a project by its status. They are assumptions
and count as such in `share_assumed`; an `open` project neither slips nor fails.""",
    """\
方案没有写明时，各状态项目的概率如下。它们是假设，计入 `share_assumed`；`open` 的项目既不延期
也不取消。""",
)


def chance(language: str) -> str:
    """Write the part on draws.

    Raises
    ------
    SystemExit
        A source of the code has no words here.
    """
    speaker = Speaker(language)
    missing = set(get_args(Source)) ^ set(_SOURCES)
    if missing:
        raise SystemExit(f"inputs_chance.py: no words, or no source: {', '.join(sorted(missing))}")
    index = speaker.index
    facts = {
        "projection": f"`source: {PROJECTION[0]}`",
        "common": PROJECTS_COMMON.value,
        "qualities": ", ".join(f"{name} {sd:g}" for name, sd in SPREAD_OF_QUALITY.items()),
    }
    rows = [
        (f"`{name}`", what[index], by[index].format(**facts))
        for name, (what, by) in _SOURCES.items()
    ]
    head = (("source", "what varies", "how much"), ("来源", "变化的内容", "变化多少"))[index]
    fates = [
        (f"`{status}`", f"{share:g}", _delays(DELAY[status]))
        for status, share in COMPLETION.items()
    ]
    says = (
        ("status", "is built", "of those built: years late and how likely"),
        ("状态", "建成的概率", "建成者延期的年数及概率"),
    )[index]
    return "\n\n".join((_HEAD[index], grid(head, rows), _STATUSES[index], grid(says, fates)))


def _delays(delay: Mapping[int, float]) -> str:
    """Give the probability of each delay of the projects that are built, the rest on time."""
    late = {0: 1 - sum(delay.values()), **delay}
    return ", ".join(f"{years}: {share:.3g}" for years, share in late.items())
