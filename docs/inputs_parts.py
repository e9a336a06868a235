"""Prose of docs/inputs.md in English and Chinese, and the sections that run the readers."""

from __future__ import annotations

from collections.abc import Mapping

import inputs_words as words
from inputs_say import grid

from capacity.base.errors import At, Problem, Problems
from capacity.base.words import catalog
from capacity.inputs.tables.columns import TABLES as SPECS
from capacity.inputs.tables.columns import Column
from capacity.inputs.tables.files import MAX_BYTES, decode
from capacity.inputs.tables.readers import Names, cell_reader
from capacity.inputs.tables.values import (
    MAX_CODE,
    YEARS,
    Cell,
    Value,
    show,
)
from capacity.inputs.tables.workbook import HEADER_ROWS

HEAD = (
    """\
# District folders and scenario files

Written by `python docs/make_inputs.py` from the code; do not edit. [中文](inputs.zh.md)

1. [The smallest district that runs](#1-the-smallest-district-that-runs)
2. [district.yaml](#2-districtyaml)
3. [Tables](#3-tables)
4. [A scenario file](#4-a-scenario-file)
5. [Levers](#5-levers)
6. [How cells and files are read](#6-how-cells-and-files-are-read)
7. [What is needed](#7-what-is-needed)""",
    """\
# 区数据文件夹与方案文件

本页由 `python docs/make_inputs.py` 根据代码生成，请勿手改。[English](inputs.md)

1. [能运行的最小例子](#1-能运行的最小例子)
2. [district.yaml](#2-districtyaml)
3. [数据表](#3-数据表)
4. [方案文件](#4-方案文件)
5. [调整项](#5-调整项)
6. [单元格和文件如何读取](#6-单元格和文件如何读取)
7. [哪些必需](#7-哪些必需)""",
)

DISTRICT = (
    """\
## 2 district.yaml

Every key at once; leave out what you do not need. Codes are what tables and scenarios say; write
numbers and dates that are codes or texts in quotes.

```yaml
{example}```

A region with others `within` it is a parent: it has results (sums), and no rows in tables.
`cell` is [row, column] on the compass grid: [0, 1] is north of [1, 1]. Charts draw the compass
where every region that lies in no other has a cell of its own.""",
    """\
## 2 district.yaml

下面列出全部字段，不需要的可以不写。代码就是表格和方案中使用的名称；是代码或文本的数字、日期要加引号。

```yaml
{example}```

有下级（`within`）的区域是上级区域：结果中有它的合计，表格中不写它。`cell` 是方位网格上的
[行, 列]：[0, 1] 在 [1, 1] 的北面。每个最上级区域都有自己的
cell 时，图表按方位排列。""",
)

TABLES = (
    """\
## 3 Tables

A CSV file per table, named as below; or one `.xlsx` with a sheet per table; or some of each, but
a table once. Columns may stand in any order, under their English or any of the Chinese names;
case, spaces, `_` and `-` do not matter, and a unit may follow in brackets: `建筑面积（平方米）`.
An unknown column is an error. Values (statuses, kinds, qualities) are written in English.
Regions are always those without others within them. `all` is the whole district, where allowed.

Every table may also carry:""",
    """\
## 3 数据表

每个表一个 CSV 文件，文件名如下；或一个 `.xlsx`，每个表一张工作表；也可以两者并用，但同一个表
只出现一次。列的顺序不限，列名可用英文或所列任一中文名；大小写、空格、`_`、`-` 不影响识别，
列名后可用括号注明单位，如 `建筑面积（平方米）`。不认识的列是错误。状态、类型、质量等的值用英文。
区域一律写没有下级的区域；允许时 `all` 表示全区。

每个表都可以带这些列：""",
)

