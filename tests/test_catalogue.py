"""What a release says about itself: derived from the schema, and true of the bytes beside it."""

import hashlib
import json

from pipelines.catalogue import ATTRIBUTION, data_package, dictionary, release_files
from pipelines.publish import parquet_bytes
from pipelines.reference import dimension_rows
from pipelines.schema import TABLES


def forces() -> bytes:
    return parquet_bytes(TABLES["forces"].to_arrow(dimension_rows("forces")))


def empty(name: str) -> bytes:
    return parquet_bytes(TABLES[name].to_arrow([]))


def test_a_release_holds_the_tables_and_what_describes_them() -> None:
    content = forces()
    files = release_files({"forces": content})
    assert set(files) == {"forces.parquet", "datapackage.json", "DICTIONARY.md"}
    assert files["forces.parquet"] == content


def test_the_data_package_is_true_of_the_bytes() -> None:
    content = forces()
    resource = json.loads(data_package({"forces": content}))["resources"][0]
    assert resource["path"] == "forces.parquet"
    assert resource["rows"] == 44
    assert resource["bytes"] == len(content)
    assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    assert resource["schema"]["primaryKey"] == ["area_code"]


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


def test_the_same_tables_give_the_same_bytes_in_any_order() -> None:
    one, other = empty("figures"), empty("reports")
    assert data_package({"figures": one, "reports": other}) == data_package({"reports": other, "figures": one})
