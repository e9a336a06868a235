"""Installed alike everywhere: the lock, the licence, and no network once the files are there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from email.parser import Parser
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from capacity.cli import COMMANDS
from capacity.render import FONT

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LOCK = (DOCS / "install" / "lock.txt").read_text(encoding="utf-8")
PAGES = {
    name: (DOCS / name).read_text(encoding="utf-8") for name in ("install.md", "install.zh.md")
}
FIRST = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")}
#: What is installed from, as a person is given it.
PARTS = ("capacity", "scenarios", "docs", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")

#: Ends a process, and with it its test, that turns to the network in whatever way and whoever
#: catches it; sockets between processes of one machine may be.
GUARD = """
import os, sys

def refuse(event, values):
    asked = event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
    if asked or (event == "socket.__new__" and int(values[1]) in (2, 10, 23, 30)):  # IPv4, IPv6
        os.write(2, f"the network: {event} {values}".encode())
        os._exit(90)

sys.addaudithook(refuse)
"""
#: Runs commands one after the other and prints how each ended.
CALLS = """
import json, sys
from capacity.cli import main

codes = []
for command in json.loads(sys.argv[1]):
    try:
        main(command.split())
    except SystemExit as end:
        codes.append(end.code)
print(json.dumps(codes), file=sys.stderr)
"""


def unplugged(
    folder: Path, program: str, *arguments: str, cwd: Path
) -> subprocess.CompletedProcess[str]:
    """Run a program of Python that ends with 90 where it, or a process of it, asks the network."""
    (folder / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    path = os.pathsep.join((str(folder), str(ROOT)))
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def pins(text: str) -> dict[str, set[tuple[str, str]]]:
    """Return of each package its versions, each with the systems and Pythons it is for."""
    found: dict[str, set[tuple[str, str]]] = {}
    for name, version, marker in re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", text, re.M):
        found.setdefault(canonicalize_name(name), set()).add((version, marker))
    return found


def stated(requirements: str) -> list[Requirement]:
    return [Requirement(line) for line in requirements.split("\n") if line]


@cache
def asked_for() -> tuple[list[Requirement], list[Requirement]]:
    """Return what setup.cfg asks for to run, and pyproject.toml to build."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    build = "\n".join(project["build-system"]["requires"])
    return stated(setup["options"]["install_requires"]), stated(build)


def needed(requirements: list[Requirement]) -> set[str]:
    """Return the packages that these need here, and those that they need, as installed."""
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name not in found and (one.marker is None or one.marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += [Requirement(line) for line in metadata.requires(name) or []]
    return found


def test_the_lock_holds_what_runs_and_builds_and_nothing_else() -> None:
    runs, builds = asked_for()
    here = {
        name
        for name, versions in pins(LOCK).items()
        if any(not marker or Marker(marker).evaluate() for _, marker in versions)
    }
    assert needed([*runs, *builds]) == here, "run python docs/make_lock.py"


def test_the_lock_and_the_constraints_have_the_same_versions() -> None:
    constraints = pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    locked = pins(LOCK)
    assert locked == {name: constraints[name] for name in locked}, "run python docs/make_lock.py"
    for one in (part for parts in asked_for() for part in parts):
        for version, _ in locked[canonicalize_name(one.name)]:
            assert one.specifier.contains(version), one


def test_every_version_has_hashes_and_no_place_is_named() -> None:
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == sum(map(len, pins(LOCK).values()))
    for entry in entries:
        first, *hashes = entry.rstrip("\n").split(" \\\n")
        assert hashes and len(hashes) == len(set(hashes)), first
        assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}", one) for one in hashes), first
    assert "//" not in LOCK and "--index" not in LOCK


def test_the_licence_is_in_what_is_built_without_a_network(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="77")
    source, built = tmp_path / "source", tmp_path / "built"
    built.mkdir()
    give(source)
    program = "import sys; from setuptools import build_meta as b; "
    program += "print('\\n' + b.prepare_metadata_for_build_wheel(sys.argv[1]))"
    done = unplugged(tmp_path, program, str(built), cwd=source)
    assert done.returncode == 0, done.stderr
    info = built / done.stdout.splitlines()[-1]
    said = Parser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
    assert (said["Name"], said["License"]) == ("capacity", "MIT AND OFL-1.1")
    assert said.get_all("License-File") == ["LICENSE", "capacity/render/font/OFL.txt"]
    assert (info / "licenses" / "capacity" / "render" / "font" / "OFL.txt").is_file()
    licence = (info / "licenses" / "LICENSE").read_text(encoding="utf-8")
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License\n") and "the capacity contributors" in licence