SCENARIO = (
    (
        """\
## 4 A scenario file

One question per file. Unknown keys are errors. Anchors, tags and the same key twice are refused.

```yaml
{example}```""",
        """\
With `extends`, maps merge key by key, lists and single values replace, levers are appended; name,
title and question are the file's own. Saved as `question.yaml`, the file above is built upon by:

```yaml
{over}```

Together they are:

```yaml
{merged}
```

The district folder and the file named by `extends` lie in the folder of the file that names them,
or below it. What is not there yet stands in the [README](../README.md) under Limits.""",
    ),
    (
        """\
## 4 方案文件

一个文件回答一个问题。不认识的字段是错误；不接受 YAML 锚点、标签和重复的字段。

```yaml
{example}```""",
        """\
写 `extends` 时，各字段逐层合并，列表和单个值整体替换，调整项追加在后；name、title、question 各文件
自己写。上面的文件存为 `question.yaml` 后，可以在它的基础上写：

```yaml
{over}```

合起来就是：

```yaml
{merged}
```

区数据文件夹和 `extends` 的文件，都要在写出它们的文件所在文件夹之内。尚未提供的功能见
[README](../README.zh.md) 的“局限”。""",
    ),
)

LEVERS = (
    """\
## 5 Levers

A lever acts on every cell that `where` chooses: an absent key chooses all, a value is one item or
a list; a parent region chooses the regions within it. Give exactly one of `set` (new value),
`add` (per chosen cell and year) and `times`. `from` and `until` are both included; an absent one
is without limit. For `births` and `housing` they are years of birth and of completion. Levers act
in order; a second `set` of one cell and year is an error unless it says `replaces: true`.
Each line below runs under `levers:` in a file that extends `scenarios/baseline.yaml`; `housing`
needs the tables housing.csv and yields.csv, which the example district lacks.""",
    """\
## 5 调整项

调整项作用于 `where` 选中的每一格：不写的字段表示全部，值可以是一个或一个列表；上级区域表示它下面的
各区域。`set`（新值）、`add`（每个选中的格、每年增加）、`times`（乘以）三者写一个。`from` 和
`until` 的年份都包括在内，不写表示不限。对 `births` 和 `housing`，它们是出生年份和竣工年份。
调整项按顺序作用；同一格同一年第二次 `set` 是错误，除非写明 `replaces: true`。
下面每一行都可放在扩展 `scenarios/baseline.yaml` 的文件的 `levers:` 之下运行；`housing`
需要 housing.csv 和 yields.csv，示例区没有这两个表。""",
)

NEEDED = (
    """\
## 7 What is needed

In the base year enrolment has every region and grade (and every group that occurs in a region).
With one year of enrolment nothing can be calibrated: each grade stays as it is, unless ratios.csv
says otherwise. Three years measure how far forecasts stray, five allow `capacity backtest`.
`capacity check` tells what is missing before anything runs.""",
    """\
## 7 哪些必需

基准年的在校生必须包括每个区域、每个年级（区域分群体时包括每个群体）。只有一年在校生时无法推算
升级率：各年级保持不变，除非 ratios.csv 另有给出。有三年可估计预测的偏离，有五年可以回测
（`capacity backtest`）。运行前可用 `capacity check` 查看缺什么。""",
)

