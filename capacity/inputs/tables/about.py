"""What every table and column is for, in English and Chinese.

The reference pages of docs/, the notes in templates and their header comments all say these
words; a table or column without them stops what makes those.
"""

from __future__ import annotations

from capacity.inputs.tables.columns import PLACES, Column

Pair = tuple[str, str]

#: What a table is for; whether it is needed; what happens without it.
TABLES: dict[str, tuple[Pair, Pair, Pair]] = {
    "enrolment": (
        (
            "Pupils by grade, counted where the school is. The base year must be whole; earlier "
            "years give the ratios, later ones are for tracking.",
            "各年级在校生，按学校所在区域统计。基准年必须齐全；更早的年份用来算升级率，"
            "之后的年份用于跟踪对照。",
        ),
        ("always", "必需"),
        ("nothing runs", "无法运行"),
    ),
    "births": (
        (
            "Births by year. Years not yet known may be given too, with `source: projection`.",
            "各年出生人数。尚未发生的年份也可给出，来源写 `projection`。",
        ),
        ("as a rule", "一般需要"),
        (
            "the first grade stays at its base year, and the output says so",
            "一年级保持基准年人数，输出中会说明",
        ),
    ),
    "children": (
        (
            "Children of an age at the entry cut-off of a year (census, register, kindergartens): "
            "they replace births for the cohort that they will be.",
            "某年入学截止日时某一年龄的儿童（普查、户籍、幼儿园）：对相应入学年份，"
            "用它代替出生人数。",
        ),
        ("no", "可选"),
        ("births tell who comes", "按出生人数推算"),
    ),
    "places": (
        (
            "The places that stand, at the norm class size, without anything that pipeline.csv "
            "lists. Rows add up; of the same region, level, school and kind the latest year up to "
            "the base year counts.",
            "现有学位，按标准班额计，不含 pipeline.csv 中已列的项目。各行相加；同一区域、学段、"
            "学校、类别有多年时，取不晚于基准年的最近一年。",
        ),
        ("as a rule", "一般需要"),
        (
            "the gap of that region and level, and every sum with it, stays empty (never 0)",
            "该区域、学段的缺口以及含它的合计留空（绝不当作 0）",
        ),
    ),
    "pipeline": (
        (
            "Projects: a row each, with a column of places for each level. A building stands in "
            "this table or in places.csv, never in both.",
            "建设项目：一行一个，每个学段一列学位。一栋楼只写在本表或 places.csv 之一。",
        ),
        ("no", "可选"),
        ("nothing opens", "没有新增学位"),
    ),
    "ratios": (
        (
            "Ratios that you give instead of calibrated ones. `grade` is the grade entered; in "
            "the first grade, entrants per birth (or child) of the cohort. A region beats `all`, "
            "a year beats none. `capacity ratios DIR --write` writes the table from past years.",
            "由您给定、代替推算结果的比率。`grade` 是升入的年级；一年级为每名出生人口（或儿童）"
            "对应的入学人数。写明区域的优先于 `all`，写明年份的优先于不写的。"
            "`capacity ratios DIR --write` 可由历年数据写出本表。",
        ),
        ("no", "可选"),
        ("ratios come from enrolment of past years", "由历年在校生推算"),
    ),
    "housing": (
        (
            "Homes completed. Only what is above or below the mean of the calibration years "
            "brings or takes pupils, since usual growth is in the ratios.",
            "竣工住房套数。只有高于或低于推算期平均的部分才增减学生，因为通常的增长已含在升级率中。",
        ),
        ("no", "可选"),
        ("no pupils by housing", "不计住房带来的学生"),
    ),
    "yields": (
        (
            "Pupils that arrive per home, by years since completion; spread evenly over the "
            "grades of the level.",
            "每套住房在竣工后各年新到的学生数，平均分到该学段各年级。",
        ),
        ("with housing", "与住房表同用"),
        ("homes bring nobody, with a warning", "住房不带来学生，并有提示"),
    ),
    "flows": (
        (
            "Where the leavers of the level before go to school: shares from each region, which "
            "sum to 1. Every region must have rows.",
            "上一学段毕业生升入哪个区域：各来源区域的比例之和为 1，每个区域都要有。",
        ),
        ("no", "可选"),
        ("each region's own ratio carries the net flow", "净流动含在各区域自己的比率中"),
    ),
    "actuals": (
        (
            "What was seen later, to hold against a forecast. No calibration reads it.",
            "事后的实际数，用来与预测对照；任何推算都不读它。",
        ),
        ("no", "可选"),
        ("nothing is compared", "不作对照"),
    ),
    "flags": (
        (
            "Years kept out of calibration: a boundary change, a count by other rules.",
            "不参与推算的年份：区划调整、统计口径变化等。",
        ),
        ("no", "可选"),
        ("every year of the window counts", "窗口期各年都参与推算"),
    ),
}