@pytest.mark.long
def test_no_command_turns_to_the_network(tmp_path: Path) -> None:
    commands = [
        "new demo",
        "import demo/enrolment.csv -o office",
        "check demo",
        "run soon.yaml -o a --draws 100 --workers 2",
        "run demo/delayed.yaml -o b --draws 100 --no-charts --lang zh",
        "chart a --kind trend --format svg",
        "report a -o gap.html",
        "compare a b --no-charts",
        "ratios demo --no-charts",
        "backtest demo --draws 20 --horizons 1",
        "doctor",
    ]
    assert {command.split()[0] for command in commands} == set(COMMANDS)
    soon = "name: soon\nextends: demo/baseline.yaml\nhorizon: {last_year: 2026}\n"  # fewer charts
    (tmp_path / "soon.yaml").write_text(soon, encoding="utf-8")
    done = unplugged(tmp_path, CALLS, json.dumps(commands), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr.splitlines()[-1]) == [0] * len(commands), done.stderr
    assert {path.name for path in tmp_path.rglob("*.png")} >= {"gap.png", "accuracy.png"}
    assert (tmp_path / "a" / "charts" / "trend.svg").exists()


@pytest.mark.parametrize(
    "program",
    [
        "import socket\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept Exception: pass",
        "import socket\ntry: socket.getaddrinfo('localhost', 9)\nexcept BaseException: pass",
        "import urllib.request as u\ntry: u.urlopen('http://[::1]:9')\nexcept OSError: pass",
        "import subprocess as s, sys\n"
        "sys.exit(s.run([sys.executable, '-c', 'import socket; socket.socket()']).returncode)",
    ],
    ids=["connect", "look up", "open a page", "in a process of its own"],
)
def test_who_turns_to_the_network_is_found_out(tmp_path: Path, program: str) -> None:
    done = unplugged(tmp_path, program, cwd=tmp_path)
    assert done.returncode == 90 and "the network: " in done.stderr


def blocks(page: str, kind: str = "sh") -> list[str]:
    text = (PAGES | FIRST)[page]
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[list[str]]:
    """Give the commands of some lines, each as its words, quotation marks aside."""
    told = [one for line in text.splitlines() for one in line.split(" && ") if one]
    assert not [one for one in told if re.search(r"""[;&|<>^%$`'(){}]""", one)]  # plain anywhere
    return [[word.strip('"') for word in re.findall(r'"[^"]*"|\S+', one)] for one in told]


def on_windows(command: list[str]) -> list[str]:
    """Give a command of Linux as Windows has it; names of packages and options stay."""
    program, *words = command
    program = re.sub(r"^\.venv/bin/", r".venv\\Scripts\\", re.sub("^python3$", "py", program))
    return [program, *(word.replace("/", "\\") for word in words)]


@pytest.mark.parametrize("page", PAGES | FIRST)
def test_windows_is_told_the_same_commands(page: str) -> None:
    shell, power = blocks(page), blocks(page, "powershell")
    start = commands(shell[0])
    if "README" in page:
        (prompt,) = blocks(page, "bat")
        start += commands(shell[1])[1:]
        assert commands(prompt) == [on_windows(one) for one in start]
    assert [commands(block) for block in power] == [[on_windows(one) for one in start]]
    assert "&&" not in power[0]  # PowerShell 5 does not know it
    assert not [one for one in start if "activate" in " ".join(one).lower()]


