"""Real files, spoilt at random: a run is made or every problem is told, and nothing else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.bad_input.cases import BAD_INPUT, SECONDS, SOUND, capacity, levers, told
from tests.inputs.folder import write

_OWN = {
    **{name: text.encode() for name, text in SOUND.items()},
    **{
        name: str(text).encode()
        for name, text in levers(
            "{kind: delay, add: 2, where: {status: [planned]}}",
            "{kind: migration, add: 20, where: {region: north, grade: 1}, from: 2023}",
            "{kind: convert, convert: "
            "{region: north, from_level: primary, to_level: middle, places: 40}}",
        ).items()
    },
    "demo/ratios.csv": "年级,区域,比率,来源\n4,all,.98,估计\n6,north,1.02,\n".encode("gb18030"),
}
#: What typing, other programs and other people leave in a file.
_BITS = (
    *(b"\0", b"\t", b"\r", b"\xff", b'"', b",", b":", b"[", b"}", b"&a", b"*a", b"- ", b"- -"),
    *(b"1e999", b".nan", b"-1", b"99999999999", b"null", b"0", b"\n---\n", b"|\n"),
    *(
        "：，合计学校　１２３１.２万\u200b\u2028\u202e—".encode()[i : i + 3]
        for i in range(0, 36, 3)
    ),
)
NAMES = sorted(_OWN)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, bytes]:
    """Flip, delete, double, swap and insert a few times in one of the files."""
    name = draw(st.sampled_from(NAMES))
    data = bytearray(_OWN[name])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(1, 40)))
        how = draw(st.sampled_from(("flip", "delete", "double", "swap", "insert")))
        if how == "flip" and at < len(data):
            data[at] ^= draw(st.integers(1, 255))
        elif how == "delete":
            del data[at:end]
        elif how == "double":
            data[at:at] = data[at:end]
        elif how == "swap":
            far = draw(st.integers(0, len(data)))
            first, last = sorted((at, far))
            data[first:last] = (
                data[first:last][::-1]
                if last - first < 8
                else (data[(first + last) // 2 : last] + data[first : (first + last) // 2])
            )
        else:
            data[at:at] = draw(st.sampled_from(_BITS))
    return name, bytes(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("spoilt")
    write(root)
    for name, data in _OWN.items():
        (root / name).write_bytes(data)
    return root


def holds(root: Path, name: str, data: bytes) -> None:
    """Check the scenario, and run it where it is sound, with one file spoilt."""
    (root / name).write_bytes(data)
    begun = time.perf_counter()
    try:
        said = capacity("check", root / "baseline.yaml", "--lang", "zh")
    finally:
        (root / name).write_bytes(_OWN[name])
    assert time.perf_counter() - begun < SECONDS
    errors = told(said, root)
    assert said.code == (BAD_INPUT if errors else 0)


_SEARCH = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink)
)


def test_the_files_are_sound(folder: Path) -> None:
    assert capacity("check", folder / "baseline.yaml").code == 0


@settings(_SEARCH, max_examples=300)
@given(spoilt())
def test_a_spoilt_file_is_read_or_told(folder: Path, file: tuple[str, bytes]) -> None:
    holds(folder, *file)


@pytest.mark.slow
@pytest.mark.skipif("CAPACITY_SLOW" not in os.environ, reason="takes several minutes")
@settings(_SEARCH, max_examples=10_000)
@given(spoilt())
def test_many_spoilt_files_are_read_or_told(folder: Path, file: tuple[str, bytes]) -> None:
    holds(folder, *file)
