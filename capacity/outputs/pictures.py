"""Charts of a finished run as files: which are drawn, what they are called, what they replace."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from capacity.errors import At, Message, Problems, register
from capacity.outputs.charts.kinds import KINDS, Kind
from capacity.outputs.draft import read_manifest, sha256_of_file
from capacity.outputs.labels import years_of
from capacity.outputs.result import Result

#: Folder of a run's charts.
CHARTS = "charts"

register(
    {
        "chart-year": {
            "en": Message("the run has no such year", expected="one of {years}"),
            "zh": Message("运行结果中没有该年份", expected="{years} 之一"),
        },
        "chart-kept": {
            "en": Message(
                "this chart belongs to a run and would be replaced by another picture",
                fix="choose another folder with -o",
            ),
            "zh": Message("该图表属于某次运行，将被另一张图替换", fix="请用 -o 选择其他文件夹"),
        },
    }
)


@dataclass(frozen=True)
class Picture:
    """A chart to be drawn: its kind, and its year where it shows one."""

    kind: Kind
    year: int | None = None


def pictures(
    result: Result, kinds: Sequence[str], years: Iterable[int] | None, at: str = ""
) -> list[Picture]:
    """Give the charts of some kinds, those that show one year for each of the years.

    Parameters
    ----------
    result
    kinds
        Names in `capacity.outputs.charts.kinds.KINDS`.
    years
        The autumns to draw; None takes the usual one of each kind.
    at
        Where the run stands, for messages.

    Raises
    ------
    capacity.InputError
        The run has not one of the years.
    """
    known = years_of(result.frame())
    wanted = None if years is None else tuple(dict.fromkeys(years))
    problems = Problems()
    for year in wanted or ():
        if year not in known:
            problems.error("chart-year", At(at), found=year, years=_span(known))
    problems.raise_errors()
    found: list[Picture] = []
    for name in dict.fromkeys(kinds):
        kind = KINDS[name]
        named = kind.yearly and wanted is not None
        drawn = wanted if named else kind.years(result.labels, known)
        found += [Picture(kind, year) for year in drawn or ()]
    return found


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])


def draw(
    result: Result,
    wanted: Sequence[Picture],
    folder: Path,
    *,
    lang: str = "en",
    suffix: str = "png",
    progress: Callable[[str], None] = lambda step: None,
) -> Iterator[Path]:
    """Draw charts into a folder, each whole or not at all, and give their paths.

    What a run itself wrote is never replaced by another picture, so that the run stays whole:
    beside its charts in another language a chart has its own in its name (``gap_2025.zh.png``).
    Any other file of the same name is replaced.

    Parameters
    ----------
    result
    wanted
    folder
        Made where there is none.
    lang
        "en" or "zh".
    suffix
        "png", "svg" or "pdf".
    progress
        Told of each chart.

    Raises
    ------
    capacity.InputError
        A chart of a run would be replaced by another picture.
    OSError
        The disk is full, or may not be written to.
    """
    from capacity.outputs.charts.style import save

    kept, spoken = _of_run(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=folder) as draft:
        for done, picture in enumerate(wanted, start=1):
            name = picture.kind.file_name(picture.year, suffix)
            if name in kept and lang != spoken:
                name = f"{name.removesuffix(suffix)}{lang}.{suffix}"
            progress(f"{done} / {len(wanted)}: {name}")
            options: dict[str, Any] = {} if picture.year is None else {"year": picture.year}
            chart = result.plot.kind(picture.kind.name, lang=lang, **options)
            _put(save(chart, Path(draft, name)), folder / name, kept.get(name))
            yield folder / name


def _of_run(folder: Path) -> tuple[dict[str, str], str | None]:
    """Give the hash of each chart that a run wrote into a folder, and their language."""
    place = Path(os.path.realpath(folder))
    found = read_manifest(place.parent) if place.name == CHARTS else None
    if found is None:
        return {}, None
    top, options = f"{CHARTS}/", found.get("options")
    listed = {name.removeprefix(top): sha for name, sha in found["outputs"].items()}
    return listed, options.get("lang") if isinstance(options, dict) else None


def _put(drawn: Path, path: Path, kept: str | None) -> None:
    """Put a drawn chart in its place, unless it is there already or that of a run would go."""
    digest = sha256_of_file(drawn)
    if kept is not None and digest != kept:
        problems = Problems()
        problems.error("chart-kept", At(str(path)))
        problems.raise_errors()
    if not (path.is_file() and sha256_of_file(path) == digest):
        drawn.replace(path)
