"""Write docs/inputs.md and docs/inputs.zh.md from the code: ``python docs/make_inputs.py``.

Names, limits, defaults, keys and headers come from the declarations that read the files; what
is shown as read is read here. Only questions and examples are words of
`inputs_words.py` and `inputs_chance.py`. A lever, field or source of chance without words there
stops the script.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import inputs_parts as parts
import inputs_words as words
from inputs_chance import chance
from inputs_say import LANGUAGES, Part, Speaker, code, flow, grid, references

from capacity.base.errors import Problems
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
    """Give the name of the page of a language."""
    return "inputs.md" if language == "en" else "inputs.zh.md"


def page(language: str) -> str:
    """Give the page of a language."""
    writer = Writer(language)
    sections = (
        parts.smallest(language),
        writer.district(),
        writer.tables(),
        writer.scenario(),
        writer.levers(),
        parts.reading(language),
        writer.needed(),
    )
    return "\n\n".join((parts.HEAD[writer.index], *sections)) + "\n"


def read(text: str) -> Document:
    """Read an example as the program does."""
    problems = Problems()
    document = parse_yaml(text, "example.yaml", problems)
    problems.raise_errors()
    assert document is not None
    return document


class Writer(Speaker):
    """Writes the sections that follow the declarations, in one language."""

    def district(self) -> str:
        """Write section 2."""
        needed = {"entry": self.say("with births or children", "有出生或儿童表时")}
        example = read(words.DISTRICT).data
        rows = self.keys("DistrictFile", district_schema(), [example], needed)
        text = parts.DISTRICT[self.index].format(example=words.DISTRICT)
        return f"{text}\n\n{self.key_grid(rows)}"

    def key_grid(self, rows: list[list[str]]) -> str:
        """Give a table of keys."""
        head = ("key", "kind", "meaning", "required", "example")
        return grid((head, ("字段", "类型", "含义", "必需", "示例"))[self.index], rows)

    def keys(
        self, model: str, schema: Part, values: list[Any], needed: Mapping[str, str], path: str = ""
    ) -> list[list[str]]:
        """Give a row for every key of a declaration, and of the maps and lists below it.

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

    def tables(self) -> str:
        """Write section 3."""
        common = self.column_grid(self.column(TABLES["enrolment"], column) for column in COMMON)
        return "\n\n".join((parts.TABLES[self.index], common, *map(self.table, TABLES.values())))

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
            rows.insert(4, self.level_places())
        listed = "\n".join(f"- {fact}" for fact in facts)
        return f"### {table.name}.csv\n\n{purpose}\n\n{listed}\n\n{self.column_grid(rows)}"

    def column_grid(self, rows: Any) -> str:
        """Give a table of columns."""
        head = ("column", "中文表头", "meaning", "kind", "required", "example")
        return grid((head, ("列名", "中文表头", "含义", "类型", "必需", "示例"))[self.index], rows)

    def column(self, table: Table, column: Column) -> list[str]:
        """Write one column."""
        meaning = column.docs[self.language]
        kind = self.word(words.KINDS, column.kind)[self.index]
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
        header, first = (line.split(",") for line in words.ROWS[table.name].splitlines()[:2])
        example = dict(zip(header, first, strict=True)).get(column.name)
        shown = f"`{example}`" if example else ""
        return [f"`{column.name}`", " ".join(column.aliases), meaning, kind, need, shown]

    def choices(self, column: Column) -> str:
        """Write what may stand in a column, with the Chinese words that are read as it."""
        of_choice: dict[str, list[str]] = {name: [] for name in column.choices}
        for said, name in listed_words(column.name).items():
            of_choice[name].append(said)
        return ", ".join(f"`{name}` {' '.join(said)}" for name, said in of_choice.items())

    def level_places(self) -> list[str]:
        """Write the columns of places in the pipeline."""
        column = TABLES["pipeline"].per_level
        assert column is not None
        aliases = " ".join(column.aliases)
        return [
            f"`{PLACES}<level>`",
            self.say(
                f"one of {aliases}, before or after the level's code or title",
                f"{aliases} 之一，写在学段代码或名称之前或之后",
            ),
            column.docs[self.language],
            words.KINDS["number"][self.index] + " ≥ 0",
            self.say("for the levels it serves", "有该学段时"),
            "`960`",
        ]

    def scenario(self) -> str:
        """Write section 4."""
        schema, under, over = scenario_schema(), read(words.SCENARIO), read(words.EXTENDING)
        somewhere = self.say("yes, here or in what it extends", "是，可由 extends 的文件给出")
        options = [key for one in schema["anyOf"] for key in one["required"] if key != "extends"]
        example = {**under.data, "extends": over.data["extends"]}
        rows = self.keys("ScenarioFile", schema, [example], dict.fromkeys(options, somewhere))
        laid = {"name": "", **merge(under, over).data}
        levers = laid.pop("levers")
        assert isinstance(levers, tuple) and laid.pop("extends")
        merged = [f"{key}: {flow(value)}" for key, value in laid.items()]
        merged += ["levers:", *(f"  - {flow(lever)}" for lever in levers)]
        texts = {"example": words.SCENARIO, "over": words.EXTENDING, "merged": "\n".join(merged)}
        before, after = (text.format(**texts) for text in parts.SCENARIO[self.index])
        drawn = chance(LANGUAGES[self.index])
        return "\n\n".join((before, self.key_grid(rows), after, drawn))

    def levers(self) -> str:
        """Write section 5."""
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
        table = grid((head, chinese)[self.index], rows)
        return "\n\n".join((parts.LEVERS[self.index], table, *own))

    def lever(self, kind: str, part: Part, schema: Part) -> list[str]:
        """Write one kind of lever."""
        question, line = self.word(words.LEVERS, kind)
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
        return [f"`{kind}`", question[self.index], value, where, dated, f"`{line}`"]

    def own_keys(self, kind: str, model: str, schema: Part) -> str:
        """Write the own keys of a kind."""
        rows = [row[:4] for row in self.keys(model, schema, [], {})]
        if "patternProperties" in schema["definitions"][model]:
            name, _, meaning, limits, *_ = self.level_places()
            rows.insert(4, [name, limits, meaning, self.say("at least one", "至少一个")])
        head = ("key", "kind", "meaning", "required"), ("字段", "类型", "含义", "必需")
        title = self.say(f"Own keys of `{kind}`:", f"`{kind}` 自己的字段：")
        return f"{title}\n\n{grid(head[self.index], rows)}"

    def needed(self) -> str:
        """Write section 7."""
        tables = [("district.yaml", TABLES["enrolment"])]
        tables += [(f"{name}.csv", table) for name, table in TABLES.items()]
        rows = [
            [f"`{file}`", table.needed[self.language], table.absent[self.language]]
            for file, table in tables
        ]
        head = ("file", "needed", "without it"), ("文件", "是否需要", "没有时")
        return f"{parts.NEEDED[self.index]}\n\n{grid(head[self.index], rows)}"


if __name__ == "__main__":
    main()