#: What a column holds: `table.column`, or `column` where it is the same in every table.
COLUMNS: dict[str, Pair] = {
    "year": ("School year by its autumn", "学年，以秋季所在年份表示"),
    "region": ("Region, as in district.yaml", "区域，同 district.yaml"),
    "level": ("Level, as in district.yaml", "学段，同 district.yaml"),
    "grade": ("Grade: 1–12; 0 and below before", "年级：1–12，之前为 0 及以下"),
    "group": ("Part of the pupils with ratios of its own", "有自己比率的一部分学生（如户籍）"),
    "sd": ("How uncertain the figure is, as a share", "不确定程度，以比例表示"),
    "class_size": ("Pupils in a class; else that of the level", "每班人数；不填则用学段的"),
    "floor_area_m2": ("Floor area, m²", "建筑面积，平方米"),
    "source": ("Where the row comes from", "数据来源"),
    "quality": ("How sure the row is", "数据质量：绿、黄、红"),
    "known": ("Year and month of publication", "公布年月"),
    "note": ("Anything a reader should know", "备注"),
    "enrolment.grade": ("Grade: 1–12; 0 and below before", "年级：1–12，之前为 0 及以下"),
    "enrolment.pupils": ("Pupils in the grade", "该年级在校生"),
    "enrolment.sought": (
        "Children registered for entry; replaces pupils in the entry ratio",
        "登记入学人数；计算入学比率时代替在校生",
    ),
    "births.year": (
        "Year of birth, closed by `births_year_ends`",
        "出生年份，止于 `births_year_ends`",
    ),
    "births.births": ("Births", "出生人数"),
    "children.age": ("Age at the cut-off", "截止日时的周岁"),
    "children.children": ("Children of that age", "该年龄儿童数"),
    "places.places": ("Places; may be empty where `classes` is given", "学位数；填了班数时可空"),
    "places.year": ("Year of the count; empty: it stands", "统计年份；空则一直有效"),
    "places.school": ("School", "学校"),
    "places.classes": ("Classes; places are then classes × class size", "班数；学位 = 班数 × 班额"),
    "places.kind": ("Any sort of your own", "自定类别"),
    "places.convertible_to": (
        "Levels that the rooms could serve, separated by `;`",
        "教室可转给的学段，用 `;` 分隔",
    ),
    "places.closes": ("First autumn not in use", "停用后的第一个秋季"),
    "pipeline.project": ("Code of the project, once", "项目代码，不可重复"),
    "pipeline.status": ("How far it is", "进度"),
    "pipeline.opens": ("First autumn in use", "投入使用的第一个秋季"),
    "pipeline.title": ("Its name", "项目名称"),
    "pipeline.kind": ("What is built", "建设类型"),
    "pipeline.fill": (
        "How it fills: `by_grade` one grade a year (also `new` and no kind), `immediate` at once",
        "启用方式：`by_grade` 逐年级（`new` 和未写类型的默认），`immediate` 一次到位",
    ),
    "pipeline.site_ha": ("Site, hectares", "用地，公顷"),
    "pipeline.cost": ("Cost", "投资，元"),
    "pipeline.decide_by": ("Last year to decide", "最迟决策年份"),
    "pipeline.places_": ("Places at that level", "该学段的学位数"),
    "ratios.grade": ("Grade entered", "升入的年级"),
    "ratios.ratio": (
        "Pupils in the grade ÷ those a year and a grade before",
        "该年级人数 ÷ 上年低一年级人数",
    ),
    "ratios.year": (
        "From this year to the next one listed; empty: every year after the base",
        "自该年起至下一个所列年份；空则基准年之后各年",
    ),
    "ratios.basis": ("First grade: per birth or per counted child", "一年级：按出生人数或按儿童数"),
    "housing.year": ("Year of completion", "竣工年份"),
    "housing.homes": ("Homes completed", "竣工套数"),
    "yields.years_since": ("Years since completion", "竣工后年数"),
    "yields.pupils_per_home": ("Pupils that arrive in that year, per home", "该年每套新到学生数"),
    "flows.level": ("Level entered", "升入的学段"),
    "flows.from": ("Region of the school they leave", "毕业学校所在区域"),
    "flows.to": ("Region of the school they enter", "升入学校所在区域"),
    "flows.share": ("Share of the leavers who go on", "升学者中的比例"),
    "actuals.measure": ("What was counted", "指标"),
    "actuals.value": ("The figure", "数值"),
    "flags.reason": ("Why", "原因"),
}

