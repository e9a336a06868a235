"""Both tutorials are followed to the letter, from an empty folder, and print what they show.

The blocks of a page in their order: ``sh`` is run by bash (what is but commands of the package in
this process, with the charts that are looked at; all of it by bash with ``-m slow``) and must end
with 0, or with the code after ``exit=``; ``csv`` and ``yaml`` are written to the file that the line
before them names, ``fill`` into its empty places; each line of ``text`` must stand in what the last
commands printed, in its order.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from capacity import __version__, api
from tests.cli.command import capacity

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {"tutorial.md": "en_GB.UTF-8", "tutorial.zh.md": "zh_CN.UTF-8"}
#: Charts that are drawn where a page is followed in this process.
LOOKED_AT = ("charts/gap.png", "charts/gap_2027.png")
#: What a shell would read in a line.
_SHELL = frozenset("|&;<>()$`*?[]#~=%")
_BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`[:：]\n\n)?"
    r"^```(?P<kind>\w+)(?: exit=(?P<code>\d+))?\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind, what stands in it, and the file or exit code it names."""

    kind: str
    body: str
    file: str = ""
    code: int = 0


def blocks(page: str) -> list[Block]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [
        Block(one["kind"], one["body"], one["file"] or "", int(one["code"] or 0))
        for one in _BLOCK.finditer(text)
    ]


def bash(command: str, folder: Path, locale: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    surroundings = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env={**surroundings, "PATH": path, "LANG": locale, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )


def here(command: str, folder: Path, locale: str) -> subprocess.CompletedProcess[str]:
    """Run commands of the package in this process, and all else by bash."""
    lines = [shlex.split(line) for line in command.splitlines()]
    if any(line[:1] != ["capacity"] or _SHELL & set("".join(line)) for line in lines):
        return bash(command, folder, locale)
    printed, code = "", 0
    for line in lines:
        done = capacity(*line[1:], cwd=folder, LANG=locale)
        printed, code = printed + done.stderr + done.stdout, done.returncode
        if code:
            break
    return subprocess.CompletedProcess(command, code, printed)


def fill(path: Path, answers: str) -> None:
    """Write each answer into the empty place of a file that has its name."""
    text = path.read_text(encoding="utf-8")
    for answer in answers.splitlines():
        place = answer.split(":")[0]
        text, count = re.subn(rf"(?m)^{re.escape(place)}:.*$", answer, text)
        assert count == 1, place
    path.write_text(text, encoding="utf-8")


def looked_at(result: api.Result, every: Callable[..., list[Any]] = api.charts_of_run) -> list[Any]:
    return [chart for chart in every(result) if chart.path in LOOKED_AT]


def differ(*paths: Path) -> float:
    """Give how two pictures differ, as a share (run ids and fonts differ a little)."""
    first, second = (np.asarray(Image.open(path).convert("L"), float) for path in paths)
    assert first.shape == second.shape
    return float(np.abs(first - second).mean() / 255)


@pytest.mark.parametrize("page", PAGES)
def test_following_the_page_gives_what_it_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "charts_of_run", looked_at)
    followed(page, tmp_path, here)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_following_the_page_to_the_letter_gives_what_it_shows(page: str, tmp_path: Path) -> None:
    followed(page, tmp_path, bash)


@pytest.mark.parametrize("page", PAGES)
def test_bash_finds_the_command_and_reads_every_line_of_the_page(page: str, tmp_path: Path) -> None:
    lines = "".join(block.body for block in blocks(page) if block.kind == "sh")
    done = bash("capacity --version", tmp_path, PAGES[page])
    assert done.returncode == 0 and __version__ in done.stdout, done.stdout
    assert bash(f"set -n\n{lines}", tmp_path, PAGES[page]).stdout == ""


def followed(page: str, tmp_path: Path, follow: Callable[..., Any]) -> None:
    """Take the steps of a page and hold what it shows."""
    book = tmp_path / "office.xlsx"
    printed, shown, written = "", 0, 0
    shutil.copyfile(DOCS / page.replace("tutorial", "office").replace(".md", ".xlsx"), book)
    for block in blocks(page):
        if block.kind == "sh":
            done = follow(block.body, tmp_path, PAGES[page])
            printed = done.stdout
            assert done.returncode == block.code, f"{block.body}\n{printed}"
            assert "Traceback" not in printed
        elif block.kind == "fill":
            fill(tmp_path / block.file, block.body)
        elif block.kind in ("csv", "yaml"):
            assert (tmp_path / block.file).parent.is_dir(), f"no file is named before {block.body}"
            (tmp_path / block.file).write_text(block.body, encoding="utf-8")
            written += 1
        elif block.kind == "text":
            lines, after = printed.splitlines(), 0
            for line in block.body.splitlines():
                assert line in lines[after:], f"{line}\nis not in\n{printed}"
                after = lines.index(line, after) + 1
                shown += 1
    assert written >= 7 and shown >= 12
    assert (tmp_path / "runs" / "mydistrict-baseline" / "charts" / "gap.png").exists()
    drawn = tmp_path / "runs" / "mydistrict-baseline" / "charts" / "gap_2027.png"
    shown_there = DOCS / "pictures" / page.replace(".md", ".png")
    assert differ(drawn, shown_there) < 0.002, f"copy {drawn} to {shown_there}"


def test_both_pages_take_the_same_steps() -> None:
    kinds = [[block.kind for block in blocks(page)] for page in PAGES]
    assert kinds[0] == kinds[1]
    heads = [
        len(re.findall(r"^## ", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE))
        for page in PAGES
    ]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_points_to_is_there(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#]+)(?:#([^)]*))?\)", text):
        assert (DOCS / target).exists(), target
        if anchor:
            there = (DOCS / target).read_text(encoding="utf-8")
            heads = re.findall(r"^#+ (.*)$", there, re.MULTILINE)
            assert anchor in {head.lower().replace(" ", "-") for head in heads}, anchor
