"""Every table, column and choice has words in both languages, and no words outlive theirs."""

from capacity.inputs.tables.about import CHOICES, COLUMNS, TABLES, meaning
from capacity.inputs.tables.columns import TABLES as SPECS
from capacity.inputs.tables.headers import tables_for


def test_every_column_is_put_into_words() -> None:
    for table in tables_for(["primary"]).values():
        assert all(map(all, TABLES[table.name]))
        for column in table.columns:
            assert all(meaning(table.name, column)), (table.name, column.name)


def test_every_choice_is_put_into_words() -> None:
    of_column = {
        column.name: set(column.choices)
        for table in SPECS.values()
        for column in table.columns
        if column.choices
    }
    assert {name: set(words) for name, words in CHOICES.items()} == of_column


def test_no_words_outlive_their_column() -> None:
    names = {f"{table.name}.{column.name}" for table in SPECS.values() for column in table.columns}
    names |= {name.partition(".")[2] for name in names} | {"pipeline.places_"}
    assert set(COLUMNS) <= names
