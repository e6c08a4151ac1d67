"""Open data: files of every kind and condition, what is counted, what is left out, and what is not known."""

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.open_data import OpenData, files, force_crime_rate_rows, force_outcome_rows, read_open_data
from pipelines.open_data.ons import CRIME_TYPES, SINCE_2017, SOCIETY, VICTIMS, parse_quarter_end
from pipelines.open_data.rows import area_codes, parse_count, parse_force
from pipelines.reference import load
from pipelines.schema import ENGLAND_AND_WALES, FORCE_CRIME_RATES, FORCE_OUTCOMES

REAL = ROOT.parent / "shared" / "open-data"
SAMPLE = ROOT / "warehouse" / "open_data"
WORKBOOKS = ROOT / "tests" / "fixtures" / "open_data"
KENT, WEST_MIDLANDS, CITY = "E23000032", "E23000014", "E23000034"
HEAD = (
    "financial_year",
    "financial_quarter",
    "force_name",
    "offence_group",
    "offence_code",
    "outcome_type",
    "offences",
)
ONS_HEAD = ("12 months ending", "PFA", "Region", "Offence", "Rolling year total number of offences")
QUARTERS = (1, 2, 3, 4)
Row = Sequence[object]


def year(force: str = "Kent", counts: Mapping[int, int] | None = None) -> list[list[object]]:
    """Four quarters of a force."""
    counts = {0: 5, 1: 15, 18: 80} if counts is None else counts
    return [["2017/18", q, force, "Theft offences", "49", code, n] for q in QUARTERS for code, n in counts.items()]


def crimes(force: str = "Kent", day: str = "30-06-2016", number: int = 100) -> list[list[object]]:
    """One row of every offence that each period has."""
    return [[day, force, "a region", offence.capitalize(), number] for offence in sorted(SOCIETY | VICTIMS)]


def text(rows: Iterable[Row], head: Row = HEAD) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in (head, *rows))


def folder(tmp_path: Path, **contents: str | bytes) -> Path:
    """A folder with these files; their names say nothing of what they are."""
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return tmp_path


def read(tmp_path: Path, rows: Iterable[Row], head: Row = HEAD) -> OpenData:
    return read_open_data(folder(tmp_path, one=text(rows, head)))


def outcomes(data: OpenData, area_code: str = KENT, period_end: date = date(2018, 3, 31)) -> dict[str, dict[str, Any]]:
    rows, _ = force_outcome_rows(data)
    return {r["outcome_id"]: r for r in rows if r["area_code"] == area_code and r["period_end"] == period_end}


def rates(data: OpenData, area_code: str = KENT, **printed: Any) -> dict[tuple[str, date], dict[str, Any]]:
    rows, _ = force_crime_rate_rows(data, printed.get("crime_rates", ()), printed.get("statistics", ()))
    return {(r["crime_type_id"], r["period_end"]): r for r in rows if r["area_code"] == area_code}


def said(data: OpenData, *words: str, severity: str | None = None) -> bool:
    """Whether exactly one issue holds all these words."""
    found = [i for i in data.issues if all(word in i.message for word in words) and severity in (None, i.severity)]
    return len(found) == 1


def table(title: str, heads: Sequence[Row], rows: Iterable[Row]) -> str:
    """A workbook table as saved in csv."""
    return "".join(
        ",".join(f'"{cell}"' for cell in row) + "\n" for row in ([title], ["England and Wales"], *heads, *rows)
    )


def population(
    numbers: Mapping[str, object] | None = None, years: Sequence[int] = (2015,), what: str = "population"
) -> str:
    numbers = dict.fromkeys(area_codes(), 1000) if numbers is None else numbers
    name = {row["area_code"]: row["name_ons"] for row in load("forces")}
    rows = [[code, name.get(code, "no such"), *[number] * len(years)] for code, number in numbers.items()]
    title = f"Table 1: Mid-year {what} estimates for police force areas, English regions and Wales"
    return table(title, [["Area Code", "Area Name", *years]], rows)


def incidents(rows: Iterable[Row]) -> str:
    heads = [
        ["", "", "Apr '15 to Mar '165, 6", ""],
        ["Area Code", "Area Name", "Number of Incidents", "Rate per 1,000 population"],
    ]
    return table("Table 2: Anti-social behaviour incidents, by police force area, year ending March", heads, rows)


