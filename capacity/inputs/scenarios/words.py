"""The words of problems with scenario files and their levers."""

from __future__ import annotations

from capacity.inputs.documents.words import both

MESSAGES = {
    "scenario-table": both(
        (
            "this is a table and no scenario file",
            "a scenario file (.yaml) or a district folder",
            "check the district folder {folder} instead",
        ),
        (
            "这是数据表，不是方案文件",
            "方案文件（.yaml）或区县文件夹",
            "请改为检查区县文件夹 {folder}",
        ),
    ),
    "scenario-folder": both(
        (
            "this is a district folder and no scenario file",
            "a scenario file (.yaml)",
            "name the scenario file whose key 'district' names this folder",
        ),
        (
            "这是区县文件夹，不是方案文件",
            "方案文件（.yaml）",
            "请指定以 district 写明该文件夹的方案文件",
        ),
    ),
    "path-absolute": both(
        ("this is no path inside the file's own folder", "a relative path", ""),
        ("路径不在本文件所在文件夹内", "相对路径", ""),
    ),
    "path-outside": both(
        ("this leads out of the file's own folder", "a path inside it", "move or copy it there"),
        ("路径指向本文件所在文件夹之外", "文件夹内的路径", "请移动或复制到文件夹内"),
    ),
    "path-missing": both(
        ("there is no such file or folder", "", ""), ("没有这个文件或文件夹", "", "")
    ),
    "extends-cycle": both(
        ("files extend each other in a circle: {way}", "", "remove one of the keys 'extends'"),
        ("extends（继承自）循环引用：{way}", "", "请删去其中一个 extends"),
    ),
    "horizon-order": both(
        ("last_year comes before base_year {base}", "{base} or later", ""),
        ("last_year（末年）早于 base_year（基准年）{base}", "{base} 年或以后", ""),
    ),
    "horizon-long": both(
        ("the horizon has {years} years", "at most {limit}", ""),
        ("预测期有 {years} 年", "至多 {limit} 年", ""),
    ),
    "after-last": both(
        ("this is no way for births to go on", "trend, hold or a yearly change such as -0.03", ""),
        ("这不是出生人数的延续方式", "trend、hold 或年变化率，如 -0.03", ""),
    ),
    "delay-sum": both(
        ("the probabilities sum to {total:g}", "{limit}", ""),
        ("概率之和为 {total:g}", "{limit}", ""),
    ),
    "lever-form": both(
        ("a lever needs one form of value", "exactly one of set, add and times", ""),
        ("一个调整项须有且只有一种取值方式", "set（设为）、add（增加）、times（乘以）三者之一", ""),
    ),
    "lever-replaces": both(
        ("'replaces' goes with 'set' only", "", "remove it"),
        ("replaces（替换先前设定）只能与 set（设为）一起使用", "", "请删去"),
    ),
    "lever-years": both(
        ("'until' comes before 'from'", "from ≤ until", ""),
        ("until（终止年）早于 from（起始年）", "from ≤ until", ""),
    ),
    "lever-cancel": both(
        ("'cancel' chooses nothing", "where with project, region or status", ""),
        ("cancel（取消项目）没有选择任何项目", "含 project、region 或 status 的 where", ""),
    ),
    "lever-close": both(
        ("'close' needs one of two", "either places or school", ""),
        ("close（关闭）须写明二者之一", "places（学位数）或 school（学校）", ""),
    ),
    "lever-unknown": both(
        ("unknown {key}", "one of: {valid}", ""),
        ("没有这个 {key}", "以下之一：{valid}", ""),
    ),
    "lever-empty": both(
        ("the lever chooses no cell", "", "check 'where'"),
        ("该调整项没有选中任何数据", "", "请检查 where（范围）"),
    ),
    "lever-idle": both(
        ("the lever chooses no project: it changes nothing", "", ""),
        ("该调整项没有选中任何项目，不起作用", "", ""),
    ),
    "lever-outside": both(
        ("the lever acts in none of the years {base} to {last}: it changes nothing", "", ""),
        ("该调整项在 {base} 至 {last} 年内都不起作用", "", ""),
    ),
    "lever-open": both(
        ("the project {project!r} is open, and an open project is not delayed", "", ""),
        ("项目 {project!r} 已启用，不再延期", "", ""),
    ),
    "lever-first-grade": both(
        (
            "grade {grade} is the first grade; 'progression' is into later ones",
            "a later grade",
            "use the kind 'entry'",
        ),
        (
            "{grade} 年级是入学年级，progression（升级率）只用于之后的年级",
            "之后的年级",
            "请改用 entry（入学）",
        ),
    ),
    "lever-first-level": both(
        ("level {level!r} is the first: no leavers go on to it", "a later level", ""),
        ("学段 {level!r} 是第一个学段，没有从下一级升入的学生", "之后的学段", ""),
    ),
    "lever-onward": both(
        (
            "district.yaml states no onward share for: {levels}",
            "the form 'times'",
            "or state 'onward' there",
        ),
        (
            "district.yaml 没有给出以下学段的 onward（升学比例）：{levels}",
            "times（乘以）方式",
            "或在该文件中给出 onward",
        ),
    ),
    "lever-entry": both(
        (
            "there are neither births nor children for: {regions}",
            "the form 'times'",
            "a ratio per birth needs births.csv",
        ),
        ("以下区域既无出生人数也无儿童数：{regions}", "times（乘以）方式", "请补充 births.csv"),
    ),
    "lever-table": both(
        ("the lever changes nothing without the table {table}", "", "add {table}.csv"),
        ("没有 {table} 表，该调整项不起作用", "", "请补充该表"),
    ),
    "lever-set-twice": both(
        (
            "this sets what the lever in {file} line {line} has set",
            "one set of each cell and year",
            "write 'replaces: true' if this is meant",
        ),
        (
            "这里再次设定了 {file} 第 {line} 行已设定的值",
            "同一数据、同一年份只设定一次",
            "若有意如此，请写 replaces: true",
        ),
    ),
    "lever-same": both(
        ("{one} and {other} are the same", "two different ones", ""),
        ("{one} 与 {other} 相同", "两个不同的值", ""),
    ),
    "rezone-sum": both(
        (
            "{total:g} of the entrants of region {region!r}, level {level!r}, leave it in {year}",
            "at most 1 of all rezone levers",
            "",
        ),
        (
            "{year} 年区域 {region!r} 学段 {level!r} 的新生，划出比例合计达 {total:g}",
            "合计不超过 1",
            "",
        ),
    ),
    "project-twice": both(
        ("the project {project!r} is there already", "a code of its own", ""),
        ("项目 {project!r} 已存在", "新的项目代码", ""),
    ),
    "project-no-places": both(
        ("the project has no places", "a key {valid}", ""),
        ("项目没有学位数", "字段 {valid}", ""),
    ),
}
