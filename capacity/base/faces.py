"""The face of a package: its public names, each loaded from its module when it is first used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def face(
    package: str, names: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package, which loads nothing yet.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    names : str
        Its modules, each with a colon, and after it the names that it gives. None is called as a
        module of the package is, which Python would put in its place.
    """
    home: dict[str, str] = {}
    module = ""
    for part in names.split():
        if part.endswith(":"):
            module = f"{package}.{part[:-1]}"
        elif part in home:
            raise ValueError(f"{package}: {part} is in {home[part]} and in {module}")
        else:
            home[part] = module

    def load(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(home[name]), name)

    return load, lambda: sorted(home), sorted(home)
