"""The tables of a district folder as data: columns, their names, limits and keys.

Nothing is read here. To add a column or a Chinese name for one, add it to `TABLES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from capacity.base.errors import Term

QUALITIES = ("GREEN", "AMBER", "RED")
STATUSES = ("open", "building", "approved", "planned", "idea", "cancelled")
PROJECT_KINDS = ("new", "extension", "rebuild", "bought", "vacated", "temporary")
FILLS = ("as_listed", "by_grade", "immediate")
BASES = ("births", "children")
MEASURES = ("pupils", "entrants", "new_places", "shortage", "entry_shortage")
#: Counts from here on are taken for a wrong unit.
HUGE = 1e9
#: The column of a level in the pipeline table is this and the level's code.
PLACES = "places_"
_LATIN = re.compile("[A-Za-z]")
_PEOPLE = ("人", "名", "个", "位")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        As in the file and in the frame.
    kind : str
        year, code, region, level, levels, grade, whole, number, choice, month or text.
    required, filled : bool
        The column must be there; each of its cells must have a value.
    aliases : tuple of str
        Chinese names for it.
    all : bool
        The code ``all`` may stand in it.
    low, high : float
        Limits of a number, both allowed; the first allowed year of a year.
    choices, units : tuple of str
        Words allowed in a choice; units that may follow a number.
    counted : bool
        Heads, rooms, homes and the like: a total row sums them.
    heads : bool
        People: a fraction is worth a warning.
    calendar : bool
        A year that need not be a school year: no span such as 2025-2026.
    autumn : bool
        The first autumn of something, which August or September tell too.
    """

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    all: bool = False
    low: float = 0.0
    high: float = HUGE
    choices: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    counted: bool = False
    heads: bool = False
    calendar: bool = False
    autumn: bool = False

    @property
    def term(self) -> Term:
        """The name, with the first of the Chinese ones."""
        return Term(self.name, next((a for a in self.aliases if not _LATIN.search(a)), ""))


@dataclass(frozen=True)
class Table:
    """One table: its Chinese names, its columns in order, and the columns of its key.

    Other columns may stand in an ``open`` table: nobody can tell which levels they serve.
    """

    name: str
    aliases: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    open: bool = False

    def column(self, name: str) -> Column:
        """Give the column called ``name``."""
        return next(column for column in self.columns if column.name == name)

    @property
    def term(self) -> Term:
        """The name, with the first of the Chinese ones."""
        return Term(self.name, next(iter(self.aliases), ""))

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)


def _need(column: Column, **more: object) -> Column:
    return replace(column, required=True, filled=True, **more)  # type: ignore[arg-type]


def _heads(name: str, *aliases: str) -> Column:
    return Column(name, "number", aliases, counted=True, heads=True, units=_PEOPLE)


_YEAR = Column("year", "year", ("学年", "年份", "年度", "入学年份"))
_REGION = Column("region", "region", ("区域", "片区", "地区", "学区"))
_LEVEL = Column("level", "level", ("学段", "学制"))
_GRADE = Column("grade", "grade", ("年级",), units=("年级",))
_GROUP = Column("group", "code", ("群体", "组别", "分组", "户籍"))
_CLASS_SIZE = Column(
    "class_size", "number", ("班额", "班级规模", "每班人数"), low=1, high=500, units=_PEOPLE
)
_AREA = Column(
    "floor_area_m2", "number", ("建筑面积", "面积"), counted=True, units=("m2", "平方米", "平米")
)
_SD = Column("sd", "number", ("标准差", "离散度"), high=10)
PLACES_COLUMN = Column(
    "places",
    "number",
    ("学位数", "学位", "现有学位", "现有学位数", "容量"),
    counted=True,
    units=("个", "座", "人"),
)
_COMMON = (
    Column("source", "text", ("来源", "数据来源", "出处")),
    Column("quality", "choice", ("质量", "数据质量", "质量等级"), choices=QUALITIES),
    Column("known", "month", ("公布时间", "公布年月", "发布时间", "发布年月", "已知")),
    Column("note", "text", ("备注", "说明", "注")),
)


def _table(name: str, aliases: str, columns: Iterable[Column], key: str) -> Table:
    return Table(name, tuple(aliases.split()), (*columns, *_COMMON), tuple(key.split()))


