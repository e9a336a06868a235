"""The notebooks run from top to bottom, show what they say, and hold no logic of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

import capacity
from capacity.base import html

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
FIRST = "01-first-run.ipynb"
UNSURE = "04-reading-uncertainty.ipynb"
#: A cell that leaves nothing in a kernel of what others have named.
EMPTY = nbformat.v4.new_code_cell("%reset -f")
Executed = Callable[[str], NotebookNode]
#: What a cell may do: name things, call the package, show.
LOGIC = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.If, ast.For, ast.While, ast.Try)


def read(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / name, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def client_of(notebook: NotebookNode) -> NotebookClient:
    where = {"metadata": {"path": str(FOLDER)}}
    # Whether two lines printed come as one output or as two is a matter of how busy a machine is.
    return NotebookClient(notebook, timeout=60, resources=where, coalesce_streams=True)


@pytest.fixture(scope="module")
def executed() -> Iterator[Callable[[str], NotebookNode]]:
    """Give what executes a notebook once, all of them in one kernel that is emptied between."""
    client = client_of(read(FIRST))

    @cache
    def execute(name: str) -> NotebookNode:
        for client.nb in (nbformat.v4.new_notebook(cells=[EMPTY]), read(name)):
            client.execute(cleanup_kc=False)
        return client.nb

    yield execute
    client._cleanup_kernel()


def shown(cell: NotebookNode) -> set[str]:
    """Give the kinds of what a cell shows; a warning would be a stream to stderr."""
    streams = {output.name for output in cell.outputs if output.output_type == "stream"}
    data = [output.data for output in cell.outputs if "data" in output]
    return streams | {kind for one in data for kind in one}


def test_there_are_notebooks() -> None:
    assert NAMES == [
        FIRST,
        "02-own-tables.ipynb",
        "03-calibrating-your-district.ipynb",
        UNSURE,
        "05-sweeping-a-lever.ipynb",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_notebooks_are_kept_without_outputs_and_without_logic(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    for cell in code(notebook):
        assert not cell.outputs and cell.execution_count is None
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, LOGIC)]
        assert max(map(len, cell.source.splitlines())) <= 100


@pytest.mark.parametrize("name", NAMES)
def test_every_heading_is_in_both_languages(name: str) -> None:
    cells = [cell.source for cell in read(name).cells if cell.cell_type == "markdown"]
    headings = [line for text in cells for line in text.splitlines() if line.startswith("#")]
    assert len(headings) > 2
    for line in headings:
        english, chinese = line.split(" · ")
        assert english.isascii() and re.search("[\u4e00-\u9fff]", chinese)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_runs_and_shows_something(name: str, executed: Executed) -> None:
    shows_something(executed(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_cell_runs_and_shows_something_in_a_kernel_of_its_own(name: str) -> None:
    shows_something(client_of(read(name)).execute())


def shows_something(notebook: NotebookNode) -> None:
    cells = code(notebook)
    for cell in cells:
        assert cell.outputs and "stderr" not in shown(cell), cell.source
    kinds = set().union(*map(shown, cells))
    assert {"text/html", "image/png"} <= kinds


def test_the_first_run_takes_five_cells_and_shows_the_result(executed: Executed) -> None:
    cells = code(executed(FIRST))
    assert len(cells) == 5
    result = capacity.run(capacity.load_scenario(FOLDER.parent / "scenarios" / "baseline.yaml"))
    (answer,) = cells[1].outputs
    assert answer.data["text/html"] in {html(result, lang) for lang in ("en", "zh")}
    assert [output.data.keys() for output in cells[3].outputs].count(
        {"text/plain", "image/png"}
    ) == 2
    (said,) = cells[4].outputs
    assert (
        said.text.startswith("Against the scenario without the added levers: ")
        and "与未加这些调整项的同一方案相比" in said.text
    )


def test_what_the_uncertainty_notebook_says_is_what_its_run_gives() -> None:
    prose = "\n".join(cell.source for cell in read(UNSURE).cells if cell.cell_type == "markdown")
    assert "More than 5,000 is as good as certain; even odds lie near 16,000." in prose
    plan = capacity.load_scenario(FOLDER.parent / "scenarios" / "outlook-2026.yaml")
    result = capacity.run(plan, draws=1000, seed=1)
    asked = {"year": 2028, "level": "middle"}
    assert result.exceeds(5000, **asked) > 0.99
    assert result.exceeds(15_000, **asked) > 0.5 > result.exceeds(17_000, **asked)
    assert "For Haidian nearly all of it\nis" in prose
    rows = result.chance.query("year == 2028 and level == 'middle' and region != 'all'")
    assert rows["mainly_assumed"].all()


def test_the_order_of_clip_sum_and_quantile_matters_as_the_notebook_says(
    executed: Executed,
) -> None:
    (toy,) = [cell for cell in code(executed(UNSURE)) if "clip, sum, quantile" in cell.source]
    lines = toy.outputs[0].data["text/plain"].splitlines()[1:]
    assert [float(line.split()[-1]) for line in lines] == [100, 0, 200]
