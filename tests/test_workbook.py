"""The Excel edition: what a person finds in it, and that nothing out of a report becomes more than text."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from pipelines.catalogue import ATTRIBUTION
from pipelines.editions import workbook as edition
from pipelines.editions.workbook import CELL_LENGTH, MISSING, WIDEST, sheet_names, workbook
from pipelines.schema import JUDGMENT_STATUSES, TABLES, VALUE_STATUSES

FRONT = ["Cover", "Contents", "Notes", "Columns"]
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "{=SUM(A1)}",
    "$$note$$",
    "[a](#)",
    "[a](http://x)",
    "http://example.org/",
    "one\ntwo",
    "one\r\n\ttwo ",
    "a\u202eb",
    "*",
    "007",
    "true",
    "_x0041_",
    "<script>alert(1)</script>",
    "<r><t>bold</t></r>",
    "</t></is><f>1+1</f>",
    "a\x00b\x08c\x1bd\ufffe",
)


def row_of(name: str, **given: Any) -> dict[str, Any]:
    """A row of the table with something in every column that must hold something."""
    plain = {pa.string(): "kent", pa.date32(): date(2016, 6, 30), pa.bool_(): True}
    row = {
        column.name: None if column.nullable else next(iter(column.allowed or ()), plain.get(column.type, 7))
        for column in TABLES[name].columns
    }
    return {**row, **given}


def made(name: str, *rows: dict[str, Any]) -> pa.Table:
    return TABLES[name].to_arrow([row_of(name, **given) for given in rows])


def findings(*texts: str) -> pa.Table:
    return made("findings", *({"finding_id": f"f{number:03}", "text": text} for number, text in enumerate(texts)))


@cache
def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def body(content: bytes, sheet: str) -> list[list[Any]]:
    """The cells of the sheet's one table, headings first."""
    page = opened(content)[sheet]
    (found,) = page.tables.values()
    return [list(row) for row in page[found.ref]]


@cache
def above(content: bytes, sheet: str) -> str:
    """What stands above the table, one line a row."""
    page = opened(content)[sheet]
    lines = [str(row[0]) for row in page.iter_rows(values_only=True) if row[0] is not None]
    return "\n".join(lines[: lines.index(TABLES[sheet].columns[0].name)])


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def empty_tables() -> dict[str, pa.Table]:
    return {name: table.to_arrow([]) for name, table in TABLES.items()}


@pytest.fixture(scope="module")
def whole() -> bytes:
    """Every table, two of them with rows."""
    tables = empty_tables() | {
        "outcome_proportions": made(
            "outcome_proportions",
            {"outcome_id": "a", "outcome_code": "1", "value": 14.0, "decimals": 1, "value_status": "published"},
            {"outcome_id": "b", "value_status": "not_printed", "period_start": date(2015, 7, 1)},
        ),
        "judgments": made(
            "judgments",
            {"question_id": "a", "grade": "Good", "grade_rank": 2, "scale_id": "oqri4", "judgment_status": "graded"},
            {"question_id": "b", "judgment_status": "ungraded"},
            {"question_id": "c", "judgment_status": "not_stated"},
        ),
        "band_statements": made("band_statements", {"is_quartile_statement": False, "row": 1}),
        "reports": made("reports", {"report_id": "one"}, {"report_id": "two"}),
    }
    return workbook(tables, "1.2.3")


def test_the_front_sheets_come_first_and_then_one_sheet_a_table_in_the_order_of_the_schema(whole: bytes) -> None:
    assert opened(whole).sheetnames == FRONT + list(TABLES)


def test_the_cover_says_version_holdings_licence_citation_and_where_programs_find_the_tables(whole: bytes) -> None:
    cover = "\n".join(str(cell.value) for cell in opened(whole)["Cover"]["A"])
    for said in (
        "Version 1.2.3 of the data.",
        "25 tables with 8 rows, read from 2 reports on 1 police force.",
        ATTRIBUTION,
        "How to cite: ",
        "<table>.parquet",
        "peel.duckdb",
        "How to trace a value: ",
    ):
        assert said in cover
    links = {cell.hyperlink.target for cell in opened(whole)["Cover"]["A"] if cell.hyperlink}
    assert "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/" in links


