"""Write docs/inputs.md and docs/inputs.zh.md from the code: ``python docs/make_inputs.py``.

Names, limits, defaults, keys and headers come from the declarations that read the files; what
is shown as read is read here. Prose, questions and examples stand in docs/inputs/. A lever, field
or source of chance without words there stops the script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any

from inputs_read import chances, reading
from inputs_say import LANGUAGES, Part, Speaker, code, example, flow, grid, references

from capacity.base.errors import Problems
from capacity.base.titles import Titles
from capacity.base.words import catalog
from capacity.inputs.districts.outlines import MOST_POINTS, OUTLINES_FILE, read_outlines
from capacity.inputs.documents.jsonfile import MAX_BYTES
from capacity.inputs.documents.yaml import Document, parse_yaml
from capacity.inputs.scenarios.extends import merge
from capacity.inputs.scenarios.schema import district_schema, scenario_schema
from capacity.inputs.tables.columns import PLACES, TABLES, Column, Table, listed_words

HERE = Path(__file__).parent
#: Columns that every table may carry.
COMMON = [c for c in TABLES["enrolment"].columns if all(c in t.columns for t in TABLES.values())]
FORMS = ("set", "add", "times")


def main() -> None:
    """Rewrite both pages."""
    for language in LANGUAGES:
        (HERE / file_name(language)).write_text(page(language), encoding="utf-8")


def file_name(language: str) -> str:
    """Return the name of the page of a language."""
    return "inputs.md" if language == "en" else "inputs.zh.md"


def page(language: str) -> str:
    """Return the page of a language: its template, filled."""
    writer = Writer(language)
    sections = (
        writer.district(),
        writer.outlines(),
        writer.tables(),
        writer.scenario(),
        chances(language),
        {"levers": writer.levers(), "needed": writer.needed()},
        reading(language),
    )
    facts = {name: text for section in sections for name, text in section.items()}
    return Template(example(f"page.{language}.md")).substitute(facts)


def read(text: str) -> Document:
    """Read an example as the program does."""
    problems = Problems()
    document = parse_yaml(text, "example.yaml", problems)
    problems.raise_errors()
    assert document is not None
    return document


class Writer(Speaker):
    """Writes the sections that follow the declarations, in one language."""

    def district(self) -> dict[str, str]:
        """Return what section 2 is filled with."""
        text = example("district.yaml")
        needed = {"entry": self.say("with births or children", "有出生或儿童表时")}
        rows = self.keys("DistrictFile", district_schema(), [read(text).data], needed)
        return {"district": text.rstrip(), "district_keys": self.key_grid(rows)}

    def outlines(self) -> dict[str, str]:
        """Return what the part about a map is filled with; its example is read, too."""
        problems = Problems()
        read_outlines(HERE / "inputs", None, Titles({}, {}), problems)
        problems.raise_errors()
        return {
            "outlines": example(OUTLINES_FILE).rstrip(),
            "outline_keys": self.listed(f"`{key}`" for key in catalog("reading")["outlines"]),
            "outline_size": str(MAX_BYTES // 2**20),
            "outline_points": f"{MOST_POINTS:,}",
        }

    def key_grid(self, rows: list[list[str]]) -> str:
        """Return a table of keys."""
        head = ("key", "kind", "meaning", "required", "example")
        return grid((head, ("字段", "类型", "含义", "必需", "示例"))[self.index], rows)

    def keys(
        self, model: str, schema: Part, values: list[Any], needed: Mapping[str, str], path: str = ""
    ) -> list[list[str]]:
        """Return a row for every key of a declaration, and of the maps and lists below it.

        Parameters
        ----------
        model : str
        schema : mapping
            With all definitions; the declaration itself where it is none of them.
        values : list
            Examples of the declared map.
        needed : mapping
            When a key is needed that the schema does not require.
        path : str
            What stands before each key.
        """
        declared = schema["definitions"].get(model, schema)
        rows: list[list[str]] = []
        for key, stated in declared["properties"].items():
            below = [] if key == "levers" else references(stated)
            # Beside a bare reference stands no description: it has that of what it refers to.
            part = {**schema["definitions"][below[0]], **stated} if below else stated
            found = [value[key] for value in values if key in value]
            need = self.say("yes", "是") if key in declared.get("required", ()) else ""
            shown = "" if not found or references(stated) else f"`{flow(found[0])}`"
            rows.append(
                [
                    f"`{path}{key}`",
                    self.kind(stated),
                    self.meaning(model, key, part),
                    need or needed.get(path + key) or self.default(stated),
                    shown,
                ]
            )
            if below:
                many = stated.get("type") == "array"
                inner = [item for value in found for item in (value if many else [value])]
                sign = "[]." if many else "."
                rows += self.keys(below[0], schema, inner, needed, path + key + sign)
        return rows

    def tables(self) -> dict[str, str]:
        """Return what section 3 is filled with."""
        common = self.column_grid(self.column(TABLES["enrolment"], column) for column in COMMON)
        return {
            "common_columns": common,
            "tables": "\n\n".join(map(self.table, TABLES.values())),
        }

    def table(self, table: Table) -> str:
        """Write what one table is and holds."""
        purpose, needed, absent = (
            text[self.language] for text in (table.docs, table.needed, table.absent)
        )
        whole = code(column.name for column in table.columns if column.all)
        sheets, key = code((table.name, *table.aliases)), code(table.key)
        facts = (
            self.say(
                f"Needed: {needed}; without it: {absent}", f"是否需要：{needed}；没有时：{absent}"
            ),
            self.say(f"Key, each once: {key}", f"主键（不可重复）：{key}"),
            self.say(f"`all` may stand in: {whole}", f"可写 `all` 的列：{whole}")
            if whole
            else self.say("`all` is not allowed", "不可写 `all`"),
            self.say(f"Sheet in a workbook: {sheets}", f"工作簿中的工作表名：{sheets}"),
        )
        rows = [self.column(table, column) for column in table.columns if column not in COMMON]
        if table.name == "pipeline":
            places, *others = map(self.of_level, table.per_level)
            rows[4:4] = [places]
            rows += others
        listed = "\n".join(f"- {fact}" for fact in facts)
        return f"### {table.name}.csv\n\n{purpose}\n\n{listed}\n\n{self.column_grid(rows)}"

    def column_grid(self, rows: Any) -> str:
        """Return a table of columns."""
        head = ("column", "other names", "meaning", "kind", "required", "example")
        return grid((head, ("列名", "其他表头", "含义", "类型", "必需", "示例"))[self.index], rows)

    def column(self, table: Table, column: Column) -> list[str]:
        """Write one column."""
        meaning = column.docs[self.language]
        kind = self.word("kinds", column.kind)[self.language]
        if column.choices:
            kind += self.say(" ", "") + self.choices(column)
        if column.kind in ("number", "whole"):
            low, high = f"{column.low:g}", f"{column.high:g}"
            kind += f" ≥ {low}" if column.high >= 1e5 else f" {low}–{high}"
        if column.units:
            kind += self.say(", may end in ", "，可带 ") + " ".join(column.units)
        need = self.say("yes", "是") if column.filled else self.say("no", "否")
        if column.required and not column.filled:
            need = self.say("column yes, cell no", "列必需，单元格可空")
        rows = example(f"rows/{table.name}.csv").splitlines()
        header, first = (line.split(",") for line in rows[:2])
        cell = dict(zip(header, first, strict=True)).get(column.name)
        shown = f"`{cell}`" if cell else ""
        return [f"`{column.name}`", self.listed(column.aliases), meaning, kind, need, shown]

    def choices(self, column: Column) -> str:
        """Write what may stand in a column, with the further words that are read as it."""
        of_choice: dict[str, list[str]] = {name: [] for name in column.choices}
        for said, name in listed_words(column.words).items():
            of_choice[name].append(said)
        return "; ".join(f"`{name}` {self.listed(said)}" for name, said in of_choice.items())

    def listed(self, names: Iterable[str]) -> str:
        """Write names one after the other, some of which have blanks."""
        return self.say(", ", "、").join(names)

    def of_level(self, column: Column) -> list[str]:
        """Write the columns of the pipeline that each level has."""
        aliases = self.listed(column.aliases)
        return [
            f"`{column.name}<level>`",
            self.say(
                f"one of {aliases}, before or after the level's code or title",
                f"{aliases} 之一，写在学段代码或名称之前或之后",
            ),
            column.docs[self.language],
            self.word("kinds", "number")[self.language] + " ≥ 0",
            self.say("for the levels it serves", "有该学段时")
            if column.name == PLACES
            else self.say("no", "否"),
            "`960`" if column.name == PLACES else "`120`",
        ]

    def scenario(self) -> dict[str, str]:
        """Return what section 4 is filled with, but for draws."""
        question, cautious = example("question.yaml"), example("cautious.yaml")
        schema, under, over = scenario_schema(), read(question), read(cautious)
        somewhere = self.say("yes, here or in what it extends", "是，可由 extends 的文件给出")
        options = [key for one in schema["anyOf"] for key in one["required"] if key != "extends"]
        every = {**under.data, "extends": over.data["extends"]}
        rows = self.keys("ScenarioFile", schema, [every], dict.fromkeys(options, somewhere))
        laid = {"name": "", **merge(under, over).data}
        levers = laid.pop("levers")
        assert isinstance(levers, tuple) and laid.pop("extends")
        merged = [f"{key}: {flow(value)}" for key, value in laid.items()]
        merged += ["levers:", *(f"  - {flow(lever)}" for lever in levers)]
        return {
            "question": question.rstrip(),
            "scenario_keys": self.key_grid(rows),
            "cautious": cautious.rstrip(),
            "merged": "\n".join(merged),
        }

    def levers(self) -> str:
        """Return the tables of section 5."""
        schema = scenario_schema()
        kinds = {
            part["properties"]["kind"]["const"]: part
            for name in references(schema["properties"]["levers"])
            for part in (schema["definitions"][name],)
        }
        rows = [self.lever(kind, part, schema) for kind, part in kinds.items()]
        own = [
            self.own_keys(kind, references(part["properties"][kind])[0], schema)
            for kind, part in kinds.items()
            if kind in part["properties"]
        ]
        head = ("kind", "question", "value", "keys of `where`", "from/until", "a line to copy")
        chinese = ("kind", "回答的问题", "取值", "`where` 的字段", "from/until", "可复制的一行")
        return "\n\n".join((grid((head, chinese)[self.index], rows), *own))

    def lever(self, kind: str, part: Part, schema: Part) -> list[str]:
        """Write one kind of lever."""
        words = self.word("levers", kind)
        keys = part["properties"]
        forms = [f"`{form}`: {self.kind(keys[form])}" for form in FORMS if form in keys]
        if kind in keys:
            forms.append(f"`{kind}`: " + self.say("own keys, below", "自己的字段，见下"))
        where = self.say("no `where`", "无 `where`")
        if "where" in keys:
            chosen = schema["definitions"][references(keys["where"])[0]]
            needed = dict.fromkeys(chosen.get("required", ()), self.say(" (needed)", "（必需）"))
            where = ", ".join(f"`{key}`{needed.get(key, '')}" for key in chosen["properties"])
        if "where" in part["required"] and not needed:
            where += self.say(" (at least one)", "（至少一个）")
        dated = self.say("yes", "有") if "from" in keys else self.say("no", "无")
        value = self.say("; ", "；").join(forms) or self.say("no value", "无取值")
        return [f"`{kind}`", words[self.language], value, where, dated, f"`{words['line']}`"]

    def own_keys(self, kind: str, model: str, schema: Part) -> str:
        """Write the own keys of a kind."""
        rows = [row[:4] for row in self.keys(model, schema, [], {})]
        if "patternProperties" in schema["definitions"][model]:
            first, *others = map(self.of_level, TABLES["pipeline"].per_level)
            name, _, meaning, limits, *_ = first
            rows.insert(4, [name, limits, meaning, self.say("at least one", "至少一个")])
            rows += [[one[0], one[3], one[2], self.say("no", "否")] for one in others]
        head = ("key", "kind", "meaning", "required"), ("字段", "类型", "含义", "必需")
        title = self.say(f"Own keys of `{kind}`:", f"`{kind}` 自己的字段：")
        return f"{title}\n\n{grid(head[self.index], rows)}"

    def needed(self) -> str:
        """Return the table of section 7."""
        tables = [("district.yaml", TABLES["enrolment"])]
        tables += [(f"{name}.csv", table) for name, table in TABLES.items()]
        rows = [
            [f"`{file}`", table.needed[self.language], table.absent[self.language]]
            for file, table in tables
        ]
        head = ("file", "needed", "without it"), ("文件", "是否需要", "没有时")
        return grid(head[self.index], rows)


if __name__ == "__main__":
    main()
