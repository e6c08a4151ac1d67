"""The picture of what each report holds and lacks: what it counts, that nothing is hidden, and that its words fit."""

from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from use_it import sample_tables

from pipelines.page import svg
from pipelines.page.holdings import MOST_REPORTS, holdings_pictures
from pipelines.page.picture import Picture
from pipelines.schema import TABLES

SVG = "{http://www.w3.org/2000/svg}"


def made(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """A published table of rows that give what matters; every other column is null or empty."""
    schema = TABLES[name].arrow_schema()
    empty = {pa.string(): "", pa.int32(): 1}
    columns = {
        field.name: pa.array(
            [row.get(field.name, None if field.nullable else empty.get(field.type)) for row in rows], field.type
        )
        for field in schema
    }
    return pa.table(columns, schema=schema)


def report(number: int, **other: Any) -> dict[str, Any]:
    return {
        "report_id": f"shire-{number}",
        "programme_id": "peel-2016",
        "pillar": "effectiveness",
        "force_name": f"Shire {number} Police",
        "extraction": "extracted",
        **other,
    }


def figure(report_id: str, number: int, status: str) -> dict[str, Any]:
    return {"report_id": report_id, "figure": number, "data_status": status}


def only(pictures: list[Picture]) -> Picture:
    (one,) = pictures
    return one


def words(picture: Picture) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


def test_the_samples_are_counted_as_a_person_counts_them() -> None:
    # Ten captions stand in each report of 2016. In that of the West Midlands the tables of 2, 4 and 8 are whole;
    # in that of Warwickshire those of 4 and 8, and of figure 10 loose percentages are left.
    picture = only(holdings_pictures(sample_tables()))
    assert picture.title == (
        "5 reports; of 20 numbered figures, 5 carry all their data, 1 part of it and 14 none that the text holds"
    )
    rows = {row[0]: row[1:5] for row in picture.rows}
    assert rows["Warwickshire Police: PEEL 2016, effectiveness"] == (
        "2 (4, 8)",
        "1 (10)",
        "7 (1, 2, 3, 5, 6, 7, 9)",
        "6",
    )
    assert rows["West Midlands Police: PEEL 2016, effectiveness"] == (
        "3 (2, 4, 8)",
        "0",
        "7 (1, 3, 5, 6, 7, 9, 10)",
        "6",
    )
    assert rows["West Midlands Police: PEEL 2015, effectiveness"] == ("0", "0", "0", "4")
    assert next(iter(rows)) == "West Midlands Police: HMIC inspections against specific grading criteria, 2007"


def test_how_much_of_a_figure_is_there_is_told_without_colour() -> None:
    tables = {
        "reports": made("reports", [report(1)]),
        "figures": made(
            "figures",
            [figure("shire-1", 1, "table"), figure("shire-1", 2, "partial"), figure("shire-1", 3, "not_in_text")],
        ),
    }
    picture = only(holdings_pictures(tables))
    assert picture.title == (
        "1 report; of 3 numbered figures, 1 carries all their data, 1 part of it and 1 none that the text holds"
    )
    assert words(picture) == [
        *("n", "all its data", "n", "part of it", "n", "none in the text"),
        *("Shire 1 Police: peel-2016, effectiveness", "1", "2", "3", "no rows were read from it"),
    ]
    tiles = [one.attrib for one in ElementTree.fromstring(picture.svg).iter(f"{SVG}rect")][4:]
    assert [(one["fill"], "stroke-dasharray" in one, one["height"]) for one in tiles] == [
        (svg.DARK_BLUE, False, "19"),
        (svg.PAPER, False, "19"),
        (svg.DARK_BLUE, False, "5.5"),
        (svg.PAPER, True, "19"),
    ]


def test_a_report_of_which_little_was_read_says_why() -> None:
    reports = [report(1, extraction="registered", pillar=None), report(2, extraction="failed")]
    picture = only(holdings_pictures({"reports": made("reports", reports)}))
    assert picture.title == "2 reports, none with a numbered figure"
    assert picture.rows[0][0] == (
        "Shire 1 Police: peel-2016 (its kind is known, its programme is not: nothing of it is extracted)"
    )
    assert picture.rows[1][0].endswith("(its tables could not be extracted; quality_issues says why)")
    assert words(picture).count("no numbered figures") == 2


def test_one_of_a_kind_is_said_in_the_singular() -> None:
    tables = {
        "reports": made("reports", [report(1)]),
        "judgments": made("judgments", [{"report_id": "shire-1", "question_id": "a"}]),
        "findings": made(
            "findings",
            [
                *({"report_id": "shire-1", "finding_id": f"f-{n}"} for n in range(1200)),
                # A bullet is no finding by itself.
                {"report_id": "shire-1", "finding_id": "f-7-1", "parent_id": "f-7"},
            ],
        ),
    }
    assert words(only(holdings_pictures(tables)))[-1] == "1 judgment \N{MIDDLE DOT} 1,200 findings"


def test_many_reports_are_shown_by_programme_and_it_is_said() -> None:
    many = [report(number) for number in range(MOST_REPORTS)]
    other = report(99, programme_id="peel-2015", extraction="failed")
    figures = [figure(f"shire-{number}", 4, "table" if number else "partial") for number in range(MOST_REPORTS)]
    names = [{"programme_id": "peel-2016", "name": "PEEL 2016"}]
    tables = {
        "reports": made("reports", [*many, other]),
        "figures": made("figures", figures),
        "programmes": made("programmes", names),
    }
    picture = only(holdings_pictures(tables))
    assert [row[:4] for row in picture.rows] == [
        ("peel-2015: 1 report (1 of 1: its tables could not be extracted; quality_issues says why)", "0", "0", "0"),
        ("PEEL 2016: 40 reports", "39", "1", "0"),
    ]
    assert "39 / 1 / 0" in words(picture)
    assert "More than 40 reports: a block stands for all reports of a programme." in picture.notes
    alone = only(holdings_pictures({**tables, "reports": made("reports", many)}))
    assert len(alone.rows) == MOST_REPORTS


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202eecilop", "x" * 10_000, "a\x00b\n\nc", "&amp;"])
def test_whatever_a_name_holds_it_is_text_that_stays_in_the_drawing(name: str) -> None:
    figures = [figure("shire-1", number, "table") for number in range(1, 40)]
    tables = {"reports": made("reports", [report(1, force_name=name)]), "figures": made("figures", figures)}
    picture = only(holdings_pictures(tables))
    root = ElementTree.fromstring(picture.svg)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} == {"svg", "g", "path", "rect", "text"}
    assert "\u202e" not in picture.svg
    for text in root.iter(f"{SVG}text"):
        half = "text-anchor" in text.attrib
        assert half or float(text.get("x", "0")) + svg.width_of(text.text or "", svg.SMALL) <= svg.WIDTH + 1
    for rectangle in root.iter(f"{SVG}rect"):
        assert float(rectangle.get("x", "0")) + float(rectangle.get("width", "0")) <= svg.WIDTH
    assert holdings_pictures(tables) == [picture]


def test_without_a_report_there_is_no_picture() -> None:
    assert holdings_pictures({}) == []
    assert holdings_pictures({"reports": made("reports", [])}) == []
