"""The parts of docs/inputs.md that are read, or drawn, by the code as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from inputs_say import LANGUAGES, WORDS, grid

from capacity.base.errors import At, Problem, Problems
from capacity.base.settings import Source
from capacity.base.words import catalog
from capacity.inputs.tables.columns import Column, tables_for
from capacity.inputs.tables.files import MAX_BYTES, decode
from capacity.inputs.tables.names import Names, Stated
from capacity.inputs.tables.office import HEADER_ROWS
from capacity.inputs.tables.readers import cell_reader
from capacity.inputs.tables.values import MAX_CODE, YEARS, Cell, CellError, show
from capacity.inputs.to_model.district import PROJECTION, SPREAD_OF_QUALITY
from capacity.model.assumptions import PROJECTS_COMMON
from capacity.model.draws.supply import COMPLETION, DELAY

#: Cells shown as read, by column.
_CELLS: dict[str, tuple[Cell, ...]] = {
    "enrolment.pupils": (
        "1234.5", "1,234", "１２０", "1.2万", "3千", "120人", "1.5 thousand pupils", "102¹",
        "12%", "1 234", "0120", "约120", "nan", "−5",
    ),
    "enrolment.year": (
        "2025", "2025学年", "2025-2026学年度", "2025/26", "SY 2025-26", "Autumn 2025",
        "January 2026", "2025-10-15", "2025-2027", "SY 2025", "2025年8月", "2005-06", "25",
    ),
    "births.year": ("2018年", "2018/19", "2018年3月"),
    "pipeline.opens": ("2026年9月", "2026-03-15", "October 2026", "2026年下半年"),
    "pipeline.known": ("2025-06", "2025.6", "2025"),
    "enrolment.grade": (
        "3年级", "三年级", "03", "Grade 3", "Year 8", "高一", "1º EM", "K", "初一",
        "1학년", "KF", "UG",
    ),
    "pipeline.places_primary": ("24班", "12轨", "2FE", "小学24班/初中18班"),
    "pipeline.status": ("在建", "主体封顶", "前期手续", "On site", "停工"),
    "pipeline.kind": ("扩建", "配建", "改扩建", "接收"),
}  # fmt: skip
_CODES: dict[str, tuple[Cell, ...]] = {
    "births.region": ("101", " north ", "St. Mary's, east+1", 101.0)
}
#: The levels with which they are read: in five years and four, 初一 is not told.
_LEVELS = {"primary": (0, 5), "middle": (6, 9), "high": (10, 12)}
_STATED = Stated(class_sizes=dict.fromkeys(_LEVELS, 40.0))
#: With their titles, by which parts of what is built name them.
_TITLES = {"level": {"primary": ("小学",), "middle": ("初中",), "high": ("高中",)}}


def reading(language: str) -> dict[str, object]:
    """Return what section 6 is filled with: what is shown as read has been read."""
    index = LANGUAGES.index(language)
    return {
        "numbers": _cells(_CELLS, index),
        "codes": _cells(_CODES, index),
        "encodings": _encodings(language),
        "longest": MAX_CODE,
        "first": YEARS[0],
        "last": YEARS[1],
        "size": MAX_BYTES // 2**20,
        "rows": HEADER_ROWS,
    }


def _cells(cells: Mapping[str, tuple[Cell, ...]], index: int) -> str:
    """Show how cells are read, or the words with which they are refused."""
    rows = []
    for name, every in cells.items():
        table, _, own = name.partition(".")
        columns = tables_for(_LEVELS, _TITLES["level"])[table].columns
        column = next(column for column in columns if column.name == own)
        said_column = (column.name, column.term.zh)[index]
        for cell in every:
            written = f"`{show(cell)}`"
            if not isinstance(cell, str):
                written += (" (a number in a workbook)", "（工作簿中的数字）")[index]
            rows.append((written, said_column, _said(cell, column, index)))
    head = ("written", "in column", "read as"), ("写作", "所在列", "读作")
    return grid(head[index], rows)


def _said(cell: Cell, column: Column, index: int) -> str:
    """Return what a cell is read as, or why it is not, as a problem does."""
    try:
        value = cell_reader(column, Names(None, _LEVELS, _TITLES, _STATED))(cell).value
    except CellError as error:
        facts = {"column": column.term, **error.facts}
        text = Problem(error.code, At("-"), tuple(facts.items())).text(("en", "zh")[index])
        return ("refused: ", "拒绝：")[index] + text.partition(f"{error.code}: ")[2]
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


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


def chances(language: str) -> dict[str, str]:
    """Return what the part on draws is filled with.

    Raises
    ------
    SystemExit
        A source of the code has no words.
    """
    sources = WORDS["sources"]
    if missing := set(get_args(Source)) ^ set(sources):
        names = ", ".join(sorted(missing))
        raise SystemExit(f"docs/inputs/words.toml: no words, or no source: {names}")
    index = LANGUAGES.index(language)
    facts = {
        "projection": f"`source: {PROJECTION[0]}`",
        "common": PROJECTS_COMMON.value,
        "qualities": ", ".join(f"{name} {sd:g}" for name, sd in SPREAD_OF_QUALITY.items()),
    }
    rows = [
        (f"`{name}`", words[language], words[f"much_{language}"].format(**facts))
        for name, words in sources.items()
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
    return {"sources": grid(head, rows), "statuses": grid(says, fates)}


def _delays(delay: Mapping[int, float]) -> str:
    """Return the probability of each delay of the projects that are built, the rest on time."""
    late = {0: 1 - sum(delay.values()), **delay}
    return ", ".join(f"{years}: {share:.3g}" for years, share in late.items())
