"""How far property tests search, where docstring examples start, how workers share the suite."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import examples

try:
    import fcntl
except ImportError:  # Windows, where the ratios are not measured either
    fcntl = None

HERE = Path(__file__).resolve().parent

settings.register_profile("default", deadline=None, max_examples=15)
#: For a long search: ``pytest -m hypothesis --hypothesis-profile=many``.
settings.register_profile("many", deadline=None, max_examples=200)
#: The same cases every time.
settings.register_profile("ci", deadline=None, max_examples=15, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_configure(config: pytest.Config) -> None:
    """Let the fixtures of examples serve the package's files too, which are not below `tests`."""
    config.pluginmanager.register(examples, "examples")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the whole suite among up to four cores; a part of it is sooner done by one process."""
    whole = {HERE, HERE.parent} & {Path(name).resolve() for name in config.args}
    return min(os.cpu_count() or 1, 4) if whole else 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let no other worker run anything while a benchmark does: a busy machine bends its ratios."""
    if "PYTEST_XDIST_WORKER" not in os.environ or fcntl is None:
        return (yield)
    alone = item.get_closest_marker("benchmark") is not None
    with Path(__file__).open(encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        return (yield)
