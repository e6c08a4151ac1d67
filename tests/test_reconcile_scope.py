"""What rules are run on: those of one report find the same in reports one by one as in all together, and those of a
release need no other columns and rows than they name."""

import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from conftest import ROOT, SAMPLES
from reconcile_rows import EARLIER, YEAR, band, crime_rate, only, outcome, printed_row, report, statistic
from test_reconcile import tables_of
from test_reconcile_computed import outcomes, ranks

from expectations.reconcile import (
    RELEASE,
    REPORT,
    RULES,
    check_report,
    needed,
    rows_for,
    rules_of,
    run_rules,
    united,
)
from expectations.reconcile.rule import Offence, Outcome, ReconcileRule, Row, Tables
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.issues import Finding
from pipelines.reference import dimension_rows
from pipelines.reports import read_report
from pipelines.schema import DIMENSIONS, ENGLAND_AND_WALES, TABLES

ASB = "anti_social_behaviour_incidents_rate"
SHARE = "vulnerable_victim_share"
NOWHERE = "E23000099"
LATER = date(2030, 1, 1)
OF_REPORT = [rule for rule in RULES if rule.scope == REPORT]
OF_RELEASE = [rule for rule in RULES if rule.scope == RELEASE]
Own = dict[str, list[dict[str, Any]]]


def faulty(report_id: str, number: int) -> Own:
    """Rows of one report that break every rule; ``number`` makes them differ between reports."""

    def said(measure_id: str, text: str, *area: str, **other: Any) -> Row:
        return statistic(measure_id, text, *area, report_id=report_id, **other)

    pies = [{**printed_row(report_id, 20 + n, text, "force"), "row": n} for n, text in enumerate(("60", "20", "26"))]
    tables: dict[str, list[Row]] = {
        "reports": [report(report_id, area_code=NOWHERE)],
        "statistics": [
            said(ASB, f"{number}.1", line=10),
            said(ASB, f"{number}.7", line=20),
            said(ASB, f"{number + 40}.0", line=21, **EARLIER_YEAR),
            said(f"{ASB}_change", "2", direction="increase", line=22, **EARLIER),
            said(ASB, f"{number + 20}.0", "national", line=12),
            said(f"{SHARE}_lowest_force", f"{number + 3}.0", "national"),
            said(f"{SHARE}_highest_force", f"{number}.0", "national"),
            said(SHARE, f"{number + 90}.0", line=31),
            said("policing_sectors", f"{number + 500}", unit="sectors"),
            said("neighbourhoods_identified", "333", unit="neighbourhoods"),
            said("knife_crime_rate_per_1000", f"{number}.55"),
            said("knife_crime_rate_per_100000", "955"),
            said("cases", "187", unit="cases", numerator=197 + number, denominator=194),
            said("accuracy", "98.2", interval_lower=89.8, interval_upper=96.6, interval_margin=None),
            said("recorded_crime_change", "96.2", area_code=NOWHERE, period_end=LATER),
            said("recorded_crime_rate", f"{number + 60}.7", unit="per 1,000 population"),
        ],
        "band_statements": [
            band("one", "below", report_id=report_id, table_name="outcome_proportions", outcome_id="total")
        ],
        "outcome_proportions": [
            outcome("total_assigned", f"{number + 80}.0", report_id=report_id, period_end=LATER),
            outcome("not_yet_assigned", "8.0", report_id=report_id),
            outcome("total", "90.00", report_id=report_id, area_code=NOWHERE),
            outcome("total", f"{number}.0", "national", report_id=report_id),
        ],
        "domestic_abuse_outcomes": [
            outcome("charged_summonsed", "127.2", report_id=report_id),
            outcome("total", f"{number}.0", "national", report_id=report_id, area_code=NOWHERE, period_end=LATER),
            outcome("caution_adults", f"{number}", "national", report_id=report_id),
        ],
        "crime_rates": [
            crime_rate("recorded_crime_excluding_fraud", "6.7", report_id=report_id),
            crime_rate("victim_based_crime", f"{number + 60}.3", report_id=report_id, period_end=LATER),
            crime_rate("sexual_offences", "0.1", report_id=report_id, area_code=NOWHERE),
            crime_rate("assault_with_injury", "2", report_id=report_id),
            crime_rate("assault_with_injury", f"{number}.5", "national", report_id=report_id),
        ],
        "organised_crime_groups": [*pies, {**pies[0], "row": 9, "area_code": NOWHERE, "period_end": LATER}],
        "annex_rules": [annex_rule(report_id, number)],
        **{name: [{"report_id": report_id, "question_id": NO_QUESTION}] for name in OF_QUESTIONS},
    }
    return {
        name: [{**dict.fromkeys(TABLES[name].column_names), **row} for row in rows] for name, rows in tables.items()
    }


