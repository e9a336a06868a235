"""Contact sheets of every chart kind: ``python -m tests.render.contact_sheets DIR``.

In both languages, of districts of 1, 5, 17 and 150 regions: eight pictures to be looked at.
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path

from PIL import Image

from capacity.render.charts import KINDS, save
from capacity.results import years_of
from tests.render.frames import make_frames, make_labels

MAKER = Path(__file__).parents[2] / "docs" / "make_pictures.py"
SIZES, LANGUAGES = (1, 5, 17, 150), ("en", "zh")


def main(folder: Path) -> None:
    """Draw all kinds and put those of one size and language on a sheet."""
    sheet_of = runpy.run_path(str(MAKER))["contact_sheet"]
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        labels = make_labels(size)
        frames = make_frames(labels)
        for lang in LANGUAGES:
            images = []
            for name, kind in KINDS.items():
                year = kind.usual_year(labels, years_of(frames["results"]))
                shown = {"year": year} if kind.yearly else {}
                with tempfile.TemporaryDirectory() as draft:
                    path = save(
                        kind.draw(frames, labels, lang=lang, **shown), Path(draft, name + ".png")
                    )
                    images.append(Image.open(path).convert("RGB"))
            sheet_of(images).save(folder / f"{size}.{lang}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
