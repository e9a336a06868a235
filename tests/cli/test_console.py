"""Whatever console it is: nothing breaks, nothing is lost, and signs stay signs."""

from __future__ import annotations

import codecs
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.cli import main
from capacity.templates import write
from tests.cli import command
from tests.seeds import in_turn, usually

ENCODINGS = ("gbk", "cp936", "gb2312", "big5", "cp1252", "cp437", "latin-1", "utf-8")
CHINESE = [encoding for encoding in ENCODINGS if encoding in ("gbk", "cp936", "gb2312")]
ROOT = Path(__file__).parents[2]


def shown(text: str, encoding: str) -> str:
    """Give what stands on a console of an encoding."""
    from capacity.cli.console import open_console

    bytes_ = io.BytesIO()
    stream = io.TextIOWrapper(bytes_, encoding=encoding)
    open_console(stream)
    stream.write(text)
    stream.flush()
    return bytes_.getvalue().decode(stream.encoding)


@given(
    st.text(st.characters(codec=None, exclude_characters="\r\n?"), max_size=30),
    st.sampled_from(ENCODINGS),
)
def test_every_text_is_shown_and_none_as_a_question(text: str, encoding: str) -> None:
    assert "?" not in shown(text, encoding)
    plain = text.encode(encoding, "ignore").decode(encoding)
    if plain == text:
        assert shown(text, encoding) == text


@pytest.mark.parametrize(
    ("text", "encoding", "wanted"),
    [
        ("−5 – 6", "gbk", "-5 – 6"),
        ("−5 – 6 — 7", "latin-1", "-5 - 6 - 7"),
        ("12 m², ½", "gbk", "12 m2, 1/2"),
        ("École São João", "gbk", "École São João".replace("É", "E").replace("ã", "a")),
        ("Łódź", "latin-1", "\\u0141ódz"),
        ("“a” ‘b’ c…", "latin-1", "\"a\" 'b' c..."),
        ("2 × 3 ≥ 5 → 6", "big5", "2 × 3 >= 5 → 6"),
        ("2 × 3 ≥ 5 → 6", "koi8-r", "2 x 3 ≥ 5 -> 6"),
        ("（缺）学位：5，", "cp1252", "(\\u7f3a)\\u5b66\\u4f4d:5,"),
        ("缺口：−5", "ascii", "缺口：−5"),
        ("缺口：−5", "cp936", "缺口：-5"),
        ("a\udc80b", "utf-8", "a\\udc80b"),
        ("\udce5\udc8c\udcba: 区", "utf-8", "区: 区"),
    ],
)
def test_signs_become_the_nearest_that_a_console_has(text: str, encoding: str, wanted: str) -> None:
    assert shown(text, encoding) == wanted


def test_bytes_that_cannot_be_read_are_no_text_that_cannot_be_shown() -> None:
    shown("", "gbk")
    with pytest.raises(UnicodeDecodeError):
        codecs.decode(b"\xff", "utf-8", "capacity.nearest.gbk")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an example in Chinese whose titles no Chinese console can show whole."""
    top = tmp_path_factory.mktemp("console")
    write(top / "区", "zh")
    file = top / "区" / "district.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("示例区", "示例区é−²"), encoding="utf-8")
    return top


@pytest.mark.parametrize(("encoding", "lang"), in_turn(ENCODINGS, ("en", "zh")))
def test_commands_end_alike_on_every_console(
    folder: Path, encoding: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    outs = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    monkeypatch.setattr(sys, "stdout", outs[0])
    monkeypatch.setattr(sys, "stderr", outs[1])
    for arguments in (["check", "区"], ["check", "none.yaml"], ["run", "none.yaml", "--help"]):
        with pytest.raises(SystemExit):
            main([*arguments, *([] if "--help" in arguments else ["--lang", lang])])
    for out in outs:
        out.flush()
        text = out.buffer.getvalue().decode(encoding)
        assert "Traceback" not in text and "?" not in text
        if encoding in CHINESE:
            assert "\\u" not in text and "\\x" not in text


def ran(folder: Path, *arguments: str, **surroundings: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, with no surroundings but these."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "capacity", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **surroundings},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("surroundings", "encoding", "chinese"),
    [
        ({"LANG": "zh_CN.GBK", "PYTHONIOENCODING": "gbk"}, "gbk", True),
        ({"LANG": "zh_CN.UTF-8"}, "utf-8", True),
        ({"LANG": "C"}, "utf-8", False),
    ],
    ids=str,
)
def test_a_console_of_its_own(
    folder: Path, surroundings: dict[str, str], encoding: str, chinese: bool
) -> None:
    done = ran(
        folder, "run", "区/baseline.yaml", "--no-charts", "--draws", "0", "--overwrite",
        **surroundings,
    )  # fmt: skip
    text = (done.stdout + done.stderr).decode(encoding)
    assert done.returncode == 0 and "Traceback" not in text, text
    assert ("需开班数" in text) == chinese
    assert "\\u" not in text and "\\x" not in text
    assert not (chinese and "?" in text)


@pytest.mark.parametrize("lang", usually(["en", "zh"], ["zh"]))
def test_a_system_without_the_names_is_told_how_it_gets_them(folder: Path, lang: str) -> None:
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    arguments = ("run", "区/baseline.yaml", "--no-charts", "--draws", "0", "--lang", lang)
    done = ran(folder, *arguments, **poor)
    assert done.returncode == 3
    assert b"PYTHONUTF8=1" in done.stderr and b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("encoding", usually(["cp1252", "gbk"], ["gbk"]))
def test_json_is_json_on_every_console(folder: Path, encoding: str) -> None:
    arguments = ("run", "区/baseline.yaml", "--no-charts", "--draws", "0", "--json", "--overwrite")
    forked = command.Forked(
        folder / "said", *arguments, "--lang", "en",
        before=lambda: os.chdir(folder), encoding=encoding,
    )  # fmt: skip
    said = json.loads(forked.ended().stdout) | {"state": "unchanged"}
    assert said == json.loads(command.capacity(*arguments, "--lang", "en", cwd=folder).stdout)