#: What the words of a choice mean, by column.
CHOICES: dict[str, dict[str, Pair]] = {
    "quality": {
        "GREEN": ("an official figure", "官方数据"),
        "AMBER": ("derived from official figures", "由官方数据推算"),
        "RED": ("assumed", "假定"),
    },
    "status": {
        "open": ("in use", "已启用"),
        "building": ("under construction", "在建"),
        "approved": ("approved", "已批复"),
        "planned": ("in a plan", "规划"),
        "idea": ("only thought of; not counted", "设想，不计入"),
        "cancelled": ("dropped", "已取消"),
    },
    "kind": {
        "new": ("new school", "新建"),
        "extension": ("extension", "扩建"),
        "rebuild": ("rebuilt", "改建"),
        "bought": ("bought", "购置"),
        "vacated": ("vacated premises", "腾退校舍"),
        "temporary": ("temporary", "临时校舍"),
    },
    "fill": {
        "as_listed": ("by its kind", "按类型"),
        "by_grade": ("one more grade each year", "逐年增加一个年级"),
        "immediate": ("all at once", "一次到位"),
    },
    "basis": {
        "births": ("per birth", "按出生人数"),
        "children": ("per counted child", "按儿童数"),
    },
    "measure": {
        "pupils": ("pupils", "在校生"),
        "entrants": ("pupils of the first grade", "入学新生"),
        "new_places": ("new places", "新增学位"),
        "shortage": ("places short", "不足学位"),
        "entry_shortage": ("entry places short", "起始年级不足学位"),
    },
}


#: Other Chinese words for a choice, beside those of `CHOICES`; each means only one of its column.
ALSO: dict[str, dict[str, tuple[str, ...]]] = {
    "quality": {"GREEN": ("绿", "绿色"), "AMBER": ("黄", "黄色"), "RED": ("红", "红色")},
    "status": {
        "open": ("已开办", "已建成"),
        "approved": ("已批", "已立项"),
        "planned": ("计划", "拟建"),
        "idea": ("意向",),
        "cancelled": ("取消",),
    },
    "kind": {"vacated": ("腾退",), "temporary": ("临时",)},
}
#: Words of offices that may mean one choice or another.
UNCLEAR: dict[str, dict[str, tuple[str, ...]]] = {"kind": {"改扩建": ("extension", "rebuild")}}


def chinese(column: str, choice: str) -> str:
    """Give the Chinese word for a choice of a column; nothing where it has none.

    >>> chinese("status", "idea")
    '设想'
    """
    return CHOICES.get(column, {}).get(choice, ("", ""))[1].partition("，")[0]


def listed_words(column: str) -> dict[str, str]:
    """Give every Chinese word that may stand in a column, with the choice that it means."""
    more = ALSO.get(column, {})
    return {
        word: choice
        for choice in CHOICES.get(column, {})
        for word in (chinese(column, choice), *more.get(choice, ()))
    }


def meaning(table: str, column: Column) -> Pair:
    """Say what a column holds.

    Raises
    ------
    KeyError
        Nobody has put it into words yet.
    """
    if column.name.startswith(PLACES):
        return COLUMNS["pipeline.places_"]
    own = COLUMNS.get(f"{table}.{column.name}")
    return own if own is not None else COLUMNS[column.name]
