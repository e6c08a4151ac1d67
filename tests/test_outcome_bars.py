"""Pictures of all forces for one outcome: what they say, whom they leave out, and that their words fit."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from pipelines.page import svg
from pipelines.page.outcome_bars import decimal, outcome_pictures, period_words, short_name
from pipelines.page.picture import Picture
from pipelines.schema import ENGLAND_AND_WALES, NO_LEAGUE_TABLE, TABLES

YEAR = {"period_start": date(2017, 4, 1), "period_end": date(2018, 3, 31)}
INSPECTED = {"period_start": date(2015, 7, 1), "period_end": date(2016, 6, 30)}
SVG = "{http://www.w3.org/2000/svg}"


def made(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """A published table of rows that give what matters; every other column is null."""
    return TABLES[name].to_arrow([{**dict.fromkeys(TABLES[name].column_names), **row} for row in rows])


def code(number: int) -> str:
    """The area_code of a made-up force."""
    return f"E230000{number:02}"


def release(**tables: list[dict[str, Any]]) -> Mapping[str, pa.Table]:
    """Every published table; those that are not given have no rows."""
    return {name: made(name, tables.get(name, [])) for name in TABLES}


def force(number: int, name: str | None = None) -> dict[str, Any]:
    """A row of forces."""
    name = name or f"Shire {number:02} Police"
    slug = f"shire-{number:02}"
    names = {"name_hmic": name, "name_home_office": name, "name_ons": name}
    return {"area_code": code(number), "force_id": slug, "area_type": "police_force_area", **names}


def outcome_type(outcome_id: str, label: str, row_type: str = "type", **other: Any) -> dict[str, Any]:
    """A row of outcome_types."""
    return {"outcome_id": outcome_id, "label": label, "row_type": row_type, **other}


def rank(number: int, value: float | None, **other: Any) -> dict[str, Any]:
    """A row of quartile_ranks, of open data unless said otherwise."""
    return {
        "source": "home_office",
        "measure": "outcome_proportion",
        "outcome_id": "charged_summonsed",
        "area_code": code(number),
        **YEAR,
        "value": value,
        "unit": "percent",
        "forces_ranked": 40,
        "value_status": "derived" if value is not None else "not_available",
        **other,
    }


def ranked(values: list[float], **other: Any) -> list[dict[str, Any]]:
    """Rows of forces 1, 2, … with their rank and band, highest value first: a quarter is a quarter of the values."""
    quarter = len(values) // 4
    return [
        rank(
            n,
            value,
            rank=n,
            band="highest" if n <= quarter else "lowest" if n > len(values) - quarter else "in_line",
            **{"forces_ranked": len(values), **other},
        )
        for n, value in enumerate(values, 1)
    ]


def comparator(**other: Any) -> dict[str, Any]:
    """A row of comparators."""
    return {
        "source": "home_office",
        "measure": "outcome_proportion",
        "outcome_id": "charged_summonsed",
        **YEAR,
        "unit": "percent",
        "forces_used": 43,
        "method": "from_sums",
        "value_status": "derived",
        **other,
    }


def printed(number: int | None, value: float | None, decimals: int | None = 1, **other: Any) -> dict[str, Any]:
    """A row of outcome_proportions: of a force, or of England and Wales where ``number`` is None."""
    return {
        "report_id": "a-2016-effectiveness",
        "area_code": ENGLAND_AND_WALES if number is None else code(number),
        "outcome_id": "charged_summonsed",
        "outcome_label": "Charged",
        "row_type": "type",
        **INSPECTED,
        "value": value,
        "unit": "percent",
        "decimals": None if value is None else decimals,
        "value_status": "not_printed" if value is None else "published",
        "line_start": 412,
        "line_end": 412,
        "printed": "",
        "label_line_start": 412,
        "label_line_end": 412,
        **other,
    }


def report(report_id: str = "a-2016-effectiveness", **other: Any) -> dict[str, Any]:
    """A row of reports."""
    return {
        "report_id": report_id,
        "programme_id": "peel-2016",
        "force_id": "shire-01",
        "area_code": code(1),
        "force_name": "Shire 01 Police",
        "inspectorate": "HMIC",
        "source_file": "a.txt",
        "source_format": "text",
        "sha256": "0" * 64,
        "line_count": 500,
        "extraction": "extracted",
        **other,
    }


CHARGED = outcome_type("charged_summonsed", "Charged/Summonsed")
FORTY = [float(value) for value in range(40, 0, -1)]


@pytest.fixture(scope="module")
def forty() -> Picture:
    """40 forces with 1 to 40 percent, and two without; the first of them has a reason."""
    (picture,) = outcome_pictures(
        release(
            quartile_ranks=[*ranked(FORTY), rank(41, None, reason="the source left it out")],
            comparators=[comparator(computed_value=12.649)],
            forces=[force(n) for n in range(1, 43)],
            outcome_types=[CHARGED],
            measures=[],
        )
    )
    return picture


def bars(picture: Picture) -> list[ElementTree.Element]:
    """The groups of the bars, in order."""
    return [one for one in ElementTree.fromstring(picture.svg).iter(f"{SVG}g") if one.get("class") == "bar"]


def words(element: ElementTree.Element) -> list[str]:
    """The texts in a drawing."""
    return [one.text or "" for one in element.iter(f"{SVG}text")]


def assert_texts_are_inside(picture: Picture) -> None:
    """No text begins before the drawing or ends after it, by the width that characters usually have."""
    root = ElementTree.fromstring(picture.svg)
    height = float(root.get("viewBox", "").split()[3])
    parents = {child: parent for parent in root.iter() for child in parent}

    def inherited(element: ElementTree.Element, name: str) -> str | None:
        while element.get(name) is None and element in parents:
            element = parents[element]
        return element.get(name)

    found = list(root.iter(f"{SVG}text"))
    assert found
    for one in found:
        size = float(inherited(one, "font-size") or "nan")
        assert size >= 11
        # A bar's words are bold when it is picked out.
        is_bold = inherited(one, "font-weight") == "bold" or parents[one].get("class") == "bar"
        width = svg.width_of(one.text or "", size, is_bold)
        x, anchor = float(one.get("x", "nan")), inherited(one, "text-anchor") or "start"
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        assert left >= -1, (one.text, left)
        assert left + width <= svg.WIDTH + 1, (one.text, left + width)
        assert 8 <= float(one.get("y", "nan")) <= height


def test_the_title_says_what_is_seen_and_no_judgment(forty: Picture) -> None:
    assert forty.title == "Charged/Summonsed: 40 forces range from 1.0 to 40.0 percent; England and Wales 12.6"
    assert forty.label == "Charged/Summonsed, percent"
    assert forty.group == "Home Office open data, twelve months to 31 March 2018"
    assert forty.subtitle == "Percent, twelve months to 31 March 2018. Source: Home Office crime outcomes open data."


def test_a_picture_is_picked_by_source_measure_outcome_and_period(forty: Picture) -> None:
    assert forty.kind == "outcome_bars"
    assert forty.subject == "home-office-outcome-proportion-charged-summonsed-2018-03-31"
    assert forty.id == "outcome-bars-home-office-outcome-proportion-charged-summonsed-2018-03-31"


def test_bars_are_sorted_and_each_names_its_force(forty: Picture) -> None:
    drawn = bars(forty)
    assert [one.get("data-force") for one in drawn] == [f"shire-{n:02}" for n in range(1, 41)]
    assert words(drawn[0]) == ["Shire 01", "40.0"]
    assert words(drawn[39]) == ["Shire 40", "1.0"]


def test_a_bar_is_as_long_as_its_value_and_begins_at_zero(forty: Picture) -> None:
    drawn = [one.find(f"{SVG}rect") for one in bars(forty)]
    places = [(float(one.get("x", "")), float(one.get("width", ""))) for one in drawn if one is not None]
    assert {x for x, _ in places} == {139.0}
    assert places[0][1] == pytest.approx(40 * places[39][1], rel=0.02)


def test_no_bar_is_picked_out_and_its_arrow_is_not_seen(forty: Picture) -> None:
    assert "picked" not in forty.svg
    assert [one.find(f"{SVG}path").get("opacity") for one in bars(forty)] == ["0"] * 40  # type: ignore[union-attr]


def test_quarters_are_said_in_words(forty: Picture) -> None:
    said = words(ElementTree.fromstring(forty.svg))
    assert [one for one in said if ":" in one] == [
        "Highest quarter: 10 forces",
        "In line: 20 forces",
        "Lowest quarter: 10 forces",
    ]


def test_england_and_wales_says_whether_it_is_printed_or_computed(forty: Picture) -> None:
    assert "England and Wales 12.6, computed" in words(ElementTree.fromstring(forty.svg))
    assert "England and Wales: computed here from Home Office open data of 43 forces." in forty.notes


def test_forces_without_a_value_are_no_bars_and_are_named_by_reason(forty: Picture) -> None:
    assert forty.notes[:3] == (
        "Shown: 40 of 42 forces.",
        "Not shown: 1 (Shire 42) because no value of theirs is in this release for this period.",
        "Not shown: 1 (Shire 41) because the source left it out.",
    )
    assert forty.rows[40:] == (
        ("Shire 42 Police", "not shown", "", "", "No value of theirs is in this release for this period"),
        ("Shire 41 Police", "not shown", "", "", "The source left it out"),
        ("England and Wales", "12.6", "", "", "Computed"),
    )


def test_the_data_table_has_rank_and_quarter(forty: Picture) -> None:
    assert forty.columns == ("Force", "Value", "Rank", "Quarter", "Note")
    assert forty.rows[0] == ("Shire 01 Police", "40.0", "1", "Highest quarter", "")
    assert forty.rows[20] == ("Shire 21 Police", "20.0", "21", "In line", "")


def test_every_picture_warns_of_league_tables(forty: Picture) -> None:
    assert forty.notes[-2:] == NO_LEAGUE_TABLE


def test_the_words_of_forty_forces_stand_inside_the_drawing(forty: Picture) -> None:
    assert_texts_are_inside(forty)


def test_a_drawing_of_all_forces_is_small(forty: Picture) -> None:
    assert len(forty.svg.encode()) < 12_000


def test_the_same_tables_give_the_same_pictures() -> None:
    tables = release(quartile_ranks=ranked(FORTY), forces=[force(n) for n in range(1, 44)])
    assert outcome_pictures(tables) == outcome_pictures(tables)


def test_no_rows_give_no_pictures() -> None:
    assert outcome_pictures(release()) == []


def test_an_outcome_of_which_no_force_has_a_value_is_left_out() -> None:
    assert outcome_pictures(release(quartile_ranks=[rank(1, None, reason="none")], forces=[force(1)])) == []


def test_the_total_that_shares_are_taken_of_is_left_out() -> None:
    tables = release(
        quartile_ranks=ranked([100.0] * 40, outcome_id="total"), outcome_types=[outcome_type("total", "Total", "total")]
    )
    assert outcome_pictures(tables) == []


def test_few_values_of_reports_are_shown_as_printed_without_quarters() -> None:
    few = {"source": "reports", **INSPECTED, "forces_ranked": 2, "reason": "no rank and no band: 2 forces have a value"}
    (picture,) = outcome_pictures(
        release(
            quartile_ranks=[
                rank(1, None, **few),
                rank(2, None, **few),
                rank(3, None, **few | {"reason": "no such row"}),
            ],
            comparators=[comparator(source="reports", **INSPECTED, published_value=12.0, value_status="published")],
            outcome_proportions=[printed(1, 14.2), printed(2, 9.0), printed(None, 12.0)],
            reports=[report()],
            forces=[force(1), force(2), force(3)],
            outcome_types=[CHARGED],
        )
    )
    assert picture.title == "Charged/Summonsed: 2 forces range from 9.0 to 14.2 percent; England and Wales 12.0"
    assert picture.notes[:5] == (
        "Shown: 2 of 3 forces.",
        "Not shown: 1 (Shire 03) because no such row.",
        "No rank and no band: 2 forces have a value.",
        "England and Wales: as printed in reports of this release.",
        "Values are shown as printed.",
    )
    assert not any("quarter" in one for one in words(ElementTree.fromstring(picture.svg)))
    assert_texts_are_inside(picture)


def test_a_force_that_the_source_leaves_out_is_no_bar_though_it_has_a_number() -> None:
    left_out = {"source": "reports", **INSPECTED, "value_status": "excluded_by_source", "reason": "left out"}
    few = {"source": "reports", **INSPECTED, "reason": "no rank"}
    (picture,) = outcome_pictures(
        release(
            quartile_ranks=[rank(1, None, **few), rank(2, None, **left_out)],
            outcome_proportions=[printed(1, 14.2), printed(2, 9.0)],
            reports=[report()],
            forces=[force(1), force(2)],
        )
    )
    assert [words(one) for one in bars(picture)] == [["Shire 01", "14.2"]]
    assert picture.title == "Charged summonsed: Shire 01 14.2 percent, the one force shown"


def test_the_latest_period_that_a_report_prints_is_shown_else_the_latest() -> None:
    earlier = {"period_start": date(2015, 7, 1), "period_end": date(2016, 6, 30)}
    tables = {
        "quartile_ranks": [*ranked(FORTY), *ranked(FORTY, **earlier)],
        "reports": [report()],
        "forces": [force(n) for n in range(1, 41)],
    }
    assert [one.subject[-10:] for one in outcome_pictures(release(**tables))] == ["2018-03-31"]
    shown = outcome_pictures(release(**tables, outcome_proportions=[printed(1, 14.2)]))
    assert [one.subject[-10:] for one in shown] == ["2016-06-30"]


def test_outcomes_stand_in_the_order_of_their_tables_before_crimes() -> None:
    rates = {"source": "ons", "measure": "crime_rate", "unit": "per 1,000 households"}
    tables = release(
        quartile_ranks=[
            *ranked(FORTY, **rates, outcome_id="burglary_in_a_dwelling"),
            *ranked(FORTY, outcome_id="community_resolution"),
            *ranked(FORTY, outcome_id="not_yet_assigned"),
            *ranked(FORTY, source="reports"),
            *ranked(FORTY),
        ]
    )
    assert [f"{one.label}: {one.group.partition(',')[0]}" for one in outcome_pictures(tables)] == [
        "Charged summonsed, percent: Home Office open data",
        "Charged summonsed, percent: printed in reports",
        "Community resolution, percent: Home Office open data",
        "Not yet assigned, percent: Home Office open data",
        "Burglary in a dwelling, per 1,000 households: ONS open data",
    ]


def test_negative_values_go_left_of_zero_and_say_so() -> None:
    (picture,) = outcome_pictures(release(quartile_ranks=ranked([30.0, 20.0, 10.0, -10.0]), forces=[]))
    drawn = [one.find(f"{SVG}rect") for one in bars(picture)]
    places = [(float(one.get("x", "")), float(one.get("width", ""))) for one in drawn if one is not None]
    zero = places[0][0]
    assert places[3][0] < zero
    assert places[3][0] + places[3][1] == pytest.approx(zero, abs=0.2)
    assert places[3][1] == pytest.approx(places[2][1], abs=0.2)
    assert words(bars(picture)[3])[1] == "\N{MINUS SIGN}10.0"
    assert "from \N{MINUS SIGN}10.0 to 30.0 percent" in picture.title
    assert_texts_are_inside(picture)


def test_forces_that_tie_are_in_line_and_in_the_order_of_their_names() -> None:
    rows = [rank(n, 5.0, rank=1, band="in_line", forces_ranked=3) for n in (1, 2, 3)]
    (picture,) = outcome_pictures(
        release(quartile_ranks=rows, forces=[force(1, "Zed"), force(2, "Bee"), force(3, "Ay")])
    )
    assert [words(one)[0] for one in bars(picture)] == ["Ay", "Bee", "Zed"]
    assert picture.title == "Charged summonsed: all 3 forces shown have 5.0 percent"


def test_values_that_are_all_zero_are_drawn() -> None:
    (picture,) = outcome_pictures(
        release(quartile_ranks=ranked([0.0] * 4), comparators=[comparator(computed_value=0.0)])
    )
    assert picture.title == "Charged summonsed: all 4 forces shown have 0.0 percent; England and Wales 0.0"
    assert_texts_are_inside(picture)


def test_small_shares_have_more_decimals() -> None:
    (picture,) = outcome_pictures(release(quartile_ranks=ranked([0.4567, 0.2, 0.1, 0.04])))
    assert [words(one)[1] for one in bars(picture)] == ["0.46", "0.20", "0.10", "0.04"]
    assert "Values are computed, and rounded to 2 decimals here; the files have them unrounded." in picture.notes


def test_a_missing_england_and_wales_value_is_said_with_its_reason() -> None:
    tables = release(
        quartile_ranks=ranked([4.0, 3.0]),
        comparators=[comparator(value_status="not_available", reason="3 forces have a value", forces_used=0)],
    )
    (picture,) = outcome_pictures(tables)
    assert "No line for England and Wales: 3 forces have a value." in picture.notes
    assert "England and Wales" not in picture.title


def test_what_reports_print_stands_beside_what_is_computed() -> None:
    row = comparator(computed_value=8.02, published_value=8.1, exclusions=f"{code(1)}: no data; {code(2)}: estimated")
    (picture,) = outcome_pictures(release(quartile_ranks=ranked([4.0, 3.0]), comparators=[row], forces=[force(1)]))
    assert (
        "England and Wales: computed here from Home Office open data of 43 forces; reports print 8.1 for the same "
        "period." in picture.notes
    )
    assert f"Left out of England and Wales: Shire 01 (no data); {code(2)} (estimated)." in picture.notes


def test_words_and_line_of_a_value_next_to_england_and_wales_do_not_meet() -> None:
    (picture,) = outcome_pictures(
        release(quartile_ranks=ranked([20.0, 9.5, 9.0, 1.0]), comparators=[comparator(computed_value=10.0)])
    )
    line = 139 + (336 - svg.width_of("20.0", 11, is_bold=True) - 4 - 139) / 2
    for one in bars(picture):
        x = float(one.findall(f"{SVG}text")[1].get("x", ""))
        assert x > line or x + svg.width_of("20.0", 11, is_bold=True) < line


HOSTILE = ("<script>alert(1)</script>", "=HYPERLINK(1)", "a\u202eb", "a\x00b", "x" * 10_000, "$$x$$", '" onload="x')


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_out_as_text(text: str) -> None:
    (picture,) = outcome_pictures(
        release(
            quartile_ranks=[*ranked([4.0, 3.0]), rank(3, None, reason=text)],
            comparators=[comparator(computed_value=3.0, exclusions=text)],
            forces=[force(1, text), force(2), force(3, text)],
            outcome_types=[outcome_type("charged_summonsed", text)],
        )
    )
    assert_texts_are_inside(picture)
    everything = (
        picture.title,
        picture.label,
        picture.group,
        picture.alt,
        *picture.notes,
        *(cell for row in picture.rows for cell in row),
    )
    assert not any("\u202e" in one or "\x00" in one for one in everything)
    assert "<script" not in picture.svg
    assert not any("onload" in one.attrib for one in ElementTree.fromstring(picture.svg).iter())


def test_a_long_name_is_shortened_in_the_drawing_and_whole_in_the_table() -> None:
    name = "North and South Yorkshire and the Isles Constabulary"
    (picture,) = outcome_pictures(release(quartile_ranks=ranked([4.0]), forces=[force(1, name)]))
    (shown, _) = words(bars(picture)[0])
    assert shown.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert name.startswith(shown[:-1])
    assert picture.rows[0][0] == name
    assert_texts_are_inside(picture)


def test_two_outcomes_of_one_label_are_told_apart_by_their_official_names() -> None:
    tables = release(
        quartile_ranks=[*ranked([4.0]), *ranked([4.0], outcome_id="caution_adults")],
        outcome_types=[
            outcome_type("charged_summonsed", "Same", official_name="Charged"),
            outcome_type("caution_adults", "Same", official_name=None),
        ],
    )
    assert [one.title.partition(":")[0] for one in outcome_pictures(tables)] == ["Charged", "Same"]


def test_periods_are_said_in_words() -> None:
    assert period_words(date(2015, 7, 1), date(2016, 6, 30)) == "twelve months to 30 June 2016"
    assert period_words(date(2016, 7, 1), date(2016, 7, 1)) == "1 July 2016"
    assert period_words(date(2016, 1, 1), date(2016, 6, 30)) == "1 January 2016 to 30 June 2016"


def test_numbers_have_a_true_minus_sign_and_zero_has_none() -> None:
    assert [decimal(-0.062, 1), decimal(-0.04, 1), decimal(3, 0)] == ["\N{MINUS SIGN}0.1", "0.0", "3"]


def test_a_short_name_says_no_word_for_police() -> None:
    names = ("Metropolitan Police Service", "Kent Police", "Cumbria Constabulary", "Police", "Kent")
    assert [short_name(one) for one in names] == ["Metropolitan", "Kent", "Cumbria", "Police", "Kent"]
