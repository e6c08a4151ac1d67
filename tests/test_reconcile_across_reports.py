"""Rules across the reports of a release: each must notice what differs, and say nothing of what agrees."""

from datetime import date
from typing import Any

import pytest
from reconcile_rows import crime_rate, issues_of, only, outcome, report, statistic

from pipelines.issues import Issue
from pipelines.schema import ENGLAND_AND_WALES

RULE = "figure-4-exclusion-footnote"


def rule(report_id: str, **other: Any) -> dict[str, Any]:
    row = {
        "report_id": report_id,
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


def figure(report_id: str, data_status: str = "not_in_text") -> dict[str, Any]:
    return {"report_id": report_id, "figure": 4, "data_status": data_status}


def differing(
    rules: list[dict[str, Any]], reports: list[Any], figures: list[dict[str, Any]] | None = None
) -> list[Issue]:
    return issues_of("annex_rules-rules_alike", {"annex_rules": rules, "reports": reports, "figures": figures or []})


def test_reports_that_agree_give_no_issue() -> None:
    rules = [rule("gwent"), rule("kent", line_start=70, line_end=70, printed="… 60 Dorset Police is excluded")]
    assert differing(rules, [report("gwent"), report("kent")]) == []


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
    issue = only(differing([rule("gwent"), rule("kent", **other)], [report("gwent"), report("kent")]))
    assert (issue.severity, issue.table_name) == ("warning", "annex_rules")
    assert (issue.report_id, issue.source_file, issue.line_start, issue.line_end) == ("kent", "kent.txt", 5, 6)
    assert issue.row_key == f"report_id=kent, rule_id={RULE}, area_code=E23000039"
    assert "gwent.txt" in issue.message


def test_a_rule_that_a_report_lacks() -> None:
    issue = only(differing([rule("kent")], [report("gwent"), report("kent")]))
    assert (issue.report_id, issue.found, issue.line_start) == ("gwent", "no such rule", None)
    assert issue.expected == "Figure 4: Dorset Police is left out (chart: False, England and Wales: False)"


def test_the_odd_one_out_of_three_is_named() -> None:
    forces = ("gwent", "kent", "surrey")
    rules = [rule("gwent", in_force_chart=True), rule("kent"), rule("surrey")]
    assert [issue.report_id for issue in differing(rules, [report(one) for one in forces])] == ["gwent"]
    # Where most reports lack a rule, the one that has it is odd.
    assert [issue.report_id for issue in differing(rules[:1], [report(one) for one in forces])] == ["gwent"]


def test_a_note_that_is_lost_with_its_picture_is_a_note() -> None:
    reports = [report(one) for one in ("gwent", "kent", "surrey")]
    issue = only(differing([rule("kent"), rule("surrey")], reports, [figure("gwent")]))
    assert (issue.report_id, issue.severity) == ("gwent", "note")
    # Two that lost it do not outvote the one that has it.
    issues = differing([rule("kent")], reports, [figure("gwent"), figure("surrey")])
    assert [(one.report_id, one.severity) for one in issues] == [("gwent", "note"), ("surrey", "note")]


def test_a_rule_of_the_annex_or_of_a_figure_that_is_there_is_not_excused() -> None:
    reports = [report("gwent"), report("kent")]
    assert only(differing([rule("kent", section="annex-figure-4")], reports, [figure("gwent")])).severity == "warning"
    assert only(differing([rule("kent")], reports, [figure("gwent", "complete")])).severity == "warning"
    rules = [rule("kent"), rule("gwent", rule_type="pilot")]
    assert only(differing(rules, reports, [figure("gwent")])).severity == "warning"


def test_other_rounds_and_reports_not_extracted_do_not_count() -> None:
    rules = [rule("gwent"), rule("kent", in_force_chart=True)]
    assert differing(rules, [report("gwent"), report("kent", programme_id="peel-2017")]) == []
    assert differing(rules[:1], [report("gwent"), report("kent", extraction="registered")]) == []


# --- England and Wales ------------------------------------------------------------------------------------------------

THREE = [report("gwent"), report("kent"), report("surrey")]


def columns(made: Any, *values: str, **other: Any) -> list[Any]:
    """One England and Wales cell in each of the reports; an empty value is a cell without a number."""
    names = [one["report_id"] for one in THREE]
    return [made(text, "national", report_id=name, **other) for name, text in zip(names, values, strict=False)]


@pytest.mark.parametrize(
    ("table", "made"),
    [
        ("outcome_proportions", lambda *cell, **other: outcome("charged_summonsed", *cell, **other)),
        ("domestic_abuse_outcomes", lambda *cell, **other: outcome("charged_summonsed", *cell, **other)),
        ("crime_rates", lambda *cell, **other: crime_rate("sexual_offences", *cell, **other)),
        ("statistics", lambda *cell, **other: statistic("domestic_abuse_share", *cell, **other)),
    ],
)
def test_england_and_wales_is_the_same_in_every_report(table: str, made: Any) -> None:
    def found(*values: str) -> list[tuple[str | None, str | None, str | None]]:
        rows = {"reports": THREE, table: columns(made, *values)}
        issues = issues_of(f"{table}-england_and_wales_alike", rows)
        assert all("gwent.txt" in one.message or "kent.txt" in one.message for one in issues)
        return [(one.report_id, one.found, one.expected) for one in issues]

    assert found("12.1", "12.1", "12.1") == []
    assert found("12.1", "", "12.1") == []  # a number that is not there contradicts none
    assert found("12.1", "12.1", "12.7") == [("surrey", "12.7", "12.1")]
    # Between two that differ none is taken for right: both are named.
    assert found("12.1", "12.7") == [("gwent", "12.1", "12.7"), ("kent", "12.7", "12.1")]


def test_the_force_s_own_column_may_differ() -> None:
    rows = [outcome("total_assigned", text, report_id=name) for name, text in (("gwent", "91.0"), ("kent", "95.0"))]
    assert (
        issues_of("outcome_proportions-england_and_wales_alike", {"reports": THREE, "outcome_proportions": rows}) == []
    )


def test_a_table_of_another_period_is_noticed() -> None:
    rows = columns(lambda *cell, **other: outcome("total", *cell, **other), "100.0", "100.0", "100.0")
    rows[2] = {**rows[2], "period_end": date(2015, 6, 30)}
    issue = only(
        issues_of("outcome_proportions-england_and_wales_alike", {"reports": THREE, "outcome_proportions": rows})
    )
    assert (issue.report_id, issue.found, issue.expected) == ("surrey", "100.0 to 2015-06-30", "100.0 to 2016-06-30")


def national(text: str, report_id: str, **other: Any) -> Any:
    return statistic("anti_social_behaviour_incidents_rate_change", text, "national", report_id=report_id, **other)


def test_statements_about_england_and_wales_agree_within_their_precision_and_period() -> None:
    check_id = "statistics-england_and_wales_alike"

    def found(*rows: Any, reports: list[Any] = THREE) -> list[str | None]:
        return [one.report_id for one in issues_of(check_id, {"reports": reports, "statistics": rows})]

    assert found(national("8", "gwent"), national("8.4", "kent")) == []
    assert found(national("8", "gwent"), national("8.6", "kent")) == ["gwent", "kent"]
    assert found(national("8", "gwent", direction="increase"), national("8", "kent", direction="decrease")) != []
    other_year = {"period_end": date(2015, 6, 30)}
    assert found(national("8", "gwent"), national("9", "kent", **other_year)) == []
    none = {"period_start": None, "period_end": None}
    # Without a period: held against reports of the same main data period only.
    assert found(national("8", "gwent", **none), national("9", "kent", **none)) == ["gwent", "kent"]
    years_apart = [report("gwent", data_period_end=None), report("kent", data_period_end=None)]
    assert found(national("8", "gwent", **none), national("9", "kent", **none), reports=years_apart) == []
    assert found(national("10", "gwent", not_exact="about"), national("9", "kent")) == []
    assert found(national("10", "gwent", not_exact="about"), national("16", "kent")) == ["gwent", "kent"]


def test_the_range_of_all_forces_is_the_same_in_every_report() -> None:
    rows = [
        statistic("vulnerable_victim_share_lowest_force", text, "national", report_id=name)
        for name, text in (("gwent", "3.9"), ("kent", "3.9"), ("surrey", "3.8"))
    ]
    issue = only(issues_of("statistics-england_and_wales_alike", {"reports": THREE, "statistics": rows}))
    assert (issue.report_id, issue.expected) == ("surrey", "3.9")
    assert rows[0]["area_code"] == ENGLAND_AND_WALES
