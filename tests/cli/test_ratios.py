"""``capacity ratios`` as a planner meets it: what is printed where, folders, and --write."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

import capacity as package
from tests.cli.command import capacity
from tests.studies.pasts import district, doubled, enrolment

SCENARIO = "name: m\ndistrict: demo\nhorizon: {{base_year: 2021, last_year: 2026}}\ndemand: "
SCENARIO += "{{progression: {{method: {0}}}, entry: {{method: {0}}}}}\n"


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def run(folder: Path, method: str) -> pd.DataFrame:
    path = folder.parent / "m.yaml"
    path.write_text(SCENARIO.format(method), encoding="utf-8")
    return package.run(package.load_scenario(path), draws=0).frame()


def test_a_folder_of_tables_and_the_chart(tmp_path: Path) -> None:
    district(tmp_path)
    done = capacity("ratios", "demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert files(tmp_path / "ratios") == {
        f"demo/{name}"
        for name in (
            "ratios.csv", "yearly.csv", "breaks.csv", "manifest.json", "charts/ratios.png",
        )
    }  # fmt: skip
    assert "12 ratios of 2 regions, calibrated by shrunk on 2014–2021" in done.stdout
    rows = pd.read_csv(tmp_path / "ratios" / "demo" / "ratios.csv")
    found = package.calibrate(tmp_path / "demo").frame()
    assert (rows["ratio"] == found["ratio"]).all()
    assert not (tmp_path / "demo" / "ratios.csv").exists()


def test_the_same_again_is_unchanged_and_others_are_kept(tmp_path: Path) -> None:
    district(tmp_path)
    arguments = ("ratios", "demo", "--no-charts", "-o", "x")
    assert capacity(*arguments, cwd=tmp_path).returncode == 0
    assert "x: unchanged" in capacity(*arguments, cwd=tmp_path).stdout
    other = capacity(*arguments, "--method", "mean", cwd=tmp_path)
    assert other.returncode == 2
    assert "--overwrite" in other.stderr
    assert capacity(*arguments, "--method", "mean", "--overwrite", cwd=tmp_path).returncode == 0


def test_breaks_are_warnings_at_their_rows(tmp_path: Path) -> None:
    district(tmp_path, enrolment=enrolment(doubled))
    done = capacity("ratios", "demo", "--no-charts", cwd=tmp_path)
    assert done.returncode == 0
    (line,) = [line for line in done.stderr.splitlines() if "break" in line]
    assert line.startswith("warning: demo/enrolment.csv:80:1: ")
    assert "南部, grades 1-6, 2018" in line
    assert "(year,region,reason,grade,kind): 2018,south,break,,odd;" in line
    assert "Breaks found in past years: 1" in done.stdout
    chinese = capacity("ratios", "demo", "--no-charts", "--lang", "zh", cwd=tmp_path)
    assert "提示：demo/enrolment.csv:80:1" in chinese.stderr
    assert "（year,region,reason,grade,kind）：2018,south,break,,odd；" in chinese.stderr


def test_json_is_one_object_with_full_precision(tmp_path: Path) -> None:
    district(tmp_path, enrolment=enrolment(doubled))
    done = capacity("ratios", "demo", "--json", "--no-charts", cwd=tmp_path)
    said = json.loads(done.stdout)
    found = package.calibrate(tmp_path / "demo")
    assert said["format"] == "capacity.ratios/1"
    assert (said["method"], said["base_year"], said["state"]) == ("shrunk", 2021, "written")
    assert [row["ratio"] for row in said["ratios"]] == found.frame()["ratio"].tolist()
    assert said["ratios"][0]["held"] is None
    assert said["breaks"][0]["region"] == "south"


@pytest.mark.parametrize("method", ["mean", "pooled"])
def test_written_ratios_run_to_the_same_numbers(tmp_path: Path, method: str) -> None:
    folder = district(tmp_path)
    before = run(folder, method)
    done = capacity("ratios", "demo", "--write", "--no-charts", "--method", method, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "12 ratios written" in done.stderr
    assert "win over calibration" in done.stderr
    assert "mix" not in done.stderr
    pd.testing.assert_frame_equal(run(folder, method), before, rtol=0, atol=1e-9)
    assert not package.load_scenario(folder.parent / "m.yaml").warnings


def test_written_shrunk_ratios_run_alike_but_for_small_area_mixing(tmp_path: Path) -> None:
    """Without the moves of mixing, the district that calibrates itself gives the same pupils."""
    folder = district(tmp_path)
    before = run(folder, "shrunk")
    done = capacity("ratios", "demo", "--write", "--no-charts", cwd=tmp_path)
    assert "no longer mix small areas" in done.stderr
    after = run(folder, "shrunk")
    change = (after["demand"] / before["demand"] - 1).abs()
    assert 0 < change.max() < 0.05
    stated = pd.read_csv(folder / "ratios.csv").set_index(["region", "grade"])["ratio"]
    found = package.calibrate(folder).frame().set_index(["region", "grade"])["ratio"]
    assert stated.to_dict() == found.to_dict()


def test_own_ratios_are_written_again_and_the_planners_are_kept(tmp_path: Path) -> None:
    folder = district(tmp_path)
    arguments = ("ratios", "demo", "--write", "--no-charts")
    assert capacity(*arguments, cwd=tmp_path).returncode == 0
    again = capacity(*arguments, cwd=tmp_path)
    assert again.returncode == 0
    assert "states 12 ratios" in again.stderr
    planners = "grade,region,ratio,source\n2,all,1.01,census\n"
    (folder / "ratios.csv").write_text(planners, encoding="utf-8")
    before = files(tmp_path)
    refused = capacity(*arguments, "-o", "y", cwd=tmp_path)
    assert refused.returncode == 2
    assert "ratios-planners" in refused.stderr
    assert "--overwrite" in refused.stderr
    assert (folder / "ratios.csv").read_text(encoding="utf-8") == planners
    assert files(tmp_path) == before
    assert capacity(*arguments, "--overwrite", cwd=tmp_path).returncode == 0
    assert (folder / "ratios.csv").read_text(encoding="utf-8-sig").startswith("grade,region,ratio,")


def test_a_workbook_is_not_written_to(tmp_path: Path) -> None:
    folder = district(tmp_path)
    book = xlsxwriter.Workbook(folder / "tables.xlsx")
    sheet = book.add_worksheet("enrolment")
    for place, line in enumerate((folder / "enrolment.csv").read_text().splitlines()):
        cells = line.split(",")
        sheet.write_row(place, 0, [int(cell) if cell.isdigit() else cell for cell in cells])
    book.close()
    (folder / "enrolment.csv").unlink()
    assert capacity("ratios", "demo", "--no-charts", cwd=tmp_path).returncode == 0
    done = capacity("ratios", "demo", "--no-charts", "--write", cwd=tmp_path)
    assert done.returncode == 2
    assert "demo/tables.xlsx: ratios-workbook" in done.stderr
    assert "add a sheet named ratios" in done.stderr
    assert not (folder / "ratios.csv").exists()


def test_ratios_beyond_the_limit_are_named_and_those_of_all_regions_written(tmp_path: Path) -> None:
    def grows(year: int, region: str, grade: int) -> float:
        return 6.0 if (region, grade) == ("north", 4) else 1.0

    folder = district(tmp_path, enrolment=enrolment(grows))
    before = run(folder, "mean")
    done = capacity("ratios", "demo", "--write", "--no-charts", "--method", "mean", cwd=tmp_path)
    assert done.returncode == 0
    assert "calibrated ratios above 5 are replaced by those of all regions: North 4" in done.stderr
    assert "12 ratios written" in done.stderr
    pd.testing.assert_frame_equal(run(folder, "mean"), before, rtol=0, atol=1e-6)


def test_faults_of_the_district_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    district(tmp_path, enrolment="year,region,grade,pupils\n2020,east,1,20\n")
    done = capacity("ratios", "demo", "--write", cwd=tmp_path)
    assert done.returncode == 2
    assert "demo/enrolment.csv:2:6: unknown-region" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ratios").exists()
    nowhere = capacity("ratios", "nowhere", cwd=tmp_path)
    assert nowhere.returncode == 2
    assert "district-folder" in nowhere.stderr
    assert capacity("ratios", "demo", "--method", "median", cwd=tmp_path).returncode == 2


def test_a_base_year_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    district(tmp_path, enrolment=enrolment() + "2022,north,1,900\n")
    done = capacity("ratios", "demo", "--base-year", "2022", cwd=tmp_path)
    assert done.returncode == 2
    assert "base-incomplete" in done.stderr