STUB = "@echo off\r\necho %~n0 [%*]>>told.txt\r\n"
MAKE = (
    "mkdir .venv\\Scripts\r\n"
    "for %%p in (pip capacity pytest) do copy pip.cmd .venv\\Scripts\\%%p.cmd\r\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_cmd_takes_its_lines_by_the_letter(page: str, tmp_path: Path) -> None:
    """Wine's cmd reads the lines; what they call writes down how it was called."""
    if not shutil.which("wine"):
        pytest.skip("there is no wine")
    (tmp_path / "py.cmd").write_text(STUB + MAKE, newline="")
    (tmp_path / "pip.cmd").write_text(STUB, newline="")
    (prompt,) = blocks(page, "bat")
    for line in filter(None, prompt.splitlines()):
        done = subprocess.run(
            ["wine", "cmd", "/c", line],
            cwd=tmp_path,
            env={**os.environ, "WINEPREFIX": str(tmp_path / "wine"), "WINEDEBUG": "-all"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    told = (tmp_path / "told.txt").read_text().splitlines()
    called = [f"{program.rpartition(chr(92))[2]} {words}" for program, *words in commands(prompt)]
    plain = [re.sub(r"""[][\\",' ]""", "", line) for line in told]
    assert plain == [re.sub(r"""[][\\",' ]""", "", line) for line in called]


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_first_line_answers_in_the_language_of_its_page(page: str) -> None:
    starts = [commands(block)[-1] for block in blocks(page)[:1]] + [
        command
        for kind in ("powershell", "bat")
        for block in blocks(page, kind)
        for command in commands(block)
        if "run" in command
    ]
    assert len(starts) == 3
    for command in starts:
        assert command[1] == "run" and command[3:] == (["--lang", "zh"] if "zh" in page else [])


def licences(page: str) -> list[list[str]]:
    rows = re.findall(r"^\| (.+) \| (.+) \|$", PAGES[page], re.MULTILINE)[1:]
    return [[licence, *packages.split(", ")] for licence, packages in rows]


def test_both_pages_show_the_same_commands_and_link_to_what_is_there() -> None:
    english, chinese = PAGES
    assert blocks(english) == blocks(chinese) and len(blocks(english)) == 3
    for page in PAGES.values():
        for target in re.findall(r"\]\(([^)#]+)\)", page):
            assert (DOCS / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_the_licence_of_every_package_is_as_it_declares(page: str) -> None:
    *rows, [font_licence, font] = licences(page)
    named = [(package, licence) for licence, *packages in rows for package in packages]
    assert sorted(package for package, _ in named) == sorted(pins(LOCK))
    for package, licence in named:
        assert metadata.metadata(package)["License-Expression"] in (None, licence), package
    assert font_licence == "OFL-1.1" and font.startswith("Noto Sans SC")
    text = FONT.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text


def give(folder: Path) -> None:
    """Copy what is installed from."""
    folder.mkdir()
    for part in map(ROOT.joinpath, PARTS):
        if part.is_dir():
            shutil.copytree(part, folder / part.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(part, folder)


def follow(block: str, folder: Path, *within: str) -> subprocess.CompletedProcess[str]:
    """Follow a block of the page by the letter, with this very Python, within what cuts it off."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*within, "bash", "-euo", "pipefail", "-c", block],
        cwd=folder,
        env={**os.environ, "PATH": path, "LANG": "en_GB.UTF-8", "PYTHONPATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@cache
def cut_off() -> tuple[str, ...]:
    """Return what runs a command with the network cut; empty where this machine has no such."""
    for within in (("unshare", "-n"), ("unshare", "-rn")):
        tried = [*within, sys.executable, "-c", "import socket; print(socket.if_nameindex())"]
        if shutil.which("unshare"):
            done = subprocess.run(tried, capture_output=True, text=True, check=False)
            if done.returncode == 0 and done.stdout.count("(") == done.stdout.count("'lo'") == 1:
                return within
    return ()


@pytest.mark.slow
def test_the_page_is_followed_with_the_network_cut(tmp_path: Path) -> None:
    if not (within := cut_off()):
        pytest.skip("the network cannot be cut here")
    _, fetch, install = blocks("install.md")
    give(tmp_path / "here")
    fetched = follow(fetch, tmp_path / "here")
    if "connection broken" in fetched.stderr:
        pytest.skip("there is no network to fetch from")
    assert fetched.returncode == 0, fetched.stderr
    give(tmp_path / "there")
    (tmp_path / "here" / "wheelhouse").rename(tmp_path / "there" / "wheelhouse")
    done = follow(install, tmp_path / "there", *within)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Everything needed is there.\n")
    ran = follow(".venv/bin/capacity run scenarios/baseline.yaml", tmp_path / "there", *within)
    assert ran.returncode == 0 and "runs/baseline: written (seed 1)" in ran.stdout, ran.stderr


@pytest.mark.slow
def test_a_file_that_was_altered_is_refused(tmp_path: Path) -> None:
    give(tmp_path / "here")
    made = follow("python3 -m venv .venv && mkdir wheelhouse", tmp_path / "here")
    assert made.returncode == 0, made.stderr
    ((version, _),) = pins(LOCK)["cycler"]
    (tmp_path / "here" / "wheelhouse" / f"cycler-{version}-py3-none-any.whl").write_bytes(b"other")
    install = blocks("install.md")[2].splitlines()[1].replace("-r docs/install/lock.txt", "-r one")
    entry = re.search(r"^cycler==.*?(?=^[a-z])", LOCK, re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "here" / "one").write_text(entry, encoding="utf-8")
    done = follow(install, tmp_path / "here")
    assert done.returncode != 0 and "DO NOT MATCH" in done.stderr
