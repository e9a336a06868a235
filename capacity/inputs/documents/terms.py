"""Chinese words for keys and listed values of YAML files, for Chinese messages."""

from __future__ import annotations

from collections.abc import Iterable

from capacity.base.errors import Term
from capacity.inputs.tables.about import chinese

#: Every key of the declarations; a test holds that none is left out.
KEYS: dict[str, str] = {
    "name": "名称",
    "title": "标题",
    "en": "英文",
    "zh": "中文",
    "question": "问题",
    "extends": "继承自",
    "district": "区县文件夹",
    "horizon": "时段",
    "base_year": "基准年",
    "last_year": "末年",
    "demand": "需求",
    "progression": "升级率",
    "entry": "入学",
    "births": "出生",
    "method": "方法",
    "window": "取用年数",
    "after_last": "末年之后",
    "supply": "供给",
    "count": "计入的状态",
    "fill": "启用方式",
    "completion": "建成概率",
    "delay": "延期概率",
    "chance": "抽样",
    "draws": "抽样次数",
    "seed": "随机种子",
    "sources": "抽样来源",
    "levers": "调整项",
    "kind": "类型",
    "where": "范围",
    "region": "区域",
    "level": "学段",
    "grade": "年级",
    "group": "群体",
    "project": "项目",
    "status": "状态",
    "from": "起始年",
    "until": "终止年",
    "set": "设为",
    "add": "增加",
    "times": "乘以",
    "replaces": "替换先前设定",
    "add_project": "新增项目",
    "opens": "启用年份",
    "places": "学位数",
    "floor_area_m2": "建筑面积",
    "site_ha": "用地面积",
    "cost": "投资",
    "decide_by": "最迟决策年份",
    "close": "关闭",
    "school": "学校",
    "convert": "转换",
    "from_level": "转出学段",
    "to_level": "转入学段",
    "rezone": "划片调整",
    "from_region": "划出区域",
    "to_region": "划入区域",
    "share": "比例",
    "regions": "区域",
    "code": "代码",
    "cell": "图上位置",
    "within": "上级区域",
    "levels": "学段",
    "grades": "起止年级",
    "class_size": "班额",
    "pool": "调剂范围",
    "onward": "升学比例",
    "age": "入学年龄",
    "cutoff": "截止日",
    "births_year_ends": "出生年度截止日",
    "neighbours": "相邻区域",
    "targets": "目标",
    "new_places": "新增学位",
    "new_places_by": "完成年份",
    "gap": "缺口",
    "source": "来源",
    "quality": "质量",
    "known": "公布年月",
    "note": "备注",
}

#: Listed values by key, where neither a column of a table nor a key has the word.
VALUES: dict[str, dict[str, str]] = {
    "kind": {
        "births": "出生人数",
        "entry": "入学比率",
        "onward_share": "升学比例",
        "migration": "迁入迁出",
        "housing": "新建住房",
        "places": "现有学位",
        "delay": "延期",
        "add_places": "增加学位",
        "cancel": "取消项目",
    },
    "method": {"mean": "逐年平均", "pooled": "合计之比", "shrunk": "向长期和全区收缩"},
    "sources": {"births": "出生人数", "ratios": "比率", "projects": "项目", "places": "现有学位"},
    "pool": {"region": "本区域", "district": "全区"},
}
#: Keys whose values, or whose own keys, are those of a column.
_COLUMNS = {"count": "status", "completion": "status", "delay": "status"}


def term(key: object) -> Term:
    """Give a key with its Chinese word; one that a user chose, such as a code, has none."""
    return Term(str(key), KEYS.get(str(key), ""))


def terms(keys: Iterable[object]) -> tuple[Term, ...]:
    """Give keys with their Chinese words."""
    return tuple(map(term, keys))


def value_terms(key: str, values: Iterable[str]) -> tuple[Term, ...]:
    """Give values that may stand at a key with their Chinese words.

    >>> value_terms("count", ["open"])[0].said("zh"), value_terms("kind", ["close"])[0].said("zh")
    ('open（已启用）', 'close（关闭）')
    """
    own, column = VALUES.get(key, {}), _COLUMNS.get(key, key)
    return tuple(
        Term(value, chinese(column, value) or own.get(value) or KEYS.get(value, ""))
        for value in values
    )
