"""Whole builds into an empty folder: what is published, said and returned, and that a good release is never lost."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import frictionless
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
from assets.cli import main, parsed, report_issues
from assets.storage import STAGED_TABLES, Warehouse
from pipelines.catalogue import table_files
from pipelines.extraction import Rows
from pipelines.issues import Issue
from pipelines.reports import Report
from pipelines.schema import DIMENSIONS

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "warehouse" / "raw"
DOCS = {"data_docs/index.html", "data_docs/style.css", *(f"data_docs/{name}.html" for name in STAGED_TABLES)}
# What says which version the data is: a number that came once comes not again.
OF_VERSION = {"datapackage.json", "CHANGELOG.md", "release.json", "SHA256SUMS"}
DESCRIBED = {"datapackage.json", "DICTIONARY.md", "CHANGELOG.md", "release.json", "SHA256SUMS"}
RELEASE = {*DESCRIBED, *(f"{name}.parquet" for name in STAGED_TABLES), *DOCS}


@pytest.fixture(autouse=True, scope="module")
def own_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in [*os.environ]:
            if name.startswith(("PEEL_", "DAGSTER_HOME")) and name != "PEEL_EDITIONS":
                monkeypatch.delenv(name)
        yield


@dataclass(frozen=True)
class Done:
    """A build that was run, and where."""

    code: int
    output: str
    errors: str
    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "raw", "Kent Police", "Essex Police")


def build(raw: Path, tmp_path: Path, *more: str) -> int:
    """Build from these reports, without open data."""
    (tmp_path / "open_data").mkdir(parents=True, exist_ok=True)
    folders = {"--reports": raw, "--open-data": tmp_path / "open_data", "--warehouse": tmp_path / "warehouse"}
    return main(["build", *(str(each) for option in folders.items() for each in option), *more])


def built(raw: Path, folder: Path, made: Callable[[Report], Rows], *more: str) -> Done:
    """The same for several tests, which only look at it."""
    output, errors = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(output), redirect_stderr(errors):
        use_extractor(monkeypatch, made)
        code = build(raw, folder, *more)
    return Done(code, output.getvalue(), errors.getvalue(), folder)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A good build of two reports."""
    folder = tmp_path_factory.mktemp("good")
    return built(write_reports(folder / "raw", "Kent Police", "Essex Police"), folder, good_rows)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A build of a good report, one with a value that is refused, one that breaks its extractor, and files refused."""
    folder = tmp_path_factory.mktemp("mixed")
    raw = write_reports(folder / "raw", "Essex Police", "Kent Police", "Surrey Police")
    (raw / "empty.txt").write_bytes(b"")
    (raw / "recipe.txt").write_text("Take two eggs.", encoding="utf-8")
    (raw / "kent-again.txt").write_text(report_text("Kent Police"), encoding="utf-8")
    return built(raw, folder, mixed_rows)


@pytest.fixture
def before(good: Done, tmp_path: Path) -> Mapping[str, bytes]:
    """The last good release, in place when a test begins."""
    shutil.copytree(good.warehouse, tmp_path / "warehouse", symlinks=True)
    return contents(tmp_path / "warehouse" / "published")


def good_rows(report: Report) -> Rows:
    return [outcome_row(report)]


def mixed_rows(report: Report) -> Rows:
    if report.force_id == "surrey":
        raise RecursionError("too deep")
    return [outcome_row(report, value=140.2 if report.force_id == "kent" else 14.2)]


def test_a_good_build_publishes_everything_and_says_so(good: Done) -> None:
    assert (good.code, good.errors) == (0, "")
    assert set(contents(good.warehouse / "published")) == RELEASE
    lines = good.output.splitlines()
    assert lines[:3] == [
        "reports  2 read, 0 refused",
        "work     2 extracted anew, 0 as extracted before",
        "new      2: essex-2016-effectiveness, kent-2016-effectiveness",
    ]
    assert "rows          2 outcome_proportions" in lines
    assert "rows         44 forces" in lines
    assert lines[-2].endswith("0 warned, 0 failed")
    assert lines[-1].startswith(f"release  {good.warehouse}/published, version 1.0.0, ")
    assert lines[-1].endswith(" seconds")


def test_another_input_gives_other_bytes_and_the_same_again_the_same(
    raw: Path,
    tmp_path: Path,
    before: Mapping[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    use_extractor(monkeypatch, good_rows)
    releases = tmp_path / "warehouse" / "releases"
    (raw / "essex-police.txt").unlink()
    kent = raw / "kent-police.txt"
    kent.write_text(f"{report_text('Kent Police')}One more line.\n", encoding="utf-8")
    (raw / "kent-2013.txt").write_text(registered_text("Kent"), encoding="utf-8")
    assert build(raw, tmp_path) == 0
    assert contents(tmp_path / "warehouse" / "published") != before
    assert len(list(releases.glob("[0-9a-f]*"))) == 2
    assert capfd.readouterr().out.splitlines()[1:5] == [
        "work     2 extracted anew, 0 as extracted before",
        "new      1: kent-2013-effectiveness",
        "changed  1: kent-2016-effectiveness",
        "gone     1: essex-2016-effectiveness",
    ]
    # Back to what it was: records of what was not in the folder any more were not kept.
    (raw / "kent-2013.txt").unlink()
    write_reports(raw, "Kent Police", "Essex Police")
    assert build(raw, tmp_path, "--json") == 0
    again = contents(tmp_path / "warehouse" / "published")
    assert {name for name in before.keys() | again.keys() if before.get(name) != again.get(name)} == OF_VERSION
    assert len(list(releases.glob("[0-9a-f]*"))) == 3
    output, errors = capfd.readouterr()
    summary = json.loads(output)
    assert (errors, len(output.splitlines())) == ("", 1)
    assert (summary["version"], summary["data_version"]) == (1, "1.2.0")
    assert summary["release"] == (tmp_path / "warehouse" / "published").resolve().name
    assert summary["reports"] == {
        "read": 2,
        "refused": 0,
        "extracted": 2,
        "reused": 0,
        "new": ["essex-2016-effectiveness"],
        "changed": ["kent-2016-effectiveness"],
        "removed": ["kent-2013-effectiveness"],
    }
    assert summary["rows"]["outcome_proportions"] == 2
    assert (summary["checks"]["failed"], summary["issues"], summary["failure"]) == (0, [], None)
    # Once more, nothing having changed: the same bytes, and no release more.
    assert build(raw, tmp_path) == 0
    assert contents(tmp_path / "warehouse" / "published") == again
    assert len(list(releases.glob("[0-9a-f]*"))) == 3


def test_refused_files_are_named_and_the_rest_is_published(mixed: Done) -> None:
    assert mixed.code == 1
    reports = published_rows(mixed.warehouse, "reports")
    assert [row["force_id"] for row in reports] == ["essex", "kent", "surrey"]
    refused = [row for row in published_rows(mixed.warehouse, "quality_issues") if row["report_id"] is None]
    assert {row["source_file"] for row in refused} == {"empty.txt", "recipe.txt", "kent-police.txt"}
    assert {row["severity"] for row in refused} == {"error"}
    assert "reports  3 read, 3 refused" in mixed.output
    errors = mixed.errors.splitlines()
    assert len(errors) == 5
    assert any(line.startswith("error: empty.txt: ") for line in errors)


def test_a_refused_row_withholds_that_table_of_that_report_only(mixed: Done) -> None:
    rows = published_rows(mixed.warehouse, "outcome_proportions")
    assert [(row["report_id"], row["value"]) for row in rows] == [("essex-2016-effectiveness", 14.2)]
    check = "outcome_proportions-value_range"
    (issue,) = [row for row in published_rows(mixed.warehouse, "quality_issues") if row["check_id"] == check]
    assert (issue["severity"], issue["found"], issue["line_start"]) == ("error", "value=140.2", 3)
    assert (
        "error: kent-again.txt, line 3: table outcome_proportions, row report_id=kent-2016-effectiveness, "
        "area_code=E23000032, outcome_id=charged_summonsed: not so: value is at least 0 and at most 100; "
        "found value=140.2; all 1 rows of kent-2016-effectiveness are withheld"
    ) in mixed.errors.splitlines()
    assert "0 warned, 1 failed" in mixed.output


def test_a_report_that_fails_is_an_error_and_the_others_are_published(mixed: Done) -> None:
    rows = {row["force_id"]: row["extraction"] for row in published_rows(mixed.warehouse, "reports")}
    assert rows == {"essex": "extracted", "kent": "extracted", "surrey": "failed"}
    line = "error: surrey-police.txt: its tables could not be extracted (RecursionError: too deep)"
    assert line in mixed.errors.splitlines()


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

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assets.release.publish", full)
    assert build(raw, tmp_path, "--json") == 1
    assert contents(tmp_path / "warehouse" / "published") == before
    output, errors = capfd.readouterr()
    assert errors == ""
    summary = json.loads(output)
    assert summary["failure"].startswith("step release failed: ")
    assert "No space left on device" in summary["failure"]
    assert (summary["release"], summary["published"], summary["rows"]) == (None, None, {})


def test_without_a_single_good_report_the_last_release_stays(
    raw: Path,
    tmp_path: Path,
    before: Mapping[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
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
        ([], "no command; there are build, "),
        (["bild"], "'bild' is no command; did you mean build?"),
        (["build", "--raports", "x"], "unrecognized arguments: --raports x; did you mean --reports?"),
        (["build", "--keep", "0"], "--keep: '0' is no whole number from 1 on"),
        (["build", "--editions", "csv,pdf"], "--editions: 'pdf' is no edition; there are duckdb, csv, excel, page"),
        (["build", "--mapper", "abacus"], "--mapper: 'abacus' is no place to run"),
        (["build", "--reports"], "expected one argument"),
        (["build", "--reports", str(tmp_path / "nowhere")], "nowhere is not a folder"),
        (["build", "--reports", str(file)], "file is not a folder"),
        (["build", "--reports", str(tmp_path), "--open-data", str(tmp_path / "no")], "--open-data"),
        (["build", "--reports", str(tmp_path), "--warehouse", str(file)], "cannot write to"),
        (["build", "--reports", "s3://"], "--reports: cannot read s3:// (names no bucket"),
    ]


@pytest.mark.parametrize("number", range(12))
def test_wrong_usage_is_one_line_and_2(number: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments, reason = wrong_usages(tmp_path)[number]
    assert main(arguments) == 2
    output, errors = capfd.readouterr()
    assert output == ""
    (line,) = errors.splitlines()
    assert line.startswith("peel: ")
    assert reason in line


@pytest.mark.parametrize(("name", "words"), [("PEEL_EDITIONS", "pdf"), ("PEEL_RELEASES_KEPT", "few")])
def test_a_setting_that_is_none_is_wrong_usage(name: str, words: str, raw: Path, tmp_path: Path) -> None:
    # In a process of its own, where the graph, which is made from the environment too, was not loaded before.
    command = [Path(sys.executable).with_name("peel"), "build", "--reports", raw, "--warehouse", tmp_path / "warehouse"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, name: words})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"peel: {name}: '{words}' is ")


def test_an_edition_that_cannot_be_made_is_left_out_and_said(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(tables: object) -> dict[str, bytes]:
        raise ValueError("a text that no library\nforesaw")

    monkeypatch.setattr("pipelines.editions.delimited.csv_files", broken)
    use_extractor(monkeypatch, good_rows)
    assert build(raw, tmp_path, "--editions", "csv,duckdb") == 1
    output, errors = capfd.readouterr()
    published = tmp_path / "warehouse" / "published"
    assert f"{published}, version 1.0.0" in output
    assert "rows          2 outcome_proportions" in output
    (line,) = [line for line in errors.splitlines() if line.startswith("error: ")]
    assert re.fullmatch(
        r"error: release [0-9a-f]{16} is published, but the csv edition could not be made and is left out "
        r"\(ValueError: a text that no library foresaw\)",
        line,
    )
    assert contents(published).keys() == {*RELEASE, "peel.duckdb"}
    # Next time, when it can be made, it is there, and the data is the version that it was.
    monkeypatch.undo()
    use_extractor(monkeypatch, good_rows)
    assert build(raw, tmp_path, "--editions", "csv") == 0
    assert "version 1.0.0" in capfd.readouterr().out
    assert "csv/outcome_proportions.csv" in contents(published)


def test_a_dagster_home_that_is_not_there_is_wrong_usage(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "nowhere"))
    assert build(raw, tmp_path) == 2
    assert "DAGSTER_HOME" in capfd.readouterr().err


def test_a_second_build_at_the_same_time_says_so(raw: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Warehouse(root=str(tmp_path / "warehouse")).alone():
        assert build(raw, tmp_path) == 1
    assert "another build is writing to" in capfd.readouterr().err


def test_the_default_warehouse_is_the_same_for_every_command() -> None:
    assert parsed(["reports"]).warehouse == Warehouse.from_environment().root


def test_many_issues_of_one_kind_are_folded(capsys: pytest.CaptureFixture[str]) -> None:
    same = [Issue("a-check", "warning", f"row {number}", report_id="kent") for number in range(8)]
    files = [Issue("file", "error", f"file {number}") for number in range(7)]
    outcome = Outcome(1, 7, {}, 1, 1, 0, (*same, *files))
    report_issues(outcome, sys.stdout)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:7] == [f"error: file {number}" for number in range(7)]
    assert lines[7:] == [
        *(f"warning: row {number}" for number in range(5)),
        "and 3 more of a-check in kent: see peel issues --report kent",
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
    published = tmp_path / "warehouse" / "published"
    package = (published / "datapackage.json").read_bytes()
    rows = {name: resource["rows"] for name, resource in table_files(package).items()}
    assert rows["reports"] == len(list(SAMPLES.rglob("*.txt")))
    assert rows["outcome_proportions"] == 84
    # Every edition is there, and all of it is small enough to be sent.
    files = {path.relative_to(published).as_posix(): path for path in published.rglob("*") if path.is_file()}
    csv = {f"csv/{name}.csv" for name in STAGED_TABLES} | {f"csv/{name}.csv-metadata.json" for name in STAGED_TABLES}
    editions = {"peel.duckdb", "peel.xlsx", "index.html", "csv/csv-metadata.json", *csv}
    assert files.keys() == RELEASE | editions
    assert sum(path.stat().st_size for path in files.values()) < 10_000_000
    report = frictionless.Package(str(published / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "note"])
    # Whoever downloads it can check it with a tool of every system.
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=published, check=True)
    # Nothing of the run is left where it was started.
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse"]
