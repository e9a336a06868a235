"""The same bits on every processor, whatever code the libraries choose there.

A programme runs under one choice after another, each of them that of another processor.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
#: What numpy has code of its own for, on this processor, from old to new.
FEATURES: list[str] = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
#: What glibc is told not to use, in the words of new and of old ones.
WITHOUT = ",".join(
    f"-{name}{usable}"
    for usable in ("", "_Usable")
    for name in ("AVX512F", "AVX2", "AVX", "FMA", "FMA4")
)
VARIABLES = ("NPY_DISABLE_CPU_FEATURES", "OPENBLAS_CORETYPE", "GLIBC_TUNABLES")
#: Which library is told to choose otherwise, and how.
CHOICES: dict[str, dict[str, str]] = {
    "as it comes": {},
    "numpy without the newest": {"NPY_DISABLE_CPU_FEATURES": " ".join(FEATURES[1:])},
    "numpy plain": {"NPY_DISABLE_CPU_FEATURES": " ".join(FEATURES)},
    "blas Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "blas Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "libc plain": {"GLIBC_TUNABLES": f"glibc.cpu.hwcaps={WITHOUT}"},
}
CHOICES["all plain"] = {
    name: value
    for choice in ("numpy plain", "blas Prescott", "libc plain")
    for name, value in CHOICES[choice].items()
}
CHOICES["numpy and blas older"] = CHOICES["numpy without the newest"] | CHOICES["blas Haswell"]
if {"X86_V4", "AVX512F"} & set(FEATURES):
    CHOICES["blas SkylakeX"] = {"OPENBLAS_CORETYPE": "SkylakeX"}
#: Whether the choices take effect for certain.
USUAL = (sys.platform, platform.machine()) == ("linux", "x86_64") and bool(
    {"X86_V3", "FMA3"} & set(FEATURES)
)


def told(choice: Mapping[str, str], cases: str) -> dict[str, dict[str, str]]:
    """What the programme prints of few cases or of many under a choice."""
    own = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.bits", cases],
        env=own | dict(choice),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def same_bits(choices: Sequence[str], cases: str) -> dict[str, dict[str, str]]:
    """Hold that results are the same under every choice; give what the libraries themselves say."""
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda choice: told(CHOICES[choice], cases), choices)
        every = dict(zip(choices, found, strict=True))
    usual = every["as it comes"]["results"]
    assert len(set(usual.values())) == len(usual)
    results = {choice: found["results"] for choice, found in every.items()}
    assert results == dict.fromkeys(choices, usual)
    return {choice: found["libraries"] for choice, found in every.items()}


def test_results_have_the_same_bits_whatever_the_libraries_choose() -> None:
    found = same_bits(["as it comes", "all plain", "numpy and blas older"], "few")
    if USUAL:  # else the choices may change nothing, and all of this is no proof
        usual, plain, older = found.values()
        assert plain["numpy"] != usual["numpy"]
        assert plain["libc"] != usual["libc"]
        assert plain["blas"] != older["blas"]


@pytest.mark.slow
def test_results_have_the_same_bits_whichever_library_chooses() -> None:
    found = same_bits(list(CHOICES), "many")
    if USUAL:
        usual = found["as it comes"]
        assert found["numpy plain"]["numpy"] != usual["numpy"]
        assert found["libc plain"]["libc"] != usual["libc"]
        assert found["blas Haswell"]["blas"] != found["blas Prescott"]["blas"]
