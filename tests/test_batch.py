"""Many reports at once: each alone, a failing one named, refused rows left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from stubs import files_read, outcome_row, report_text, use_extractor, write_reports

from pipelines.batch import CombinedTables, issues_of, said_withheld, settled
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.extraction import Extraction, Rows
from pipelines.issues import Issue
from pipelines.reports import Report
from pipelines.schema import TABLES


@dataclass(frozen=True)
class Batch:
    """The reports of a folder put together: rows by table name, and all that is said of them."""

    rows: dict[str, Rows]
    issues: Sequence[Issue]


def extracted(folder: Path, *withheld: Issue) -> Batch:
    reports, refused = settled(files_read(folder))
    assert refused == []
    tables = CombinedTables(reports, withheld)
    said = [*(issue for one in reports for issue in issues_of(one)), *said_withheld(withheld, reports)]
    return Batch({name: tables[name].to_pylist() for name in tables}, said)


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
    assert batch.issues == [note, note]


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


def test_what_is_withheld_is_not_in_the_union_either(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report)], observed=True)
    assert len(extracted(folder).rows["observations"]) == 2
    assert ids(extracted(folder, refused("outcome_proportions")).rows["observations"]) == ["essex-2016-effectiveness"]
    assert ids(extracted(folder, refused("observations")).rows["observations"]) == ["essex-2016-effectiveness"]


def test_the_tables_of_all_reports_are_the_very_table_of_all_rows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(
        monkeypatch, lambda report: [outcome_row(report, one) for one in ("charged_summonsed", "caution_adult")]
    )
    reports = files_read(folder)
    for name, table in CombinedTables(list(reversed(reports))).items():
        assert table == TABLES[name].to_arrow(table.to_pylist())
        assert table.schema.equals(TABLES[name].arrow_schema(), check_metadata=True)


def test_a_copy_is_refused_and_the_first_by_name_is_read(folder: Path) -> None:
    other_line_ends = (folder / "kent-police.txt").read_bytes().replace(b"\n", b"\r\n")
    (folder / "a-copy.txt").write_bytes(other_line_ends)
    kept, (issue,) = settled(files_read(folder))
    assert [one.file.name for one in kept] == ["essex-police.txt", "a-copy.txt"]
    assert issue.message == "kent-police.txt: the same report (kent-2016-effectiveness) as a-copy.txt"


def test_of_two_texts_of_one_report_neither_is_read(folder: Path) -> None:
    (folder / "other.txt").write_text(report_text("Kent Police") + "one line more\n", encoding="utf-8")
    kept, issues = settled(files_read(folder))
    assert [one.report_id for one in kept] == ["essex-2016-effectiveness"]
    assert [issue.source_file for issue in issues] == ["kent-police.txt", "other.txt"]
    assert all(issue.message.endswith("with different text: neither is read") for issue in issues)


def test_a_refused_file_is_no_report(folder: Path) -> None:
    (folder / "recipe.txt").write_text("Take two eggs.", encoding="utf-8")
    kept, (issue,) = settled(files_read(folder))
    assert len(kept) == 2
    assert issue.message.startswith("recipe.txt: no inspection report")
    (refused,) = [one for one in files_read(folder) if one.record.report_id is None]
    with pytest.raises(ValueError, match=r"recipe\.txt is no report"):
        _ = refused.report_id
    assert issues_of(refused) == (issue,)


def test_of_no_reports_the_tables_are_there_without_rows() -> None:
    tables = CombinedTables([])
    assert set(tables) == set(TABLES_OF_A_REPORT)
    assert all(table.num_rows == 0 for table in tables.values())