# Files


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    data = read_open_data(tmp_path / "none")
    assert (data.files, data.issues) == ((), ())
    assert force_outcome_rows(data) == ([], [])
    assert force_crime_rate_rows(data, []) == ([], [])


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "only blanks": (b" \n\n", "is empty"),
    "another table": (b"a,b\n1,2\n", "none of the open data known here"),
    "binary": (b"a,b\n1,\x00\n", "binary"),
    "another encoding": ("force_name,Dyfed–Powys\n".encode("cp1252"), "not in UTF-8"),
    "utf-16": (text(year()).encode("utf-16"), "not in UTF-8"),
    "cut gzip": (gzip.compress(text(year()).encode() * 50)[:-30], "cut short or damaged"),
    "damaged gzip": (b"\x1f\x8b" + b"x" * 50, "cannot be read"),
    "cut row": (text(year()).encode()[:-9], "cells of the header"),
    "cut workbook": ((WORKBOOKS / "outcomes.xlsx").read_bytes()[:3000], "cut short or damaged"),
    "zip of something else": (b"PK\x03\x04" + b"x" * 80, "cut short or damaged"),
    "no count column": (text([row[:6] for row in year()], HEAD[:6]).encode(), "has no column offences"),
    "only the other count": (
        text(year(), (*HEAD[:6], "force_outcomes_recorded_in_quarter")).encode(),
        "has no column offences",
    ),
    "two count columns": (
        text([[*row, 1] for row in year()], (*HEAD, "outcomes for offences recorded in quarter")).encode(),
        "more than one column offences",
    ),
    "no force column": (text(year(), (*HEAD[:2], "somebody", *HEAD[3:])).encode(), "has no column force_name"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_read_is_one_issue_and_the_others_are_read(what: str, tmp_path: Path) -> None:
    content, reason = REFUSED[what]
    data = read_open_data(folder(tmp_path, bad=content, good=text(year())))
    errors = [issue for issue in data.issues if issue.severity == "error"]
    assert [(issue.source_file, reason in issue.message) for issue in errors] == [("bad", True)]
    assert "bad" in errors[0].message
    assert data.files == ("good",)
    assert outcomes(data)["total"]["offences"] == 400


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAXIMUM_BYTES", 3 * 1024 * 1024)
    data = read_open_data(folder(tmp_path, bomb=gzip.compress(b"0," * 4_000_000), big=b"0," * 4_000_000))
    assert said(data, "bomb", "unpacks to more")
    assert said(data, "big", "larger than any file")


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAXIMUM_XML_BYTES", 1000)
    data = read_open_data(folder(tmp_path, book=(WORKBOOKS / "outcomes.xlsx").read_bytes()))
    assert said(data, "book", "unpacks to more")


@pytest.mark.parametrize("cells", [("A1", "XFD1048576"), ("A1", "A1048576"), ("AB1", "A99999")])
def test_a_workbook_whose_cells_lie_far_apart_is_refused(cells: tuple[str, str], tmp_path: Path) -> None:
    # Read as one rectangle they would take more memory than there is, and end the process.
    with zipfile.ZipFile(WORKBOOKS / "recorded-crime.xlsx") as old, zipfile.ZipFile(tmp_path / "far", "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part.startswith("xl/worksheets/"):
                rows = "".join(f'<row r="{c.lstrip("ABDFX")}"><c r="{c}"><v>1</v></c></row>' for c in cells)
                content = b"<worksheet><sheetData>" + rows.encode() + b"</sheetData></worksheet>"
            new.writestr(part, content)
    data = read_open_data(tmp_path)
    assert said(data, "far", "further apart", severity="error")


@pytest.mark.parametrize("name", ["outcomes.xlsx", "outcomes.ods"])
def test_a_workbook_whose_markup_does_not_close_is_refused(name: str, tmp_path: Path) -> None:
    # The reader of ods files never ends on such a sheet.
    with zipfile.ZipFile(WORKBOOKS / name) as old, zipfile.ZipFile(tmp_path / "book", "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"</table:table-cell>", b"", 1).replace(b"</row>", b"", 1))
    assert said(read_open_data(tmp_path), "book", "cut short or damaged", severity="error")


def test_a_byte_order_mark_windows_line_ends_and_blank_rows_change_nothing(tmp_path: Path) -> None:
    content = "\ufeff" + text(year()).replace("\n", "\r\n") + '"","","","","","",""\r\n\r\n'
    data = read_open_data(folder(tmp_path, one=content))
    assert outcomes(data)["total"]["offences"] == 400
    assert data.issues == ()


def test_a_file_without_a_last_line_end_may_be_cut(tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, one=text(year()).replace('"', "").rstrip()))
    assert said(data, "its last row may be cut", severity="warning")


def test_lines_above_the_heads_are_passed_over(tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, one='"Outcomes, year\nending March"\n\n' + text(year())))
    assert outcomes(data)["total"]["offences"] == 400


def test_readme_files_are_no_data(tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, **{"README.md": "# About\n", ".hidden": "x"}))
    assert (data.files, data.issues) == ((), ())


@pytest.mark.parametrize("name", ["outcomes.xlsx", "outcomes.ods"])
def test_workbooks_are_read_as_csv_is(name: str, tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, book=(WORKBOOKS / name).read_bytes()))
    assert data.issues == ()
    rows = outcomes(data)
    assert (rows["charged_summonsed"]["offences"], rows["not_yet_assigned"]["offences"]) == (100, 1215)


def test_dates_of_a_workbook_are_days(tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, book=(WORKBOOKS / "recorded-crime.xlsx").read_bytes()))
    assert rates(data)["recorded_crime_excluding_fraud", date(2016, 6, 30)]["offences"] == 2071


# Outcomes


