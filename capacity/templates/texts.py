"""district.yaml and scenario files of a template, their comments in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.templates.example import BASE_YEAR, LAST_YEAR, LEVELS, REGIONS, TITLES, codes

Line = str | tuple[str, str]

_CELLS = {"north": "[0, 0]", "central": "[1, 0]", "south": "[2, 0]"}
_GRADES = {"primary": "[1, 6]", "middle": "[7, 9]", "high": "[10, 12]"}
_NAMES = {"north": "North", "central": "Central", "south": "South"}


def laid_out(lines: Sequence[Line], lang: str) -> str:
    """Give lines of YAML as text; a pair is a comment in both languages, the reader's first."""
    order = (1, 0) if lang == "zh" else (0, 1)
    written: list[str] = []
    for line in lines:
        written += [line] if isinstance(line, str) else [f"# {line[index]}" for index in order]
    return "\n".join(written) + "\n"


def district(lang: str) -> str:
    """Give district.yaml of the example."""
    regions, levels = codes(REGIONS, lang), codes(LEVELS, lang)
    north, central, south = regions.values()
    lines: list[Line] = [
        ("An invented example: put your own district in its place.", "虚构示例，请改成本区。"),
        "name: example",
        "title: {en: Example District, zh: 示例区}",
        (
            "Regions. `code` is what tables and scenarios write; `cell` is [row, column] on the "
            "map of the charts, from the north-west.",
            "区域。code 是表格和方案中的写法；cell 是图中位置 [行, 列]，自西北角起。",
        ),
        "regions:",
    ]
    for key, zh in REGIONS.items():
        title = f"{{en: {_NAMES[key]}, zh: {zh}}}"
        lines.append(f"  - {{code: {regions[key]}, title: {title}, cell: {_CELLS[key]}}}")
    lines += [
        (
            "Levels: first and last grade, pupils in a class. `pool: district`: a spare place "
            "anywhere in the district serves.",
            "学段：起止年级、标准班额。pool: district 表示全区任何空余学位都可用。",
        ),
        "levels:",
    ]
    for key, zh in LEVELS.items():
        title, size = f"{{en: {TITLES[key]}, zh: {zh}}}", 45 if key == "high" else 40
        more = ", pool: district" if key == "high" else ""
        stated = f"code: {levels[key]}, title: {title}, grades: {_GRADES[key]}"
        lines.append(f"  - {{{stated}, class_size: {size}{more}}}")
    lines += [
        (
            "Who enters grade 1 in autumn: children who are 6 by 31 August. Births are counted "
            "by calendar year.",
            "秋季入学：8月31日前满6周岁。出生人数按自然年统计。",
        ),
        'entry: {age: 6, cutoff: "08-31", births_year_ends: "12-31"}',
        (
            "Pairs of regions between which pupils of a level may move; leave out if none.",
            "该学段学生可以相互调剂的区域对；没有则删去。",
        ),
        f"neighbours: {{{levels['middle']}: [[{north}, {central}], [{central}, {south}]]}}",
    ]
    return laid_out(lines, lang)


def baseline(lang: str, base_year: int = BASE_YEAR, last_year: int = LAST_YEAR) -> str:
    """Give the scenario that a district starts from."""
    lines: list[Line] = [
        ("A scenario file: one question about the district.", "方案文件：关于本区的一个问题。"),
        "name: baseline",
        "title: {en: The plan as listed, zh: 现有规划}",
        "question:",
        "  en: Where and when will school places be short if all that is listed is built?",
        "  zh: 列出的项目都建成后，哪里、何时缺学位？",
        ("The folder with the tables: the one of this file.", "数据表所在文件夹：与本文件相同。"),
        "district: .",
        (
            "The last year of enrolment that is used, and the last year forecast (autumns).",
            "所用在校生的最后一年，以及预测的最后一年（均为秋季）。",
        ),
        f"horizon: {{base_year: {base_year}, last_year: {last_year}}}",
    ]
    return laid_out(lines, lang)


def delayed(lang: str) -> str:
    """Give a scenario that builds on the first."""
    lines: list[Line] = [
        ("Builds on baseline.yaml and changes one thing.", "以 baseline.yaml 为基础，只改一处。"),
        "name: delayed",
        "title: {en: Two years late, zh: 延期两年}",
        "question:",
        "  en: What if schools that are not yet being built open two years late?",
        "  zh: 尚未开工的学校晚两年启用会怎样？",
        "extends: baseline.yaml",
        "levers:",
        "  - {kind: delay, add: 2, where: {status: [approved, planned]}}",
    ]
    return laid_out(lines, lang)
