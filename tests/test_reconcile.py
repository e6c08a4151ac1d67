"""Rules across reports: each must notice what differs, and say nothing of what agrees."""

from typing import Any

import pytest

from expectations.reconcile import differing_rules
from pipelines.extract.annex import annex_rule_rows
from pipelines.structure import outline_of
from tests.annexes import REAL, read_all

RULE = "figure-4-exclusion-footnote"


def report(force: str, programme: str = "peel-2016", extraction: str = "extracted") -> dict[str, Any]:
    return {
        "report_id": force,
        "programme_id": programme,
        "pillar": "effectiveness",
        "source_file": f"{force}.txt",
        "extraction": extraction,
    }


def rule(force: str, **other: Any) -> dict[str, Any]:
    row = {
        "report_id": force,
        "rule_id": RULE,
        "area_code": "E23000039",
        "figure": 4,
        "rule_type": "exclusion",
        "in_force_chart": False,
        "in_england_and_wales": False,
        "statement": "Figure 4: Dorset Police is left out",
        "section": "footnote",
        "line_start": 5,
        "line_end": 6,
        "printed": "Dorset Police is excluded",
    }
    return {**row, **other}


def test_reports_that_agree_give_no_issue() -> None:
    rules = [rule("gwent"), rule("kent", line_start=70, line_end=70, printed="… 60 Dorset Police is excluded")]
    assert differing_rules(rules, [report("gwent"), report("kent")]) == []


@pytest.mark.parametrize(
    "other",
    [
        {"in_england_and_wales": True},
        {"in_force_chart": None},
        {"rule_type": "partial_data"},
        {"figure": 5},
        {"statement": "Figure 4: only eight months"},
    ],
)
def test_reports_that_differ_in_a_rule(other: dict[str, Any]) -> None:
    (issue,) = differing_rules([rule("gwent"), rule("kent", **other)], [report("gwent"), report("kent")])
    assert (issue.check_id, issue.severity, issue.table_name) == ("annex-rules-agree", "warning", "annex_rules")
    assert (issue.report_id, issue.source_file, issue.line_start, issue.line_end) == ("kent", "kent.txt", 5, 6)
    assert issue.row_key == f"report_id=kent, rule_id={RULE}, area_code=E23000039"
    assert "gwent.txt" in issue.message


def test_a_rule_that_a_report_lacks() -> None:
    (issue,) = differing_rules([rule("kent")], [report("gwent"), report("kent")])
    assert (issue.report_id, issue.found, issue.line_start) == ("gwent", "no such rule", None)
    assert issue.expected == "Figure 4: Dorset Police is left out (chart: False, England and Wales: False)"


def test_the_odd_one_out_of_three_is_named() -> None:
    forces = ("gwent", "kent", "surrey")
    rules = [rule("gwent", in_force_chart=True), rule("kent"), rule("surrey")]
    assert [issue.report_id for issue in differing_rules(rules, [report(one) for one in forces])] == ["gwent"]
    # Where most reports lack a rule, the one that has it is odd.
    assert [issue.report_id for issue in differing_rules(rules[:1], [report(one) for one in forces])] == ["gwent"]


def figure(force: str, data_status: str = "not_in_text") -> dict[str, Any]:
    return {"report_id": force, "figure": 4, "data_status": data_status}


def test_a_note_that_is_lost_with_its_picture_is_a_note() -> None:
    forces = ("gwent", "kent", "surrey")
    reports = [report(one) for one in forces]
    (issue,) = differing_rules([rule("kent"), rule("surrey")], reports, [figure("gwent")])
    assert (issue.report_id, issue.severity) == ("gwent", "note")
    # Two that lost it do not outvote the one that has it.
    issues = differing_rules([rule("kent")], reports, [figure("gwent"), figure("surrey")])
    assert [(one.report_id, one.severity) for one in issues] == [("gwent", "note"), ("surrey", "note")]


def test_a_rule_of_the_annex_or_of_a_figure_that_is_there_is_not_excused() -> None:
    reports = [report("gwent"), report("kent")]
    (issue,) = differing_rules([rule("kent", section="annex-figure-4")], reports, [figure("gwent")])
    assert issue.severity == "warning"
    (issue,) = differing_rules([rule("kent")], reports, [figure("gwent", "complete")])
    assert issue.severity == "warning"
    (issue,) = differing_rules([rule("kent"), rule("gwent", rule_type="pilot")], reports, [figure("gwent")])
    assert issue.severity == "warning"


def test_other_rounds_and_reports_not_extracted_do_not_count() -> None:
    rules = [rule("gwent"), rule("kent", in_force_chart=True)]
    assert differing_rules(rules, [report("gwent"), report("kent", "peel-2017")]) == []
    assert differing_rules(rules[:1], [report("gwent"), report("kent", extraction="registered")]) == []
    assert differing_rules([], []) == []


def test_the_two_reports_of_2016_differ_in_the_note_that_was_lost_with_its_picture() -> None:
    reports = read_all(REAL).values()
    rules = [row for one in reports for row in annex_rule_rows(one, outline_of(one))[0]]
    (issue,) = differing_rules(rules, [one.row("extracted") for one in reports])
    assert issue.report_id == "warwickshire-2016-effectiveness"
    assert issue.row_key is not None
    assert "figure-2-households-footnote" in issue.row_key
