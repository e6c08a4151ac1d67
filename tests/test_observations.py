"""The long table: every row of every fact table once, with what it measures."""

from datetime import date
from typing import Any

import pytest

from pipelines.extraction import extract_report
from pipelines.observations import FACT_TABLES, observation_rows, row_key
from pipelines.schema import OBSERVATIONS, TABLES
from tests.annexes import REAL, SAMPLES, read_all

PROVENANCE = {"line_start": 3, "line_end": 4, "printed": "some 12 percent"}
COMMON = {
    "report_id": "gwent-2016-effectiveness",
    "period_start": date(2015, 7, 1),
    "period_end": date(2016, 6, 30),
    "value": 12.0,
    "unit": "percent",
    "value_status": "published",
    **PROVENANCE,
}


def test_a_rate_of_a_table() -> None:
    row = {**COMMON, "area_code": "W15000002", "outcome_id": "charged_summonsed", "decimals": 1, "row_type": "type"}
    assert observation_rows({"outcome_proportions": [row], "annex_rules": [{"figure": 4}]}) == [
        {
            **COMMON,
            "table_name": "outcome_proportions",
            "row_key": "report_id=gwent-2016-effectiveness, area_code=W15000002, outcome_id=charged_summonsed",
            "measure_id": "outcome_proportion",
            "category_id": "charged_summonsed",
            "area_code": "W15000002",
            "decimals": 1,
            "direction": None,
        }
    ]


def test_a_statistic_keeps_its_own_measure_and_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.observations.row_key", lambda name, row: f"{name} {row['row']}")
    row = {**COMMON, "area_code": None, "measure_id": "crime_change", "direction": "decrease", "row": 1}
    (found,) = observation_rows({"statistics": [row]})
    assert (found["measure_id"], found["direction"], found["category_id"]) == ("crime_change", "decrease", None)
    assert found["area_code"] is None


def test_a_row_key_is_written_as_in_quality_issues() -> None:
    row = {"report_id": "gwent-2016-effectiveness", "row": 2}
    assert row_key("organised_crime_groups", row) == "report_id=gwent-2016-effectiveness, row=2"


def test_a_column_that_a_fact_table_lacks_is_not_made_up() -> None:
    row = {name: value for name, value in COMMON.items() if name != "unit"}
    with pytest.raises(KeyError, match="unit"):
        observation_rows({"crime_rates": [{**row, "area_code": "W15000002", "crime_type_id": "fraud"}]})


def test_no_fact_tables_no_rows() -> None:
    assert observation_rows({"reports": [{"report_id": "x"}]}) == []


@pytest.mark.parametrize("folder", [REAL, SAMPLES], ids=["real", "samples"])
def test_every_number_of_a_report_is_there_once(folder: Any) -> None:
    for report in read_all(folder).values():
        rows = extract_report(report).rows
        facts = [(table.name, row) for table in FACT_TABLES for row in rows.get(table.name, ())]
        table = OBSERVATIONS.to_arrow(rows["observations"])
        assert table.num_rows == len(facts) >= 54
        by_key = {(row["table_name"], row["row_key"]): row for row in rows["observations"]}
        for name, row in facts:
            found = by_key[name, row_key(name, row)]
            assert (found["value"], found["printed"]) == (row["value"], row["printed"])


def test_every_fact_table_with_a_value_is_in_the_union() -> None:
    with_value = {
        name for name, table in TABLES.items() if {"report_id", "value", "printed"} <= set(table.column_names)
    }
    assert with_value - {"observations"} <= {table.name for table in FACT_TABLES}
