"""``capacity run``: scenarios to run folders, with the answer on the terminal."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
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
    print_warnings,
    show_progress,
    stopping,
)
from capacity.cli.spoken import Spoken, lang_of
from capacity.results.atomic import RUN

if TYPE_CHECKING:
    from concurrent.futures import Future

    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.results.result import Result

RUNS = Path("runs")
#: Notes shown on the terminal; `Result.notes` has all of them.
_SHOWN = 12


def _threshold(ctx: click.Context, _: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    if not (match := re.fullmatch(r"shortage:(\d+(?:\.\d+)?)", value)):
        raise click.BadParameter(word("cli.run_limit", lang_of(ctx)))
    return float(match[1])


@click.command("run", cls=Spoken)
@click.argument("scenarios", nargs=-1, required=True, type=PATH, metavar="SCENARIO...")
@click.option("-o", "--output", type=PATH, metavar="DIR")
@click.option("--draws", type=click.IntRange(0, 1_000_000), metavar="N")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="N")
@lang_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N")
@charts_option
@click.option("--report", is_flag=True)
@click.option("--full", is_flag=True)
@click.option(
    "--overwrite",
    is_flag=True,
)
@click.option(
    "--fail-on",
    metavar="shortage:N",
    callback=_threshold,
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
    report: bool,
    full: bool,
    overwrite: bool,
    fail_on: float | None,
    as_json: bool,
) -> int:
    """Run scenario files, each into a folder of its own."""
    asked = Asked(lang, not no_charts, overwrite, as_json)
    read = _checked(scenarios, asked.lang)
    top = RUNS if output is None else output
    one = output is not None and len(read) == 1
    jobs = [
        Job(
            path,
            top if one else top / scenario.name,
            asked,
            full,
            report,
            draws,
            seed,
            fail_on,
            workers,
        )
        for path, scenario in zip(scenarios, read, strict=True)
    ]
    reports: list[Report] = []
    for told in _all(jobs, read, workers or os.cpu_count() or 1):
        show_progress("")
        if reports and told.text:
            click.echo("")
        told.show()
        reports.append(told)
    print_warnings([one for told in reports for one in told.heard], lang)
    if as_json:
        print_json([told.figures for told in reports], "runs")
    return max(told.code for told in reports)


@dataclass(frozen=True)
class Job:
    """One scenario to be run into a folder."""

    path: Path
    folder: Path
    asked: Asked
    full: bool
    report: bool
    draws: int | None
    seed: int | None
    fail_on: float | None
    workers: int | None


@dataclass(frozen=True)
class Report:
    """What a job gives to print: text, then messages beside it, then what became of the folder.

    ``heard``: warnings that are printed at the end, for all jobs together.
    """

    code: int
    figures: dict[str, Any]
    text: str = ""
    messages: list[str] = field(default_factory=list)
    kept: str = ""
    heard: list[Warning] = field(default_factory=list)

    def show(self) -> None:
        """Print it."""
        if self.text:
            click.echo(self.text)
        print_errors(self.messages)
        if self.kept:
            click.echo(self.kept)


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
    if len(jobs) == 1 or workers == 1 or not (jobs[0].asked.charts or jobs[0].report):
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
    from capacity.results.folder import Options
    from capacity.results.runs import as_json

    asked = job.asked
    figures: dict[str, Any] = {"format": RUN, "folder": str(job.folder)}
    heard: list[Warning] = []
    try:
        with stopping(asked.lang, job.folder, "run", overwrite=asked.overwrite, heard=heard):
            scenario = api.with_chance(read or api.load_scenario(job.path), job.draws, job.seed)
            figures |= {"scenario": scenario.name, "seed": scenario.chance.seed}
            result, state = api.keep(
                scenario,
                job.folder,
                Options(asked.lang, asked.charts),
                overwrite=asked.overwrite,
                report=job.report,
                workers=job.workers,
                progress=progress,
            )
    except Stopped as stopped:
        figures["state"] = stopped.state
        return Report(stopped.exit_code, figures, messages=list(stopped.lines), heard=heard)
    figures |= {"state": json_state(state)} | as_json(result)
    failed = _failures(result, job)
    code = CHECK_FAILED if failed else OK
    if asked.as_json:
        return Report(code, figures, messages=_messages(result, asked.lang, failed), heard=heard)
    facts = {"folder": job.folder, "seed": scenario.chance.seed}
    kept = word(f"cli.run_is_{state}", asked.lang, **facts)
    said = _said(result, job, api.base_of(scenario), kept, failed)
    return Report(code, figures, *said, heard=heard)


def _said(
    result: Result, job: Job, base: Result | None, kept: str, failed: Sequence[str]
) -> tuple[str, list[str], str]:
    """Return text, messages and ending: the short answer, or every table."""
    from capacity.render.pages.brief import brief
    from capacity.render.pages.run import run_page
    from capacity.render.text import as_text

    lang = job.asked.lang
    if job.full:
        text = as_text(run_page(result, lang, base=base)) + "\n"
        return text, _messages(result, lang, failed), kept
    short = brief(result, lang, base=base, kept=kept, said=failed)
    return as_text(short.answer), list(short.problems), short.kept


def _messages(result: Result, lang: str, failed: Sequence[str]) -> list[str]:
    return [*problem_lines(result.notes, lang, _SHOWN), *failed]


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
