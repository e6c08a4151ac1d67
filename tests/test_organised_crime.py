"""Figure 10: what the loose percentages of two pie charts say for certain, and no more."""

from decimal import Decimal

import pytest

from pipelines.extract.organised_crime import largest_slices, organised_crime_rows
from pipelines.reports import report_from_bytes
from pipelines.schema import ORGANISED_CRIME_GROUPS
from pipelines.structure import outline_of
from tests.annexes import REAL, SAMPLES, read_all

OPENING = """Introduction
HMIC’s effectiveness inspection assessed all of these areas during 2016. This
report sets out our findings for Gwent Police.
"""
PROSE = "'Economic crime' was the most common predominant crime type of the OCGs managed by Gwent Police. {also}\n"
ALSO = "This was also the most common OCG crime type recorded by all forces in England and Wales."
CAPTION = "Figure 10: Active organised crime groups by predominant crime type in Gwent, as at 1\nJuly 2017\n"
LEGEND = "\nDrug activity\n\nEconomic crime\n\nSexual offences\n\nViolent criminal activity\n\nOther\n"
SOURCE = "\nSource: HMIC data return\n"
# 70 + 30, and 55 + 25 + 20.
NUMBERS = "\n20%\n70%\n\n55%\n25%\n30%\n"


def rows_of(text: str) -> list[dict[str, object]]:
    report = report_from_bytes((OPENING + text).encode(), "gwent.txt")
    rows, _ = organised_crime_rows(report, outline_of(report))
    ORGANISED_CRIME_GROUPS.to_arrow(rows)
    return rows


def types(rows: list[dict[str, object]]) -> dict[object, object]:
    return {row["value"]: row["crime_type_id"] for row in rows if row["crime_type_id"]}


def figure(also: str = ALSO, numbers: str = NUMBERS, legend: str = LEGEND, source: str = SOURCE) -> str:
    return PROSE.format(also=also) + CAPTION + "Gwent Police\n\nEngland and Wales\n" + numbers + legend + source


@pytest.mark.parametrize("folder", [REAL, SAMPLES], ids=["real", "samples"])
def test_only_the_two_largest_of_2016_are_certain(folder: object) -> None:
    report = read_all(folder)["warwickshire-2016-effectiveness"]  # type: ignore[arg-type]
    rows, issues = organised_crime_rows(report, outline_of(report))
    assert [row["value"] for row in rows] == [7, 26, 13, 51, 8, 80, 4, 11]
    assert types(rows) == {51: "drug_activity", 80: "drug_activity"}
    assert all(row["area_code"] is None and row["value_status"] == "unassigned" for row in rows)
    assert {str(row["period_end"]) for row in rows} == {"2016-07-01"}
    assert all(f"{row['value']:g}%" == row["printed"] for row in rows)
    assert [issue.severity for issue in issues] == ["note"]


def test_a_report_without_numbers_gives_no_rows() -> None:
    report = read_all(SAMPLES)["west-midlands-2016-effectiveness"]
    assert organised_crime_rows(report, outline_of(report)) == ([], [])
    assert rows_of(figure(numbers="")) == []


def test_the_largest_slices_have_the_type_that_leads_everywhere() -> None:
    assert types(rows_of(figure())) == {70: "economic_crime", 55: "economic_crime"}


@pytest.mark.parametrize("also", ["", "The most common in England and Wales was another.", "Other text."])
def test_a_type_that_leads_only_in_the_force_assigns_nothing(also: str) -> None:
    rows = rows_of(figure(also=also))
    assert len(rows) == 5
    assert types(rows) == {}


def test_a_type_that_the_legend_does_not_have_assigns_nothing() -> None:
    assert types(rows_of(figure(legend=LEGEND.replace("Economic crime", "Fraud")))) == {}


def test_lost_numbers_make_nothing_certain() -> None:
    assert types(rows_of(figure(numbers="\n70%\n55%\n25%\n"))) == {}


def test_numbers_without_a_source_note_are_not_the_figures() -> None:
    assert rows_of(figure(source="\nIn 2016 the force\n12%\nmore\n")) == []


def test_page_numbers_and_footnote_marks_are_no_shares() -> None:
    rows = rows_of(figure(numbers=NUMBERS + "\n57\n\n21\n"))
    assert [row["value"] for row in rows] == [20, 70, 55, 25, 30]


def test_a_label_on_the_line_of_its_number_is_certain() -> None:
    numbers = "\nDrug activity 20%\nEconomic crime, 70%\n\n55%\n25%\n30%\n"
    assert types(rows_of(figure(also="", numbers=numbers))) == {20: "drug_activity", 70: "economic_crime"}


@pytest.mark.parametrize(
    ("values", "slices", "largest"),
    [
        ([80, 20, 60, 40], 5, {0, 2}),
        ([50, 30, 20, 40, 35, 25], 3, {0, 3}),
        # 52 + 48 and 50 + 30 + 20, but also 52 + 50 and 48 + 30 + 20: only 52 is the largest in every way.
        ([52, 48, 50, 30, 20], 5, {0}),
        ([50, 50, 70, 30], 5, {2}),  # two equal largest slices: neither is the type that leads
        ([80, 30, 60, 40], 5, set()),  # no two pies of 100
        ([60, 10, 10, 10, 10, 90, 10], 4, set()),  # more slices than the legend has
        ([100], 5, set()),
        ([], 5, set()),
    ],
)
def test_largest_slices(values: list[int], slices: int, largest: set[int]) -> None:
    found = largest_slices([Decimal(value) for value in values], slices, Decimal("2.5"))
    assert found == largest
