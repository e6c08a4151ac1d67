"""Numbers of the prose that cannot be: no figure is made of them, and a warning says so."""

import pytest
from tables_made import OPENING

from pipelines.extract.statistics import read_sentence, read_statistics, statistics_rows
from pipelines.prose import Own
from pipelines.reports import report_from_bytes
from pipelines.structure import outline_of

KENT = Own("E23000032", "Kent Police")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Recorded crime rose in most forces (49 out of 43 forces).", "49 out of 43"),
        ("Recorded crime rose in 139 of the 43 forces.", "139 of the 43"),
        ("We audited 194 cases. Risk was assessed in 195 of the 194 cases.", "195 of the 194"),
        ("Seven of the six teams have a sergeant.", "Seven of the six"),
        ("Supervisors had signed 1,204 out of 1,104 plans.", "1,204 out of 1,104"),
        ("Few answered: between 431 to 429 people in each force area.", "431 to 429"),
        (
            "Vulnerable victims make from 53.9 percent to 44.4 percent across forces.",
            "53.9 percent",
        ),
        ("Between 12 percent and 8 percent of calls were lost across forces.", "12 percent and 8 percent"),
    ],
)
def test_a_part_above_its_whole_and_a_range_upside_down_are_faults(text: str, fault: str) -> None:
    reading = read_sentence(text, KENT)
    assert reading.statements == ()
    assert [fault in said for said in reading.faults] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Recorded crime rose in most forces (39 out of 43 forces).",
        "All 43 of the 43 forces took part.",
        "Between 331 and 429 people were asked in each force area.",
        "Vulnerable victims make from 3.9 percent to 44.4 percent across forces.",
        "In 2016 of the 43 forces 12 had a plan.",
        "In the 12 months to 30 June 2016 of the 43 forces 12 had a plan.",
        # One force at two times, not a range among forces.
        "Calls lost fell from 12 percent to 8 percent.",
        "Half of the six teams and two of the nine units have a sergeant.",
    ],
)
def test_what_can_be_is_no_fault(text: str) -> None:
    assert read_sentence(text, KENT).faults == ()


def test_a_fault_is_a_warning_with_its_lines() -> None:
    text = "How effective is the force?\nRecorded crime rose in most forces (49 out of 43 forces).\n"
    report = report_from_bytes((OPENING + text).encode(), "made.txt")
    rows, (issue,) = statistics_rows(report, read_statistics(report, outline_of(report)))
    assert rows == []
    assert (issue.check_id, issue.severity, issue.table_name) == ("statistics-possible", "warning", "statistics")
    line = 1 + [*report.lines].index("Recorded crime rose in most forces (49 out of 43 forces).")
    assert (issue.line_start, issue.line_end) == (line, line)
    assert "the part is more than the whole" in issue.message
