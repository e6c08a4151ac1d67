"""Rules of the tables computed here: each fails for a number that its definition does not allow."""

from datetime import date
from typing import Any

from reconcile_rows import KENT, band, issues_of, only, report

from pipelines.reference import load

YEAR = {"period_start": date(2017, 4, 1), "period_end": date(2018, 3, 31)}
FORCES = [row["area_code"] for row in load("forces") if row["area_type"] == "police_force_area"]


def outcomes(**changed: int) -> list[dict[str, Any]]:
    """force_outcomes of one force: a group of two, one alone, and what is not assigned."""
    counts = {
        "caution": 30,
        "youths": 10,
        "adults": 20,
        "charged": 50,
        "assigned": 80,
        "open": 20,
        "total": 100,
    } | changed
    parents = {"youths": "caution", "adults": "caution", "caution": "assigned", "charged": "assigned"}
    parents |= {"assigned": "total", "open": "total"}
    return [
        {
            "area_code": KENT,
            "outcome_id": name,
            "parent_id": parents.get(name),
            **YEAR,
            "offences": count,
            "offences_recorded": 100,
            "value": float(count),
        }
        for name, count in counts.items()
    ]


def test_groups_are_the_sum_of_their_members() -> None:
    assert issues_of("force_outcomes-groups_of_members", {"force_outcomes": outcomes()}) == []
    issue = only(issues_of("force_outcomes-groups_of_members", {"force_outcomes": outcomes(youths=11)}))
    assert (issue.severity, issue.expected, issue.found) == ("error", "31", "30")


def test_percentages_make_100_and_are_shares() -> None:
    check_id = "force_outcomes-percentages_make_100"
    assert issues_of(check_id, {"force_outcomes": outcomes()}) == []
    assert only(issues_of(check_id, {"force_outcomes": outcomes(charged=51)})).found == "101.000000"
    rows = outcomes()
    rows[-1] = {**rows[-1], "value": 99.0}
    assert only(issues_of(check_id, {"force_outcomes": rows})).expected == "100.0"
    missing = [{**row, "offences": None, "value": None} for row in outcomes()]
    assert issues_of(check_id, {"force_outcomes": missing}) == []


def ranks(count: int = 40, **other: Any) -> list[dict[str, Any]]:
    """quartile_ranks of so many forces, all values different: the first ten are highest, the last ten lowest."""
    quarter = count // 4
    bands = ["highest"] * quarter + ["in_line"] * (count - 2 * quarter) + ["lowest"] * quarter
    common = {"source": "reports", "measure": "outcome_proportion", "outcome_id": "charged_summonsed", **YEAR}
    return [
        {
            **common,
            "area_code": code,
            "value": 90.0 - n,
            "rank": n + 1,
            "forces_ranked": count,
            "band": bands[n],
            **other,
        }
        for n, code in enumerate(FORCES[:count])
    ]


def test_ranks_follow_values() -> None:
    check_id = "quartile_ranks-ranks_follow_values"
    assert issues_of(check_id, {"quartile_ranks": ranks()}) == []
    rows = ranks()
    rows[3] = {**rows[3], "rank": 5}
    assert only(issues_of(check_id, {"quartile_ranks": rows})).expected == "4"
    assert len(issues_of(check_id, {"quartile_ranks": ranks(forces_ranked=41)})) == 40
    unranked = {**ranks()[0], "area_code": FORCES[41], "value": None, "rank": None, "band": None}
    assert issues_of(check_id, {"quartile_ranks": [*ranks(), unranked]}) == []


def test_bands_are_quarters() -> None:
    check_id = "quartile_ranks-bands_by_annex"
    assert issues_of(check_id, {"quartile_ranks": ranks()}) == []
    rows = ranks()
    rows[10] = {**rows[10], "band": "highest"}
    assert only(issues_of(check_id, {"quartile_ranks": rows})).expected == "in_line"
    # A tie at the border leaves both out of the quarter.
    rows = ranks()
    rows[10] = {**rows[10], "value": rows[9]["value"]}
    assert only(issues_of(check_id, {"quartile_ranks": rows})).found == "highest"
    assert {issue.expected for issue in issues_of(check_id, {"quartile_ranks": ranks(29)})} == {"None"}


def test_a_stated_quarter_is_that_of_the_values() -> None:
    check_id = "quartile_ranks-stated_band_as_ranked"

    def found(said: str, **other: Any) -> list[Any]:
        ranked = ranks()
        statement = band(
            "outcome_proportion", said, outcome_id="charged_summonsed", is_quartile_statement=True, **other
        )
        reports = [report(area_code=ranked[0]["area_code"], data_period_end=YEAR["period_end"])]
        return issues_of(check_id, {"quartile_ranks": ranked, "band_statements": [statement], "reports": reports})

    assert found("highest") == []
    issue = only(found("lowest"))
    assert (issue.table_name, issue.report_id, issue.line_start) == ("band_statements", "kent", 11)
    assert (issue.source_file, issue.severity) == ("kent.txt", "warning")


def test_differences_are_computed_less_published() -> None:
    key = {
        "source": "home_office",
        "measure": "crime_rate",
        "outcome_id": "all",
        "area_code": KENT,
        "crime_type_id": "all",
    }

    def comparator(table: str, computed: float | None, published: float | None, difference: float | None) -> list[Any]:
        name = "value" if table == "force_crime_rates" else "computed_value"
        row = {**key, **YEAR, name: computed, "published_value": published, "difference": difference}
        return issues_of(f"{table}-difference_as_defined", {table: [row]})

    for table in ("comparators", "force_crime_rates"):
        assert comparator(table, 66.6, 66.7, 66.6 - 66.7) == []
        assert comparator(table, 66.6, None, None) == []
        assert len(comparator(table, 66.6, 66.7, 0.1)) == 1
        assert len(comparator(table, 66.6, 66.7, None)) == 1
        assert len(comparator(table, 66.6, None, 0.0)) == 1


def test_printed_values_are_near_open_data() -> None:
    key = {"source": "ons", "measure": "crime_rate", "outcome_id": "all", "area_code": KENT, "crime_type_id": "all"}

    def found(table: str, computed: float, published: float | None, source: str = "ons") -> list[Any]:
        name = "value" if table == "force_crime_rates" else "computed_value"
        row = {**key, **YEAR, "source": source, name: computed, "published_value": published}
        return issues_of(f"{table}-near_open_data", {table: [row]})

    for table in ("comparators", "force_crime_rates"):
        assert found(table, 67.4, 68.2) == []
        assert found(table, 67.4, None) == []
        assert only(found(table, 67.4, 86.2)).severity == "warning"
    assert found("comparators", 67.4, 86.2, "reports") == []
