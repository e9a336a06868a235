"""The template fits the district: its levels, grades and regions, whatever the country and form."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from python_calamine import CalamineWorkbook

import capacity as api
from capacity.base import Name, Problems
from capacity.inputs.scenarios import check, read_scenario
from capacity.inputs.tables import CHOICES, TABLES, Names, cell_reader, match_table, tables_for
from capacity.templates import guide_name, levels_known, names_of, write
from tests.bad_input.cases import capacity
from tests.seeds import usually
from tests.templates.test_templates import load, rename_sheets, tables

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = {
    yaml.safe_load(path.read_text(encoding="utf-8"))["name"] for path in SCENARIOS.glob("*.yaml")
}
CHINESE = re.compile("[\u4e00-\u9fff]")
LEVELS = [one for one in levels_known() if one not in ("en", "zh")]  # a country's in another word
WAYS = [(lang, excel) for lang in ("en", "zh") for excel in (False, True)]
FORMS = [(levels, *way) for levels in LEVELS for way in WAYS]
#: Every country in two ways, and every way; all of them with `-m slow`.
OFTEN = [
    (levels, *WAYS[(place + more) % 4]) for place, levels in enumerate(LEVELS) for more in (0, 3)
]


@pytest.fixture(
    scope="module",
    params=usually([(form,) for form in FORMS], [(form,) for form in OFTEN]),
    ids=lambda form: "-".join(map(str, form)),
)
def form(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, bool, Path]:
    levels, lang, excel = request.param
    folder = tmp_path_factory.mktemp("new") / "mine"
    write(folder, lang, excel=excel, levels=levels)
    return lang, excel, folder


def answers(folder: Path, *, quietly: bool, but: str = "") -> None:
    """Check and run a folder: every gap is known, and where asked nothing ``but`` is warned of."""
    scenarios = [path for path in folder.glob("*.yaml") if path.name != "district.yaml"]
    for path in scenarios:
        problems = check(path)
        assert not problems.errors, [one.text() for one in problems.errors]
        assert not (quietly and list(problems)), [one.text() for one in problems]
    result = api.run(api.load_scenario(folder / "baseline.yaml"), draws=0)
    notes = [note.text() for note in result.notes if note.code != but]
    assert not (quietly and notes), notes
    assert result.passed and result.frame()["gap"].notna().all()


def test_every_country_runs_at_once_in_every_form_without_a_word_of_warning(form) -> None:
    answers(form[2], quietly=True)


def test_its_further_tables_are_read_once_they_are_put_in_place(form, tmp_path: Path) -> None:
    lang, excel, made = form
    put_in_place(shutil.copytree(made, tmp_path / "mine"), lang, excel=excel)
    assert set(tables(load(tmp_path / "mine"))) == set(TABLES)
    assert not check(tmp_path / "mine" / "baseline.yaml").errors


def put_in_place(folder: Path, lang: str, *, excel: bool) -> None:
    if excel:
        ending = " (example)" if lang == "en" else "（示例）"
        rename_sheets(folder / guide_name(lang, excel=True), ending)
    else:
        for path in (folder / "optional").iterdir():
            path.rename(folder / path.name)


def test_its_comments_are_in_one_language(form) -> None:
    lang, excel, folder = form
    said = [
        line
        for path in folder.glob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]
    if excel:
        with zipfile.ZipFile(folder / guide_name(lang, excel=True)) as package:
            parts = [one for one in package.namelist() if one.startswith("xl/comments")]
            said += [
                text
                for part in parts
                for text in re.findall("<t[^>]*>([^<]*)</t>", package.read(part).decode())
                if not text.isspace()
            ]
    else:
        said += (folder / guide_name(lang)).read_text(encoding="utf-8").splitlines()
    said = [line for line in said if line.strip()]
    assert len(said) > 30
    if lang == "en":
        assert not [line for line in said if CHINESE.search(line)]
    else:  # names of files, columns and choices aside
        assert not [line for line in said if not CHINESE.search(line)]


def test_no_column_is_of_a_level_that_is_not_there(form) -> None:
    _, _, folder = form
    district = load(folder)
    levels = {level.code for level in district.levels}
    told = {level for level in levels if f"places_{level}" in district.table("pipeline").columns}
    assert told == levels
    heads = {
        head
        for _, rows in sheets(folder)
        for head in map(str, rows[0])
        if head.startswith("places_")
    }
    assert heads <= {f"places_{level}" for level in levels}


def sheets(folder: Path) -> Iterator[tuple[str, list[list[object]]]]:
    """Give every table of a folder as it stands there."""
    for path in folder.glob("*.csv"):
        yield path.stem, pd.read_csv(path, header=None, encoding="utf-8-sig").values.tolist()
    for path in folder.glob("*.xlsx"):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names[1:-1]:
            yield name, book.get_sheet_by_name(name).to_python()


def test_places_are_written_by_school_and_by_classes(form) -> None:
    """A column for the school is there, and in China one for classes, without figures twice."""
    lang, _, folder = form
    (rows,) = [
        rows for name, rows in sheets(folder) if match_table(name) == tables_for(None)["places"]
    ]
    head = [str(cell) for cell in rows[0]]
    assert {"en": "school", "zh": "学校"}[lang] in head
    if load(folder).grades[0] == 1:
        classes, places = (
            head.index({"en": a, "zh": b}[lang])
            for a, b in (("classes", "班数"), ("places", "学位数"))
        )
        stated = [
            (
                bool(row[classes] == row[classes] and row[classes]),
                bool(row[places] == row[places] and row[places]),
            )
            for row in rows[1:]
        ]
        assert set(stated) == {(True, False), (False, True)}


VALIDATION = re.compile(r'<dataValidation type="list"[^>]*sqref="([A-Z]+)2:[^>]*><formula1>([^<]*)')
RANGE = re.compile(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+):\$\2\$(\d+)")


def drop_downs(book: Path) -> Iterator[tuple[str, str, list[object]]]:
    """Give every drop-down: its sheet, the header of its column, and what can be chosen."""
    sheets_of = CalamineWorkbook.from_path(str(book))
    lists = sheets_of.get_sheet_by_name(sheets_of.sheet_names[-1]).to_python()
    with zipfile.ZipFile(book) as package:
        for number, name in enumerate(sheets_of.sheet_names, 1):
            text = package.read(f"xl/worksheets/sheet{number}.xml").decode()
            rows = sheets_of.get_sheet_by_name(name).to_python()
            for column, source in VALIDATION.findall(text):
                sheet, letter, first, last = RANGE.fullmatch(source.replace("&apos;", "'")).groups()
                assert sheet == sheets_of.sheet_names[-1]
                place = index_of(letter)
                below = [row[place] for row in lists[int(last) :]]
                assert not any(str(cell).strip() for cell in below)  # the range leaves none out
                chosen = [row[place] for row in lists[int(first) - 1 : int(last)]]
                yield name, str(rows[0][index_of(column)]), chosen


def index_of(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def check_drop_downs(folder: Path, lang: str) -> None:
    """Every list holds exactly the codes that its column takes here, and readers take each."""
    district = load(folder)
    levels = {level.code: level.grades for level in district.levels}
    titles = {level.code: (level.title.zh, level.title.en) for level in district.levels}
    names = Names(district.leaf_regions, levels)
    kinds = set()
    specs = tables_for(titles, titles)
    for sheet, head, chosen in drop_downs(folder / guide_name(lang, excel=True)):
        ending = " (example)" if lang == "en" else "（示例）"
        spec = specs[match_table(sheet.removesuffix(ending)).name]
        column = next(one for one in spec.columns if head in (one.name, *one.aliases))
        wanted: set[object]
        if column.kind == "region":
            wanted = set(district.leaf_regions)
        elif column.kind == "level":
            wanted = set(levels)
        elif column.kind == "grade":
            wanted = set(names.grades)
        else:
            wanted = set(CHOICES[column.words])
        wanted |= {"all"} if column.all else set()
        read = cell_reader(column, names)
        assert {read(cell).value for cell in chosen} == wanted and len(chosen) == len(wanted)
        kinds.add(column.kind)
    assert kinds == {"region", "level", "grade", "choice"}


def test_drop_downs_list_exactly_the_codes_of_the_district(form) -> None:
    lang, excel, folder = form
    if excel:
        check_drop_downs(folder, lang)


def test_a_chinese_planner_chooses_grades_by_their_names(tmp_path: Path) -> None:
    write(tmp_path / "mine", "zh", excel=True)
    lists = drop_downs(tmp_path / "mine" / guide_name("zh", excel=True))
    grades = next(chosen for _, head, chosen in lists if head == "年级")
    assert (grades[0], grades[6], grades[11]) == ("一年级", "初一", "高三")


# A district that has no tables yet


@st.composite
def described(draw: st.DrawFn) -> dict[str, object]:
    """Give what some district.yaml may say."""
    count = draw(st.integers(1, 7))
    regions = [{"code": f"r{number}"} for number in range(count)]
    if count > 2 and draw(st.booleans()):  # the first is a part of which two are parts
        regions[1]["within"] = regions[2]["within"] = "r0"
    first = draw(st.integers(-3, 2))
    levels = []
    for number in range(draw(st.integers(1, 4))):
        last = first + draw(st.integers(0, 4))
        size = draw(st.sampled_from([8, 25, 30, 37.5, 45, 50]))
        title = draw(st.sampled_from([f"Level {number}", f"学段{number}"]))
        level = {"code": f"level {number}", "grades": [first, last], "class_size": size}
        levels.append(level | {"title": title} | draw(st.sampled_from([{}, {"pool": "district"}])))
        first = last + 1
    entry = {
        "age": draw(st.integers(2, 7)),
        "cutoff": draw(st.sampled_from(["08-31", "09-01", "12-31"])),
        "births_year_ends": draw(st.sampled_from(["12-31", "08-31", "06-30"])),
    }
    stated = {"name": "some", "regions": regions, "levels": levels}
    return stated | draw(st.sampled_from([{"entry": entry}] * 3 + [{}]))


@settings(
    max_examples=settings().max_examples // 2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],  # an example is a second: none is made smaller
)
@given(described(), st.sampled_from(["en", "zh"]), st.booleans())
def test_a_district_yaml_alone_is_enough(
    tmp_path_factory: pytest.TempPathFactory, stated: dict[str, object], lang: str, excel: bool
) -> None:
    top = tmp_path_factory.mktemp("like")
    (top / "bare").mkdir()
    (top / "bare" / "district.yaml").write_text(yaml.safe_dump(stated), encoding="utf-8")
    options = ["--excel"] if excel else []
    made = capacity("new", top / "mine", "--like", top / "bare", "--lang", lang, *options)
    assert made.code == 0, made.err
    # The example's births are by its own cut-off, so that cohorts by another may jump.
    answers(top / "mine", quietly="entry" in stated, but="breaks-found")
    district = load(top / "mine")
    assert set(district.table("places")["region"]) == set(district.leaf_regions)
    if excel:
        check_drop_downs(top / "mine", lang)
    put_in_place(top / "mine", lang, excel=excel)
    assert not check(top / "mine" / "baseline.yaml").errors


def test_its_own_tables_are_kept_and_only_the_others_are_filled(tmp_path: Path) -> None:
    write(tmp_path / "a", "en", levels="england")
    for path in (tmp_path / "a").glob("*.csv"):
        if path.stem not in ("births", "places"):
            path.unlink()
    places = tmp_path / "a" / "places.csv"
    own = places.read_text(encoding="utf-8-sig").replace("6090", "6091")
    places.write_text(own, encoding="utf-8")
    made = capacity("new", tmp_path / "b", "--like", tmp_path / "a")
    assert made.code == 0 and "invented" in made.out
    assert 6091 in set(load(tmp_path / "b").table("places")["places"])
    answers(tmp_path / "b", quietly=True)


def test_enrolment_under_another_name_is_not_replaced_by_an_example(tmp_path: Path) -> None:
    write(tmp_path / "a", "en")
    (tmp_path / "a" / "enrolment.csv").rename(tmp_path / "a" / "my pupils by grade.csv")
    refused = capacity("new", tmp_path / "b", "--like", tmp_path / "a")
    assert refused.code == 2 and "my pupils by grade.csv" in refused.err
    assert not (tmp_path / "b").exists()


def test_a_district_with_tables_moves_between_forms_and_languages(form, tmp_path: Path) -> None:
    written, excel, made = form
    lang = {"en": "zh", "zh": "en"}[written]
    options = [] if excel else ["--excel"]
    done = capacity("new", tmp_path / "mine", "--like", made, "--lang", lang, *options)
    assert done.code == 0, done.err
    before, after = load(made), load(tmp_path / "mine")
    assert tables(before).keys() == tables(after).keys()
    for name, table in tables(before).items():
        pd.testing.assert_frame_equal(table, tables(after)[name], check_exact=True)
    assert not list(check(tmp_path / "mine" / "baseline.yaml"))


# Names and years


@given(st.text(min_size=1, max_size=80).filter(lambda text: "/" not in text and "\0" not in text))
def test_names_follow_the_folder_and_are_nobody_elses(name: str) -> None:
    names = names_of(Path("/somewhere") / name)
    for key in ("baseline", "delayed"):
        assert TypeAdapter(Name).validate_python(names[key]) == names[key]
        assert names[key] not in SHIPPED
    assert len(set(names.values())) == 3


def test_two_templates_and_the_shipped_scenarios_stand_beside_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("north town", "北城"):
        assert capacity("new", folder).code == 0
        assert capacity("run", f"{folder}/baseline.yaml", "--no-charts", "--draws", 0).code == 0
    assert capacity("run", SCENARIOS / "baseline.yaml", "--no-charts", "--draws", 0).code == 0
    found = {path.name for path in (tmp_path / "runs").iterdir() if path.is_dir()}
    assert found == {"north-town-baseline", "北城-baseline", "baseline"}


def read(path: Path) -> tuple[api.Scenario | None, Problems]:
    problems = Problems()
    return read_scenario(path, problems), problems


def test_the_base_year_follows_the_data(tmp_path: Path) -> None:
    write(tmp_path / "mine", "en")
    path, pupils = tmp_path / "mine" / "baseline.yaml", tmp_path / "mine" / "enrolment.csv"
    table = pupils.read_text(encoding="utf-8-sig")
    last = [line for line in table.splitlines() if line.startswith("2025")]
    assert read(path)[0].horizon.base_year == 2025
    newer = [line.replace("2025", "2026", 1) for line in last]
    pupils.write_text(table + "\n".join(newer) + "\n", encoding="utf-8")
    assert read(path)[0].horizon.base_year == 2026
    pupils.write_text(table + "\n".join(newer[:-1]) + "\n", encoding="utf-8")
    scenario, problems = read(path)  # a year that is not whole, which is said
    assert scenario.horizon.base_year == 2025
    assert "years-after" in {problem.code for problem in problems}
    stated = path.read_text(encoding="utf-8").replace("{last_year", "{base_year: 2024, last_year")
    path.write_text(stated, encoding="utf-8")
    scenario, problems = read(path)
    assert scenario.horizon.base_year == 2024
    assert "years-after" in {problem.code for problem in problems}
    path.write_text(stated.replace("2024", "2027"), encoding="utf-8")
    assert {problem.code for problem in read(path)[1].errors} == {"base-outside"}


# What may be asked for


@pytest.mark.parametrize("levels", levels_known())
def test_levels_bring_their_language_unless_another_is_asked_for(
    tmp_path: Path, levels: str
) -> None:
    assert capacity("new", tmp_path / "a", "--levels", levels).code == 0
    guides = [one for one in ("en", "zh") if (tmp_path / "a" / guide_name(one)).exists()]
    assert guides == ["zh" if levels.startswith("zh") else "en"]
    for lang in ("en", "zh"):
        assert capacity("new", tmp_path / lang, "--levels", levels, "--lang", lang).code == 0
        assert (tmp_path / lang / guide_name(lang)).exists()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_levels_and_a_district_are_one_too_many(tmp_path: Path, lang: str) -> None:
    made = capacity("new", tmp_path / "a", "--like", tmp_path, "--levels", "us", "--lang", lang)
    assert made.code == 2 and "--levels" in made.err and "--like" in made.err
    assert bool(CHINESE.search(made.err)) == (lang == "zh")
    assert not (tmp_path / "a").exists()
