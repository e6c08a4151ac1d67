"""The CSV edition: exact to the last character, safe to open in a spreadsheet, and described for machines."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest
from csvw import CSVW

from pipelines.catalogue import APOSTROPHE
from pipelines.editions.delimited import csv_bytes, csv_files
from pipelines.publish import parquet_bytes
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, TABLES

HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "'=x",
    "''=x",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "\x7f",
    "'",
    "''",
    "'tis",
    "''tis",
    "'\n",
    "- a point of a list",
    " =1",
    "' =1",
    "  text",
    'says "no"',
    '"',
    ",",
    "one\ntwo",
    "one\r\ntwo\rthree",
    "\u202etxt.exe",
    "\ufefftext",
    "\x1b[31mred",
    "# no comment",
    "NA",
    "null",
    "0012",
    "$$x$$",
    "[a](javascript:x)",
    "<script>alert(1)</script>",
    "x" * 10_000,
    "y\n" * 50_000,
)


def finding(number: int, **other: Any) -> dict[str, Any]:
    row = dict.fromkeys(TABLES["findings"].column_names)
    row |= {"report_id": "kent", "finding_id": f"kent-afi-{number:04}", "finding_type": "area_for_improvement"}
    return {**row, "sequence": number, "text": "x", "line_start": 1, "line_end": 2, "printed": "x", **other}


def findings(*texts: str) -> pa.Table:
    return TABLES["findings"].to_arrow(finding(n, text=text, printed=text) for n, text in enumerate(texts, 1))


def rule(**other: Any) -> dict[str, Any]:
    row = {"report_id": "kent", "rule_id": "figure-4", "area_code": "", "figure": None, "rule_type": "exclusion"}
    row |= {"in_force_chart": None, "in_england_and_wales": True, "statement": "s", "section": "footnote"}
    return {**row, "line_start": 1, "line_end": 1, "printed": "p", **other}


def rate(value: float | None, area_code: str = "K04000001", **other: Any) -> dict[str, Any]:
    row = {"report_id": "kent", "area_code": area_code, "crime_type_id": "recorded_crime", "crime_type_label": "Crime"}
    row |= {"period_start": date(2015, 7, 1), "period_end": date(2016, 6, 30), "value": value}
    row |= {"unit": "per 1,000 population", "decimals": 1, "value_status": "published", "line_start": 1, "line_end": 1}
    row |= {"printed": "14.2", "label_line_start": 1, "label_line_end": 1, **other}
    return {name: row.get(name) for name in TABLES["crime_rates"].column_names}


def read_exactly(content: bytes, name: str) -> pa.Table:
    """The table that the CSV stands for: quotes tell empty texts from nulls, one apostrophe is taken off."""
    schema = TABLES[name].arrow_schema()
    read = pa.csv.read_csv(
        io.BytesIO(content),
        read_options=pa.csv.ReadOptions(use_threads=False, block_size=1 << 24),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict(zip(schema.names, schema.types, strict=True)),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["true"],
            false_values=["false"],
        ),
    )
    columns = [
        pa.array([as_in_table(cell) for cell in read[field.name].to_pylist()], field.type)
        if field.type == pa.string()
        else read[field.name].combine_chunks()
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def as_in_table(cell: str | None) -> str | None:
    return None if cell is None else re.sub(APOSTROPHE, "", cell, count=1)


def plain_rows(content: bytes) -> list[dict[str, str]]:
    """The rows as a reader sees them that knows nothing but commas and quotes."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_hostile_texts_come_back_exactly() -> None:
    table = findings(*HOSTILE)
    content = csv_bytes(table, TABLES["findings"])
    assert read_exactly(content, "findings").equals(table)
    assert [as_in_table(row["text"]) for row in plain_rows(content)] == list(HOSTILE)


def test_no_cell_begins_as_a_formula_does() -> None:
    for row in plain_rows(csv_bytes(findings(*HOSTILE), TABLES["findings"])):
        for cell in row.values():
            assert not re.match(r" *[=+\-@＝＋－＠\x00-\x1f\x7f]", cell), cell[:20]


def test_apostrophes_are_put_in_front_of_what_looks_like_a_formula_and_of_nothing_else() -> None:
    shown = {
        "=1": "'=1",
        "'=1": "''=1",
        "-1": "'-1",
        "'": "''",
        "'tis": "'tis",
        "a=1": "a=1",
        " =1": "' =1",
        "1": "1",
        "a =1": "a =1",
    }
    cells = [row["text"] for row in plain_rows(csv_bytes(findings(*shown), TABLES["findings"]))]
    assert cells == list(shown.values())


