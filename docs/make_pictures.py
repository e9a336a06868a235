"""Draw the pictures of the documents: ``python docs/make_pictures.py``.

Every kind of chart from a scenario that comes with the package, in English and Chinese, in
docs/pictures/; a contact sheet of all of them; and docs/gap.png, which the README shows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from matplotlib.axes import Axes
from PIL import Image

import capacity
from capacity.render.charts.kinds import KINDS
from capacity.render.charts.style import save
from capacity.results.result import Result
from capacity.templates.folder import write

HERE = Path(__file__).parent
SCENARIOS = HERE.parent / "scenarios"
#: The scenario that each kind is drawn from.
SHOWN = dict.fromkeys(KINDS, "outlook-2026")
SHOWN |= dict.fromkeys(("gap", "map", "trend", "supply"), "baseline")
#: A chart of two runs: what a delay of two years changes.
COMPARED = ("baseline", "delayed")
LANGUAGES = ("en", "zh")
#: Colours of a picture, and pixels across a column of the contact sheet and between its charts.
COLOURS, COLUMN, BETWEEN = 256, 640, 20


def main(folder: Path = HERE) -> None:
    """Rewrite all pictures."""
    (folder / "pictures").mkdir(exist_ok=True)
    for lang in LANGUAGES:
        drawn = [
            _draw(chart, folder / "pictures" / file_name(name, lang))
            for name, chart in charts(lang)
        ]
        sheet = folder / "pictures" / file_name("contact-sheet", lang)
        _small(contact_sheet(drawn)).save(sheet, optimize=True)
    _draw(_result("baseline").plot.trend(), folder / "gap.png")


def file_name(name: str, lang: str) -> str:
    """Return the name of a picture: ``gap.png``, ``gap.zh.png``."""
    return f"{name}.png" if lang == "en" else f"{name}.{lang}.png"


def charts(lang: str) -> Iterator[tuple[str, Axes]]:
    """Return each chart and its name: those of one run, that of two, that of a back-test."""
    for name in KINDS:
        result = _result(SHOWN[name])
        yield name, result.plot.kind(name, lang=lang)
    compared = capacity.compare(*map(_result, COMPARED))
    yield "difference", compared.plot.difference(lang=lang)
    yield "accuracy", _measured().plot.accuracy(lang=lang)


@cache
def _measured() -> capacity.BacktestResult:
    """Measure the example of ``capacity new``: no published district comes with so many years."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "example"), "en")
        return capacity.backtest(Path(folder, "example"))


@cache
def _result(name: str) -> Result:
    return capacity.run(capacity.load_scenario(SCENARIOS / f"{name}.yaml"))


def _draw(chart: Axes, path: Path) -> Image.Image:
    """Save a chart with few colours, and return it with all of them."""
    with tempfile.TemporaryDirectory() as folder:
        image = Image.open(save(chart, Path(folder, "chart.png"))).convert("RGB")
    _small(image).save(path, optimize=True)
    return image


def _small(image: Image.Image) -> Image.Image:
    cut = Image.Quantize.MEDIANCUT
    return image.quantize(COLOURS, cut, kmeans=2, dither=Image.Dither.NONE)


def contact_sheet(images: list[Image.Image]) -> Image.Image:
    """Put charts into two columns, each into the one that is shorter so far."""
    heights, places = [BETWEEN, BETWEEN], []
    scaled = [
        image.resize((COLUMN, round(image.height * COLUMN / image.width)), Image.Resampling.LANCZOS)
        for image in images
    ]
    for image in scaled:
        column = heights.index(min(heights))
        places.append((BETWEEN + column * (COLUMN + BETWEEN), heights[column]))
        heights[column] += image.height + BETWEEN
    sheet = Image.new("RGB", (2 * COLUMN + 3 * BETWEEN, max(heights)), "#E4E4E4")
    for image, place in zip(scaled, places, strict=True):
        sheet.paste(image, place)
    return sheet


if __name__ == "__main__":
    main()