@pytest.mark.parametrize(
    "name",
    [
        "offences",
        "Offences",
        "force_outcomes_for_offences_recorded_in_quarter",
        "Force Outcomes for Offences Recorded in Quarter",
        "Outcomes for offences recorded in quarter",
    ],
)
def test_the_count_of_figure_4_is_found_under_its_names(name: str, tmp_path: Path) -> None:
    head = (*(each.replace("_", " ").title() for each in HEAD[:6]), name, "Force Outcomes Recorded in Quarter")
    data = read(tmp_path, [[*row, 999] for row in year()], head)
    assert outcomes(data)["total"]["offences"] == 400


def test_shares_and_how_they_are_printed(tmp_path: Path) -> None:
    rows = outcomes(read(tmp_path, year(counts={0: 5, 1: 15, 18: 60})))
    assert rows["charged_summonsed"]["value"] == 18.75
    assert rows["charged_summonsed"]["value_as_printed"] == 18.8  # half up
    assert rows["not_yet_assigned"]["value_as_printed"] == 6.3  # 6.25
    assert {row["value_status"] for row in rows.values()} == {"derived"}


def test_groups_are_those_of_outcome_types(tmp_path: Path) -> None:
    codes = [int(row["outcome_code"]) for row in load("outcome_types") if row["outcome_code"].isdigit()]
    rows = outcomes(read(tmp_path, year(counts={0: 1000, **{code: 2**code for code in codes}})))
    expected = {
        "out_of_court_formal": (2, 3, 6),
        "out_of_court_informal": (7, 8),
        "prosecution_prevented": (5, 9, 11, 12, 13, 17),
        "evidential_victim_supports": (15,),
        "evidential_victim_does_not_support": (14, 16),
        "not_printed_in_2016": (10, 22),
        "total_assigned": codes,
    }
    for outcome_id, members in expected.items():
        assert rows[outcome_id]["offences"] == 4 * sum(2**code for code in members), outcome_id
        assert rows[outcome_id]["outcome_code"] is None
    assert rows["total"]["offences"] == rows["total_assigned"]["offences"] + 4000
    assert rows["prosecution_prevented"]["row_type"] == "group"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from([*range(19), 20, 21, 22]), st.integers(0, 10**7)), min_size=4, max_size=4)
)
def test_parts_add_up_to_their_whole_whatever_the_counts(tmp_path_factory: Any, counts: list[dict[int, int]]) -> None:
    rows = [
        [*row[:1], q, *row[2:]]
        for q, each in zip(QUARTERS, counts, strict=True)
        for row in year(counts=each)[: len(each)]
    ]
    rows += [["2017/18", q, "Kent", "Theft offences", "1", 0, 1] for q in QUARTERS]
    found = outcomes(read(tmp_path_factory.mktemp("sums"), rows))
    for outcome_id, row in found.items():
        parts = [each for each in found.values() if each["parent_id"] == outcome_id]
        if parts:
            assert row["offences"] == sum(part["offences"] for part in parts)
            assert row["value"] == pytest.approx(sum(part["value"] for part in parts))
    types = [row for row in found.values() if row["row_type"] == "type" or row["outcome_id"] == "not_yet_assigned"]
    assert sum(row["value"] for row in types) == pytest.approx(100)
    for row in found.values():
        exact = Decimal(100 * row["offences"]) / Decimal(row["offences_recorded"])
        assert row["value_as_printed"] == float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def test_every_four_quarters_on_end_are_a_period(tmp_path: Path) -> None:
    rows = [["2016/17", *row[1:]] for row in year()] + year()
    data = read(tmp_path, rows)
    found, issues = force_outcome_rows(data)
    ends = sorted({row["period_end"] for row in found})
    assert ends == [date(2017, 3, 31), date(2017, 6, 30), date(2017, 9, 30), date(2017, 12, 31), date(2018, 3, 31)]
    assert {row["period_start"] for row in found if row["period_end"] == date(2017, 6, 30)} == {date(2016, 7, 1)}
    assert len(found) == 5 * 43 * len(load("outcome_types"))
    FORCE_OUTCOMES.to_arrow(found)
    assert all(issue.severity == "warning" for issue in issues)


def test_a_quarter_of_one_year_is_no_quarter_of_another(tmp_path: Path) -> None:
    # The second year has its first quarter only; no other quarter of it is made up.
    data = read(tmp_path, [*year(), *(["2018/19", *row[1:]] for row in year() if row[1] == 1)])
    assert sorted(data.outcomes.files) == [
        date(2017, 4, 1),
        date(2017, 7, 1),
        date(2017, 10, 1),
        date(2018, 1, 1),
        date(2018, 4, 1),
    ]


def test_three_quarters_are_no_year(tmp_path: Path) -> None:
    found, issues = force_outcome_rows(read(tmp_path, [row for row in year() if row[1] != 2]))
    assert found == []
    assert any("no four quarters on end" in issue.message for issue in issues)