def test_two_texts_never_become_one_cell() -> None:
    ends = ("", "'", "=", " =", " '=", " ", "x", "\n", "\t'", "-'")
    texts = sorted({"'" * times + end for times in range(5) for end in ends} - {""})
    cells = [row["text"] for row in plain_rows(csv_bytes(findings(*texts), TABLES["findings"]))]
    assert len(set(cells)) == len(texts)
    assert [as_in_table(cell) for cell in cells] == texts


def test_an_empty_text_is_told_from_a_null() -> None:
    rules = TABLES["annex_rules"].to_arrow([rule(), rule(area_code="E23000032", figure=4, in_force_chart=False)])
    content = csv_bytes(rules, TABLES["annex_rules"])
    assert content.splitlines()[1].startswith(b'"kent","figure-4","",,"exclusion",,true,"s"')
    assert content.splitlines()[2].startswith(b'"kent","figure-4","E23000032",4,"exclusion",false,true,"s"')
    assert read_exactly(content, "annex_rules").equals(rules)
    # In a column whose empty cells are nulls, an empty text is an apostrophe.
    table = TABLES["findings"].to_arrow([finding(1, parent_id=""), finding(2), finding(3, parent_id="'")])
    content = csv_bytes(table, TABLES["findings"])
    assert [row["parent_id"] for row in plain_rows(content)] == ["'", "", "''"]
    assert read_exactly(content, "findings").equals(table)


def test_numbers_are_the_shortest_that_come_back_exactly() -> None:
    shown = {14.2: "14.2", 100.0: "100", 0.1 + 0.2: "0.30000000000000004", 1e-7: "1e-7", 5e-324: "5e-324"}
    shown |= {-0.5: "-0.5", 2 / 3: "0.6666666666666666", 1.7976931348623157e308: "1.7976931348623157e+308"}
    rows = [rate(value, crime_type_id=f"c{n}") for n, value in enumerate(shown)] + [rate(None, crime_type_id="none")]
    table = TABLES["crime_rates"].to_arrow(rows)
    content = csv_bytes(table, TABLES["crime_rates"])
    assert [row["value"] for row in plain_rows(content)] == [*shown.values(), ""]
    assert {row["period_end"] for row in plain_rows(content)} == {"2016-06-30"}
    assert read_exactly(content, "crime_rates").equals(table)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused_by_the_name_of_its_column(value: float) -> None:
    with pytest.raises(ValueError, match="table crime_rates: value holds a value that is not a number"):
        csv_bytes(TABLES["crime_rates"].to_arrow([rate(value)]), TABLES["crime_rates"])


def test_the_files_are_plain_utf8_with_a_header_row_and_crlf() -> None:
    content = csv_files({"findings": findings("it’s")})["csv/findings.csv"]
    header, row, rest = content.split(b"\r\n")
    assert header.decode().split(",") == TABLES["findings"].column_names
    assert "it’s".encode() in row
    assert rest == b""


def test_every_table_has_its_files_also_without_rows() -> None:
    files = csv_files({name: table.to_arrow([]) for name, table in TABLES.items()})
    described = {f"csv/{name}.csv{end}" for name in TABLES for end in ("", "-metadata.json")}
    assert files.keys() == described | {"csv/csv-metadata.json"}
    for name, table in TABLES.items():
        assert files[f"csv/{name}.csv"].decode() == ",".join(table.column_names) + "\r\n"


def test_the_same_tables_give_the_same_bytes_however_they_are_cut() -> None:
    table = findings(*HOSTILE)
    cut = pa.concat_tables([table.slice(0, 3), table.slice(3)])
    assert csv_files({"findings": cut}) == csv_files({"findings": table})


