"""The words of problems with a district's file and between its tables."""

from __future__ import annotations

from capacity.inputs.documents.words import both

MESSAGES = {
    "district-folder": both(
        ("there is no such district folder", "a folder with district.yaml and tables", ""),
        ("没有这个区县文件夹", "含 district.yaml 和数据表的文件夹", ""),
    ),
    "enrolment-missing": both(
        ("the district has no enrolment table", "enrolment.csv, the base year whole", ""),
        ("区县文件夹中没有 enrolment（在校生）表", "基准年完整的 enrolment.csv", ""),
    ),
    "code-twice": both(
        ("the code {name!r} stands here and in line {line}", "each code once", ""),
        ("代码 {name!r} 在本行和第 {line} 行重复", "各不相同的代码", ""),
    ),
    "region-unknown": both(
        ("unknown region", "one of: {valid}", ""),
        ("没有这个区域", "以下之一：{valid}", ""),
    ),
    "region-cycle": both(
        ("the region {name!r} lies within itself: {way}", "", "correct one of the keys 'within'"),
        ("区域 {name!r} 的上级又回到它自己：{way}", "", "请更正其中一处 within（上级区域）"),
    ),
    "region-parent": both(
        ("the region {name!r} has regions within it", "one of: {valid}", ""),
        ("区域 {name!r} 含有下级区域", "以下之一：{valid}", ""),
    ),
    "level-unknown": both(
        ("unknown level", "one of: {valid}", ""),
        ("没有这个学段", "以下之一：{valid}", ""),
    ),
    "grades-order": both(
        ("the first grade comes after the last", "[first, last]", ""),
        ("起始年级大于结束年级", "[起始年级, 结束年级]", ""),
    ),
    "grades-range": both(
        ("a grade is out of range", "grades from {low} to {high}", ""),
        ("年级超出范围", "{low} 至 {high} 年级", ""),
    ),
    "grades-overlap": both(
        ("level {name!r} and level {other!r} share grade {grade}", "a grade in one level only", ""),
        ("学段 {name!r} 与学段 {other!r} 都有 {grade} 年级", "互不重叠的年级", ""),
    ),
    "grades-hole": both(
        (
            "no level has grade {grade}, before level {name!r}",
            "grades without a hole",
            "the first grade after it is held at its base-year pupils",
        ),
        (
            "学段 {name!r} 之前的 {grade} 年级不属任何学段",
            "连续的年级",
            "其后的第一个年级保持基准年人数不变",
        ),
    ),
    "neighbour-self": both(
        ("a region is paired with itself", "two different regions", ""),
        ("区域不能与自己相邻", "两个不同的区域", ""),
    ),
    "entry-missing": both(
        ("{table} are given, and the key 'entry' is missing", "entry: {{age, cutoff}}", "add it"),
        ("有 {table} 表，却没有 entry（入学）字段", "entry: {{age, cutoff}}", "请补上"),
    ),
    "places-differ": both(
        (
            "{listed:g} places are listed, and {classes:g} classes of {size:g} make {counted:g}",
            "",
            "the classes are used",
        ),
        (
            "所列学位 {listed:g} 与 {classes:g} 班 × {size:g} 人 = {counted:g} 不符",
            "",
            "已按班数计算",
        ),
    ),
    "group-unknown": both(
        ("{table} name a group that enrolment does not have", "one of: {valid}", ""),
        ("{table} 表中的群体不在 enrolment（在校生）表中", "以下之一：{valid}", ""),
    ),
    "housing-without-yields": both(
        ("housing is given and yields are not: homes bring no pupils", "", "add yields.csv"),
        (
            "有 housing（住房）表而没有 yields（户均学生）表：新建住房不会带来学生",
            "",
            "请补充 yields.csv",
        ),
    ),
    "flows-from": both(
        ("flows of level {level!r} leave out: {missing}", "rows 'from' every region", ""),
        (
            "学段 {level!r} 的流向缺少来源区域：{missing}",
            "每个区域都有作为 from（来源区域）的行",
            "",
        ),
    ),
    "flows-first": both(
        ("flows into level {level!r}, which has no level before it", "a later level", ""),
        ("学段 {level!r} 是第一个学段，不能有流向", "后面的学段", ""),
    ),
    "base-outside": both(
        (
            "enrolment has no rows for the base year {year}",
            "a base year from {first} to {last}",
            "",
        ),
        ("enrolment（在校生）表没有基准年 {year} 年的行", "{first} 至 {last} 之间的基准年", ""),
    ),
    "base-incomplete": both(
        (
            "enrolment of the base year {year} is not whole; missing: {missing}",
            "a row for every region, grade and group",
            "add the rows, with 0 where there are no pupils{alone}",
        ),
        (
            "基准年 {year} 的在校生数不完整，缺少：{missing}",
            "每个区域、年级、群体一行",
            "请补齐，没有学生的填 0{alone}",
        ),
    ),
    "series-hole": both(
        (
            "enrolment has holes between years: {missing}",
            "",
            "ratios into these years are left out{alone}",
        ),
        ("在校生数在年份之间有缺口：{missing}", "", "这些年份不用来计算升级率{alone}"),
    ),
    "births-end": both(
        (
            "births of region {region!r} end in {last}, before the births of those who entered in "
            "the base year {year}",
            "births up to {needed} or later",
            "",
        ),
        (
            "区域 {region!r} 的出生人数止于 {last} 年，而基准年 {year} 年的新生出生在此之后",
            "至少到 {needed} 年",
            "",
        ),
    ),
    "births-hole": both(
        (
            "births of region {region!r} leave out {missing}, when children were born who enter "
            "after the base year",
            "a row for each of these years",
            "",
        ),
        ("区域 {region!r} 缺少 {missing} 年的出生人数，这些儿童在基准年之后入学", "每年一行", ""),
    ),
    "births-region": both(
        ("region {region!r} has neither births nor children: its first grade is held", "", ""),
        ("区域 {region!r} 既无出生人数也无儿童数：入学年级人数保持不变", "", ""),
    ),
    "first-grade-held": both(
        ("there are neither births nor children: the first grade is held", "", "add births.csv"),
        ("既无出生人数也无儿童数：入学年级人数保持不变", "", "请补充 births.csv"),
    ),
    "places-missing": both(
        ("no places for {missing}: their gap stays empty", "", "add the rows to places.csv"),
        ("缺少以下学位数：{missing}；相应缺口留空", "", "请在 places.csv 中补充"),
    ),
}