def test_a_force_without_a_quarter_has_no_value(tmp_path: Path) -> None:
    rows = [row for code in area_codes() for row in year(code) if (code, row[1]) != (KENT, 3)]
    data = read(tmp_path, rows)
    found, issues = force_outcome_rows(data)
    assert [issue.severity for issue in issues] == ["warning"]
    assert "no rows for the quarter from 2017-10-01 of Kent Police: no value" in issues[0].message
    of_kent = {(row["offences"], row["value"], row["value_status"]) for row in found if row["area_code"] == KENT}
    assert of_kent == {(None, None, "not_available")}
    assert {row["value_status"] for row in found if row["area_code"] != KENT} == {"derived"}


def test_transport_police_and_fraud_are_left_out_and_said(tmp_path: Path) -> None:
    fraud = [
        ["2017/18", 1, "Kent", "Fraud offences", "53F", 1, "NA"],
        ["2017/18", 1, "Action Fraud", "Fraud", "53", 18, 7],
    ]
    data = read(tmp_path, [*year(), *year("British Transport Police"), *fraud])
    assert said(data, "British Transport Police left out: 12 rows, 400 offences", severity="note")
    assert said(data, "Fraud left out: 2 rows, 7 offences", severity="note")
    assert outcomes(data)["total"]["offences"] == 400
    assert len(data.issues) == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["2017/18", 2, "Kent", "Theft offences", "1", 1, -3], "a negative count"),
        (["2017/18", 2, "Kent", "Theft offences", "1", 1, "NA"], "no count that is a whole number"),
        (["2017/18", 2, "Kent", "Theft offences", "1", 1, "1.5"], "no count that is a whole number"),
        (["2017/18", 2, "Kent", "Theft offences", "1", 1, "1,23"], "no count that is a whole number"),
        (["2017/18", 2, "Kent", "Theft offences", "1", "1A", 3], "an unknown outcome type"),
        (["2017/18", 2, "Kent", "Theft offences", "1", 99, 3], "an unknown outcome type"),
        (["2017/18", "", "Kent", "Theft offences", "1", 1, 3], "no financial quarter"),
        (["2017/19", 1, "Kent", "Theft offences", "1", 1, 3], "no financial quarter"),
        (["2017/18", 2, "Kent", "NA", "1", 1, 3], "no offence group"),
        (["2017/18", 2, "Kent", "Theft offences", "49", 1, 16], "another count than a row for the same"),
    ],
)
def test_a_row_that_says_nothing_certain_takes_the_forces_value(row: Row, reason: str, tmp_path: Path) -> None:
    data = read(tmp_path, [*year(), *year("Dorset"), row])
    found = [issue for issue in data.issues if reason in issue.message]
    assert len(found) == 1
    assert found[0].severity == "warning"
    assert "one: " in found[0].message
    assert "'Kent'" in found[0].message  # the example row
    assert {each["value_status"] for each in outcomes(data).values()} == {"not_available"}
    assert {each["offences"] for each in outcomes(data).values()} == {None}
    assert outcomes(data, "E23000039")["total"]["offences"] == 400


@pytest.mark.parametrize(("name", "reason"), [("NA", "no force"), ("", "no force"), ("Atlantis", "an unknown force")])
def test_a_row_of_no_force_is_reported_with_its_count(name: str, reason: str, tmp_path: Path) -> None:
    data = read(tmp_path, [*year(), ["2017/18", 2, name, "Theft offences", "1", 1, 30]])
    assert said(data, f"1 row with {reason}", "30 offences are in no force's value", severity="warning")
    assert outcomes(data)["total"]["offences"] == 400


def test_the_row_number_of_the_example_is_that_of_the_file(tmp_path: Path) -> None:
    data = read(tmp_path, [*year(), ["2017/18", 2, "Kent", "Theft offences", "1", 1, "?"]])
    assert [issue.line_start for issue in data.issues] == [14]


def test_the_same_row_twice_is_read_once(tmp_path: Path) -> None:
    data = read(tmp_path, [*year(), year()[0]])
    assert said(data, "1 row with the same content as another: read once", severity="warning")
    assert outcomes(data)["total"]["offences"] == 400


def test_a_negative_remainder_is_the_home_offices_own(tmp_path: Path) -> None:
    data = read(tmp_path, year(counts={0: -5, 1: 105}))
    assert said(data, "4 rows", "not yet assigned an outcome are negative", severity="note")
    rows, issues = outcomes(data), force_outcome_rows(data)[1]
    assert (rows["not_yet_assigned"]["value"], rows["total_assigned"]["value"], rows["total"]["value"]) == (
        -5,
        105,
        100,
    )
    assert any(i.severity == "warning" and "-20 offences not yet assigned" in i.message for i in issues)


def test_a_force_without_offences_has_no_share(tmp_path: Path) -> None:
    assert outcomes(read(tmp_path, year(counts={1: 0})))["total"]["value_status"] == "not_available"


def test_thousands_and_points_of_whole_numbers_are_read(tmp_path: Path) -> None:
    data = read(tmp_path, [[*row[:5], f" {row[5]}.0 ", " 1,234 "] for row in year()])
    assert outcomes(data)["charged_summonsed"]["offences"] == 4936