_READING = (
    """\
## 6 How cells and files are read

Every change made in reading is counted and shown; what cannot be read for certain is refused with
its file, line and column. Numbers, years and months, and Chinese words for grades and listed
values (here with primary 1–5, middle 6–9 and high 10–12):

{numbers}

A school year in full counts as its first year, and August or September as the autumn of that year
in which a project opens. Years of births, housing and decisions are no school years: a single
year is wanted there. 初一 is grade 7 where a level begins with it, 高一 grade 10 where there are
grades 10–12. A row has one year, region and grade: a table with a column for each grade or year
is refused.

Codes (regions, levels, groups, schools, projects) are 1–{code} printable characters, not `all`.
In CSV they are text as written, so `101` is a code; spellings that differ only in full-width
letters or surrounding space are one code. In YAML write `"101"`; in a workbook format the cell as
text:

{codes}

Years lie between {first} and {last}. A text file may have {size} MiB and one of these encodings,
told by its bytes (Excel: “CSV UTF-8”); save any other, such as Big5, as UTF-8:

{encodings}

- CSV: commas between cells, `"…"` around a cell with a comma. A total row is an error.
- Workbook: `.xlsx` only. Titles above the header, a header on two rows (found in the first
  {rows} rows) and notes under the table are read over. A 合计 or Total row is checked against the
  sum, then dropped; where it differs, the cell is named. A lone — is an empty cell. Merged data
  cells, `#REF!`, dates where a number stands and formulas without a saved value are errors.
- YAML: spaces, not tabs; `:` and a space after a key, not `：`.""",
    """\
## 6 单元格和文件如何读取

读取时的每处改动都计数并显示；不能确定的一律拒绝，并指出文件、行、列。数字、年份、年月，以及
年级和可选值的中文词（此处小学 1–5、初中 6–9、高中 10–12）：

{numbers}

学年写全时取前一年；项目启用年月为 8 月或 9 月的，取当年秋季。出生、竣工和决策年份不是学年，只写
一个年份。有学段从 7 年级开始时，初一为 7；有 10–12 年级时，高一为 10。一行只写一个年份、区域和
年级：各年级（或各年份）各占一列的表会被拒绝。

代码（区域、学段、群体、学校、项目）为 1–{code} 个可打印字符，不能是 `all`。CSV 中按所写文本读取，
`101` 也是代码；只差全角半角或首尾空格的写法视为同一代码。YAML 中写 `"101"`；工作簿中把单元格
设为文本：

{codes}

年份在 {first} 至 {last} 之间。文本文件不超过 {size} MiB，编码由字节判定
（Excel 请选“CSV UTF-8”）；其他编码（如 Big5）请另存为 UTF-8：

{encodings}

- CSV：用英文逗号分隔，含逗号的单元格加 `"…"`。合计行是错误。
- 工作簿：只读 `.xlsx`。表头上方的标题、两行表头（在前 {rows} 行中寻找）和表下的注释都能识别。
  合计行与各行之和核对后去掉，不符时指出单元格。单独一个 — 视为空。数据区的合并单元格、`#REF!`、
  应为数字处的日期、没有保存结果的公式都是错误。
- YAML：缩进用空格不用制表符；字段名后用英文冒号加空格，不用“：”。""",
)

_SMALLEST = (
    """\
## 1 The smallest district that runs

A folder `mydistrict` with three files, and beside it the question. `mydistrict/district.yaml`:

```yaml
{district}```

`mydistrict/enrolment.csv`:

```csv
{enrolment}```

`mydistrict/places.csv`:

```csv
{places}```

`first.yaml`:

```yaml
{scenario}```

Check, then run:

```sh
capacity check first.yaml
capacity run first.yaml
```

The answer stands in `runs/first/`. There are no births yet, so grade 1 stays as it is and the
output says so. Next add `births.csv` and `entry`, then `pipeline.csv`.""",
    """\
## 1 能运行的最小例子

一个文件夹 `mydistrict`，内有三个文件，旁边放方案文件。`mydistrict/district.yaml`：

```yaml
{district}```

`mydistrict/enrolment.csv`：

```csv
{enrolment}```

`mydistrict/places.csv`：

```csv
{places}```

`first.yaml`：

```yaml
{scenario}```

先检查，再运行：

```sh
capacity check first.yaml
capacity run first.yaml
```

结果在 `runs/first/`。这里还没有出生人数，一年级保持不变，输出中会说明。接下来可加 `births.csv`
和 `entry`，再加 `pipeline.csv`。""",
)


def smallest(language: str) -> str:
    """Write section 1; the Chinese page has Chinese codes and headers."""
    chinese = language == "zh"
    regions = ("北部", "南部") if chinese else ("north", "south")
    level = "小学" if chinese else "primary"

    def header(table: str, *names: str) -> str:
        columns = [SPECS[table].column(name) for name in names]
        return ",".join(column.aliases[0] if chinese else column.name for column in columns)

    district = [
        "name: mydistrict",
        "title: {en: My District, zh: 我的区}",
        "regions:",
        f"  - {{code: {regions[0]}, cell: [0, 0]}}",
        f"  - {{code: {regions[1]}, cell: [1, 0]}}",
        "levels:",
        f"  - {{code: {level}, grades: [1, 6], class_size: 40}}",
    ]
    enrolment = [header("enrolment", "year", "region", "grade", "pupils")]
    for year, pupils in words.SMALLEST_PUPILS.items():
        for region, counts in zip(regions, pupils, strict=True):
            enrolment += [f"{year},{region},{grade},{n}" for grade, n in enumerate(counts, 1)]
    places = [header("places", "region", "level", "places")]
    places += [
        f"{region},{level},{n}" for region, n in zip(regions, words.SMALLEST_PLACES, strict=True)
    ]
    scenario = [
        "name: first",
        "question: {en: Where are places short by 2030?, zh: 到2030年哪里缺学位？}",
        "district: mydistrict",
        "horizon: {base_year: 2025, last_year: 2030}",
    ]
    files = {"district": district, "enrolment": enrolment, "places": places, "scenario": scenario}
    texts = {name: "\n".join(lines) + "\n" for name, lines in files.items()}
    return _SMALLEST[chinese].format(**texts)