_TABLES = (
    _table(
        "enrolment",
        "在校生 在校生数 在校学生 学生数",
        (
            _need(_YEAR),
            _need(_REGION),
            _need(_GRADE),
            _need(_heads("pupils", "在校生数", "在校生", "在校学生数", "学生数", "人数")),
            _GROUP,
            _heads("sought", "申请入学人数", "登记人数", "报名人数", "申请人数"),
        ),
        "year region grade group",
    ),
    _table(
        "births",
        "出生 出生人数 出生人口",
        (
            _need(_YEAR, aliases=("出生年份", "出生年", *_YEAR.aliases), calendar=True),
            _need(_REGION, all=True),
            _need(_heads("births", "出生人数", "出生人口", "出生数", "人数")),
            _GROUP,
        ),
        "year region group",
    ),
    _table(
        "children",
        "儿童 适龄儿童 儿童人数",
        (
            _need(_YEAR),
            _need(_REGION, all=True),
            _need(Column("age", "whole", ("年龄", "周岁"), high=30, units=("岁", "周岁"))),
            _need(_heads("children", "儿童数", "儿童人数", "适龄儿童", "适龄儿童数", "人数")),
        ),
        "year region age",
    ),
    _table(
        "places",
        "学位 学位数 现有学位 现有学校",
        (
            _need(_REGION),
            _need(_LEVEL),
            replace(PLACES_COLUMN, required=True),
            _YEAR,
            Column("school", "code", ("学校", "学校名称", "校名")),
            Column(
                "classes",
                "number",
                ("班数", "班级数", "教学班数"),
                counted=True,
                units=("班", "个"),
            ),
            _CLASS_SIZE,
            Column("kind", "code", ("类别", "类型", "办学类型", "性质")),
            Column("convertible_to", "levels", ("可转换为", "可转学段", "可转换学段")),
            Column("closes", "year", ("关闭年份", "停用年份", "停办年份")),
            _AREA,
            _SD,
        ),
        "region level school kind year",
    ),
    _table(
        "pipeline",
        "项目 建设项目 在建项目 规划项目",
        (
            Column("project", "code", ("项目", "项目编号", "项目代码"), required=True, filled=True),
            _need(_REGION),
            Column("status", "choice", ("状态", "进度"), True, True, choices=STATUSES),
            _need(
                Column(
                    "opens",
                    "year",
                    ("启用年份", "开学年份", "投入使用年份", "启用学年"),
                    autumn=True,
                )
            ),
            Column("title", "text", ("名称", "项目名称")),
            Column("kind", "choice", ("类别", "类型", "建设类型"), choices=PROJECT_KINDS),
            Column("fill", "choice", ("启用方式", "招生方式"), choices=FILLS),
            _AREA,
            Column(
                "site_ha",
                "number",
                ("用地面积", "用地面积公顷"),
                high=1e5,
                counted=True,
                units=("ha", "公顷"),
            ),
            Column(
                "cost",
                "number",
                ("投资", "造价", "成本", "总投资"),
                high=1e15,
                counted=True,
                units=("元",),
            ),
            Column("decide_by", "year", ("决策年份", "最迟决策年份"), calendar=True),
        ),
        "project",
    ),
    _table(
        "ratios",
        "升级率 比率 入学率 升级比率",
        (
            _need(_GRADE),
            _need(_REGION, all=True),
            _need(Column("ratio", "number", ("比率", "升级率", "入学率"), high=5)),
            _YEAR,
            _GROUP,
            _SD,
            Column("basis", "choice", ("基数", "依据"), choices=BASES),
        ),
        "grade region group year basis",
    ),
    _table(
        "housing",
        "住房 新建住房 住宅",
        (
            _need(_YEAR, calendar=True),
            _need(_REGION),
            _need(
                Column(
                    "homes",
                    "number",
                    ("住房套数", "套数", "户数", "住宅套数"),
                    counted=True,
                    heads=True,
                    units=("套", "户"),
                )
            ),
        ),
        "year region",
    ),
    _table(
        "yields",
        "户均学生 户均学生数 学生产出率",
        (
            _need(_LEVEL),
            _need(
                Column(
                    "years_since",
                    "whole",
                    ("入住年数", "入住后年数", "交付年数"),
                    high=100,
                    units=("年",),
                )
            ),
            _need(
                Column(
                    "pupils_per_home", "number", ("户均学生", "户均学生数", "每户学生数"), high=10
                )
            ),
        ),
        "level years_since",
    ),
    _table(
        "flows",
        "流向 跨区流动 升学流向",
        (
            _need(_LEVEL),
            _need(Column("from", "region", ("来源区域", "流出区域", "生源区域"))),
            _need(Column("to", "region", ("去向区域", "流入区域", "就读区域"))),
            _need(Column("share", "number", ("比例", "份额", "占比"), high=1)),
        ),
        "level from to",
    ),
    _table(
        "actuals",
        "实际 实际数 实际值",
        (
            _need(_YEAR),
            _need(_REGION, all=True),
            _need(_LEVEL, all=True),
            _need(Column("measure", "choice", ("指标",), choices=MEASURES)),
            _need(Column("value", "number", ("数值", "实际值", "值"), counted=True, units=_PEOPLE)),
        ),
        "year region level measure",
    ),
    _table(
        "flags",
        "标记 剔除年份 异常年份",
        (_need(_YEAR), _need(_REGION, all=True), _need(Column("reason", "text", ("原因", "理由")))),
        "year region",
    ),
)
#: Every table by name; the pipeline's columns per level are added by `headers.tables_for`.
TABLES: Mapping[str, Table] = {table.name: table for table in _TABLES}
