"""Names that would be markup, and links that would run something, in what a notebook shows."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

import capacity
from capacity.base import InputError
from tests.bad_input.cases import (
    DISTRICT_FILE,
    SCENARIO_FILE,
    SOUND,
    Content,
    built,
    every,
)

#: Elements of text and tables: no script, link, picture or form.
PLAIN = {
    *("div", "p", "b", "small", "code", "ul", "ol", "li", "details", "summary", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class Parts(HTMLParser):
    """The elements, attributes and text of a page, as a browser takes them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def files(name: str) -> dict[str, Content]:
    """Write a name wherever a person may write one."""
    quoted = "'" + name.replace("'", "''") + "'"
    scenario, district = str(SOUND[SCENARIO_FILE]), str(SOUND[DISTRICT_FILE])
    for old in ("{en: As planned, zh: 按计划}", "What if all opens as planned?"):
        assert old in scenario
        scenario = scenario.replace(old, quoted)
    for old in ("{en: Demo District, zh: 示例区}", "{en: North, zh: 北部}", "南部", "code: high"):
        assert old in district
        district = district.replace(
            old, f"code: high, title: {quoted}" if "code" in old else quoted
        )
    project = (
        f"{{project: {quoted}, region: north, status: planned, opens: 2024, places_primary: 1}}"
    )
    scenario += f"levers:\n  - {{kind: add_project, add_project: {project}}}\n"
    return {SCENARIO_FILE: scenario, DISTRICT_FILE: district}


def shown_as_text(root: Path, *names: str) -> None:
    """Show names in every page: they come out as they are written, and nothing else."""
    for number, name in enumerate(names):
        scenario = capacity.load_scenario(built(root / str(number), files(name)))
        result = capacity.run(scenario)
        with pytest.raises(InputError) as refused:
            scenario.with_levers({"kind": "births", "times": 1, "where": {"region": name}})
        fewer = scenario.with_levers({"kind": "births", "times": 0.9, "where": {"region": "north"}})
        compared = capacity.compare(result, fewer)
        for thing in (result, result.plot, scenario, scenario.district, refused.value, compared):
            page = thing._repr_html_()
            parts = Parts(page)
            assert parts.names <= PLAIN and parts.attributes <= {"class", "style"}, (name, thing)
            assert str(escape(name)) in page and name in parts.text, (name, thing)


ROWS = {
    62: (
        "<script>alert(1)</script>",
        '"onload=',
        "</script>",
        "</td></table><img src=x onerror=alert(1)>",
        "<!-- & &lt; 'x'",
    ),
    63: (
        "javascript:alert(1)",
        "file:///etc/passwd",
        '<a href="javascript:alert(1)">',
    ),
}


@every(ROWS)
def test_bad_input(row: int, tmp_path: Path) -> None:
    shown_as_text(tmp_path, *ROWS[row])
