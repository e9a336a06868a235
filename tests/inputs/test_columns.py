"""Every table, column and choice is told whole: words in both languages, and none for nothing."""

from typing import Any

import pytest

from capacity.base import LANGUAGES, catalog
from capacity.inputs.tables import CHOICES, TABLES, Column, column_of, table_of, tables_for

LIKE: dict[str, Any] = {"kind": "number", "en": "What it holds", "zh": "含义"}


def every_column() -> list[Column]:
    return [column for table in tables_for(["primary"]).values() for column in table.columns]


def test_every_table_and_column_is_put_into_words() -> None:
    for table in TABLES.values():
        for words in (table.docs, table.needed, table.absent):
            assert tuple(words) == LANGUAGES and all(words.values()), table.name
    for column in every_column():
        assert tuple(column.docs) == LANGUAGES and all(column.docs.values()), column.name
        assert column.aliases, column.name


def test_every_choice_is_put_into_words_and_none_outlives_its_column() -> None:
    columns = [column for column in every_column() if column.kind == "choice"]
    assert {column.words: {*column.choices} for column in columns} == {
        name: {*choices} for name, choices in CHOICES.items()
    }
    for choices in CHOICES.values():
        for said in choices.values():
            assert said["en"] and said["zh"] and said.keys() <= {"en", "zh", "also", "maybe"}


def test_no_shared_column_outlives_its_tables() -> None:
    tables, shared = catalog("tables")["table"].values(), catalog("tables")["shared"].keys()
    columns = [(name, said) for table in tables for name, said in table["column"].items()]
    columns += [pair for table in tables for pair in table.get("per_level", {}).items()]
    like: set[str] = set()
    like |= {said["like"] for _, said in columns if "like" in said}
    assert like <= shared <= like | {name for name, _ in columns}


@pytest.mark.parametrize("missing", ["kind", *LANGUAGES])
def test_a_column_that_is_not_told_whole_stops_the_program(missing: str) -> None:
    assert column_of("area", LIKE) == Column("area", "number")
    with pytest.raises((KeyError, TypeError), match=missing):
        column_of("area", {key: said for key, said in LIKE.items() if key != missing})


def test_a_key_that_no_column_has_stops_the_program() -> None:
    with pytest.raises(TypeError, match="hihg"):
        column_of("area", LIKE | {"hihg": 5})


@pytest.mark.parametrize("missing", ["names", "key", "needed", "absent", *LANGUAGES])
def test_a_table_that_is_not_told_whole_stops_the_program(missing: str) -> None:
    whole = catalog("tables")["table"]["flags"]
    assert table_of("flags", whole) == TABLES["flags"]
    with pytest.raises(KeyError, match=missing):
        table_of("flags", {key: said for key, said in whole.items() if key != missing})
