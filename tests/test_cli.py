"""Whole builds into an empty folder: what is published, said and returned, and that a good release is never lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from stubs import (
    contents,
    outcome_row,
    published_rows,
    registered_text,
    report_text,
    use_extractor,
    write_reports,
)

from assets.build import Outcome, dagster_instance
from assets.cli import main, one_line, report_issues
from assets.tables import STAGED_TABLES
from pipelines.extraction import Rows
from pipelines.issues import Issue
from pipelines.publish import locked
from pipelines.reports import Report
from pipelines.schema import DIMENSIONS

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "warehouse" / "raw"
DOCS = {"data_docs/index.html", "data_docs/style.css", *(f"data_docs/{name}.html" for name in STAGED_TABLES)}
RELEASE = {"datapackage.json", "DICTIONARY.md", *(f"{name}.parquet" for name in STAGED_TABLES), *DOCS}


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PEEL_REPORTS", "PEEL_OPEN_DATA", "PEEL_WAREHOUSE", "PEEL_RULES", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "raw", "Kent Police", "Essex Police")


def build(raw: Path, tmp_path: Path, *more: str) -> int:
    """Build from these reports, without open data."""
    (tmp_path / "open_data").mkdir(parents=True, exist_ok=True)
    folders = {"--reports": raw, "--open-data": tmp_path / "open_data", "--warehouse": tmp_path / "warehouse"}
    return main(["build", *(str(each) for option in folders.items() for each in option), *more])


@pytest.fixture(scope="module")
def good_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a good release of two reports, for copying."""
    folder = tmp_path_factory.mktemp("good")
    raw = write_reports(folder / "raw", "Kent Police", "Essex Police")
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_extractor(monkeypatch, good_rows)
        assert build(raw, folder) == 0
    return folder / "warehouse"


@pytest.fixture
def before(good_warehouse: Path, tmp_path: Path) -> Mapping[str, bytes]:
    """The last good release, in place when a test begins."""
    shutil.copytree(good_warehouse, tmp_path / "warehouse", symlinks=True)
    return contents(tmp_path / "warehouse" / "published")


def good_rows(report: Report) -> Rows:
    return [outcome_row(report)]


def too_much_in_kent(report: Report) -> Rows:
    return [outcome_row(report, value=140.2 if report.force_id == "kent" else 14.2)]