NO_QUESTION = "what-nobody-asks"
OF_QUESTIONS = ("judgments", "grade_distributions", "findings")
EARLIER_YEAR = {"period_start": EARLIER["compared_with_start"], "period_end": EARLIER["compared_with_end"]}


def annex_rule(report_id: str, number: int) -> Row:
    said = {"figure": 2, "rule_type": "exclusion", "section": "annex", "statement": f"statement {number}"}
    return {"report_id": report_id, "rule_id": "rule", "area_code": NOWHERE, "line_start": 9, "line_end": 9, **said}


def together(*reports: Mapping[str, list[dict[str, Any]]]) -> Own:
    return {name: [row for own in reports for row in own.get(name, ())] for name in TABLES_OF_A_REPORT}


@pytest.fixture(scope="module")
def samples() -> list[Own]:
    return [tables_of([read_report(path, SAMPLES)]) for path in sorted(SAMPLES.glob("*.txt"))]


@pytest.fixture(scope="module")
def reports(samples: list[Own]) -> list[Own]:
    """The samples, and made-up reports that break every rule, one of them of the same force and year as a sample."""
    return [*samples, *(faulty(name, number) for number, name in enumerate(("essex", "gwent", "kent"), 1))]


def alone(rule: ReconcileRule, reports: list[Own]) -> Outcome:
    """The rule run on each report by itself, and united."""
    found = [outcome for own in reports for outcome in run_rules([rule], own)]
    return united(rule, [Finding(rule.check_id, one.issues, one.raised) for one in found])


def is_of_one_report(rule: ReconcileRule, reports: list[Own]) -> bool:
    (at_once,) = run_rules([rule], together(*reports))
    return Counter(alone(rule, reports).issues) == Counter(at_once.issues)


@pytest.mark.parametrize("rule", OF_REPORT, ids=lambda rule: rule.check_id)
def test_a_rule_of_one_report_finds_the_same_alone_as_among_others(rule: ReconcileRule, reports: list[Own]) -> None:
    assert is_of_one_report(rule, reports)
    found = alone(rule, reports)
    assert found.raised is None
    # It says something of each report that breaks it, so that there is something to compare.
    assert {issue.report_id for issue in found.issues} >= {"essex", "gwent", "kent"}


@pytest.mark.parametrize(
    "rule", [rule for rule in OF_RELEASE if rule.table in TABLES_OF_A_REPORT], ids=lambda rule: rule.check_id
)
def test_a_rule_of_a_release_that_was_taken_for_one_of_a_report_would_be_noticed(
    rule: ReconcileRule, reports: list[Own]
) -> None:
    assert not is_of_one_report(replace(rule, scope=REPORT), reports)


def test_a_rule_of_one_report_needs_nothing_but_reports_and_dimensions() -> None:
    for rule in OF_REPORT:
        assert set(rule.inputs) <= {*TABLES_OF_A_REPORT, *DIMENSIONS}


def test_all_rules_of_a_report_at_once_give_what_each_gives(reports: list[Own]) -> None:
    for own in reports:
        findings = check_report(own)
        assert pickle.loads(pickle.dumps(findings)) == findings
        for rule in OF_REPORT:
            assert united(rule, findings).issues == run_rules([rule], own)[0].issues
    assert check_report({"reports": [report()]}) == ()
    assert {finding.check_id for finding in check_report(reports[-1])} == {rule.check_id for rule in OF_REPORT}


def test_a_rule_that_cannot_be_run_on_a_report_is_that_reports_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(tables: Tables) -> Iterator[Offence]:
        raise KeyError("value")

    rule = replace(OF_REPORT[0], find=broken)
    monkeypatch.setattr("expectations.reconcile.RULES", (rule, *OF_RELEASE))
    (kent,) = check_report({"reports": [report("kent")]})
    assert (only(kent.issues).severity, only(kent.issues).report_id, kent.raised) == (
        "error",
        "kent",
        "KeyError: 'value'",
    )
    assert only(kent.issues).message.startswith("kent.txt: table ")
    (essex,) = check_report({"reports": [report("essex")]})
    outcome = united(rule, [kent, essex])
    assert outcome.blocks
    assert [issue.report_id for issue in outcome.issues] == ["kent", "essex"]
    # Among all reports nobody can say whose fault it is.
    (at_once,) = run_rules([rule], {"reports": [report("kent"), report("essex")]})
    assert only(at_once.issues).report_id is None


def test_rules_are_told_by_scope() -> None:
    for name in TABLES:
        assert [*rules_of(name, REPORT), *rules_of(name, RELEASE)] == sorted(
            rules_of(name), key=lambda rule: rule.scope == RELEASE
        )


