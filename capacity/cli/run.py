"""``capacity run``: scenarios to run folders, with the answer on the terminal."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity.base.errors import problem_lines
from capacity.base.words import word
from capacity.cli.common import (
    BAD_INPUT,
    CHECK_FAILED,
    ENVIRONMENT,
    INCOMPLETE,
    INTERRUPTED,
    OK,
    PATH,
    Asked,
    Stopped,
    charts_option,
    json_option,
    json_state,
    lang_option,
    named_alike,
    print_errors,
    print_json,
    show_progress,
    stopping,
)
from capacity.results.atomic import RUN

if TYPE_CHECKING:
    from concurrent.futures import Future

    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.results.result import Result

RUNS = Path("runs")
#: Notes shown on the terminal; `Result.notes` has all of them.
_SHOWN = 12


def _threshold(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    if not (match := re.fullmatch(r"shortage:(\d+(?:\.\d+)?)", value)):
        raise click.BadParameter("expected shortage:N, for example shortage:5000")
    return float(match[1])


@click.command("run")
@click.argument("scenarios", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", type=PATH, help="Run folder (of one).")
@click.option(
    "--draws", type=click.IntRange(0, 1_000_000), help="Sampled worlds; 0 is the central run."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of the draws.  [default: 1]")
@lang_option
@click.option(
    "--workers", type=click.IntRange(min=1), help="At work at once; the cores by default."
)
@charts_option
@click.option(
    "--overwrite",
    is_flag=True,
    help="Replace another run in the folder; what you changed stays beside it.",
)
@click.option(
    "--fail-on",
    callback=_threshold,
    help="shortage:N exits 1 where any year has more, or it is unknown.",
)
@json_option
def command(
    scenarios: tuple[Path, ...],
    output: Path | None,
    draws: int | None,
    seed: int | None,
    lang: str,
    workers: int | None,
    no_charts: bool,
    overwrite: bool,
    fail_on: float | None,
    as_json: bool,
) -> int:
    """Run SCENARIO files; each leaves a folder of tables and charts (runs/<scenario>)."""
    asked = Asked(lang, not no_charts, overwrite, as_json)
    read = _checked(scenarios, asked.lang)
    top = RUNS if output is None else output
    one = output is not None and len(read) == 1
    jobs = [
        Job(path, top if one else top / scenario.name, asked, draws, seed, fail_on, workers)
        for path, scenario in zip(scenarios, read, strict=True)
    ]
    reports = []
    for report in _all(jobs, read, workers or os.cpu_count() or 1):
        show_progress("")
        print_errors(report.messages)
        if report.text:
            click.echo(report.text)
        reports.append(report)
    if as_json:
        print_json([report.figures for report in reports], "runs")
    return max(report.code for report in reports)


@dataclass(frozen=True)
class Job:
    """One scenario to be run into a folder."""

    path: Path
    folder: Path
    asked: Asked
    draws: int | None
    seed: int | None
    fail_on: float | None
    workers: int | None


@dataclass(frozen=True)
class Report:
    """What a job gives to print."""

    code: int
    figures: dict[str, Any]
    text: str = ""
    messages: list[str] = field(default_factory=list)


def _checked(paths: tuple[Path, ...], lang: str) -> list[Scenario]:
    """Read every scenario before anything is written.

    Raises
    ------
    Stopped
        With the problems of all.
    """
    from capacity.base.errors import Problems
    from capacity.inputs.scenarios.scenario import read_scenario

    problems = Problems()
    found = [read_scenario(path, problems) for path in paths]
    read = [scenario for scenario in found if scenario is not None]
    names = [scenario.name for scenario in read]
    lines = problem_lines(problems.errors, lang)
    if twice := named_alike(names):
        lines.append(word("cli.run_twice", lang, names=", ".join(twice)))
    if lines:
        raise Stopped(BAD_INPUT, "refused", lines)
    return read


def _all(jobs: list[Job], read: list[Scenario], workers: int) -> Iterator[Report]:
    """Run jobs in their order; where several draw charts, in processes of their own."""
    if len(jobs) == 1 or workers == 1 or not jobs[0].asked.charts:
        for job, scenario in zip(jobs, read, strict=True):
            yield _run(job, scenario, _progress(job))
        return
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(
        min(workers, len(jobs)), initializer=_end_with, initargs=(os.getpid(),)
    )
    try:
        alone = [replace(job, workers=1) for job in jobs]  # the cores are taken
        reports = [pool.submit(_run, job) for job in alone]
        for done, (job, report) in enumerate(zip(jobs, reports, strict=True), start=1):
            show_progress(word("cli.run_done", job.asked.lang, done=done, all=len(jobs)))
            yield _reported(job, report)
    finally:
        pool.shutdown(cancel_futures=True)


def _reported(job: Job, report: Future[Report]) -> Report:
    """Wait for a job; where the process that had it was killed, it can be run again."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        return report.result()
    except BrokenProcessPool:
        figures = {"format": RUN, "folder": str(job.folder), "state": "failed"}
        line = word("cli.run_worker", job.asked.lang, folder=job.folder)
        return Report(INCOMPLETE, figures, messages=[line])


