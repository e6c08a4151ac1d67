"""What rules across rows are: how they run, what they say and that the real reports are quiet."""

import time
from collections.abc import Iterator
from typing import Any

from conftest import TWO_REPORTS, real_report, sample_report
from reconcile_rows import KENT, outcome, report

from expectations.reconcile import RULES, reconcile, rules_of, run_rules
from expectations.reconcile.rule import Offence, ReconcileRule, Row, Tables, run_rule
from expectations.suites import CRITICAL, SUITES, WARNING
from pipelines.batch import extract_checked
from pipelines.reports import Report
from pipelines.schema import TABLES


def tables_of(reports: list[Report]) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for one in reports:
        for name, rows in extract_checked(one).rows.items():
            tables.setdefault(name, []).extend(rows)
    return tables


def offences(tables: Tables) -> Iterator[Offence]:
    for row in tables["outcome_proportions"]:
        yield Offence(row, "too low", "2.0", str(row["value"]))


def rule(severity: str = WARNING, find: Any = offences) -> ReconcileRule:
    return ReconcileRule("made_up", "outcome_proportions", severity, "values are high", "figure 4", find)


def test_a_row_that_breaks_a_rule_is_named_with_file_and_line() -> None:
    tables = {"reports": [report()], "outcome_proportions": [outcome("total", "1.0", line=7)]}
    result = run_rule(rule(), tables)
    (issue,) = result.issues
    assert (result.passed, result.blocks) == (False, False)
    assert (issue.check_id, issue.severity) == ("outcome_proportions-made_up", "warning")
    assert (issue.report_id, issue.source_file, issue.line_start, issue.line_end) == ("kent", "kent.txt", 7, 7)
    assert issue.row_key == f"report_id=kent, area_code={KENT}, outcome_id=total"
    assert issue.message == f"kent.txt, line 7: table outcome_proportions, row {issue.row_key}: too low"
    assert (issue.expected, issue.found) == ("2.0", "1.0")


def test_a_critical_rule_blocks_and_a_note_does_not_fail() -> None:
    tables = {"reports": [report()], "outcome_proportions": [outcome("total", "1.0")]}
    assert run_rule(rule(CRITICAL), tables).blocks

    def note(given: Tables) -> Iterator[Offence]:
        yield Offence(given["outcome_proportions"][0], "so", "a", "b", severity="note")

    assert run_rule(rule(CRITICAL, note), tables).passed


def test_a_rule_that_cannot_be_run_blocks_whatever_its_severity() -> None:
    def broken(given: Tables) -> Iterator[Offence]:
        raise KeyError("value")

    result = run_rule(rule(WARNING, broken), {})
    assert result.blocks
    assert result.raised == "KeyError: 'value'"
    assert result.issues[0].severity == "error"


def test_rules_are_named_once_and_know_their_tables() -> None:
    ids = [(one.table, one.id) for one in RULES]
    assert len(set(ids)) == len(ids)
    assert not {(table, each.id) for table, rules in SUITES.items() for each in rules} & set(ids)
    assert all({one.table, *one.needs} <= TABLES.keys() for one in RULES)
    assert all(one.source and one.description for one in RULES)
    assert [one for name in TABLES for one in rules_of(name)] == sorted(
        RULES, key=lambda each: list(TABLES).index(each.table)
    )


def test_tables_that_are_not_there_break_no_rule() -> None:
    assert [result.rule.check_id for result in run_rules(RULES, {}) if not result.passed] == []
    assert reconcile({}) == []


def test_the_real_reports_raise_nothing_but_the_note_that_was_lost_with_its_picture() -> None:
    (issue,) = reconcile(tables_of([real_report(name) for name in TWO_REPORTS]))
    assert (issue.severity, issue.report_id) == ("note", "warwickshire-2016-effectiveness")
    assert "figure-2-households-footnote" in (issue.row_key or "")


def test_the_samples_differ_only_in_their_abridged_annexes() -> None:
    issues = reconcile(tables_of([sample_report(name) for name in TWO_REPORTS]))
    assert {issue.check_id for issue in issues} <= {"annex_rules-rules_alike"}


def test_43_reports_are_reconciled_in_a_second() -> None:
    one = tables_of([sample_report(TWO_REPORTS[0])])
    many: dict[str, list[Row]] = {
        name: [{**row, "report_id": f"force-{n}"} for n in range(43) for row in rows] for name, rows in one.items()
    }
    start = time.process_time()
    reconcile(many)
    assert time.process_time() - start < 3
