"""Known misprints: marked where a check finds them as listed, and a warning once it does not any more."""

from dataclasses import replace

import pytest

from expectations.reconcile.misprints import KnownMisprint, known_misprints, mark
from pipelines.issues import Issue
from pipelines.reference import load
from pipelines.schema import TABLES

ISSUE = Issue(
    check_id="outcome_proportions-sums_as_printed",
    severity="warning",
    message="kent.txt, line 7: 'Total' is printed as 99.0",
    table_name="outcome_proportions",
    report_id="kent-2016-effectiveness",
    source_file="kent.txt",
    row_key="report_id=kent-2016-effectiveness, area_code=E23000032, outcome_id=total",
    expected="100.0 ± 0.1",
    found="99.0",
    line_start=7,
    line_end=7,
)
KNOWN = KnownMisprint(
    report_id="kent-2016-effectiveness",
    table_name="outcome_proportions",
    check_id="outcome_proportions-sums_as_printed",
    row_key="report_id=kent-2016-effectiveness, area_code=E23000032, outcome_id=total",
    line="7",
    text="99.0",
    what="the total is printed as 99.0",
    why="assigned and not assigned make 100.0",
    source="a correction slip",
)
REPORTS = ["kent-2016-effectiveness"]


def test_a_known_misprint_is_a_note_that_says_so() -> None:
    (marked,) = mark([ISSUE], [KNOWN], REPORTS)
    assert marked.severity == "note"
    assert marked.message.startswith(
        "known misprint: the total is printed as 99.0 (assigned and not assigned make 100.0"
    )
    assert marked.message.endswith(ISSUE.message)
    assert replace(marked, severity="warning", message=ISSUE.message) == ISSUE


@pytest.mark.parametrize(
    "other",
    [
        {"found": "89.0"},  # another digit than the one that is known to be wrong
        {"row_key": "report_id=kent-2016-effectiveness, area_code=K04000001, outcome_id=total"},
        {"check_id": "outcome_proportions-decimals_alike"},
        {"severity": "error"},
        {"found": None},
    ],
)
def test_another_issue_stays_as_it_is_and_the_entry_is_said_to_be_out_of_date(other: dict[str, str | None]) -> None:
    issue = replace(ISSUE, **other)  # type: ignore[arg-type]
    kept, guard = mark([issue], [KNOWN], REPORTS)
    assert kept == issue
    assert (guard.check_id, guard.severity, guard.line_start) == ("known-misprint", "warning", 7)
    assert "take the entry out" in guard.message


def test_the_guard_fails_once_the_report_says_something_else() -> None:
    (guard,) = mark([], [KNOWN], REPORTS)
    assert (guard.severity, guard.report_id, guard.expected) == ("warning", REPORTS[0], "99.0")


def test_a_report_that_is_not_in_the_release_needs_no_guard() -> None:
    assert mark([], [KNOWN], ["gwent-2016-effectiveness"]) == []


def test_the_file_holds_whole_entries() -> None:
    entries = load("known_misprints")
    assert all(entry.keys() == KNOWN.__dataclass_fields__.keys() for entry in entries)
    assert all(value for entry in entries for value in entry.values())
    tables = [None, *TABLES]
    assert sum(len(known_misprints(table)) for table in tables) == len(entries)


def test_entries_are_told_by_who_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    by_reading = replace(KNOWN, check_id="judgment-prose", table_name="judgments")
    rows = tuple(vars(one) for one in (KNOWN, by_reading))
    monkeypatch.setattr("expectations.reconcile.misprints.load", lambda name: rows)
    assert known_misprints("outcome_proportions") == (KNOWN,)
    assert known_misprints(None) == (by_reading,)
    assert known_misprints("judgments") == ()