def reading(language: str) -> str:
    """Write section 6: what is shown as read has been read."""
    index = int(language == "zh")
    plain = ("1234.5", "1,234", "１２０", "1.2万", "3千", "120人")
    odd = ("12%", "1 234", "0120", "约120", "nan", "−5")
    years = ("2025", "2025学年", "2025-2026", "2025/26", "2025-2027", "2025-09-01", "25")
    return _READING[index].format(
        numbers=_cells({"enrolment.pupils": plain + odd, "enrolment.year": years, **_MORE}, index),
        codes=_cells({"births.region": ("101", " north ", "St. Mary's, east+1", 101.0)}, index),
        encodings=_encodings(language),
        code=MAX_CODE,
        first=YEARS[0],
        last=YEARS[1],
        size=MAX_BYTES // 2**20,
        rows=HEADER_ROWS,
    )


#: Cells shown as read, by column.
_MORE: dict[str, tuple[Cell, ...]] = {
    "pipeline.opens": ("2026年9月", "2026年3月"),
    "pipeline.known": ("2025-06", "2025.6", "2025"),
    "enrolment.grade": ("3年级", "三年级", "初一", "高一"),
    "pipeline.status": ("在建", "已批"),
    "pipeline.kind": ("扩建", "改扩建"),
}
#: The levels with which they are read: in five years and four, 初一 is not told.
_LEVELS = {"primary": (1, 5), "middle": (6, 9), "high": (10, 12)}


def _cells(cells: Mapping[str, tuple[Cell, ...]], index: int) -> str:
    """Show how cells are read, or the words with which they are refused."""
    rows = []
    for name, every in cells.items():
        table, _, own = name.partition(".")
        column = SPECS[table].column(own)
        said_column = (column.name, column.term.zh)[index]
        for cell in every:
            value = cell_reader(column, Names(None, _LEVELS))(cell)
            written = f"`{show(cell)}`"
            if not isinstance(cell, str):
                written += (" (a number in a workbook)", "（工作簿中的数字）")[index]
            rows.append((written, said_column, _said(value, column, index)))
    head = ("written", "in column", "read as"), ("写作", "所在列", "读作")
    return grid(head[index], rows)


def _said(value: Value, column: Column, index: int) -> str:
    """Say what was read, or why it was not, as a problem does."""
    if value.fault is None:
        return f"`{value.value:g}`" if isinstance(value.value, float) else f"`{value.value}`"
    facts = {"column": column.term, **value.fault.facts}
    text = Problem(value.fault.code, At("-"), tuple(facts.items())).text(("en", "zh")[index])
    return ("refused: ", "拒绝：")[index] + text.partition(f"{value.fault.code}: ")[2]


def _encodings(language: str) -> str:
    """Show which encodings are told apart, by decoding a header in each."""
    samples = [(name, "学年,区域") for name in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]
    samples.append(("gb18030", "学校"))
    index = int(language == "zh")
    rows = []
    for name, text in samples:
        problems = Problems()
        found = decode(text.encode(name), "", problems)
        if found is None:
            message = catalog("problems")[problems.errors[0].code]
            facts = dict(problems.errors[0].facts)
            said = ("refused: ", "拒绝：")[index] + message["what"][language].format(**facts)
            said += ("; ", "；")[index] + message["fix"][language]
        else:
            assert found.text == text
            said = found.encoding
        rows.append((name, f"`{text}`", said))
    head = ("written in", "text", "read as"), ("写入编码", "内容", "读作")
    return grid(head[index], rows)
