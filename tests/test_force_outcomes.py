"""Pictures of a force's outcomes against England and Wales: what they show, and what they say of missing values."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from pipelines.page import svg
from pipelines.page.force_outcomes import force_pictures
from pipelines.page.picture import Picture
from pipelines.schema import ENGLAND_AND_WALES, NO_LEAGUE_TABLE, TABLES

YEAR = {"period_start": date(2017, 4, 1), "period_end": date(2018, 3, 31)}
INSPECTED = {"period_start": date(2015, 7, 1), "period_end": date(2016, 6, 30)}
KENT, ESSEX = "E23000032", "E23000028"
SVG = "{http://www.w3.org/2000/svg}"
MINUS = "\N{MINUS SIGN}"


def release(**tables: list[dict[str, Any]]) -> Mapping[str, pa.Table]:
    """Every published table; those that are not given have no rows, columns that are not given are null."""
    return {
        name: table.to_arrow([{**dict.fromkeys(table.column_names), **row} for row in tables.get(name, [])])
        for name, table in TABLES.items()
    }


def force(area_code: str, name: str) -> dict[str, Any]:
    """A row of forces."""
    names = {"name_hmic": name, "name_home_office": name, "name_ons": name}
    force_id = name.lower().replace(" police", "").replace(" ", "-")
    return {"area_code": area_code, "force_id": force_id, "area_type": "police_force_area", **names}


FORCES = [force(KENT, "Kent Police"), {**force(ESSEX, "Essex Police")}]
TYPES: list[dict[str, Any]] = [
    {"outcome_id": "total", "label": "Total", "row_type": "total"},
    {"outcome_id": "total_assigned", "label": "Total assigned", "row_type": "total", "group_id": "total"},
    {"outcome_id": "not_yet_assigned", "label": "Not yet assigned", "row_type": "total", "group_id": "total"},
    {"outcome_id": "charged_summonsed", "label": "Charged", "row_type": "type", "group_id": "total_assigned"},
    {"outcome_id": "out_of_court_formal", "label": "Formal", "row_type": "group", "group_id": "total_assigned"},
    {"outcome_id": "caution_youths", "label": "Caution", "row_type": "type", "group_id": "out_of_court_formal"},
]
ROWS = {row["outcome_id"]: row for row in TYPES}


def printed(
    outcome_id: str, value: float | None, area_code: str = KENT, line: int = 412, **other: Any
) -> dict[str, Any]:
    """A row of outcome_proportions."""
    return {
        "report_id": "kent-2016-effectiveness",
        "area_code": area_code,
        "outcome_id": outcome_id,
        "outcome_label": "A label",
        "row_type": ROWS[outcome_id]["row_type"],
        "parent_id": ROWS[outcome_id].get("group_id"),
        **INSPECTED,
        "value": value,
        "unit": "percent",
        "decimals": None if value is None else 1,
        "value_status": "not_printed" if value is None else "published",
        "line_start": line,
        "line_end": line,
        "printed": "",
        "label_line_start": line,
        "label_line_end": line,
        **other,
    }


def pair(outcome_id: str, force: float | None, national: float | None, **other: Any) -> list[dict[str, Any]]:
    """What a report prints of one outcome, for its force and for England and Wales."""
    return [printed(outcome_id, force, **other), printed(outcome_id, national, ENGLAND_AND_WALES, **other)]


def opened(outcome_id: str, value: float | None, area_code: str = KENT, **other: Any) -> dict[str, Any]:
    """A row of force_outcomes."""
    return {
        "area_code": area_code,
        "outcome_id": outcome_id,
        "row_type": ROWS[outcome_id]["row_type"],
        "parent_id": ROWS[outcome_id].get("group_id"),
        **YEAR,
        "offences": None if value is None else int(value * 10),
        "offences_recorded": 1000,
        "value": value,
        "unit": "percent",
        "value_status": "not_available" if value is None else "derived",
        "source_file": "a.csv.gz",
        **other,
    }


def comparator(outcome_id: str, value: float | None, **other: Any) -> dict[str, Any]:
    """A row of comparators."""
    return {
        "source": "home_office",
        "measure": "outcome_proportion",
        "outcome_id": outcome_id,
        **YEAR,
        "computed_value": value,
        "unit": "percent",
        "forces_used": 43,
        "method": "from_sums",
        "value_status": "derived",
        **other,
    }


@pytest.fixture(scope="module")
def kent() -> Picture:
    """One report of one force, a row of which has no numbers."""
    (picture,) = force_pictures(
        release(
            outcome_proportions=[
                *pair("charged_summonsed", 14.2, 12.1),
                *pair("out_of_court_formal", None, None, line=420),
                printed("caution_youths", 0.4, line=430),
                printed("caution_youths", 0.9, ENGLAND_AND_WALES, line=431),
                *pair("total_assigned", 95.0, 91.3, line=440),
                *pair("not_yet_assigned", 5.0, 8.7, line=441),
            ],
            forces=FORCES,
            outcome_types=TYPES,
        )
    )
    return picture


def words(picture: Picture) -> list[str]:
    """The texts of the drawing."""
    return [one.text or "" for one in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


def paths(picture: Picture, **attributes: str) -> list[str]:
    """The shapes with these attributes."""
    found = ElementTree.fromstring(picture.svg).iter(f"{SVG}path")
    return [one.get("d", "") for one in found if all(one.get(name) == value for name, value in attributes.items())]


def assert_texts_are_inside(picture: Picture) -> None:
    """No text begins before the drawing or ends after it, by the width that characters usually have."""
    root = ElementTree.fromstring(picture.svg)
    parents = {child: parent for parent in root.iter() for child in parent}
    for one in root.iter(f"{SVG}text"):
        group = parents[one]
        size = float(one.get("font-size") or group.get("font-size") or "nan")
        assert size >= 11
        is_bold = "bold" in (one.get("font-weight"), group.get("font-weight"))
        width = svg.width_of(one.text or "", size, is_bold)
        x, anchor = float(one.get("x", "nan")), one.get("text-anchor") or group.get("text-anchor") or "start"
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        assert left >= -1, (one.text, left)
        assert left + width <= svg.WIDTH + 1, (one.text, left + width)


def test_the_title_says_which_difference_is_largest_and_no_judgment(kent: Picture) -> None:
    assert kent.title == (
        "Kent: largest difference from England and Wales is in \N{LEFT SINGLE QUOTATION MARK}Charged"
        "\N{RIGHT SINGLE QUOTATION MARK}: 14.2 against 12.1 percent, 2.1 percentage points above"
    )
    assert kent.subtitle == (
        "Proportion of outcomes assigned to offences recorded: percent, twelve months to 30 June 2016. "
        "Source: printed in kent-2016-effectiveness."
    )


def test_it_is_picked_by_its_force(kent: Picture) -> None:
    assert (kent.id, kent.kind, kent.subject, kent.label) == (
        "force-outcomes-kent",
        "force_outcomes",
        "kent",
        "Kent Police",
    )


def test_the_data_table_says_where_each_value_is_printed(kent: Picture) -> None:
    assert kent.columns == (
        "Outcome",
        "Kind of row",
        "Kent",
        "England and Wales",
        "Difference in percentage points",
        "Where",
    )
    assert kent.rows == (
        ("Charged", "type", "14.2", "12.1", "+2.1", "line 412 of kent-2016-effectiveness"),
        ("Formal", "group", "not printed", "not printed", "", "line 420 of kent-2016-effectiveness"),
        ("Caution", "type", "0.4", "0.9", f"{MINUS}0.5", "lines 430 and 431 of kent-2016-effectiveness"),
        ("Total assigned", "total", "95.0", "91.3", "+3.7", "line 440 of kent-2016-effectiveness"),
        ("Not yet assigned", "total", "5.0", "8.7", f"{MINUS}3.7", "line 441 of kent-2016-effectiveness"),
    )


def test_a_missing_number_is_words_and_no_bar(kent: Picture) -> None:
    assert "not printed" in words(kent)
    assert "No bar or line where a number is not printed: Formal." in kent.notes
    # Charged, caution and not yet assigned; the total is beyond the axis.
    bars = paths(kent, fill="#4F86B0") + paths(kent, fill="#12436D")
    assert sum(one.count("M") for one in bars) == 3 + 1  # and that of the legend


def test_a_total_beyond_all_else_is_only_in_numbers(kent: Picture) -> None:
    assert "only in numbers" in words(kent)
    assert "Only in numbers, since the axis would have to reach them: Total assigned." in kent.notes


def test_every_row_has_a_line_for_england_and_wales(kent: Picture) -> None:
    (lines,) = [one for one in paths(kent, stroke="#801650") if one.count("M") > 1]
    assert lines.count("M") == 3


def test_every_picture_warns_of_league_tables(kent: Picture) -> None:
    assert kent.notes[-2:] == NO_LEAGUE_TABLE


def test_its_words_stand_inside_the_drawing(kent: Picture) -> None:
    assert_texts_are_inside(kent)


def test_no_rows_give_no_pictures() -> None:
    assert force_pictures(release()) == []


def test_the_latest_of_several_reports_is_shown_and_the_others_are_named() -> None:
    later = {"report_id": "kent-2017-effectiveness", "period_start": date(2016, 7, 1), "period_end": date(2017, 6, 30)}
    rows = [*pair("charged_summonsed", 14.2, 12.1), *pair("charged_summonsed", 13.0, 12.0, **later)]
    (picture,) = force_pictures(release(outcome_proportions=rows, forces=FORCES))
    assert picture.rows[0][2:4] == ("13.0", "12.0")
    assert "Shown is the latest of 2 reports that print it; the others: kent-2016-effectiveness." in picture.notes


def test_a_force_without_a_report_is_shown_as_open_data_has_it() -> None:
    tables = release(
        force_outcomes=[
            opened("charged_summonsed", 15.25, ESSEX),
            opened("charged_summonsed", 14.0, ESSEX, **INSPECTED),
            opened("charged_summonsed", 99.0, KENT),
            opened("caution_youths", None, ESSEX),
        ],
        comparators=[
            comparator("charged_summonsed", 10.04),
            comparator("charged_summonsed", 55.5, measure="z_other"),
        ],
        outcome_proportions=pair("charged_summonsed", 14.2, 12.1),
        forces=FORCES,
        outcome_types=TYPES,
    )
    essex, kent = force_pictures(tables)
    assert kent.rows[0][2] == "14.2"
    assert essex.rows == (
        ("Charged", "type", "15.2", "10.0", "+5.2", "open data: 152 of 1,000 offences"),
        ("Caution", "type", "not available", "not available", "", "open data"),
    )
    assert "twelve months to 31 March 2018. Source: Home Office crime outcomes open data." in essex.subtitle
    assert_texts_are_inside(essex)


def test_a_report_that_prints_no_number_of_the_force_gives_way_to_open_data() -> None:
    tables = release(
        outcome_proportions=pair("charged_summonsed", None, 12.1), force_outcomes=[opened("charged_summonsed", 9.0)]
    )
    (picture,) = force_pictures(tables)
    assert picture.rows[0][2] == "9.0"


def test_a_force_without_any_number_has_no_picture() -> None:
    assert force_pictures(release(force_outcomes=[opened("charged_summonsed", None)], forces=FORCES)) == []


def test_a_number_that_cannot_be_known_is_said_so() -> None:
    rows = [
        *pair("charged_summonsed", 14.2, 12.1),
        printed("caution_youths", None, value_status="unassigned"),
        printed("caution_youths", 0.9, ENGLAND_AND_WALES),
    ]
    (picture,) = force_pictures(release(outcome_proportions=rows, forces=FORCES, outcome_types=TYPES))
    assert picture.rows[1][2:5] == ("cannot be known", "0.9", "")
    assert "Kent: cannot be known" in words(picture)


def test_negative_shares_are_drawn_left_of_zero() -> None:
    tables = release(
        force_outcomes=[opened("charged_summonsed", 10.0), opened("not_yet_assigned", -5.0)],
        comparators=[comparator("charged_summonsed", 10.0), comparator("not_yet_assigned", 2.0)],
    )
    (picture,) = force_pictures(tables)
    assert picture.rows[1] == ("Not yet assigned", "total", f"{MINUS}5.0", "2.0", f"{MINUS}7.0",
                               f"open data: {MINUS}50 of 1,000 offences")  # fmt: skip
    (bar,) = [one for one in paths(picture, fill="#12436D") if one.count("H") == 2 and not one.startswith("M6 4h")]
    begins, ends = float(bar.split()[0][1:]), float(bar.split("H")[1].split("v")[0])
    assert (begins, ends) == (84.0, 6.0)
    assert f"{MINUS}5.0" in words(picture)


def test_no_difference_is_said_so() -> None:
    (picture,) = force_pictures(release(outcome_proportions=pair("charged_summonsed", 0.0, 0.0), forces=FORCES))
    assert picture.title == "Kent: no difference from England and Wales"


def test_nothing_to_compare_with_is_said_so() -> None:
    (picture,) = force_pictures(release(force_outcomes=[opened("charged_summonsed", 9.0)], forces=FORCES))
    assert picture.title == "Kent: no value can be set beside England and Wales"
    assert picture.rows[0][3] == "not available"


def test_types_of_one_label_are_told_apart_in_the_table() -> None:
    types = [
        {**ROWS["charged_summonsed"], "label": "Same", "official_name": "Charged or summonsed"},
        {**ROWS["caution_youths"], "label": "Same", "official_name": "Youth caution"},
        ROWS["out_of_court_formal"],
    ]
    rows = [*pair("charged_summonsed", 14.2, 12.1), *pair("caution_youths", 0.4, 0.9)]
    (picture,) = force_pictures(release(outcome_proportions=rows, outcome_types=types))
    assert [row[0] for row in picture.rows] == ["Charged or summonsed", "Youth caution"]
    assert {"Charged or summonsed", "Same"} <= set(words(picture))


HOSTILE = ("<script>alert(1)</script>", "a\u202eb", "a\x00b", "x" * 10_000, "word " * 5_000, '" onload="x')


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_out_as_text(text: str) -> None:
    (picture,) = force_pictures(
        release(
            outcome_proportions=[*pair("charged_summonsed", 14.2, 12.1), *pair("caution_youths", None, 0.9)],
            forces=[{**force(KENT, "Kent Police"), "name_hmic": text}],
            outcome_types=[{**ROWS["charged_summonsed"], "label": text}],
        )
    )
    assert_texts_are_inside(picture)
    everything = (
        picture.title,
        picture.label,
        picture.alt,
        *picture.notes,
        *(cell for row in picture.rows for cell in row),
    )
    assert not any("\u202e" in one or "\x00" in one for one in everything)
    assert "<script" not in picture.svg
    assert not any("onload" in one.attrib for one in ElementTree.fromstring(picture.svg).iter())


def test_the_same_tables_give_the_same_pictures_in_the_order_of_names() -> None:
    tables = release(
        force_outcomes=[opened("charged_summonsed", 9.0), opened("charged_summonsed", 8.0, ESSEX)], forces=FORCES
    )
    assert force_pictures(tables) == force_pictures(tables)
    assert [one.subject for one in force_pictures(tables)] == ["essex", "kent"]


def test_a_table_of_thirty_rows_is_a_small_drawing() -> None:
    rows = [
        {**opened("charged_summonsed", float(n)), "outcome_id": f"outcome_{n:02}_with_a_name_of_usual_length"}
        for n in range(30)
    ]
    (picture,) = force_pictures(release(force_outcomes=rows))
    assert len(picture.svg.encode()) < 8_000