def test_one_quarter_in_two_files_is_not_added_twice(tmp_path: Path) -> None:
    detail = [[*row[:4], code, row[5], n] for row in year() for code, n in (("1", 0), ("2", row[6]))]
    data = read_open_data(folder(tmp_path, one=text(year()), two=text(detail)))
    assert said(data, "one and two", "read once", severity="note")
    assert outcomes(data)["total"]["offences"] == 400
    assert outcomes(data)["total"]["source_file"] == "one; two"


def test_one_quarter_with_different_counts_is_used_from_neither_file(tmp_path: Path) -> None:
    other = [[*row[:6], row[6] + (row[1] == 2)] for row in year()]
    data = read_open_data(folder(tmp_path, one=text(year()), two=text(other)))
    assert said(data, "one and two", "2017-07-01", "none is used", severity="error")
    assert force_outcome_rows(data)[0] == []


def test_two_files_of_different_forces_make_one(tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, one=text(year()), two=text(year("Dorset"))))
    assert outcomes(data)["total"]["offences"] == outcomes(data, "E23000039")["total"]["offences"] == 400


@pytest.mark.parametrize("name", ["West Midlands", "West Midlands Police", "E23000014", " west  midlands "])
def test_a_force_is_named_by_code_or_any_of_its_names(name: str) -> None:
    assert parse_force(name) == WEST_MIDLANDS


@pytest.mark.parametrize("name", ["E12000005", "East Midlands", "England", "K04000001", "Wales", "North West"])
def test_a_region_is_no_force(name: str) -> None:
    assert parse_force(name) == "an unknown force"


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12", 12), ("-3", -3), ("1,234,567", 1234567), ("7.0", 7), ("", "missing"), ("NA", "missing"), ("..", "missing")],
)
def test_counts(cell: str, number: int | str) -> None:
    assert parse_count(cell) == number


@pytest.mark.parametrize("cell", ["1.5", "1,23", "12a", "1e3", "٣", "1 234", "0x1", "9" * 40])
def test_what_is_no_whole_number(cell: str) -> None:
    assert parse_count(cell) == "no whole number"


# Recorded crime


@pytest.mark.parametrize("cell", ["30-06-2016", "30/06/2016", "2016-06-30", "2016-06-30 00:00:00", "30.06.2016"])
def test_days_are_read_however_they_are_typed(cell: str) -> None:
    assert parse_quarter_end(cell) == (date(2016, 6, 30), False)


@pytest.mark.parametrize("cell", ["30-12-2017", "2017-12-30"])
def test_another_day_of_a_quarters_last_month_is_that_quarter(cell: str) -> None:
    assert parse_quarter_end(cell) == (date(2017, 12, 31), True)


@pytest.mark.parametrize("cell", ["31-07-2016", "06/30/2016", "", "June 2016", "2016", "42551", "00-06-2016"])
def test_what_is_no_end_of_a_quarter(cell: str) -> None:
    assert parse_quarter_end(cell) is None


def test_a_mistyped_day_is_said(tmp_path: Path) -> None:
    data = read(tmp_path, crimes(day="30-12-2017"), ONS_HEAD)
    assert said(data, "19 rows with a day that is not the last of its month", severity="warning")
    assert rates(data)["recorded_crime_excluding_fraud", date(2017, 12, 31)]["offences"] == 1900


def test_fraud_and_transport_police_are_no_recorded_crime_of_a_force(tmp_path: Path) -> None:
    more = [
        ["30-06-2016", "Kent", "x", "Fraud offences", 7],
        ["30-06-2016", "Action Fraud", "x", "Action Fraud", 9],
        *crimes("British Transport Police"),
    ]
    data = read(tmp_path, [*crimes(), *more], ONS_HEAD)
    assert said(data, "Fraud left out: 2 rows, 16 offences", severity="note")
    assert said(data, "British Transport Police left out: 19 rows, 1,900 offences", severity="note")
    rows = rates(data)
    assert rows["recorded_crime_excluding_fraud", date(2016, 6, 30)]["offences"] == 1900
    assert rows["victim_based_crime", date(2016, 6, 30)]["offences"] == 1500


