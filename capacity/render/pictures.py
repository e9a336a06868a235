"""Charts of a finished run as files: which are drawn, what they are called, what they replace."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.errors import At, Problems, nearest
from capacity.render.charts.kinds import KINDS, Kind
from capacity.results.atomic import CHARTS, read_manifest
from capacity.results.disk import exists, is_plain, is_same, make_folders, sha256_of_file
from capacity.results.draft import Workshop, workshop
from capacity.results.folder import Chart
from capacity.results.labels import ALL, has_draws, years_of
from capacity.results.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The kinds that a run draws beside its gaps, where it can.
BESIDE = ("entry", "heatmap", "fan")


@dataclass(frozen=True)
class ChartFile:
    """A chart to be drawn: its kind, and the year or region that it shows, by name."""

    kind: Kind
    shown: Mapping[str, Any]


def pictures(
    result: Result,
    kinds: Sequence[str],
    *,
    years: Iterable[int] | None = None,
    regions: Iterable[str] = (),
    at: str = "",
    strict: bool = True,
) -> list[ChartFile]:
    """Return the charts of some kinds: each for the years or the regions that it can show.

    Parameters
    ----------
    result
    kinds
        Names in `capacity.render.charts.kinds.KINDS`.
    years
        The autumns to draw; None takes the usual one of each kind.
    regions
        Codes or titles of the regions to draw; none: the district.
    at
        Where the run stands, for messages.
    strict
        Whether a kind that shows draws is refused where the run has none; else it is left out.

    Raises
    ------
    capacity.InputError
        The run has not one of the years or regions, or no draws.
    """
    chosen = _showable(result, kinds, at, strict)
    known = years_of(result.frame())
    wanted = None if years is None else tuple(dict.fromkeys(years))
    codes: dict[str, set[str]] = {}
    for region in result.labels.regions:
        for title in region.title.values():
            codes.setdefault(title, set()).add(region.code)
    titles = {title: min(own) for title, own in codes.items() if len(own) == 1}
    named = tuple(dict.fromkeys(titles.get(region, region) for region in regions))
    _refuse_unknown(result, wanted or (), named, known, at)
    found: list[ChartFile] = []
    for kind in chosen:
        if kind.yearly:
            shown = (kind.usual_year(result.labels, known),) if wanted is None else wanted
            found += [ChartFile(kind, {"year": year}) for year in shown]
        elif kind.regional and named:
            found += [ChartFile(kind, {"region": region}) for region in named]
        else:
            found.append(ChartFile(kind, {}))
    return found


def _showable(result: Result, kinds: Sequence[str], at: str, strict: bool) -> list[Kind]:
    """Return the kinds that the run can show, each once."""
    chosen, problems = [KINDS[name] for name in dict.fromkeys(kinds)], Problems()
    if has_draws(result.frame()):
        return chosen
    for kind in chosen:
        if kind.drawn and strict:
            problems.error("chart-without-draws", At(at), kind=kind.name)
    problems.raise_errors()
    return [kind for kind in chosen if not kind.drawn]


def _refuse_unknown(
    result: Result, years: Iterable[int], regions: Iterable[str], known: Sequence[int], at: str
) -> None:
    problems = Problems()
    span = f"{known[0]}–{known[-1]}" if len(known) > 1 else str(known[0])
    for year in years:
        if year not in known:
            problems.error("chart-year", At(at), found=year, years=span)
    codes = (*(region.code for region in result.labels.regions), ALL)
    for region in regions:
        if region not in codes:
            offer = {"regions": _listed(codes), "nearest": nearest(region, codes)}
            problems.error("chart-region", At(at), found=region, **offer)
    problems.raise_errors()


def _listed(codes: Sequence[str], most: int = 10) -> str:
    more = len(codes) - most
    return ", ".join(codes[:most]) + (f" … (+{more})" if more > 0 else "")


def draw(
    result: Result,
    wanted: Sequence[ChartFile],
    folder: Path,
    *,
    lang: str = "en",
    suffix: str = "png",
    progress: Callable[[str], None] = lambda step: None,
) -> list[Path]:
    """Draw charts into a folder, all of them or none, and return their paths.

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
    FolderTakenError, FolderInUseError
        Something of somebody's stands where it is drafted, or another command is writing there.
    OSError
        The disk is full, or may not be written to.
    """
    from capacity.render.charts.style import save

    place = Path(os.path.realpath(folder))
    make_folders(place.parent)
    paths: list[Path] = []
    with workshop(_owner(place)) as shop:
        kept, spoken = _of_run(place)
        shop.draft.mkdir()
        for done, picture in enumerate(wanted, start=1):
            name = picture.kind.file_name(suffix, **picture.shown)
            if name in kept and lang != spoken:
                name = f"{name.removesuffix(suffix)}{lang}.{suffix}"
            progress(f"{done} / {len(wanted)}: {name}")
            chart = result.plot.kind(picture.kind.name, lang=lang, **picture.shown)
            save(chart, shop.draft / name)
            _refuse_other(shop.draft / name, folder / name, kept.get(name))
            paths.append(folder / name)
        _put(shop, place)
    return paths


def chart(name: str, plot: Callable[..., Axes], step: str = "chart") -> Chart:
    """Return a chart as folders of runs and studies keep it; ``plot`` takes ``lang``."""

    def drawn(path: Path, lang: str) -> None:
        from capacity.render.charts.style import save

        save(plot(lang=lang), path)

    return Chart(f"{CHARTS}/{name}", step, drawn)


def charts_of_run(result: Result) -> list[Chart]:
    """Return what a run folder shows: the gap of every year, and the kinds that answer beside it.

    Of all years on the compass, which is ``gap.png``; the entry classes of next autumn, how full
    schools are, where there are draws how sure that is, and where there are outlines a map.
    """
    years, gap = years_of(result.frame()), KINDS["gap"]
    yearly = [
        chart(gap.file_name("png", year=year), partial(result.plot.gap, year), f"chart {year}")
        for year in years
    ]
    whole = chart("gap.png", result.plot.trend, "chart of all years")
    kinds = (*BESIDE, "map") if result.labels.outlines is not None else BESIDE
    beside = [_drawn(result, file) for file in pictures(result, kinds, strict=False)]
    return [*yearly, whole, *beside]


def _drawn(result: Result, file: ChartFile) -> Chart:
    plot = partial(result.plot.kind, file.kind.name, **file.shown)
    return chart(file.kind.file_name("png", **file.shown), plot, f"chart {file.kind.name}")


def _owner(place: Path) -> Path:
    """Return what is locked while charts are put into a folder: the run, if it is of one."""
    is_of_run = place.name == CHARTS and read_manifest(place.parent) is not None
    return place.parent if is_of_run else place


def _of_run(place: Path) -> tuple[dict[str, str], str | None]:
    """Return the hash of each chart that a run wrote into a folder, and their language."""
    found = read_manifest(place.parent) if place.name == CHARTS else None
    if found is None:
        return {}, None
    top, options = f"{CHARTS}/", found.get("options")
    listed = {name.removeprefix(top): sha for name, sha in found["outputs"].items()}
    return listed, options.get("lang") if isinstance(options, dict) else None


def _refuse_other(drawn: Path, path: Path, kept: str | None) -> None:
    """Refuse to put another picture in the place of a run's own."""
    if kept is not None and sha256_of_file(drawn) != kept:
        problems = Problems()
        problems.error("chart-kept", At(str(path)))
        problems.raise_errors()


def _put(shop: Workshop, place: Path) -> None:
    """Put drawn charts among what stands in a folder; those that are there already are left."""
    gone: dict[str, str] = {}
    for drawn in list(shop.draft.iterdir()):
        there = place / drawn.name
        if is_same(drawn, there):
            drawn.unlink()
        elif exists(there) and is_plain(there):
            gone[drawn.name] = sha256_of_file(there)
    if any(shop.draft.iterdir()):
        shop.put(place, gone)