def _end_with(parent: int) -> None:
    """End this process when it is told to, or its parent has ended, however that came about."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(INTERRUPTED))

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(ENVIRONMENT)

    threading.Thread(target=watch, daemon=True).start()


def _run(
    job: Job, read: Scenario | None = None, progress: Callable[[str], None] = lambda step: None
) -> Report:
    """Run one scenario into its folder, and report what it gives; a process reads it again."""
    from capacity import api
    from capacity.render.pages.run import run_page
    from capacity.render.text import as_text
    from capacity.results.folder import Options
    from capacity.results.runs import as_json

    asked, text = job.asked, ""
    figures: dict[str, Any] = {"format": RUN, "folder": str(job.folder)}
    try:
        with stopping(asked.lang, job.folder, "run", overwrite=asked.overwrite):
            scenario = api.with_chance(read or api.load_scenario(job.path), job.draws, job.seed)
            figures |= {"scenario": scenario.name, "seed": scenario.chance.seed}
            result, state = api.keep(
                scenario,
                job.folder,
                Options(asked.lang, asked.charts),
                overwrite=asked.overwrite,
                workers=job.workers,
                progress=progress,
            )
    except Stopped as stopped:
        figures["state"] = stopped.state
        return Report(stopped.exit_code, figures, messages=list(stopped.lines))
    figures |= {"state": json_state(state)} | as_json(result)
    if not asked.as_json:
        facts = {"folder": job.folder, "seed": scenario.chance.seed}
        kept = word(f"cli.run_is_{state}", asked.lang, **facts)
        text = as_text(run_page(result, asked.lang, base=api.base_of(scenario), kept=kept))
    failed = _failures(result, job)
    messages = problem_lines(result.notes, asked.lang, _SHOWN) + failed
    return Report(CHECK_FAILED if failed else OK, figures, text, messages)


def _failures(result: Result, job: Job) -> list[str]:
    """Return the laws that do not hold, and the shortage that must not be or is not known."""
    lang, checks = job.asked.lang, result.checks
    failed = [word("cli.run_law", lang, law=law) for law in checks[~checks["passed"]]["law"]]
    year, worst = result.greatest_shortage()
    if job.fail_on is not None and worst > job.fail_on:
        facts = {"worst": f"{worst:,.0f}", "year": year, "limit": f"{job.fail_on:,g}"}
        failed.append(word("cli.run_fail_on", lang, **facts))
    if job.fail_on is not None and (unknown := result.unknown):
        from capacity.results.labels import named

        cells = named(unknown, result.labels, lang)
        limit = f"{job.fail_on:,g}"
        failed.append(word("cli.run_fail_unknown", lang, cells=cells, limit=limit))
    return failed


def _progress(job: Job) -> Callable[[str], None]:
    return lambda step: show_progress(f"{job.folder.name}: {step}")
