"""The invented examples, one a country, in a language; and what a country calls its grades."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from capacity.base.errors import Problems
from capacity.base.words import word
from capacity.inputs.districts.declared import DistrictFile, Entry
from capacity.inputs.districts.district import DISTRICT_FILE
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import parse_yaml
from capacity.inputs.importing.mapfile import stated_entry, titled_level
from capacity.inputs.importing.vocabulary import systems
from capacity.inputs.tables.columns import TABLES, Column, Table, tables_for
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.readers import cell_reader
from capacity.inputs.tables.values import CellError
from capacity.templates.content import OPTIONAL, TEXT, Cell, Content, Filled, Grade, titles_of
from capacity.templates.presets import countries

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

_HERE = Path(__file__).parent


class _Itself(dict[str, str]):
    """Words for what has some; anything else says itself."""

    def __missing__(self, key: str) -> str:
        return key


@dataclass(frozen=True)
class Example:
    """The example of a country.

    Attributes
    ----------
    country : str
        Its folder.
    language : str
        Of its codes and comments.
    """

    country: str
    language: str

    @property
    def codes(self) -> Mapping[str, str]:
        """What its codes and texts are called in its language."""
        return _Itself(_toml("zh.toml") if self.language == "zh" else {})

    @property
    def _facts(self) -> Mapping[str, Any]:
        return _toml(f"{self.country}/country.toml")

    def comments(self, *names: str, **facts: object) -> dict[str, str]:
        """Return comments of files by name: those of the country, else those of all."""
        own = self._facts["said"]
        return {
            name: own[name][self.language]
            if name in own
            else word(f"templates.said_{name}", self.language, **facts)
            for name in names
        }

    def district_text(self, name: str = "example") -> str:
        """Return its district.yaml under a name, with codes and comments in its language."""
        text = Template((_HERE / self.country / DISTRICT_FILE).read_text(encoding="utf-8"))
        said = self.comments(
            "about", "regions", "levels", "entry", "neighbours", "headline", "called"
        )
        return text.substitute(_Itself({**self.codes, **said, **self._usual(), "name": name}))

    def _usual(self) -> dict[str, str]:
        """Return the levels and the entry of its school system, as district.yaml has them."""
        usual = self._facts["usual"]
        system = next(one for one in systems() if one.name == usual["system"])
        pools = usual.get("pools", {})
        rows = [
            "  - {" + titled_level(level.stated(code=self.codes[level.code])) + pool + "}"
            for level in system.levels
            if level.code in usual["levels"]
            for pool in [f", pool: {pools[level.code]}" if level.code in pools else ""]
        ]
        entry = stated_entry(Entry.model_validate(system.entry))
        return {"usual_levels": "\n".join(rows), "usual_entry": entry}

    @property
    def district(self) -> DistrictFile:
        """What its district.yaml says."""
        problems = Problems()
        document = parse_yaml(self.district_text(), DISTRICT_FILE, problems)
        assert document is not None
        district = checked(DistrictFile, document, problems)
        assert district is not None
        return district

    def content(self) -> Content:
        """Return its tables: they run at once.

        Three regions, and nine years of pupils: so many that its forecasts can be measured on its
        own past.
        """
        district = self.district
        titles = titles_of(district)
        specs, folder = tables_for(titles, titles), _HERE / self.country
        regions = tuple(region.code for region in district.regions)
        return Content(
            tuple(self._tables(folder, specs)),
            regions,
            titles,
            self.grades(district),
            tuple(self._tables(folder / OPTIONAL, specs)),
        )

    def _tables(self, folder: Path, specs: Mapping[str, Table]) -> Iterator[Filled]:
        for name, spec in specs.items():
            if (path := folder / f"{name}.csv").exists():
                yield self._of_file(path, spec)

    def _of_file(self, path: Path, spec: Table) -> Filled:
        """Return a table, its codes in its language: also those in the names of columns."""
        codes = self.codes
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
        columns = tuple(spec.column(_renamed(name, codes)) for name in header)
        return Filled(
            spec,
            columns,
            tuple(
                tuple(
                    _parsed(column, codes[cell]) for column, cell in zip(columns, row, strict=True)
                )
                for row in rows
            ),
        )

    def grades(self, district: DistrictFile | District) -> tuple[Grade, ...]:
        """Return the grades of a district in the words of the country, as far as it has any.

        A word is one that readers take only where the district's levels let them understand it.
        """
        levels = {level.code: level.grades for level in district.levels}
        names = Names(None, levels)
        said = self._facts["grades"]
        return tuple(
            _grade(grade, said.get(str(grade), {}).get(self.language, ()), names)
            for grade in names.grades
        )


def _grade(number: int, words: Iterable[str], names: Names) -> Grade:
    read = cell_reader(TABLES["enrolment"].column("grade"), names)
    for one in words:
        try:
            if read(one).value == number:
                return Grade(number, one, True)
        except CellError:
            pass
    return Grade(number, next(iter(words), ""), False)


def _renamed(name: str, codes: Mapping[str, str]) -> str:
    """Return the name of a column with the code of its level in another language."""
    stem, bar, level = name.rpartition("_")
    known = {f"{one.name}" for one in TABLES["pipeline"].per_level}
    return f"{stem}{bar}{codes[level]}" if f"{stem}{bar}" in known else name


def _parsed(column: Column, text: str) -> Cell:
    if column.kind in TEXT:
        return text or None
    return float(text) if text else None


@cache
def _toml(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def nearest_example(district: District, lang: str) -> Example:
    """Return the example of the country whose schools begin as those of a district do.

    By the age at entry and the first grade; else the one of grades 1 to 12.
    """
    begins = _begins(district)
    every = [Example(country, lang) for country in countries()]
    return next((one for one in every if _begins(one.district) == begins), every[0])


def _begins(district: DistrictFile | District) -> tuple[int | None, int]:
    first = min(level.grades[0] for level in district.levels)
    return (district.entry.age if district.entry else None), first


def file_text(name: str, example: Example, **facts: object) -> str:
    """Return a scenario file of the examples, its comments in the language of one."""
    text = Template((_HERE / name).read_text(encoding="utf-8"))
    wanted = set(text.get_identifiers()) - facts.keys()
    return text.substitute({**example.comments(*wanted, **facts), **facts})