@pytest.mark.parametrize("number", [-1, "NA", "1.5"])
def test_a_bad_count_takes_the_crime_types_it_belongs_to(number: object, tmp_path: Path) -> None:
    rows = [[*row[:4], number if row[3] == "Robbery" else row[4]] for row in crimes()]
    data = read(tmp_path, rows, ONS_HEAD)
    assert len([i for i in data.issues if "'Robbery'" in i.message and i.severity == "warning"]) == 1
    found = {crime_type: row["offences"] for (crime_type, _), row in rates(data).items()}
    assert found["recorded_crime_excluding_fraud"] is found["victim_based_crime"] is None
    assert found["sexual_offences"] == 100


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["30-06-2016", "Kent", "x", "Piracy", 5], "an unknown offence"),
        (["30-06-2016", "Kent", "x", "Robbery", 5], "another count than a row for the same offence"),
        (["31-07-2016", "Kent", "x", "Robbery", 5], "no day that ends a quarter"),
        (["30-06-2016", "Atlantis", "x", "Robbery", 5], "an unknown force"),
        (["30-06-2016", "", "x", "Robbery", 5], "no force"),
        (["30-06-2016", "Kent", "x", "Robbery", 100], "the same content as another"),
    ],
)
def test_a_row_of_recorded_crime_that_cannot_be_counted_is_said(row: Row, reason: str, tmp_path: Path) -> None:
    data = read(tmp_path, [*crimes(), row], ONS_HEAD)
    assert said(data, f"1 row with {reason}", severity="warning")
    offences = rates(data)["recorded_crime_excluding_fraud", date(2016, 6, 30)]["offences"]
    assert offences == (None if reason.startswith(("an unknown offence", "another")) else 1900)


def test_a_force_without_one_of_the_offences_has_no_sum(tmp_path: Path) -> None:
    data = read(tmp_path, [*crimes(), *crimes("Dorset")[1:]], ONS_HEAD)
    assert said(data, "no row for all other theft offences of Dorset Police: no value", severity="warning")
    assert rates(data, "E23000039")["recorded_crime_excluding_fraud", date(2016, 6, 30)]["offences"] is None
    assert rates(data)["recorded_crime_excluding_fraud", date(2016, 6, 30)]["offences"] == 1900


def test_burglary_in_a_dwelling_ends_where_residential_burglary_begins(tmp_path: Path) -> None:
    new = [["30-06-2017", "Kent", "x", offence.capitalize(), 3] for offence in SINCE_2017]
    data = read(tmp_path, [*crimes(), *crimes(day="30-06-2017"), *new], ONS_HEAD)
    rows = rates(data)
    assert rows["burglary_in_a_dwelling", date(2016, 6, 30)]["offences"] == 100
    assert rows["burglary_in_a_dwelling", date(2017, 6, 30)]["offences"] is None
    assert rows["recorded_crime_excluding_fraud", date(2017, 6, 30)]["offences"] == 1906


def test_two_files_of_recorded_crime_that_differ(tmp_path: Path) -> None:
    one, two = text(crimes(), ONS_HEAD), text(crimes(number=101), ONS_HEAD)
    data = read_open_data(folder(tmp_path, one=one, two=two))
    assert said(data, "one and two", "2016-06-30", "none is used", severity="error")
    assert data.crimes.files == {}


# Workbook tables and rates


def test_rates_take_the_estimate_of_the_year_before(tmp_path: Path) -> None:
    people = table(
        "Table 1: Mid-year population estimates for police force areas",
        [["Area Code", "Area Name", 2014, 2015, 2016]],
        [[KENT, "Kent", 900, 1000, 1100]],
    )
    days = [(*crimes(day=day),) for day in ("31-03-2016", "30-06-2016", "31-12-2016")]
    data = read_open_data(folder(tmp_path, one=text([row for each in days for row in each], ONS_HEAD), two=people))
    for (crime_type, day), row in rates(data).items():
        if crime_type == "recorded_crime_excluding_fraud":
            assert (row["population"], row["population_date"], row["value"]) == (1000, date(2015, 6, 30), 1900.0), day


def test_where_estimates_end_the_last_one_serves_one_year_more_and_that_is_said(tmp_path: Path) -> None:
    rows = [*crimes(day="31-03-2017"), *crimes(day="31-03-2018")]
    data = read_open_data(folder(tmp_path, one=text(rows, ONS_HEAD), two=population()))
    found, issues = rates(data), force_crime_rate_rows(data, [])[1]
    assert found["sexual_offences", date(2017, 3, 31)]["population_date"] == date(2015, 6, 30)
    assert found["sexual_offences", date(2018, 3, 31)]["value_status"] == "not_available"
    assert any(i.severity == "note" and "end in 2017" in i.message and "mid-2015 is used" in i.message for i in issues)
    assert any(i.severity == "warning" and "2018-03-31" in i.message for i in issues)


def test_burglary_in_a_dwelling_is_per_household(tmp_path: Path) -> None:
    homes = population(dict.fromkeys(area_codes(), 500), what="household")
    data = read_open_data(folder(tmp_path, one=text(crimes(), ONS_HEAD), two=population(), three=homes))
    row = rates(data)["burglary_in_a_dwelling", date(2016, 6, 30)]
    assert (row["population"], row["value"], row["unit"]) == (500, 200.0, "per 1,000 households")
    assert rates(data)["sexual_offences", date(2016, 6, 30)]["unit"] == "per 1,000 population"


