"""Machines as tests of charts need them: with no other fonts than those that charts bring along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from capacity.render.charts import typeface


@contextmanager
def no_other_fonts() -> Iterator[None]:
    """Leave our font, matplotlib's and the boxes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typeface, "installed", lambda: ())
        _forget()
        yield
    _forget()


def _forget() -> None:
    typeface.family_of.cache_clear()
    typeface.families_for.cache_clear()
