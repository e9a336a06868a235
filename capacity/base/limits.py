"""How far factors and yearly changes may go, and what a figure beyond was probably meant to be."""

from __future__ import annotations

import re

#: Limits of a factor (``times``), as wide as those of stated ratios, and those within which none
#: is worth a question: choices. What is far beyond is a percentage.
FACTORS = (0.0, 5.0)
USUAL_FACTORS = (0.5, 2.0)
#: Greatest change of births a year, either way, that is taken for one: a choice. China's fell by
#: 18 % in 2020; what is beyond is a factor or a percentage.
YEARLY_CHANGE = 0.3
#: Limits up to here are those of shares, ratios and factors; greater ones are those of counts.
RELATIVE = 10.0
_PERCENT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[%\N{FULLWIDTH PERCENT SIGN}]\s*", re.ASCII)


def as_share(found: float, high: float) -> tuple[float, ...]:
    """Return the share, ratio or factor that a percentage above its limit means; else nothing.

    >>> as_share(95, 1), as_share(98, 5), as_share(5.5, 5), as_share(600, 200)
    ((0.95,), (0.98,), (), ())
    """
    beyond = high <= RELATIVE and 2 * high <= abs(found) <= 100 * high
    return (round(found / 100, 12),) if beyond else ()


def percentage(text: str) -> tuple[float, ...]:
    """Return the share that a text such as 98% is; of another text nothing.

    >>> percentage("98%"), percentage("0.98")
    ((0.98,), ())
    """
    said = _PERCENT.fullmatch(text)
    return (round(float(said[1]) / 100, 12),) if said else ()


def as_factor(found: float) -> tuple[float, ...]:
    """Return the factor that a percentage means: of the whole, or where it is small of a change.

    >>> as_factor(95), as_factor(7), as_factor(0.05), as_factor(1.1), as_factor(3)
    ((0.95,), (1.07,), (1.05,), (), ())
    """
    high = FACTORS[1]
    if high < found < 20:
        return (round(1 + found / 100, 12),)
    if 0 < found <= YEARLY_CHANGE:
        return (round(1 + found, 12),)
    return (round(found / 100, 12),) if 20 <= found <= 100 * high else ()


def as_change(found: float) -> tuple[float, ...]:
    """Return the yearly change that a factor or a percentage beyond `YEARLY_CHANGE` means.

    >>> as_change(0.97), as_change(1.02), as_change(97), as_change(-3), as_change(0.5)
    ((-0.03,), (0.02,), (-0.03,), (-0.03,), ())
    """
    tried = (found - 1, (found - 100) / 100, found / 100 if abs(found) >= 1 else 1.0)
    return tuple(round(one, 12) for one in tried if abs(one) <= YEARLY_CHANGE)[:1]
