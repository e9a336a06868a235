"""Whatever fails and however a command ends: the old or the new stands whole, and nobody loses."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.results.faults import (
    CALLS,
    ERRORS,
    SIGNALS,
    Ended,
    Fault,
    branching,
    command,
    fresh,
    hidden,
    snapshot,
    state,
)
from tests.studies.pasts import district

PLAIN = "--no-charts"
#: Somebody's own files in the folders that commands write to.
OWN = {
    "thesis.txt": b"mine",
    "charts/mine.png": b"no picture",
    "inputs/notes/a.csv": b"a,b\n1,2\n",
    "own folder/b": bytes(range(256)),
}


class Case(NamedTuple):
    """A command, what is run before it, and the parts of the folder that are old or new whole."""

    before: tuple[tuple[object, ...], ...]
    arguments: tuple[object, ...]
    parts: tuple[str, ...]
    own: str = ""


CASES = {
    "keep": Case((("keep", 1),), ("keep", 2), ("x/",), "x"),
    "run": Case(
        (("run", "baseline.yaml", "-o", "x", PLAIN, "--draws", 0),),
        ("run", "baseline.yaml", "-o", "x", PLAIN, "--draws", 0, "--seed", 2, "--overwrite"),
        ("x/",),
        "x",
    ),
    "compare": Case(
        (
            ("run", "baseline.yaml", "-o", "a", PLAIN, "--draws", 0),
            ("run", "baseline.yaml", "-o", "b", PLAIN, "--draws", 0, "--seed", 2),
            ("compare", "a", "a", "-o", "x", PLAIN),
        ),
        ("compare", "a", "b", "-o", "x", "--overwrite"),
        ("x/",),
        "x",
    ),
    "backtest": Case(
        (("backtest", "demo", "-o", "x", PLAIN, "--draws", 0, "--write"),),
        ("backtest", "demo", "-o", "x", PLAIN, "--draws", 0, "--seed", 2, "--write", "--overwrite"),
        ("x/", "demo/"),
        "x",
    ),
    "ratios": Case(
        (("ratios", "demo", "-o", "x", PLAIN, "--write"),),
        ("ratios", "demo", "-o", "x", PLAIN, "--write", "--method", "mean", "--overwrite"),
        ("x/", "demo/"),
        "x",
    ),
    "chart": Case(
        (
            ("run", "baseline.yaml", "-o", "x", PLAIN, "--draws", 0),
            ("chart", "x", "--kind", "wave"),
        ),
        ("chart", "x", "--kind", "wave", "--kind", "entry", "--lang", "zh"),
        ("x/",),
        "x",
    ),
    "new": Case((), ("new", "x"), ("x/",)),
}


class World(NamedTuple):
    """A case that is ready: its folder as it is before, and what stands before and after."""

    case: Case
    source: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    counted: dict[str, int]
    own: Mapping[str, bytes]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bool], World]:
    made: dict[tuple[str, bool], World] = {}

    def make(name: str, own: bool) -> World:
        if (name, own) not in made:
            made[name, own] = prepared(tmp_path_factory.mktemp(name), CASES[name], own)
        return made[name, own]

    return make


def prepared(top: Path, case: Case, own: bool) -> World:
    source = top / "source"
    source.mkdir()
    district(source)
    for arguments in case.before:
        done = command(*arguments, top=source)
        assert done.code == 0, done.err
    mine = {f"{case.own}/{name}": data for name, data in OWN.items()} if own and case.own else {}
    for name, data in mine.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(data)
    after = fresh(source, top / "after")
    done = command(*case.arguments, top=after)
    assert done.code == 0, done.err
    assert not hidden(after)
    assert mine.items() <= snapshot(after).items()
    return World(case, source, snapshot(source), snapshot(after), done.counted, mine)


def faults(world: World) -> Iterator[Fault]:
    """Give every error at every call, and every signal before and after it."""
    for call in CALLS:
        for number in range(1, world.counted.get(call, 0) + 1):
            yield from (Fault(call, number, act) for act in ERRORS)
            yield from (
                Fault(call, number, act, after) for act in SIGNALS for after in (False, True)
            )


def part(of: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    return {path: data for path, data in of.items() if path.startswith(name)}


class Campaign:
    """Faults that one command meets, each in the same folder as it was before.

    The command after a fault is run once for each state in which faults leave the folder.
    """

    def __init__(self, world: World, top: Path, *, one_step: bool = True) -> None:
        self.world, self.top, self.one_step = world, fresh(world.source, top), one_step
        self.met: set[frozenset[tuple[object, ...]]] = set()

    def all(self, found: Iterable[Fault]) -> dict[Fault, int]:
        """Let the command meet each; give how it ended."""
        arguments = self.world.case.arguments
        codes, bad = {}, []
        with branching(*arguments, top=self.top, one_step=self.one_step) as go_on:
            for fault in found:
                try:
                    codes[fault] = self.meet(fault, go_on(fault))
                except AssertionError as error:
                    bad.append(f"{fault}: {error}"[:2000])
                fresh(self.world.source, self.top)
        assert not bad, f"{len(bad)} of {len(codes) + len(bad)}:\n" + "\n".join(bad[:20])
        return codes

    def meet(self, fault: Fault, done: Ended) -> int:
        """Hold what is left to the laws, and run the command again."""
        case, world, top = self.world.case, self.world, self.top
        left = snapshot(top)
        assert "Traceback" not in done.err and done.err.count("\n") <= 30, done
        if fault.act in ERRORS:
            assert done.code in (0, 3), done
        else:
            assert done.code in ((-9,) if fault.act == "SIGKILL" else (0, 130)), done
        if self.one_step or fault.act != "SIGKILL":  # else it is whole after the next command
            assert world.own.items() <= left.items(), "somebody's own"
            for name in case.parts:
                assert part(left, name) in (part(world.old, name), part(world.new, name)), name
        if (found := state(top)) not in self.met:
            again = command(*case.arguments, top=top, one_step=self.one_step)
            assert again.code == 0 or (case is CASES["new"] and again.code == 2), again
            assert not hidden(top), hidden(top)
            assert snapshot(top) == world.new, "the next command"
            self.met.add(found)
        return done.code


@pytest.mark.parametrize("name", CASES)
def test_a_fault_leaves_the_old_or_the_new_whole(name: str, world, tmp_path: Path) -> None:
    ready = world(name, True)
    pick = random.Random(f"faults {name}")
    rare = [fault for fault in faults(ready) if fault.call in ("exchange", "link", "mkdir")]
    size = 20 if name == "keep" else 1
    chosen = (*pick.sample(rare, size), *pick.sample([*faults(ready)], size))
    Campaign(ready, tmp_path / "x").all(chosen)


def test_where_nothing_can_be_exchanged_the_old_one_is_put_back(world, tmp_path: Path) -> None:
    told = [Fault("rename", at, act) for at in (1, 2, 3) for act in ("EIO", "SIGTERM")]
    killed = [Fault("rename", at, "SIGKILL", after) for at in (1, 2, 3) for after in (False, True)]
    Campaign(world("keep", True), tmp_path / "x", one_step=False).all((*told, *killed))


def test_faults_leave_states_that_are_told_apart(world, tmp_path: Path) -> None:
    """By which the command after a fault is spared where it has been run from the same state."""
    source = world("keep", True).source
    whole = state(fresh(source, tmp_path / "x"))
    assert state(fresh(source, tmp_path / "x")) == state(fresh(source, tmp_path / "y")) == whole
    changes: tuple[Callable[[Path], object], ...] = (
        lambda top: (top / "x" / "thesis.txt").write_bytes(b"Mine"),
        lambda top: (top / "x" / "thesis.txt").chmod(0o600),
        lambda top: (top / "x" / "more").hardlink_to(top / "x" / "thesis.txt"),
        lambda top: (top / "x" / "more").write_bytes(b"mine"),
        lambda top: (top / "x" / "more").mkdir(),
        lambda top: (top / ".x.writing").mkdir(),
    )
    found = {whole}
    for change in changes:
        change(fresh(source, tmp_path / "x"))
        found.add(state(tmp_path / "x"))
    assert len(found) == 1 + len(changes)


@pytest.mark.slow
@pytest.mark.parametrize("own", [True, False], ids=["own", "none"])
@pytest.mark.parametrize("name", CASES)
def test_every_fault(name: str, own: bool, world, tmp_path: Path, record_property) -> None:
    ready = world(name, own)
    pick = random.Random(f"writes {name}")
    every = [fault for fault in faults(ready) if fault.call != "write"]
    writes = [fault for fault in faults(ready) if fault.call == "write"]
    every += pick.sample(writes, min(50, len(writes)))
    campaign = Campaign(ready, tmp_path / "x")
    codes = campaign.all(every)
    assert len(codes) == len(every)
    acts = {fault.act for fault, code in codes.items() if code in (3, 130, -9)}
    assert acts == {*ERRORS, *SIGNALS}
    record_property("faults", f"{len(codes)} met, {len(campaign.met)} states")