def test_a_good_build_publishes_everything_and_says_so(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    use_extractor(monkeypatch, good_rows)
    assert build(raw, tmp_path) == 0
    assert set(contents(tmp_path / "warehouse" / "published")) == RELEASE
    output, errors = capfd.readouterr()
    assert errors == ""
    lines = output.splitlines()
    assert lines[0] == "reports  2 read, 0 refused"
    assert "rows          2 outcome_proportions" in lines
    assert "rows         44 forces" in lines
    assert lines[-2].endswith("0 warned, 0 failed")
    assert lines[-1].startswith(f"release  {tmp_path}/warehouse/published, ")
    assert lines[-1].endswith(" seconds")


def test_the_same_input_gives_the_same_bytes_and_another_gives_others(
    raw: Path, tmp_path: Path, before: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, good_rows)
    releases = tmp_path / "warehouse" / "releases"
    assert build(raw, tmp_path) == 0
    assert contents(tmp_path / "warehouse" / "published") == before
    assert len(list(releases.glob("[0-9a-f]*"))) == 1
    assert build(raw, tmp_path / "elsewhere") == 0
    assert contents(tmp_path / "elsewhere" / "warehouse" / "published") == before
    (raw / "kent.txt").write_text(registered_text("Kent"), encoding="utf-8")
    assert build(raw, tmp_path) == 0
    assert contents(tmp_path / "warehouse" / "published") != before
    assert len(list(releases.glob("[0-9a-f]*"))) == 2


def test_refused_files_are_named_and_the_rest_is_published(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    use_extractor(monkeypatch, good_rows)
    (raw / "empty.txt").write_bytes(b"")
    (raw / "recipe.txt").write_text("Take two eggs.", encoding="utf-8")
    (raw / "kent-again.txt").write_text(report_text("Kent Police"), encoding="utf-8")
    assert build(raw, tmp_path) == 1
    warehouse = tmp_path / "warehouse"
    assert [row["force_id"] for row in published_rows(warehouse, "reports")] == ["essex", "kent"]
    refused = published_rows(warehouse, "quality_issues")
    assert {row["source_file"] for row in refused} == {"empty.txt", "recipe.txt", "kent-police.txt"}
    assert {row["severity"] for row in refused} == {"error"}
    output, errors = capfd.readouterr()
    assert "reports  2 read, 3 refused" in output
    assert len(errors.splitlines()) == 3
    assert any(line.startswith("error: empty.txt: ") for line in errors.splitlines())


def test_a_refused_row_withholds_that_table_of_that_report_only(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    use_extractor(monkeypatch, too_much_in_kent)
    assert build(raw, tmp_path) == 1
    warehouse = tmp_path / "warehouse"
    rows = published_rows(warehouse, "outcome_proportions")
    assert [(row["report_id"], row["value"]) for row in rows] == [("essex-2016-effectiveness", 14.2)]
    assert [row["force_id"] for row in published_rows(warehouse, "reports")] == ["essex", "kent"]
    (issue,) = published_rows(warehouse, "quality_issues")
    assert issue["check_id"] == "outcome_proportions-value_range"
    assert (issue["severity"], issue["found"], issue["line_start"]) == ("error", "value=140.2", 3)
    output, errors = capfd.readouterr()
    assert errors.splitlines() == [
        "error: kent-police.txt, line 3: table outcome_proportions, row report_id=kent-2016-effectiveness, "
        "area_code=E23000032, outcome_id=charged_summonsed: not so: value is at least 0 and at most 100; "
        "found value=140.2; all 1 rows of kent-2016-effectiveness are withheld"
    ]
    assert "0 warned, 1 failed" in output


def test_a_failure_that_is_no_reports_fault_publishes_nothing(
    raw: Path,
    tmp_path: Path,
    before: Mapping[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    use_extractor(monkeypatch, good_rows)
    monkeypatch.setattr("assets.tables.dimension_rows", lambda name: [])
    assert build(raw, tmp_path) == 1
    assert contents(tmp_path / "warehouse" / "published") == before
    output, errors = capfd.readouterr()
    assert f"nothing is published: {', '.join(DIMENSIONS)} failed a check" in errors.splitlines()[-1]
    assert "release  nothing published" in output
    assert "Traceback" not in errors


def test_a_step_that_breaks_is_one_line_and_the_last_release_stays(
    raw: Path,
    tmp_path: Path,
    before: Mapping[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    use_extractor(monkeypatch, good_rows)
    (raw / "kent.txt").write_text(registered_text("Kent"), encoding="utf-8")
    capfd.readouterr()

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assets.release.publish", full)
    assert build(raw, tmp_path) == 1
    assert contents(tmp_path / "warehouse" / "published") == before
    (line,) = [line for line in capfd.readouterr().err.splitlines() if not line.startswith("warning: ")]
    assert line.startswith("error: step release failed: ")
    assert "No space left on device" in line


def test_a_report_that_fails_is_an_error_and_the_others_are_published(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def raising(report: Report) -> Rows:
        if report.force_id == "kent":
            raise RecursionError("too deep")
        return good_rows(report)

    use_extractor(monkeypatch, raising)
    assert build(raw, tmp_path) == 1
    rows = published_rows(tmp_path / "warehouse", "reports")
    assert [(row["force_id"], row["extraction"]) for row in rows] == [("essex", "extracted"), ("kent", "failed")]
    (line,) = capfd.readouterr().err.splitlines()
    assert line == "error: kent-police.txt: its tables could not be extracted (RecursionError: too deep)"


def test_without_a_single_good_report_the_last_release_stays(
    raw: Path,
    tmp_path: Path,
    before: Mapping[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    use_extractor(monkeypatch, good_rows)

    empty = tmp_path / "empty"
    empty.mkdir()
    capfd.readouterr()
    assert build(empty, tmp_path) == 1
    assert "there is no .txt file" in capfd.readouterr().err

    (empty / "recipe.txt").write_text("Take two eggs.", encoding="utf-8")
    assert build(empty, tmp_path) == 1
    output, errors = capfd.readouterr()
    assert "reports  0 read, 1 refused" in output
    assert "all 1 files were refused" in errors

    use_extractor(monkeypatch, lambda report: [outcome_row(report, colour="red")])
    assert build(raw, tmp_path) == 1
    assert "every report failed to extract" in capfd.readouterr().err
    assert contents(tmp_path / "warehouse" / "published") == before


def test_warnings_are_published_and_said_and_do_not_fail(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = {"value": None, "decimals": None, "value_status": "not_printed"}
    note = Issue("a-check", "note", "by the way")
    use_extractor(monkeypatch, lambda report: [outcome_row(report, **missing)], (note,))
    assert build(raw, tmp_path) == 0
    issues = published_rows(tmp_path / "warehouse", "quality_issues")
    assert {(row["check_id"], row["severity"]) for row in issues} == {
        ("a-check", "note"),
        ("outcome_proportions-value_mostly_given", "warning"),
    }
    output, errors = capfd.readouterr()
    (line,) = errors.splitlines()
    assert line.startswith("warning: table outcome_proportions: not so: value is given in at least 50%")
    assert "1 warned, 0 failed" in output


def wrong_usages(tmp_path: Path) -> list[tuple[list[str], str]]:
    file = tmp_path / "file"
    file.write_text("not a folder")
    return [
        ([], "COMMAND"),
        (["bild"], "invalid choice"),
        (["build", "--raports", "x"], "unrecognized arguments: --raports"),
        (["build", "--reports"], "expected one argument"),
        (["build", "--reports", str(tmp_path / "nowhere")], "nowhere is not a folder"),
        (["build", "--reports", str(file)], "file is not a folder"),
        (["build", "--reports", str(tmp_path), "--open-data", str(tmp_path / "no")], "--open-data"),
        (["build", "--reports", str(tmp_path), "--warehouse", str(file)], "cannot write to"),
    ]


@pytest.mark.parametrize("number", range(8))
def test_wrong_usage_is_one_line_and_2(number: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments, reason = wrong_usages(tmp_path)[number]
    assert main(arguments) == 2
    output, errors = capfd.readouterr()
    assert output == ""
    (line,) = errors.splitlines()
    assert line.startswith("peel: ")
    assert reason in line


def test_a_dagster_home_that_is_not_there_is_wrong_usage(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "nowhere"))
    assert build(raw, tmp_path) == 2
    assert "DAGSTER_HOME" in capfd.readouterr().err


def test_a_second_build_at_the_same_time_says_so(raw: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    releases = tmp_path / "warehouse" / "releases"
    releases.mkdir(parents=True)
    with locked(releases / ".build.lock"):
        assert build(raw, tmp_path) == 1
    assert "another build is writing to" in capfd.readouterr().err


def test_help_fits_a_screen(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["build", "--help"])
    assert end.value.code == 0
    text = capfd.readouterr().out
    assert all(option in text for option in ("--reports", "--open-data", "--warehouse"))
    assert len(text.splitlines()) <= 24


def test_what_stands_in_a_report_cannot_steer_the_terminal() -> None:
    assert one_line("a\nb\tc\x1b[31m\x07\u202e") == "a b c�[31m��"


def test_many_issues_of_one_kind_are_folded(capsys: pytest.CaptureFixture[str]) -> None:
    same = [Issue("a-check", "warning", f"row {number}", report_id="kent") for number in range(8)]
    files = [Issue("file", "error", f"file {number}") for number in range(7)]
    outcome = Outcome(1, 7, {}, 1, 1, 0, (*same, *files))
    report_issues(outcome, sys.stdout)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:7] == [f"error: file {number}" for number in range(7)]
    assert lines[7:] == [
        *(f"warning: row {number}" for number in range(5)),
        "and 3 more of a-check in kent: see quality_issues",
    ]


def test_a_set_dagster_home_keeps_the_run(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with dagster_instance() as instance:
        assert instance.is_persistent
        assert len(instance.get_runs()) == 1
    assert (home / ".peel-initialised").exists()
    with dagster_instance() as instance:
        assert len(instance.get_runs()) == 1


def test_a_build_killed_while_it_publishes_leaves_the_last_release(tmp_path: Path, before: Mapping[str, bytes]) -> None:
    code = (
        "import os, signal, sys, pipelines.publish as publishing\n"
        "publishing._point_to = lambda release, warehouse: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from assets.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    only = tmp_path / "only-2013"
    only.mkdir()
    (only / "kent-2013.txt").write_text(registered_text("Kent"), encoding="utf-8")
    arguments = ["build", "--reports", str(only), "--warehouse", str(tmp_path / "warehouse")]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert contents(tmp_path / "warehouse" / "published") == before
    # The lock died with its holder, and the next build goes through.
    assert build(only, tmp_path) == 0
    assert len(published_rows(tmp_path / "warehouse", "reports")) == 1


@pytest.mark.skipif(not list(SAMPLES.glob("*.txt")), reason="no sample reports in warehouse/raw")
def test_the_installed_command_builds_the_samples(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("peel")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PEEL_", "DAGSTER_"))}
    done = subprocess.run(
        [command, "build", "--reports", SAMPLES, "--warehouse", tmp_path / "warehouse"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    package = json.loads((tmp_path / "warehouse" / "published" / "datapackage.json").read_text(encoding="utf-8"))
    rows = {resource["name"]: resource["rows"] for resource in package["resources"]}
    assert rows["reports"] == len(list(SAMPLES.rglob("*.txt")))
    assert rows["outcome_proportions"] == 84
    # Nothing of the run is left where it was started.
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse"]
