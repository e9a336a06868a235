"""How far property tests search, where docstring examples start, how workers share the suite."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, Phase, settings

from tests import browser, examples

try:
    import fcntl
except ImportError:  # Windows, where the ratios are not measured either
    fcntl = None

HERE = Path(__file__).resolve().parent
#: A second file to lock.
GATE = HERE / "__init__.py"

#: The same cases every time, so that what passed for one change passes for the next.
settings.register_profile(
    "default",
    deadline=None,
    max_examples=5,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],  # of a machine, not of a law
)
#: For a long search, other cases every time: ``pytest --hypothesis-profile=many``.
settings.register_profile(
    "many", settings.get_profile("default"), derandomize=False, max_examples=200
)
#: The first failure as it was met, for haste: it is not made smaller.
settings.register_profile(
    "raw", settings.get_profile("default"), phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    """Let examples' fixtures serve the package too, not below `tests`; keep compiled modules."""
    config.pluginmanager.register(examples, "examples")
    config.pluginmanager.register(browser, "browser")
    gc.disable()  # until all is collected, of which nothing goes
    # Else every run would rewrite all assertions, every command compile the package anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the whole suite among up to four cores; a part of it is sooner done by one process."""
    whole = {HERE, HERE.parent} & {Path(name).resolve() for name in config.args}
    return min(os.cpu_count() or 1, 4) if whole else 0


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[object], list[object]]:
    """Look for examples in the package, all of which is loaded by that, and not in tests."""
    found = yield
    ours = HERE in file_path.parents
    return [one for one in found if not (ours and isinstance(one, DoctestModule))]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long by itself, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Let the garbage collector look no more at modules and tests, and less often at the rest."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let no other worker run anything while a benchmark does: a busy machine bends its ratios.

    A benchmark that waits closes the gate: else the next test of another worker would always be
    before it, and its own worker stand idle.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ or fcntl is None:
        return (yield)
    alone = item.get_closest_marker("benchmark") is not None
    with GATE.open(encoding="utf-8") as gate, Path(__file__).open(encoding="utf-8") as room:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        return (yield)
