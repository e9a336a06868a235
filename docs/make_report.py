"""Write the example reports: ``python docs/make_report.py``, with Chromium for the picture.

docs/report.html and docs/report.zh.html are the plan of Haidian as adopted, with its live levers;
docs/pictures/report.png shows the first of them, both tabs, as a browser does.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

import capacity

HERE = Path(__file__).parent
SCENARIO = HERE.parent / "scenarios" / "baseline.yaml"
PICTURE = HERE / "pictures" / "report.png"
LANGUAGES = ("en", "zh")
#: Pixels of each tab, and across the picture of both.
WIDE, HIGH, SHOWN = 1280, 1400, 1600
#: A tab is open that the address names.
TABS = ("", "#live")


def main(folder: Path = HERE) -> None:
    """Rewrite both reports, and the picture where there is a browser."""
    result = capacity.run(capacity.load_scenario(SCENARIO))
    for lang in LANGUAGES:
        capacity.report(result, path=folder / file_name(lang), lang=lang, overwrite=True)
    if browser := shutil.which("chromium"):
        picture([_seen(browser, folder / file_name("en"), tab) for tab in TABS]).save(PICTURE)


def file_name(lang: str) -> str:
    """Return the name of a report: ``report.html``, ``report.zh.html``."""
    return "report.html" if lang == "en" else f"report.{lang}.html"


def picture(tabs: list[Image.Image]) -> Image.Image:
    """Put tabs side by side."""
    wide = SHOWN // len(tabs)
    high = round(tabs[0].height * wide / tabs[0].width)
    both = Image.new("RGB", (wide * len(tabs), high), "#FFFFFF")
    for at, tab in enumerate(tabs):
        both.paste(tab.resize((wide, high), Image.Resampling.LANCZOS), (at * wide, 0))
    return both.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _seen(browser: str, path: Path, tab: str) -> Image.Image:
    """Return what a browser without a window shows of a tab."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder, "tab.png")
        subprocess.run(
            [
                *(browser, "--headless", "--no-sandbox", "--hide-scrollbars"),
                *(f"--window-size={WIDE},{HIGH}", f"--screenshot={shot}"),
                *("--virtual-time-budget=4000", f"{path.resolve().as_uri()}{tab}"),
            ],
            check=True,
            capture_output=True,
        )
        return Image.open(shot).convert("RGB")


if __name__ == "__main__":
    main()
