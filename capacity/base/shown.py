"""How objects show themselves in a notebook: a door that `outputs` fills.

Inputs and errors stand below the words of the outputs, so they only say that they can be shown.
"""

from __future__ import annotations

from functools import singledispatch


@singledispatch
def html(thing: object) -> str | None:
    """Give an object as HTML; None where nothing is known of how to show it.

    `capacity.render.html` registers a function for each class that is shown.
    """
    return None


class Shown:
    """An object that a notebook shows as HTML, once the outputs are loaded."""

    def _repr_html_(self) -> str | None:
        return html(self)