def test_england_and_wales_is_the_sum_of_all_forces_or_nothing(tmp_path: Path) -> None:
    names = [row["name_ons"] for row in load("forces") if row["area_code"] in area_codes()]
    rows = [row for name in names for row in crimes(name, number=1)]
    data = read_open_data(folder(tmp_path, one=text(rows, ONS_HEAD), two=population()))
    row = rates(data, ENGLAND_AND_WALES)["sexual_offences", date(2016, 6, 30)]
    assert (row["offences"], row["population"], row["value"]) == (43, 43000, 1.0)
    (tmp_path / "one").write_text(text([row for row in rows if row[1] != "Kent"], ONS_HEAD))
    row = rates(read_open_data(tmp_path), ENGLAND_AND_WALES)["sexual_offences", date(2016, 6, 30)]
    assert (row["offences"], row["value"], row["value_status"]) == (None, None, "not_available")


def test_a_force_that_ons_gives_no_rate_of_has_none_here(tmp_path: Path) -> None:
    behaviour = incidents([[KENT, "Kent", 50, 5.5], [CITY, "City of London10", 839, "+"]])
    data = read_open_data(
        folder(tmp_path, one=behaviour, two=population(), three=text(crimes("City of London"), ONS_HEAD))
    )
    row = rates(data, CITY)["anti_social_behaviour", date(2016, 3, 31)]
    assert (row["offences"], row["value"], row["value_status"]) == (839, None, "excluded_by_source")
    assert (
        rates(data, CITY)["recorded_crime_excluding_fraud", date(2016, 6, 30)]["value_status"] == "excluded_by_source"
    )
    assert rates(data)["anti_social_behaviour", date(2016, 3, 31)]["value"] == 50.0


def test_a_footnote_on_a_force_is_said(tmp_path: Path) -> None:
    rows = [["E23000006", "Cheshire8", 50, 5.5], ["8. Eleven months only"]]
    data = read_open_data(folder(tmp_path, one=incidents(rows)))
    assert said(data, "footnote on Cheshire: Eleven months only", severity="warning")


def test_regions_and_countries_are_not_forces(tmp_path: Path) -> None:
    rows = [
        ["E12000005", "West Midlands", 999, 1],
        ["K04000001", "ENGLAND AND WALES", 5, 1],
        [WEST_MIDLANDS, "West Midlands", 7, 1],
    ]
    data = read_open_data(folder(tmp_path, one=incidents(rows)))
    assert data.incidents.values == {(WEST_MIDLANDS, date(2016, 3, 31), "anti_social_behaviour"): 7}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[KENT, "Dorset", 5, 1]], "its name is another force's"),
        ([[KENT, "Kent", 5, 1], [KENT, "Kent", 6, 1]], "two rows have its code"),
        ([["E23000099", "Atlantis", 5, 1]], "no force has its code"),
        ([["", "West Midlands", 5, 1]], "no force has its code"),
        ([[KENT, "Kent", "..", 1]], "'..': missing"),
        ([[KENT, "Kent", -4, 1]], "'-4': negative"),
        ([[KENT, "Kent", 4.5, 1]], "'4.5': no whole number"),
    ],
)
def test_a_row_of_a_workbook_table_that_cannot_be_read_is_said(rows: list[Row], reason: str, tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, one=incidents(rows)))
    assert any(reason in issue.message and issue.severity == "warning" for issue in data.issues)
    assert data.incidents.values == {}


def test_a_table_without_a_force_says_so(tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, one=population({code: 1000 for code in area_codes() if code != KENT})))
    assert said(data, "no row of Kent Police", severity="warning")


def test_a_sum_that_differs_from_england_and_wales_is_said(tmp_path: Path) -> None:
    numbers = dict.fromkeys(area_codes(), 1000)
    assert read_open_data(folder(tmp_path, one=population({**numbers, ENGLAND_AND_WALES: 43400}))).issues == ()
    data = read_open_data(folder(tmp_path, one=population({**numbers, ENGLAND_AND_WALES: 53000})))
    assert said(data, "add up to 43,000", "printed as 53,000", severity="warning")


def test_a_table_without_a_column_that_is_known_says_so(tmp_path: Path) -> None:
    data = read_open_data(folder(tmp_path, one=population(years=())))
    assert said(data, "no column of numbers is known here", severity="warning")


def test_printed_rates_stand_beside_the_computed(tmp_path: Path) -> None:
    data = read_open_data(
        folder(tmp_path, one=text(crimes(), ONS_HEAD), two=population(), three=incidents([[KENT, "Kent", 50, 5]]))
    )
    period = {"period_start": date(2015, 7, 1), "period_end": date(2016, 6, 30)}
    printed = {"area_code": KENT, "crime_type_id": "sexual_offences", "value": 101.5, **period}
    prose = {
        "area_code": KENT,
        "measure_id": "anti_social_behaviour_incidents_rate",
        "value": 49.0,
        "period_start": date(2015, 4, 1),
        "period_end": date(2016, 3, 31),
    }
    rows = rates(data, crime_rates=[printed, printed], statistics=[prose])
    row = rows["sexual_offences", date(2016, 6, 30)]
    assert (row["value"], row["published_value"], row["difference"]) == (100.0, 101.5, -1.5)
    assert rows["anti_social_behaviour", date(2016, 3, 31)]["difference"] == 1.0
    assert rows["victim_based_crime", date(2016, 6, 30)]["published_value"] is None
    rows = rates(data, crime_rates=[printed, {**printed, "value": 101.4}])
    assert rows["sexual_offences", date(2016, 6, 30)]["published_value"] is None  # the reports differ
    rows = rates(data, crime_rates=[{**printed, "period_start": date(2016, 4, 1)}])
    assert rows["sexual_offences", date(2016, 6, 30)]["published_value"] is None  # another period


