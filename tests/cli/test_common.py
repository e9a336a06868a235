"""What commands share: the system's refusals in the language that was asked for."""

from __future__ import annotations

import errno
import os
import pickle
import sys
from pathlib import Path

import pytest

from capacity.base import catalog
from capacity.cli.common import system_words
from capacity.results import FolderTakenError

NAMES = [name for name in catalog("system") if name not in ("refused", "encoding")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems word some otherwise")
@pytest.mark.parametrize("name", NAMES)
def test_in_english_the_system_speaks_for_itself(name):
    number = getattr(errno, name)
    error = OSError(number, os.strerror(number), "runs/a.csv")
    assert system_words(error, Path("runs"), "en") == f"runs/a.csv: {os.strerror(number)}"
    assert os.strerror(number) not in system_words(error, Path("runs"), "zh")


def test_what_has_no_words_of_ours_is_said_as_it_came():
    assert system_words(OSError("odd"), Path("runs"), "en") == "runs: odd"
    assert system_words(OSError("odd"), Path("runs"), "zh") == "runs：odd"


def test_a_taken_folder_is_told_alike_after_it_crossed_a_process():
    error = FolderTakenError("folders.foreign_file", Path("runs/{a}"), "results.csv")
    crossed = pickle.loads(pickle.dumps(error))
    for lang in ("en", "zh"):
        assert crossed.text(lang) == error.text(lang)
    assert str(error) == "runs/{a}: results.csv is not of a run and would be replaced"
