"""How far the property tests search, and where the examples of docstrings start."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import examples

settings.register_profile("default", deadline=None, max_examples=40)
#: The same cases every time.
settings.register_profile("ci", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_configure(config: pytest.Config) -> None:
    """Let the fixtures of examples serve the package's files too, which are not below `tests`."""
    config.pluginmanager.register(examples, "examples")