def test_the_contents_link_to_every_other_sheet(whole: bytes) -> None:
    page = opened(whole)["Contents"]
    links = {cell.value: cell.hyperlink.location for cell in page["A"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in ["Notes", "Columns", *TABLES]}
    rows = {row[0]: row[2] for row in page.iter_rows(min_row=4, values_only=True)}
    assert rows["judgments"] == 3
    assert rows["findings"] == 0


def test_a_value_keeps_its_type_and_a_printed_number_its_decimals(whole: bytes) -> None:
    headings, first, second = body(whole, "outcome_proportions")
    assert [cell.value for cell in headings] == TABLES["outcome_proportions"].column_names
    cells = {heading.value: cell for heading, cell in zip(headings, first, strict=True)}
    assert (cells["outcome_code"].value, cells["outcome_code"].data_type) == ("1", "s")
    assert (cells["value"].value, cells["value"].data_type, cells["value"].number_format) == (14, "n", "0.0")
    assert cells["value"].alignment.horizontal == "right"
    start = second[TABLES["outcome_proportions"].column_names.index("period_start")]
    assert start.is_date
    assert start.value.date() == date(2015, 7, 1)
    assert start.number_format == "yyyy-mm-dd"
    (quartile,) = (cell for cell in body(whole, "band_statements")[1] if cell.data_type == "b")
    assert quartile.value is False


def test_a_missing_number_is_a_symbol_that_the_sheet_explains_by_its_status(whole: bytes) -> None:
    names = TABLES["outcome_proportions"].column_names
    second = body(whole, "outcome_proportions")[2]
    assert second[names.index("value")].value == "[x]"
    assert second[names.index("parent_id")].value is None
    said = above(whole, "outcome_proportions")
    assert "[x] = not available; value_status says why (not_printed: the row is printed, its number is not)." in said
    assert "[z]" not in said
    assert "Blank cells hold no value." in said
    assert "Units: value: percent; decimals: digits." in said


def test_a_grade_that_no_question_asks_for_is_not_applicable_and_one_not_stated_not_available(whole: bytes) -> None:
    at = TABLES["judgments"].column_names.index("grade")
    assert [row[at].value for row in body(whole, "judgments")[1:]] == ["Good", "[z]", "[x]"]
    assert "[z] = not applicable; judgment_status says why" in above(whole, "judgments")
    at = TABLES["judgments"].column_names.index("summary_line")
    assert [row[at].value for row in body(whole, "judgments")[1:]] == [None, None, None]


def test_every_status_is_either_a_given_value_or_has_a_symbol() -> None:
    by_status = {rule.status: set(rule.symbols) for rule in MISSING}
    assert set(VALUE_STATUSES) - by_status["value_status"] == {"published", "derived"}
    assert set(JUDGMENT_STATUSES) - by_status["judgment_status"] == {"graded", "carried_forward"}


def test_a_null_that_the_status_does_not_speak_of_is_blank_and_no_symbol() -> None:
    rates = made(
        "force_crime_rates",
        {"crime_type_id": "a", "value": 71.25, "value_status": "derived"},
        {"crime_type_id": "b", "value_status": "excluded_by_source"},
    )
    rows = body(workbook({"force_crime_rates": rates}, "1.0.0"), "force_crime_rates")[1:]
    names = TABLES["force_crime_rates"].column_names
    given, excluded = (dict(zip(names, (cell.value for cell in row), strict=True)) for row in rows)
    assert (given["value"], given["offences"], given["published_value"]) == (71.25, None, None)
    assert (excluded["value"], excluded["offences"], excluded["published_value"]) == ("[x]", "[x]", None)


def test_one_status_of_two_values_side_by_side_speaks_of_both() -> None:
    rows = made(
        "comparators",
        {"outcome_id": "a", "computed_value": 4.5, "value_status": "derived"},
        {"outcome_id": "b", "value_status": "not_available"},
    )
    at = TABLES["comparators"].column_names.index("published_value")
    found = body(workbook({"comparators": rows}, "1.0.0"), "comparators")[1:]
    assert [[cell.value for cell in row[at : at + 3]] for row in found] == [[None, 4.5, None], ["[x]", "[x]", "[x]"]]


def test_every_warning_of_a_table_is_a_note_that_its_sheet_names(whole: bytes) -> None:
    notes = {row[0].value: row[1].value for row in body(whole, "Notes")[1:]}
    for name, table in TABLES.items():
        marks = re.findall(r"\[(note \d+)\]", above(whole, name))
        assert set(table.warnings) <= {notes[mark] for mark in marks}
    assert len(set(notes.values())) == len(notes)


def test_the_columns_sheet_gives_every_column_with_meaning_unit_values_and_joins(whole: bytes) -> None:
    rows = [[cell.value for cell in row] for row in body(whole, "Columns")[1:]]
    assert len(rows) == sum(len(table.columns) for table in TABLES.values())
    joined = next(row for row in rows if row[:2] == ["outcome_proportions", "outcome_id"])
    assert joined == [
        "outcome_proportions",
        "outcome_id",
        "Row of the table",
        None,
        "string, part of the key",
        "no",
        None,
        "outcome_types.outcome_id",
    ]
    status = next(row for row in rows if row[:2] == ["findings", "finding_type"])
    assert "strength: something done well (to 2007)" in status[6].split("\n")


def test_a_table_without_rows_has_its_headings_and_says_so(whole: bytes) -> None:
    page = opened(whole)["findings"]
    assert "has no rows in this release" in above(whole, "findings")
    assert [cell.value for cell in list(page.rows)[-1]] == TABLES["findings"].column_names


def test_headings_stay_in_sight_and_columns_are_as_wide_as_a_person_can_read(whole: bytes) -> None:
    book = opened(whole)
    for name in TABLES:
        page = book[name]
        headings = len(above(whole, name).split("\n")) + 1
        assert page.freeze_panes == f"A{headings + 1}"
        assert all(10 <= column.width <= WIDEST + 1 for column in page.column_dimensions.values())
    assert book["judgments"].tables["judgments"].autoFilter.ref == book["judgments"].tables["judgments"].ref


def test_hostile_text_stays_text() -> None:
    content = workbook({"findings": findings(*HOSTILE)}, "1.0.0")
    at = TABLES["findings"].column_names.index("text")
    cells = [row[at] for row in body(content, "findings")[1:]]
    for cell, text in zip(cells, HOSTILE, strict=True):
        assert cell.data_type == "s"
        assert cell.hyperlink is None
        # What XML cannot hold is escaped as Excel does it; openpyxl leaves these escapes as they are.
        escaped = re.sub(r"[\x00-\x08\x0b-\x1f\ufffe]", lambda found: f"_x{ord(found[0]):04X}_", text)
        assert cell.value == escaped
    files = parts(content)
    assert not [name for name, part in files.items() if name.endswith(".xml") and re.search(rb"<f[ >]", part)]
    assert re.findall(rb"<hyperlink [^>]*", files["xl/worksheets/sheet5.xml"]) == [
        b"""<hyperlink ref="A3" location="'Contents'!A1" display="Back to Contents"/"""
    ]


def test_a_text_longer_than_a_cell_is_cut_in_words_and_the_sheet_says_it() -> None:
    content = workbook({"findings": findings("word " * 8_000, "\U0001f600" * 20_000, "y" * CELL_LENGTH)}, "1.0.0")
    at = TABLES["findings"].column_names.index("text")
    long, faces, fits = (row[at].value for row in body(content, "findings")[1:])
    assert long.startswith("word word")
    assert long.endswith(
        "[cut here: the text has 40,000 characters, and a cell holds 32,767 at most; "
        "the whole text is in findings.parquet]"
    )
    assert "the text has 20,000 characters" in faces
    assert fits == "y" * CELL_LENGTH
    assert all(len(text.encode("utf-16-le")) // 2 <= CELL_LENGTH for text in (long, faces))
    assert "2 texts cut" in above(content, "findings")


def test_a_table_longer_than_a_sheet_has_no_rows_and_says_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "SHEET_ROWS", 2)
    content = workbook({"findings": findings("one", "two", "three")}, "1.0.0")
    said = above(content, "findings")
    assert "The table has 3 rows, more than the 2 that a sheet is given, so none is here." in said
    assert "The whole table is in findings.parquet" in said
    assert not opened(content)["findings"].tables
    monkeypatch.setattr(edition, "SHEET_ROWS", 3)
    assert len(body(workbook({"findings": findings("one", "two", "three")}, "1.0.0"), "findings")) == 4


def test_what_excel_cannot_hold_as_number_or_date_is_text() -> None:
    offences = {"value_status": "derived", "offences": 9_007_199_254_740_993, "value": float("inf")}
    content = workbook(
        {"force_crime_rates": made("force_crime_rates", {**offences, "population_date": date(1899, 1, 1)})}, "1.0.0"
    )
    cells = dict(zip(TABLES["force_crime_rates"].column_names, body(content, "force_crime_rates")[1], strict=True))
    assert cells["offences"].value == "9007199254740993"
    assert cells["value"].value == "inf"
    assert cells["population_date"].value == "1899-01-01"


def test_a_computed_number_is_given_to_its_last_digit() -> None:
    shares = (1.5962664678588596, 0.1 + 0.2, 1e-7)
    rows = ({"area_code": f"E2300000{number}", "value": share} for number, share in enumerate(shares))
    content = workbook({"force_outcomes": made("force_outcomes", *rows)}, "1.0.0")
    at = TABLES["force_outcomes"].column_names.index("value")
    assert [row[at].value for row in body(content, "force_outcomes")[1:]] == list(shares)


def test_names_of_sheets_are_short_and_no_two_alike() -> None:
    names = ["a" * 40, "a" * 41, "A" * 40, "notes", "history"]
    given = sheet_names(names)
    assert list(given) == names
    assert given["notes"] == "notes_2"
    assert given["history"] == "history_2"
    assert all(len(sheet) <= 31 for sheet in given.values())
    assert len({sheet.lower() for sheet in given.values()}) == 5


def test_no_tables_give_a_workbook_that_opens() -> None:
    assert opened(workbook({}, "0.0.0")).sheetnames == FRONT


def test_a_table_that_is_not_in_the_schema_is_refused() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        workbook({"nowhere": pa.table({"a": [1]})}, "1.0.0")


MADE_ELSEWHERE = """
import hashlib
from pipelines.editions.workbook import workbook
from pipelines.schema import TABLES
print(hashlib.sha256(workbook({name: TABLES[name].to_arrow([]) for name in ("figures", "measures")}, "1")).hexdigest())
"""


def test_same_tables_same_bytes_in_another_process_and_time_zone() -> None:
    elsewhere = subprocess.run(
        [sys.executable, "-c", MADE_ELSEWHERE],
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    here = workbook({name: TABLES[name].to_arrow([]) for name in ("figures", "measures")}, "1")
    assert elsewhere.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_the_file_tells_nothing_of_the_machine(whole: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        assert {item.date_time for item in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    files = parts(whole)
    assert files["docProps/core.xml"].count(b"1980-01-01T00:00:00Z") == 2
    assert not [name for name, part in files.items() if b"/tmp/" in part or b"/work/" in part or b"/home/" in part]