# --- what rules of a release look at ----------------------------------------------------------------------------------


class Watched(dict[str, Any]):
    """A row that notes which of its columns were asked for."""

    def __init__(self, row: Mapping[str, Any], asked: set[str]) -> None:
        super().__init__(row)
        self.asked = asked

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def computed_tables() -> Own:
    """Rows of computed tables that break their rules."""
    rows: dict[str, list[dict[str, Any]]] = {
        "force_outcomes": [{**row, "area_code": NOWHERE} for row in outcomes(youths=11, charged=51)],
        "quartile_ranks": [
            {**row, "area_code": NOWHERE if n == 3 else row["area_code"], "rank": 7, "band": "highest"}
            for n, row in enumerate(ranks())
        ],
        "force_crime_rates": [
            {
                "area_code": NOWHERE,
                "crime_type_id": "one",
                **YEAR,
                "value": 9.0,
                "published_value": 2.0,
                "difference": 1.0,
            }
        ],
        "comparators": [
            {"source": "open_data", "measure": "m", "outcome_id": "o", "period_end": LATER}
            | {"computed_value": 9.0, "published_value": 2.0, "difference": 1.0}
        ],
        "grade_history": [{"area_code": NOWHERE, "programme_order": 1, "question_id": "q", "report_id": "kent"}],
    }
    return {name: [{**dict.fromkeys(TABLES[name].column_names), **row} for row in rows[name]] for name in rows}


@pytest.fixture(scope="module")
def release(reports: list[Own]) -> Own:
    made = computed_tables()
    ranked = made["quartile_ranks"][0]
    kent = {"report_id": "kent", "area_code": ranked["area_code"], "data_period_end": ranked["period_end"]}
    stated = {"band": "lowest", "is_quartile_statement": True}
    stated |= {"measure_id": ranked["measure"], "outcome_id": ranked["outcome_id"], "table_name": ranked["measure"]}
    own = together(*reports)
    own["reports"] = [{**row, **kent} if row["report_id"] == "kent" else row for row in own["reports"]]
    own["band_statements"] = [{**row, **stated} for row in own["band_statements"] if row["report_id"] == "kent"]
    dimensions = {name: [dict(row) for row in dimension_rows(name)] for name in DIMENSIONS}
    return {**own, **made, **dimensions}


@pytest.mark.parametrize("rule", OF_RELEASE, ids=lambda rule: rule.check_id)
def test_a_rule_of_a_release_looks_at_no_other_columns_than_it_names(rule: ReconcileRule, release: Own) -> None:
    asked: dict[str, set[str]] = {name: set() for name in rule.inputs}
    (watched,) = run_rules([rule], {name: [Watched(row, asked[name]) for row in release[name]] for name in rule.inputs})
    assert watched.issues
    assert watched.raised is None
    columns = needed([rule])
    for name in rule.inputs:
        assert asked[name] & set(TABLES[name].column_names) <= set(columns[name])


def arrow(tables: Own) -> dict[str, pa.Table]:
    # Not Table.to_arrow: the made-up rows have nulls where none may be, and doubled keys.
    def table(name: str) -> pa.Table:
        fields = [field.with_nullable(True) for field in TABLES[name].arrow_schema()]
        return pa.Table.from_pylist(tables[name], schema=pa.schema(fields))

    return {name: table(name) for name in tables}


def test_rows_for_rules_are_all_that_they_need(release: Own) -> None:
    content = arrow(release)
    for rule in OF_RELEASE:
        (limited,) = run_rules([rule], rows_for([rule], content))
        (whole,) = run_rules([rule], release)
        assert limited.issues == whole.issues
        assert limited.issues
    at_once = run_rules(OF_RELEASE, rows_for(OF_RELEASE, content))
    assert at_once == run_rules(OF_RELEASE, release)


def test_only_rows_that_can_matter_are_made(release: Own) -> None:
    content = arrow(release)
    national = [rule for rule in OF_RELEASE if rule.id == "england_and_wales_alike"]
    for rule in national:
        rows = rows_for([rule], content)[rule.table]
        assert {row["area_code"] for row in rows} == {ENGLAND_AND_WALES}
        assert len(rows) < content[rule.table].num_rows
    # Another rule that looks at all rows of the same table gets them.
    other = replace(national[0], id="other", only={})
    name = national[0].table
    assert len(rows_for([national[0], other], content)[name]) == content[name].num_rows
    assert rows_for(OF_RELEASE, {}) == {}


def test_the_rules_load_neither_great_expectations_nor_pandas() -> None:
    code = "import sys, expectations.reconcile\nprint({'pandas', 'great_expectations', 'dagster'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "set()"
