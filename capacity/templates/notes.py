"""How a template is filled in, in words: for a text file, a notes sheet and header comments."""

from __future__ import annotations

from collections.abc import Iterator

from capacity.inputs.tables import about
from capacity.inputs.tables.columns import Column
from capacity.templates.content import Content, Filled, sheet_name

Pair = about.Pair

TITLE: Pair = (
    "A district folder to fill in. Its figures are an invented example.",
    "区数据文件夹（待填写）。其中数字均为虚构示例。",
)
TITLE_LIKE: Pair = ("A district folder.", "区数据文件夹。")
STEPS: tuple[Pair, ...] = (
    (
        "1. In district.yaml write your regions and levels. Tables use their codes.",
        "1. 在 district.yaml 中写本区的区域和学段；表格中用它们的代码。",
    ),
    (
        "2. In the tables put your figures in place of the example's. Do not merge cells; leave "
        "what is unknown empty.",
        "2. 在各表中用自己的数字替换示例。不要合并单元格；不知道的留空。",
    ),
    (
        "3. A school stands in one table only: built and in use in places, everything planned or "
        "being built in pipeline.",
        "3. 一所学校只写在一张表中：已建成使用的写入学位表，规划和在建的写入项目表。",
    ),
    (
        "4. Check: capacity check baseline.yaml. Run: capacity run baseline.yaml.",
        "4. 检查：capacity check baseline.yaml。运行：capacity run baseline.yaml。",
    ),
)
OPTIONAL: dict[str, Pair] = {
    "csv": (
        "Further tables stand in optional/ and are not read there. Fill one in and move it here.",
        "其他可选的表在 optional/ 中，放在那里不会读取；填好后移到本文件夹即可。",
    ),
    "excel": (
        "Sheets with a grey tab are examples of further tables and are not read. To use one, fill "
        "it in and take “ (example)” off its name.",
        "灰色标签的工作表是其他可选表的示例，不会读取；要用时填好，并去掉表名中的“（示例）”。",
    ),
}
COLOURS: Pair = (
    "Dark headers: needed. Light headers: as you like. Point at a header to read what it means.",
    "深色表头必填，浅色表头选填。把鼠标移到表头上可看说明。",
)
NEEDED: Pair = ("needed", "必填")
FREE: Pair = ("optional", "选填")


def head(content: Content, form: str) -> tuple[Pair, ...]:
    """Give what stands above the list of columns; ``form`` is csv or excel."""
    invented = bool(content.optional)
    lines = [TITLE if invented else TITLE_LIKE, *STEPS]
    lines += [OPTIONAL[form]] if invented else []
    return (*lines, *([COLOURS] if form == "excel" else ()))


def plain(text: str) -> str:
    """Give a text without the marks of a page."""
    return text.replace("`", "")


def needed(column: Column) -> Pair:
    """Say whether a column must be there."""
    return NEEDED if column.required else FREE


def choices(column: Column) -> list[tuple[str, Pair]]:
    """Give the words that may stand in a column, each with its meaning."""
    return [(word, about.CHOICES[column.name][word]) for word in column.choices]


def comment(table: str, column: Column, lang: str) -> str:
    """Give the comment of a header, in both languages, the reader's first."""
    meaning, need = about.meaning(table, column), needed(column)
    order = (1, 0) if lang == "zh" else (0, 1)
    lines = [f"{plain(meaning[index])} ({need[index]})" for index in order]
    lines += [f"{word}: {said[order[0]]} {said[order[1]]}" for word, said in choices(column)]
    return "\n".join(lines)


def as_text(content: Content, lang: str) -> str:
    """Give the notes of a folder of CSV files."""
    order = (1, 0) if lang == "zh" else (0, 1)
    blocks = [[pair[index] for pair in head(content, "csv")] for index in order]
    blocks += [list(_lines(one, content, lang)) for one in (*content.tables, *content.optional)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _lines(filled: Filled, content: Content, lang: str) -> Iterator[str]:
    first, second = (1, 0) if lang == "zh" else (0, 1)
    name = filled.spec.name
    where = "optional/" if filled in content.optional else ""
    yield f"{where}{name}.csv  {sheet_name(name, 'zh')}"
    yield from (f"  {plain(about.TABLES[name][0][index])}" for index in (first, second))
    for column in filled.columns:
        heading = content.heading(filled, column, lang)
        said = comment(name, column, lang).splitlines()
        yield f"  {heading}: {said[0]}"
        yield from (f"      {line}" for line in said[1:])
