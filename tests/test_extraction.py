"""Whole reports against tables typed by hand, the samples that ship, and reports with a fault in them."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from conftest import TWO_REPORTS, golden, real_report, sample_report
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.reconcile import reconcile
from pipelines.extraction import Extraction, extract_report
from pipelines.reports import Report, report_from_bytes
from pipelines.schema import ENGLAND_AND_WALES, TABLES

OUTCOME_TABLES = ("outcome_proportions", "domestic_abuse_outcomes")
YEAR = (date(2015, 7, 1), date(2016, 6, 30))


def by_area(extraction: Extraction, table: str, label: str, code: str | None) -> list[dict[str, object]]:
    """The rows of one printed row, by label and (where the golden table gives one) outcome number; force first."""
    column = "crime_type_label" if table == "crime_rates" else "outcome_label"
    rows = [row for row in extraction.rows[table] if row[column] == label]
    if code is not None and table == "outcome_proportions":
        rows = [row for row in rows if row["outcome_code"] == (code or None)]
    return sorted(rows, key=lambda row: row["area_code"] == ENGLAND_AND_WALES)


@pytest.mark.parametrize("report_id", TWO_REPORTS)
@pytest.mark.parametrize("table", [*OUTCOME_TABLES, "crime_rates"])
def test_every_printed_number_of_the_real_reports(report_id: str, table: str) -> None:
    extraction = extract_report(real_report(report_id))
    if report_id.startswith("warwickshire") and table == "crime_rates":
        assert extraction.rows[table] == []  # figure 2 was lost with its picture
        return
    expected = golden(report_id, table)
    assert len(extraction.rows[table]) == 2 * len(expected)
    for line in expected:
        label = line.get("outcome_label") or line["crime_type_label"]
        force, england_and_wales = by_area(extraction, table, label, line.get("outcome_code"))
        for row, area in ((force, "force"), (england_and_wales, "england_and_wales")):
            printed = line[f"{area}_value"]
            if printed == "":
                assert (row["value"], row["value_status"], row["decimals"]) == (None, "not_printed", None)
                continue
            assert (row["value"], row["value_status"]) == (float(printed), "published"), label
            assert row["decimals"] == len(printed.partition(".")[2])
            assert row["line_start"] == row["line_end"] == int(line[f"{area}_line"]), label
            assert (row["period_start"], row["period_end"]) == YEAR


@pytest.mark.parametrize("report_id", TWO_REPORTS)
@pytest.mark.parametrize("table", [*OUTCOME_TABLES, "crime_rates"])
def test_the_samples_that_ship_print_the_same_numbers(report_id: str, table: str) -> None:
    extraction = extract_report(sample_report(report_id))
    if report_id.startswith("warwickshire") and table == "crime_rates":
        assert extraction.rows[table] == []
        return
    expected = golden(report_id, table)
    assert len(extraction.rows[table]) == 2 * len(expected)
    for line in expected:
        label = line.get("outcome_label") or line["crime_type_label"]
        values = [row["value"] for row in by_area(extraction, table, label, line.get("outcome_code"))]
        printed = (line["force_value"], line["england_and_wales_value"])
        assert values == [float(number) if number else None for number in printed], label


@pytest.mark.parametrize("report_id", TWO_REPORTS)
def test_every_figure_of_the_real_reports(report_id: str) -> None:
    rows = extract_report(real_report(report_id)).rows["figures"]
    expected = golden(report_id, "figures")
    assert [
        (row["figure"], row["caption"], row["data_status"], row["published_source"], row["line_start"], row["line_end"])
        for row in rows
    ] == [
        (
            int(line["figure"]),
            re.sub(r"^Figure \d+: ", "", line["caption"]),
            line["data_status"],
            line["published_source"] or None,
            int(line["line_start"]),
            int(line["line_end"]),
        )
        for line in expected
    ]


@pytest.mark.parametrize("report_id", TWO_REPORTS)
@pytest.mark.parametrize("source", [real_report, sample_report], ids=["real", "sample"])
def test_every_published_value_stands_on_its_lines(report_id: str, source: Callable[[str], Report]) -> None:
    report = source(report_id)
    extraction = extract_report(report)
    for table in (*OUTCOME_TABLES, "crime_rates"):
        for row in extraction.rows[table]:
            lines = report.lines[row["line_start"] - 1 : row["line_end"]]
            assert row["printed"] == " ".join(" ".join(lines).split())
            if row["value"] is not None:
                assert f"{row['value']:.{row['decimals']}f}" in row["printed"].split()
            label = " ".join(report.lines[row["label_line_start"] - 1 : row["label_line_end"]])
            words = row.get("outcome_label") or row.get("crime_type_label")
            assert words.split()[0] in label


@pytest.mark.parametrize("report_id", TWO_REPORTS)
def test_real_reports_raise_no_error(report_id: str) -> None:
    assert [issue for issue in extract_report(real_report(report_id)).issues if issue.severity == "error"] == []


def test_rows_meet_their_schema() -> None:
    for report_id in TWO_REPORTS:
        for table, rows in extract_report(sample_report(report_id)).rows.items():
            assert TABLES[table].to_arrow(rows).num_rows == len(rows)


def test_a_report_of_an_unknown_programme_is_registered_and_said() -> None:
    extraction = extract_report(report_from_bytes(b"Kent PEEL 2013\nLegitimacy\nText.\n", "kent.txt"))
    assert extraction.rows.keys() == {"reports"}
    assert [row["extraction"] for row in extraction.rows["reports"]] == ["registered"]
    assert [(issue.severity, issue.check_id) for issue in extraction.issues] == [("note", "report-extracted")]


# --- the same text in other clothes -----------------------------------------------------------------------------------


def values(extraction: Extraction) -> dict[tuple[str, str, str], tuple[float | None, str]]:
    return {
        (table, row.get("outcome_id") or row["crime_type_id"], row["area_code"]): (row["value"], row["value_status"])
        for table in (*OUTCOME_TABLES, "crime_rates")
        for row in extraction.rows.get(table, [])
    }


def changed(report_id: str, change: Callable[[str], str]) -> Extraction:
    text = "\n".join(sample_report(report_id).lines) + "\n"
    new = change(text)
    assert new != text
    return extract_report(report_from_bytes(new.encode(), "changed.txt"))


@pytest.mark.parametrize("report_id", TWO_REPORTS)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: "\ufeff" + text,
        lambda text: re.sub(r"\n ", "\n\f", text),
        lambda text: re.sub(r"(?m)^", "  ", text),
    ],
    ids=["CRLF", "blank lines", "BOM", "form feeds", "indented"],
)
def test_the_tables_survive_another_dress(report_id: str, change: Callable[[str], str]) -> None:
    assert values(changed(report_id, change)) == values(extract_report(sample_report(report_id)))


@settings(max_examples=20, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("report_id", TWO_REPORTS)
def test_a_page_end_anywhere_in_a_table_changes_nothing(report_id: str, data: st.DataObject) -> None:
    report = sample_report(report_id)
    rows = extract_report(report).rows["outcome_proportions"]
    first, last = min(row["line_start"] for row in rows), max(row["line_end"] for row in rows)
    place = data.draw(st.integers(first, last - 1))
    page_end = ["", "17", "", "\fA page heading that says which report this is"]
    lines = [*report.lines[:place], *page_end, *report.lines[place:]]
    extraction = extract_report(report_from_bytes("\n".join(lines).encode(), "changed.txt"))
    before = {row["outcome_id"] + row["area_code"]: row["value"] for row in rows}
    for row in extraction.rows["outcome_proportions"]:
        assert row["value"] in (None, before[row["outcome_id"] + row["area_code"]])
    published = sum(row["value"] is not None for row in extraction.rows["outcome_proportions"])
    assert published >= 0.9 * sum(value is not None for value in before.values())


def test_a_mark_stuck_to_a_value_of_a_real_table() -> None:
    extraction = changed("west-midlands-2016-effectiveness", lambda text: text.replace("7.8 8.3", "7.8 8.39"))
    row = next(
        row
        for row in extraction.rows["outcome_proportions"]
        if row["outcome_code"] == "15" and row["area_code"] == ENGLAND_AND_WALES
    )
    assert (row["value"], row["decimals"]) == (8.3, 1)
    assert [issue.check_id for issue in extraction.issues if issue.check_id == "table-marks"] == ["table-marks"]


@pytest.mark.parametrize("report_id", TWO_REPORTS)
def test_a_changed_digit_is_printed_as_it_stands_or_left_open_and_said(report_id: str) -> None:
    report = sample_report(report_id)
    for row in extract_report(report).rows["outcome_proportions"]:
        if row["value"] is None or row["row_type"] != "group":
            continue
        printed = f"{row['value']:.1f}"
        wrong = f"{row['value'] + 1:.1f}"
        lines = list(report.lines)
        line = lines[row["line_start"] - 1]
        column = line.rfind(printed) if row["area_code"] == ENGLAND_AND_WALES else line.find(printed)
        lines[row["line_start"] - 1] = line[:column] + wrong + line[column + len(printed) :]
        extraction = extract_report(report_from_bytes("\n".join(lines).encode(), "changed.txt"))
        found = next(
            one
            for one in extraction.rows["outcome_proportions"]
            if (one["outcome_id"], one["area_code"]) == (row["outcome_id"], row["area_code"])
        )
        assert found["value"] in (None, float(wrong))
        found_across_rows = {issue.check_id for issue in reconcile(extraction.rows)}
        assert "outcome_proportions-sums_as_printed" in found_across_rows or "table-order" in {
            issue.check_id for issue in extraction.issues
        }


# --- reports with a fault ---------------------------------------------------------------------------------------------


def errors(extraction: Extraction) -> list[str]:
    return [issue.message for issue in extraction.issues if issue.severity == "error"]


WEST_MIDLANDS, WARWICKSHIRE = TWO_REPORTS


def without_table(text: str) -> str:
    """Cut the table of figure 4 out, its caption stays."""
    start = text.index("Outcome \nnumber") if "Outcome \nnumber" in text else text.index("Outcome\nOutcome type")
    return text[:start] + text[text.index("\n", text.index("100.00", start)) :].replace("\nTotal\n", "\n", 1)


@pytest.mark.parametrize("report_id", TWO_REPORTS)
def test_a_caption_without_its_table(report_id: str) -> None:
    text = "\n".join(sample_report(report_id).lines)
    report = sample_report(report_id)
    rows = extract_report(report).rows["outcome_proportions"]
    lines = list(report.lines)
    spots = {
        number
        for row in rows
        for number in (
            *range(row["line_start"], row["line_end"] + 1),
            *range(row["label_line_start"], row["label_line_end"] + 1),
        )
    }
    for number in spots:
        lines[number - 1] = ""
    assert "\n".join(lines) != text
    extraction = extract_report(report_from_bytes("\n".join(lines).encode(), "cut.txt"))
    assert extraction.rows["outcome_proportions"] == []
    assert len(errors(extraction)) == 1
    assert re.fullmatch(
        r"cut\.txt, lines \d+-\d+: figure 4: no table stands under the caption",
        errors(extraction)[0],
    )
    assert next(row for row in extraction.rows["figures"] if row["figure"] == 4)["data_status"] == "not_in_text"
    assert len(extraction.rows["domestic_abuse_outcomes"]) == 12


def test_a_row_missing() -> None:
    extraction = changed(WEST_MIDLANDS, lambda text: re.sub(r"\n3 Caution - adults 1\.9 2\.3 *\n", "\n", text))
    assert any("row 'Caution - adults' is missing" in message for message in errors(extraction))
    assert len(extraction.rows["outcome_proportions"]) == 40
    assert all(row["value_status"] != "unassigned" for row in extraction.rows["outcome_proportions"])
    assert next(row for row in extraction.rows["figures"] if row["figure"] == 4)["data_status"] == "partial"


def test_a_number_too_many() -> None:
    extraction = changed(WEST_MIDLANDS, lambda text: text.replace("1.9 2.3", "1.9 2.3 4.4"))
    assert any("row 'Caution - adults': a number too many" in message for message in errors(extraction))
    rows = [row for row in extraction.rows["outcome_proportions"] if row["outcome_code"] == "3"]
    assert [(row["value"], row["value_status"]) for row in rows] == [(None, "unassigned")] * 2


def test_a_row_missing_in_scrambled_cells() -> None:
    extraction = changed(WARWICKSHIRE, lambda text: text.replace("Caution - adults\n", "\n"))
    assert any("row 'Caution - adults' is missing" in message for message in errors(extraction))
    true = {
        row["outcome_id"] + row["area_code"]: row["value"]
        for row in extract_report(sample_report(WARWICKSHIRE)).rows["outcome_proportions"]
    }
    for row in extraction.rows["outcome_proportions"]:
        assert row["value"] in (None, true[row["outcome_id"] + row["area_code"]])


def test_a_number_too_many_in_scrambled_cells() -> None:
    extraction = changed(WARWICKSHIRE, lambda text: text.replace("\n13.2\n", "\n13.2\n\n77.7\n"))
    assert any("a number too many or too few" in message for message in errors(extraction))
    true = {
        row["outcome_id"] + row["area_code"]: row["value"]
        for row in extract_report(sample_report(WARWICKSHIRE)).rows["outcome_proportions"]
    }
    for row in extraction.rows["outcome_proportions"]:
        assert row["value"] in (None, true[row["outcome_id"] + row["area_code"]])


def test_a_caption_that_names_no_period() -> None:
    extraction = changed(
        WEST_MIDLANDS,
        lambda text: text.replace("in 12 \nmonths to 30 June 2016, by outcome", "in the year, \nby outcome").replace(
            "in 12\nmonths to 30 June 2016, by outcome", "in the year,\nby outcome"
        ),
    )
    assert extraction.rows["outcome_proportions"] == []
    assert any("states no period" in message for message in errors(extraction))


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8])
@pytest.mark.parametrize("report_id", TWO_REPORTS)
def test_a_truncated_report_says_what_is_missing(report_id: str, share: float) -> None:
    lines = sample_report(report_id).lines
    extraction = extract_report(report_from_bytes("\n".join(lines[: int(share * len(lines))]).encode(), "cut.txt"))
    true = values(extract_report(sample_report(report_id)))
    for key, (value, _) in values(extraction).items():
        assert value in (None, true[key][0])
    missing = [table for table in OUTCOME_TABLES if not extraction.rows.get(table)]
    assert all(
        any(table in message or "no table stands" in message for message in errors(extraction)) for table in missing
    )
