"""Many reports at once: each alone, a failing one named, refused rows left out."""

from pathlib import Path

import pytest
from stubs import outcome_row, report_text, use_extractor, write_reports

from pipelines.batch import TABLES_OF_A_REPORT, Batch, extract_registered, register
from pipelines.extraction import Extraction, Rows
from pipelines.issues import Issue
from pipelines.reports import Report, read_reports


def extracted(folder: Path, *withheld: Issue) -> Batch:
    reports, issues = read_reports(folder)
    assert issues == []
    return extract_registered(register(reports), folder, withheld)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_reports(tmp_path, "Kent Police", "Essex Police")


def ids(rows: Rows) -> list[str]:
    return [row["report_id"] for row in rows]


def test_every_report_gives_its_rows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = Issue("a-check", "note", "said")
    use_extractor(monkeypatch, lambda report: [outcome_row(report)], (note,))
    batch = extracted(folder)
    assert set(batch.rows) == set(TABLES_OF_A_REPORT)
    assert ids(batch.rows["outcome_proportions"]) == ["essex-2016-effectiveness", "kent-2016-effectiveness"]
    assert batch.rows["figures"] == []
    assert batch.issues == (note, note)


def raising(report: Report) -> Rows:
    if report.force_id == "kent":
        raise IndexError("list index\nout of range")
    return [outcome_row(report)]


FAILURES = [
    (raising, "IndexError: list index out of range"),
    (lambda report: [outcome_row(report, value="14.2")], "ValueError: table outcome_proportions"),
    (lambda report: [outcome_row(report, colour="red")], "columns too many ['colour']"),
    (lambda report: [outcome_row(report, unit=None)], "unit is null"),
    (lambda report: [outcome_row(report), outcome_row(report)], "stands twice"),
    (lambda report: [outcome_row(report, report_id="wiltshire-2016")], "rows of other reports: ['wiltshire-2016']"),
]


@pytest.mark.parametrize(("made", "reason"), FAILURES)
def test_a_report_that_fails_is_named_and_stops_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch, made: object, reason: str
) -> None:
    def bad_for_kent(report: Report) -> Rows:
        return made(report) if report.force_id == "kent" else [outcome_row(report)]  # type: ignore[operator]

    use_extractor(monkeypatch, bad_for_kent)
    batch = extracted(folder)
    assert ids(batch.rows["outcome_proportions"]) == ["essex-2016-effectiveness"]
    assert [(row["force_id"], row["extraction"]) for row in batch.rows["reports"]] == [
        ("essex", "extracted"),
        ("kent", "failed"),
    ]
    (issue,) = batch.issues
    assert (issue.severity, issue.report_id, issue.source_file) == (
        "error",
        "kent-2016-effectiveness",
        "kent-police.txt",
    )
    assert issue.message.startswith("kent-police.txt: ")
    assert reason in issue.message
    assert "\n" not in issue.message


def test_rows_of_an_unknown_table_or_without_the_report_itself_are_a_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def extract(report: Report) -> Extraction:
        rows: dict[str, Rows] = {} if report.force_id == "kent" else {"reports": [report.row("extracted")], "odd": []}
        return Extraction(report.report_id, rows, ())

    monkeypatch.setattr("pipelines.extraction.extract_report", extract)
    essex, kent = extracted(folder).issues
    assert "not tables of a report: ['odd']" in essex.message
    assert "0 rows of table reports instead of one" in kent.message


def test_a_file_that_changed_since_it_was_registered_is_refused(folder: Path) -> None:
    entries = register(read_reports(folder)[0])
    (folder / "kent-police.txt").write_text(report_text("Kent Police") + "one line more\n", encoding="utf-8")
    (folder / "essex-police.txt").unlink()
    batch = extract_registered(entries, folder)
    assert batch.rows["reports"] == []
    assert [issue.check_id for issue in batch.issues] == ["file-readable", "file-unchanged"]
    assert all(issue.severity == "error" for issue in batch.issues)


def refused(table: str) -> Issue:
    return Issue("a-check", "error", "bad row", table_name=table, report_id="kent-2016-effectiveness")


def test_withheld_rows_are_left_out_of_their_table_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report), outcome_row(report, "taken_into_consideration")])
    batch = extracted(folder, refused("outcome_proportions"))
    assert set(ids(batch.rows["outcome_proportions"])) == {"essex-2016-effectiveness"}
    assert ids(batch.rows["reports"]) == ["essex-2016-effectiveness", "kent-2016-effectiveness"]
    (issue,) = batch.issues
    assert issue.message == "bad row; all 2 rows of kent-2016-effectiveness are withheld"


def test_a_report_withheld_from_the_list_of_reports_is_withheld_everywhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report)])
    batch = extracted(folder, refused("reports"))
    assert all(set(ids(rows)) <= {"essex-2016-effectiveness"} for rows in batch.rows.values())
