"""The same bits on every processor, whatever code the libraries choose there.

A programme runs under one choice after another, each of them that of another processor.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

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
if {"X86_V4", "AVX512F"} & set(FEATURES):
    CHOICES["blas SkylakeX"] = {"OPENBLAS_CORETYPE": "SkylakeX"}
#: Whether the choices take effect for certain.
USUAL = (sys.platform, platform.machine()) == ("linux", "x86_64") and bool(
    {"X86_V3", "FMA3"} & set(FEATURES)
)


def told(choice: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the programme prints under a choice."""
    own = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.bits"],
        env=own | dict(choice),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_results_have_the_same_bits_whatever_the_libraries_choose() -> None:
    with ThreadPoolExecutor(2) as pool:
        every = dict(zip(CHOICES, pool.map(told, CHOICES.values()), strict=True))
    usual = every["as it comes"]
    assert len(set(usual["results"].values())) == len(usual["results"])
    assert {choice: found["results"] for choice, found in every.items()} == dict.fromkeys(
        CHOICES, usual["results"]
    )
    if USUAL:  # else the choices may change nothing, and all of this is no proof
        assert every["numpy plain"]["libraries"]["numpy"] != usual["libraries"]["numpy"]
        assert every["libc plain"]["libraries"]["libc"] != usual["libraries"]["libc"]
        blas = {every[f"blas {kernel}"]["libraries"]["blas"] for kernel in ("Haswell", "Prescott")}
        assert len(blas) == 2
