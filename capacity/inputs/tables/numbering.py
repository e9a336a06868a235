"""Numbers of rows by what they hold: the first stage of looking for what stands twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def numbered(columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Return the number of what each row holds in some columns, in the order in which it comes.

    Rows that hold the same have one number; nan is the same as nan.

    >>> numbered([np.array(["b", "a", "b", "b"]), np.array([1, 1, 2, 1])]).tolist()
    [0, 1, 2, 0]
    """
    found = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        own, values = pd.factorize(column, use_na_sentinel=False)
        found = pd.factorize(found * len(values) + own)[0]
    return found
