"""How soon a moved lever is seen, and how heavy the page is: Haidian, 17 areas, 150 areas."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

import capacity
from capacity.studies.live import live_tab
from tests.benchmarks.many import write_many
from tests.browser import Opened, Opens
from tests.studies.live.test_panel import SCENARIOS, haidian, page_of

#: Milliseconds from each of 200 moves to what is painted of it; the message comes after the paint.
MOVES = """async times => {
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = done;
    after.port2.postMessage(0);
  }));
  const one = document.querySelector("[data-key=births]"), took = [];
  const last = () => document.querySelector("#live-years tbody tr:last-child td").figure;
  for (let n = 0; n < times; n += 1) {
    const before = last(), begun = performance.now();
    one.value = 60 + (n * 37) % 80;
    one.dispatchEvent(new Event("input", { bubbles: true }));
    await painted();
    took.push(performance.now() - begun);
    if (last() === before) throw new Error("not painted");
  }
  return took;
}"""


def moves(page: Opened) -> list[float]:
    """Return how long each of 200 moves takes: the least of five, which others did not stall."""
    page.evaluate(MOVES, 20)
    return [min(took) for took in zip(*(page.evaluate(MOVES, 200) for _ in range(5)), strict=True)]


@pytest.mark.slow
@pytest.mark.benchmark
@pytest.mark.parametrize(("name", "limit"), [("baseline", 50), ("school-districts", 150)])
def test_a_move_is_seen_at_once(name: str, limit: float, opened: Opens, tmp_path: Path) -> None:
    result = capacity.run(capacity.load_scenario(SCENARIOS / f"{name}.yaml"), draws=256)
    page = opened(page_of(result, "zh", tmp_path / "page.html"), fragment="#live")
    took = moves(page)
    print(f"{name}: median {median(took):.0f} ms, worst {max(took):.0f} ms")
    assert median(took) <= limit / 2 and max(took) <= limit
    assert page.said == []


def test_the_tab_of_haidian_is_light(tmp_path: Path) -> None:
    assert page_of(haidian(), "zh", tmp_path / "page.html").stat().st_size < 900_000
    assert sum(map(len, live_tab(haidian(), "zh").scripts)) < 100_000


@pytest.mark.slow
def test_150_areas_fit_a_page_that_says_what_it_left_out(opened: Opens, tmp_path: Path) -> None:
    result = capacity.run(capacity.load_scenario(write_many(tmp_path, 150, ahead=10)), draws=64)
    path = page_of(result, "zh", tmp_path / "many.html")
    assert path.stat().st_size < 5_000_000
    page = opened(path, fragment="#live=births=90")
    assert page.evaluate("document.querySelectorAll('#live-compass figure').length") == 150
    assert len(page.evaluate("document.querySelector('.live-left').textContent")) > 20
    assert page.text("#live-failed") == "" and page.said == [] and page.barriers() == []
