"""What a release says about itself: derived from the schema, and true of the bytes beside it."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from frictionless import Package, Report

from pipelines.catalogue import (
    APOSTROPHE,
    ATTRIBUTION,
    csv_path,
    data_package,
    dictionary,
    release_files,
    table_files,
)
from pipelines.editions.delimited import csv_files
from pipelines.publish import parquet_bytes
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, TABLES

KENT = {
    "report_id": "kent-2016-effectiveness",
    "programme_id": "peel-2016",
    "pillar": "effectiveness",
    "force_id": "kent",
    "area_code": "E23000032",
    "force_name": "Kent Police",
    "inspectorate": "HMIC",
    "data_period_end": date(2016, 6, 30),
    "published": None,
    "source_file": "kent.txt",
    "source_format": "text",
    "sha256": "0" * 64,
    "line_count": 100,
    "extraction": "extracted",
}


def forces() -> bytes:
    return parquet_bytes(TABLES["forces"].to_arrow(dimension_rows("forces")))


def empty(name: str) -> bytes:
    return parquet_bytes(TABLES[name].to_arrow([]))


def rule(area_code: str, **other: Any) -> dict[str, Any]:
    row = {"report_id": KENT["report_id"], "rule_id": "figure-4", "area_code": area_code, "figure": None}
    row |= {"rule_type": "exclusion", "in_force_chart": False, "in_england_and_wales": None, "section": "footnote"}
    return {**row, "statement": "=1+1", "line_start": 1, "line_end": 1, "printed": "-\r\n\0\u202e'", **other}


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    """Every table: the dimensions whole, one report, two rules with hostile texts, the others without rows."""
    rows = {name: dimension_rows(name) for name in DIMENSIONS}
    rows |= {"reports": [KENT], "annex_rules": [rule(""), rule("E23000032")]}
    return {name: table.to_arrow(rows.get(name, [])) for name, table in TABLES.items()}


@pytest.fixture(scope="module")
def whole(tables: dict[str, pa.Table]) -> dict[str, bytes]:
    """The files of a release in every form."""
    editions = {**csv_files(tables), "peel.duckdb": b"a database", "peel.xlsx": b"a workbook", "index.html": b"<p>"}
    return release_files({name: parquet_bytes(table) for name, table in tables.items()}, editions, "1.2.0")


@pytest.fixture(scope="module")
def small(tables: dict[str, pa.Table]) -> dict[str, bytes]:
    """The files of a release of a few tables that join each other."""
    few = {name: tables[name] for name in ("reports", "annex_rules", "forces", "programmes")}
    editions = {**csv_files(few), "peel.duckdb": b"a database", "peel.xlsx": b"a workbook"}
    return release_files({name: parquet_bytes(table) for name, table in few.items()}, editions)


def written(files: dict[str, bytes], folder: Path) -> Package:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Package(str(folder / "datapackage.json"))


def faults(report: Report) -> set[str]:
    return {error for (error,) in report.flatten(["type"])}


def test_a_release_holds_the_tables_and_what_describes_them() -> None:
    content = forces()
    files = release_files({"forces": content})
    assert set(files) == {"forces.parquet", "datapackage.json", "DICTIONARY.md"}
    assert files["forces.parquet"] == content


def test_a_release_holds_its_editions_as_they_are(whole: dict[str, bytes]) -> None:
    assert whole["peel.duckdb"] == b"a database"
    assert whole["index.html"] == b"<p>"
    assert {f"{name}.parquet" for name in TABLES} | {csv_path(name) for name in TABLES} < whole.keys()


def test_the_data_package_is_true_of_the_bytes() -> None:
    content = forces()
    resource = json.loads(data_package({"forces": content}))["resources"][0]
    assert resource["path"] == "forces.parquet"
    assert resource["rows"] == 44
    assert resource["bytes"] == len(content)
    assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    assert resource["schema"]["primaryKey"] == ["area_code"]


def test_the_data_package_of_every_form_is_true_of_the_bytes(
    whole: dict[str, bytes], tables: dict[str, pa.Table]
) -> None:
    package = json.loads(whole["datapackage.json"])
    assert package["version"] == "1.2.0"
    assert [resource["name"] for resource in package["resources"]] == [
        *TABLES,
        *(f"{name}.parquet" for name in TABLES),
        "peel.duckdb",
        "peel.xlsx",
    ]
    for resource in package["resources"]:
        content = whole[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    for resource, table in zip(package["resources"], TABLES.values(), strict=False):
        assert resource["path"] == f"csv/{table.name}.csv"
        assert resource["rows"] == tables[table.name].num_rows
        assert resource["schema"]["primaryKey"] == list(table.key)
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == table.column_names
        assert [field.get("unit") for field in fields] == [column.unit for column in table.columns]


def test_frictionless_finds_the_release_valid_to_the_last_cell(whole: dict[str, bytes], tmp_path: Path) -> None:
    report = written(whole, tmp_path).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    rows = {task.name: task.stats.get("rows") for task in report.tasks}
    assert (rows["forces"], rows["annex_rules"], rows["measures"], rows["findings"]) == (44, 2, 124, None)
    assert {task.name for task in report.tasks if task.type == "file"} == {
        *(f"{name}.parquet" for name in TABLES),
        "peel.duckdb",
        "peel.xlsx",
    }


@pytest.mark.parametrize(
    ("table", "before", "after", "found"),
    [
        ("reports", b",100,", b",101,", {"hash-count"}),
        ("forces", b'"E23000032"', b'"E23000033"', {"primary-key", "hash-count"}),
        ("reports", b'"Kent Police"', b"", {"constraint-error", "hash-count", "byte-count"}),
        ("reports", b"2016-06-30", b"2016-06-31", {"type-error", "hash-count"}),
        ("reports", b'"HMIC"', b'"HMIX"', {"constraint-error", "hash-count"}),
        ("annex_rules", b'"kent-2016-effectiveness"', b'"kent-2026-effectiveness"', {"foreign-key", "hash-count"}),
        ("programmes", b"\r\n", b"\r\n\r\n", {"blank-row", "primary-key", "hash-count", "byte-count", "row-count"}),
    ],
    ids=["a digit", "a key twice", "a required cell empty", "no date", "not allowed", "joins nothing", "an empty line"],
)
def test_frictionless_sees_what_is_changed(
    small: dict[str, bytes], tmp_path: Path, table: str, before: bytes, after: bytes, found: set[str]
) -> None:
    content = small[csv_path(table)]
    assert before in content
    package = written({**small, csv_path(table): content.replace(before, after, 1)}, tmp_path)
    assert faults(package.get_resource(table).validate()) == found


@pytest.mark.parametrize("name", ["forces.parquet", "peel.duckdb", "peel.xlsx"])
def test_frictionless_sees_a_changed_byte_of_a_file_it_does_not_open(
    small: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    content = small[name]
    package = written({**small, name: bytes([content[0] ^ 1]) + content[1:]}, tmp_path)
    assert faults(package.get_resource(name).validate()) == {"hash-count"}


def test_an_empty_text_and_a_null_are_told_apart(small: dict[str, bytes], tmp_path: Path) -> None:
    rows = written(small, tmp_path).get_resource("annex_rules").read_rows()
    assert [(row["area_code"], row["figure"], row["in_force_chart"]) for row in rows] == [
        ("", None, False),
        ("E23000032", None, False),
    ]
    assert [row["statement"] for row in rows] == ["'=1+1", "'=1+1"]


def test_without_editions_the_descriptor_reads_as_a_package(tables: dict[str, pa.Table]) -> None:
    content = data_package({name: parquet_bytes(table) for name, table in tables.items()})
    package = Package.from_descriptor(json.loads(content))
    assert package.resource_names == list(TABLES)
    assert "version" not in json.loads(content)


@pytest.mark.parametrize("editions", [{}, {"peel.xlsx": b"x"}, {"csv/forces.csv": b"area_code\r\n"}])
def test_the_parquet_file_of_a_table_is_found_in_either_form(editions: dict[str, bytes]) -> None:
    content = forces()
    described = table_files(data_package({"forces": content, "figures": empty("figures")}, editions))
    assert described.keys() == {"forces", "figures"}
    found = described["forces"]
    assert (found["name"], found["path"], found["rows"], found["bytes"]) == (
        "forces",
        "forces.parquet",
        44,
        len(content),
    )
    assert found["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    assert found["schema"]["primaryKey"] == ["area_code"]
    assert found["title"] == TABLES["forces"].title


@pytest.mark.parametrize(
    "package", [b"{", b"\xff", b"[]", b"{}", b'{"resources": [3]}', b'{"resources": [{"name": "t"}]}']
)
def test_bytes_that_describe_no_release_are_refused(package: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        table_files(package)


def test_the_data_package_gives_licence_attribution_and_sources() -> None:
    package = json.loads(data_package({"forces": forces()}))
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    sentence = "Contains public sector information licensed under the Open Government Licence v3.0."
    assert package["attribution"] == sentence
    assert sentence in package["description"]
    assert {"title", "path"} == set(package["sources"][0])


def test_fields_carry_type_unit_meaning_and_constraints() -> None:
    package = json.loads(data_package({"outcome_proportions": empty("outcome_proportions")}))
    fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert list(fields) == TABLES["outcome_proportions"].column_names
    value = fields["value"]
    assert (value["type"], value["unit"]) == ("number", "percent")
    assert value["constraints"] == {"minimum": 0, "maximum": 100}
    assert fields["row_type"]["constraints"] == {"required": True, "enum": ["type", "group", "total"]}
    assert fields["row_type"]["categories"][0]["value"] == "type"
    assert fields["period_end"]["type"] == "date"
    assert fields["line_start"]["type"] == "integer"


def test_keys_that_join_are_given_where_both_tables_are_there() -> None:
    def joins(*names: str) -> dict[str, Any]:
        package = json.loads(data_package({name: empty(name) for name in names}))
        keys = {resource["name"]: resource["schema"].get("foreignKeys", []) for resource in package["resources"]}
        return {each["fields"][0]: each["reference"] for each in keys["outcome_proportions"]}

    assert joins("outcome_proportions") == {}
    assert joins("outcome_proportions", "reports") == {"report_id": {"resource": "reports", "fields": ["report_id"]}}
    package = json.loads(data_package({"outcome_types": empty("outcome_types")}))
    # A table that joins itself names no resource.
    assert package["resources"][0]["schema"]["foreignKeys"] == [
        {"fields": ["group_id"], "reference": {"fields": ["outcome_id"]}}
    ]


def test_every_type_of_the_schema_has_a_field_type() -> None:
    package = json.loads(data_package({name: empty(name) for name in TABLES}))
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    for resource in package["resources"]:
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_dictionary_names_every_table_column_and_allowed_value() -> None:
    text = dictionary(TABLES.values()).decode()
    assert ATTRIBUTION in text
    for table in TABLES.values():
        assert f"\n## {table.name}\n" in text
        for column in table.columns:
            assert f"| `{column.name}` | {column.type} |" in text
            for value in column.allowed or ():
                assert f"- `{value}`: " in text
        for warning in table.warnings:
            assert f"- {warning}" in text


def test_the_dictionary_says_what_a_column_joins() -> None:
    text = dictionary([TABLES["reports"], TABLES["grade_history"]]).decode()
    assert "| `programme_id` | string |  |  | `programmes.programme_id` | Inspection programme" in text
    assert "| `report_id` | string |  |  |  | Report the row" in text


def test_the_dictionary_names_the_forms_that_are_there(whole: dict[str, bytes]) -> None:
    text = whole["DICTIONARY.md"].decode()
    for form in ("`<table>.parquet`", "`csv/<table>.csv`", "`peel.duckdb`", "`peel.xlsx`"):
        assert f"- {form}: " in text
    assert f"`{APOSTROPHE}`" in text
    assert "only in annex_rules.area_code" in text
    alone = release_files({"forces": forces()})["DICTIONARY.md"].decode()
    assert not any(word in alone for word in ("csv", "duckdb", "xlsx", "apostrophe"))
    book = release_files({"forces": forces()}, {"peel.xlsx": b""})["DICTIONARY.md"].decode()
    assert "`peel.xlsx`" in book
    assert "apostrophe" not in book


def test_the_same_tables_give_the_same_bytes_in_any_order() -> None:
    one, other = empty("figures"), empty("reports")
    assert data_package({"figures": one, "reports": other}) == data_package({"reports": other, "figures": one})