def test_crime_types_are_those_of_figure_2() -> None:
    printed = {row["row_id"] for row in load("printed_rows") if row["table_name"] == "crime_rates"}
    assert set(CRIME_TYPES) < printed


# The sample that ships, and the original files


def test_the_sample_gives_every_force_a_value() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 150_000
    data = read_open_data(SAMPLE)
    assert [issue.message for issue in data.issues if issue.severity == "error"] == []
    found, _ = force_outcome_rows(data)
    assert {row["value_status"] for row in found} == {"derived"}
    assert len({row["area_code"] for row in found}) == 43
    june = [row for row in force_crime_rate_rows(data, [])[0] if row["period_end"] == date(2016, 6, 30)]
    assert {row["area_code"] for row in june if row["value"] is None} == {CITY}
    FORCE_CRIME_RATES.to_arrow(june)


@pytest.mark.parametrize("source", [SAMPLE, REAL])
def test_figures_to_check_against(source: Path) -> None:
    if not source.exists():
        pytest.skip("the original files are not here")
    data = read_open_data(source)
    assert outcomes(data, WEST_MIDLANDS)["total"]["offences"] == 233_393
    assert outcomes(data, "E23000017")["total"]["offences"] == 41_411
    counted = {row["outcome_code"]: row["offences"] for row in outcomes(data, WEST_MIDLANDS).values()}
    pairs = ORIGINAL_WEST_MIDLANDS.split()
    expected = dict(zip(pairs[::2], map(int, pairs[1::2]), strict=True))
    assert outcomes(data, WEST_MIDLANDS)["not_yet_assigned"]["offences"] == expected.pop("0")
    assert {code: counted[code] for code in expected} == expected
    for area_code in area_codes():
        rows = outcomes(data, area_code)
        parts = [row for row in rows.values() if row["row_type"] == "type" or row["outcome_id"] == "not_yet_assigned"]
        assert sum(row["value"] for row in parts) == pytest.approx(100)
    june, march = date(2016, 6, 30), date(2016, 3, 31)
    force, both = rates(data, WEST_MIDLANDS), rates(data, ENGLAND_AND_WALES)
    assert round(force["recorded_crime_excluding_fraud", june]["value"], 1) == 66.6
    assert round(both["recorded_crime_excluding_fraud", june]["value"], 1) == 67.4
    # As printed in the inspectorate's reports, from the same release of incidents.
    assert round(force["anti_social_behaviour", march]["value"], 1) == 20.6
    assert round(both["anti_social_behaviour", march]["value"], 1) == 31.0


# Counted with awk from the original file: year ending March 2018, West Midlands, by outcome type.
ORIGINAL_WEST_MIDLANDS = """
0 1683  1 24256  2 650  3 3016  4 267  5 48  6 164  7 502  8 3867  9 32  10 1150  11 51  12 275  13 8  14 2051
15 19828  16 25339  17 38  18 146908  20 2059  21 1201  22 0
"""


def test_the_sample_is_the_originals_added_up() -> None:
    if not REAL.exists():
        pytest.skip("the original files are not here")
    original, sample = read_open_data(REAL), read_open_data(SAMPLE)
    for name in ("outcomes", "crimes", "incidents", "population", "households"):
        ours, theirs = getattr(sample, name), getattr(original, name)
        assert ours.values
        assert {key: theirs.values.get(key, 0) for key in ours.values} == dict(ours.values), name


def test_what_the_original_files_do_not_say_is_said() -> None:
    if not REAL.exists():
        pytest.skip("the original files are not here")
    data = read_open_data(REAL)
    assert [issue for issue in data.issues if issue.severity == "error"] == []
    for words in (
        ("2017-18", "British Transport Police left out: 10,248 rows, 59,785 offences"),
        ("2017-18", "1 row with no force"),
        ("2018-19", "Fraud left out: 3 rows, 0 offences"),
        ("rolling", "day that is not the last of its month"),
        ("rolling", "5 rows with a negative count"),
    ):
        assert said(data, *words), words


def test_two_years_take_seconds_and_little_memory() -> None:
    if not REAL.exists():
        pytest.skip("the original files are not here")
    if sys.platform != "linux":
        pytest.skip("the peak is read from /proc")
    code = (
        "import re, time; from pathlib import Path; from pipelines.open_data import *\n"
        "start = time.process_time()\n"
        f"data = read_open_data(Path({str(REAL)!r})); force_outcome_rows(data); force_crime_rate_rows(data, [])\n"
        # Not getrusage: it begins with the memory of the process that started this one.
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())\n"
        "print(time.process_time() - start, int(peak[1]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 10
    assert megabytes < 800
