"""``capacity doctor``: on a sound machine, and on machines that lack something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from capacity.render import doctor
from tests.bad_input.cases import Said, capacity


@pytest.fixture(autouse=True)
def _stands_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["en", "zh"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ill(monkeypatch: pytest.MonkeyPatch, versions: dict[str, str], lang: str = "en") -> Said:
    """Examine a machine on which some packages have other versions, or (empty) are not there."""
    real = metadata.version

    def version(name: str) -> str:
        if (found := versions.get(name, real(name))) == "":
            raise metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(metadata, "version", version)
    return capacity("doctor", "--lang", lang)


def test_a_sound_machine_has_every_dependency(lang: str) -> None:
    said = capacity("doctor", "--lang", lang)
    assert said.code == 0 and not said.err
    for line in metadata.requires("capacity") or []:
        if "extra" not in line:
            assert f"{line.split('>=')[0]}: " in said.out
    assert not list(Path().iterdir())


def test_what_is_not_there_is_named_with_the_command_that_gets_it(
    monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    said = ill(monkeypatch, {"pandas": ""}, lang)
    assert said.code == 3
    (line,) = [line for line in said.out.splitlines() if " pandas: " in line]
    assert line.startswith({"en": "missing", "zh": "缺少"}[lang])
    assert line.endswith(f'{sys.executable} -m pip install "pandas>=2.2"')
    assert "pandas" in said.out.splitlines()[-1]


def test_what_is_too_old_is_missing_and_newer_digits_are_not_taken_for_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ill(monkeypatch, {"pandas": "2.1.9", "numpy": "10.0"}).code == 3
    assert ill(monkeypatch, {"pandas": "2.10.0rc1", "numpy": "10.0"}).code == 0


def test_an_extra_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ill(monkeypatch, {"hypothesis": ""})
    assert said.code == 0
    assert "optional  extra [test]: without hypothesis  ->" in said.out


def test_the_font_of_charts_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FONT", Path("nowhere.ttf"))
    said = capacity("doctor", "--lang", "en")
    assert said.code == 3
    assert "missing   Chinese font of charts: not there  ->" in said.out


def test_a_folder_that_takes_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("gone").mkdir()
    monkeypatch.chdir("gone")
    Path("../gone").rmdir()
    said = capacity("doctor", "--lang", "en")
    assert said.code == 3 and "missing   writing here: " in said.out


def test_json_says_the_same_in_any_language(lang: str) -> None:
    said = json.loads(capacity("doctor", "--json", "--lang", lang).out)
    assert said["format"] == "capacity.doctor/1" and said["ok"] is True
    assert {"numpy", "terminal", "free disk"} <= {one["name"] for one in said["findings"]}


def test_the_doctor_comes_where_the_numbers_are_missing_and_to_plain_terminals() -> None:
    """Nothing that it looks for is imported; a console in Latin gets its advice, no traceback."""
    code = (
        "import sys\n"
        "for name in ('numpy', 'pandas', 'matplotlib', 'yaml', 'pydantic', 'scipy'):\n"
        "    sys.modules[name] = None\n"
        "from capacity.cli import main\nmain(['doctor', '--lang', 'zh'])"
    )
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    plain["PYTHONIOENCODING"] = "latin-1"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, check=False, env={**os.environ, **plain},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"export PYTHONIOENCODING=utf-8" in done.stdout