def test_the_metadata_say_what_the_schema_says() -> None:
    files = csv_files({"crime_rates": TABLES["crime_rates"].to_arrow([])})
    described = json.loads(files["csv/crime_rates.csv-metadata.json"])
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described["url"] == "crime_rates.csv"
    assert described["dc:title"] == TABLES["crime_rates"].title
    assert described["dc:license"]["@id"].endswith("open-government-licence/version/3/")
    assert described["tableSchema"]["primaryKey"] == ["report_id", "area_code", "crime_type_id"]
    notes = [note["rdfs:comment"] for note in described["notes"]]
    assert set(TABLES["crime_rates"].warnings) < set(notes)
    assert any(APOSTROPHE in note for note in notes)
    columns = {column["name"]: column for column in described["tableSchema"]["columns"]}
    assert list(columns) == TABLES["crime_rates"].column_names
    assert columns["decimals"]["datatype"] == {"base": "int", "minimum": 0, "maximum": 4}
    assert (columns["decimals"]["required"], columns["decimals"]["schema:unitText"]) == (False, "digits")
    assert columns["report_id"]["dc:references"] == {"@id": "reports.csv"}
    assert columns["period_end"]["datatype"] == {"base": "date"}
    assert columns["value_status"]["datatype"]["format"].startswith("^(?:published|not_printed|")
    for column in columns.values():
        assert column["titles"] == column["name"]
        assert column["dc:description"]


def write(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def dimensions() -> dict[str, pa.Table]:
    return {name: TABLES[name].to_arrow(dimension_rows(name)) for name in DIMENSIONS}


def test_a_csvw_reader_finds_the_metadata_and_reads_values_of_the_right_types(tmp_path: Path) -> None:
    tables = {
        "annex_rules": TABLES["annex_rules"].to_arrow([rule(), rule(area_code="E23000032", figure=4)]),
        "crime_rates": TABLES["crime_rates"].to_arrow([rate(14.2), rate(None, "E23000032")]),
        "findings": findings(*HOSTILE),
        "measures": TABLES["measures"].to_arrow(dimension_rows("measures")),
    }
    folder = write(csv_files(tables), tmp_path)
    read = {}
    for name, table in tables.items():
        described = CSVW(str(folder / "csv" / f"{name}.csv"), validate=True)
        assert described.is_valid, described.warnings
        read[name] = list(described.t)
        assert len(read[name]) == table.num_rows
    assert [row["area_code"] for row in read["annex_rules"]] == ["", "E23000032"]
    assert [row["figure"] for row in read["annex_rules"]] == [None, 4]
    assert (read["annex_rules"][0]["in_force_chart"], read["annex_rules"][0]["in_england_and_wales"]) == (None, True)
    assert [row["value"] for row in read["crime_rates"]] == [None, 14.2]
    assert read["crime_rates"][0]["period_end"].date() == date(2016, 6, 30)
    assert [as_in_table(row["text"]) for row in read["findings"]] == list(HOSTILE)
    for column in ("measure_id", "unit"):
        assert [row[column] for row in read["measures"]] == tables["measures"][column].to_pylist()


def test_a_csvw_reader_follows_the_joins(tmp_path: Path) -> None:
    files = csv_files(dimensions())
    folder = write(files, tmp_path)
    described = CSVW(str(folder / "csv" / "csv-metadata.json"), validate=True)
    assert described.is_valid
    keys = {
        str(table.url): [key.columnReference for key in table.tableSchema.foreignKeys] for table in described.tables
    }
    assert keys["programme_comparability.csv"] == [["programme_id"], ["other_programme_id"]]
    assert keys["forces.csv"] == []


def test_a_csvw_reader_sees_a_key_that_joins_nothing_and_a_value_that_is_not_allowed(tmp_path: Path) -> None:
    files = csv_files(dimensions())
    programmes, forces = files["csv/programmes.csv"], files["csv/forces.csv"]
    folder = write({**files, "csv/programmes.csv": programmes.replace(b'"peel-2016"', b'"peel-1816"')}, tmp_path)
    with pytest.raises(ValueError, match="peel-2016"):
        assert not CSVW(str(folder / "csv" / "csv-metadata.json"), validate=True).is_valid
    write({"csv/forces.csv": forces.replace(b'"police_force_area"', b'"police_farce_area"', 1)}, tmp_path)
    with pytest.raises(ValueError, match="police_farce_area"):
        list(CSVW(str(folder / "csv" / "forces.csv")).t)


def test_parquet_fields_say_what_they_join() -> None:
    content = parquet_bytes(TABLES["crime_rates"].to_arrow([]))
    schema = pa.parquet.read_schema(io.BytesIO(content))
    assert schema.field("report_id").metadata[b"joins"] == b"reports"
    assert b"joins" not in schema.field("value").metadata
