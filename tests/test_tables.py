"""Printed tables: a few lines per layout trap, and whatever the shuffle, a published value is the true one."""

import random
from collections.abc import Callable

import pytest
from conftest import EXTRACTORS
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tables_made import (
    CRIME_RATES,
    DOMESTIC_ABUSE,
    DOMESTIC_ABUSE_CAPTION,
    FORCE,
    HEADINGS,
    OUTCOMES,
    OUTCOMES_CAPTION,
    Cells,
    made_domestic_abuse,
    made_outcomes,
    report_with,
    truth,
    unit_lines,
)

from pipelines.reports import read_report
from pipelines.tables import TableText, read_table
from pipelines.vocabulary import PrintedTable, printed_tables

Given = dict[tuple[str, str], str]


def read(block: str, table: PrintedTable, caption: str = OUTCOMES_CAPTION) -> TableText:
    report = report_with(block, caption)
    text = read_table(report, table, range(len(caption.split("\n")) + 5, len(report.lines) + 1))
    assert text is not None
    return text


def given_values(text: TableText, table: PrintedTable) -> Given:
    """What was published: (row, F or E) to the printed number; also asserts that it stands on its line."""
    values = {}
    for row in text.rows:
        for column, cell in zip("FE", row.cells, strict=True):
            if cell is not None and cell.value is not None:
                values[table.rows[row.row].row_id, column] = str(cell.value)
    return values


# --- traps of the row-per-line layout ---------------------------------------------------------------------------------

CRIME_ROWS = f"""Rates per 1,000 population {FORCE}
England and Wales
Recorded crime (excluding fraud) 50.1 68.2
Victim-based crime 44.0 60.4
Sexual offences 1.2 1.9
Assault with injury 6.3 7.0
Burglary in a dwelling* 5.9 8.1"""
CRIME_CAPTION = (
    f"Figure 2: Police-recorded crime rates (per 1,000 population) in {FORCE}, for the 12\nmonths to 30 June 2016"
)
CRIME_TRUE = {
    ("recorded_crime_excluding_fraud", "F"): "50.1",
    ("recorded_crime_excluding_fraud", "E"): "68.2",
    ("victim_based_crime", "F"): "44.0",
    ("victim_based_crime", "E"): "60.4",
    ("sexual_offences", "F"): "1.2",
    ("sexual_offences", "E"): "1.9",
    ("assault_with_injury", "F"): "6.3",
    ("assault_with_injury", "E"): "7.0",
    ("burglary_in_a_dwelling", "F"): "5.9",
    ("burglary_in_a_dwelling", "E"): "8.1",
}


def crime(block: str) -> TableText:
    return read(block, CRIME_RATES, CRIME_CAPTION)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("\n", "\n\n  \n"),
        (f"{FORCE}\nEngland and Wales", "Wiltshire\nPolice\n\nEngland and\nWales"),
        (f"{FORCE}\nEngland and Wales", "WiltshirePolice England and Wales"),
        ("Victim-based crime 44.0 60.4", "Victim-based\ncrime 44.0 60.4"),
        ("Victim-based crime 44.0 60.4", "Victim-based 44.0 60.4\ncrime"),
        ("Victim-based crime 44.0 60.4", "Victim-based\n44.0   60.4\ncrime"),
        ("Victim-based crime 44.0 60.4", "Victim-based crime\n44.0 60.4"),
        ("Victim-based crime 44.0 60.4", "Victim-based crime 44.0\n60.4"),
        ("Victim-based crime 44.0 60.4", "Victim-based crime3 44.0 60.4"),
        ("Victim-based crime 44.0 60.4", "Victim-based crime 44.0% 60.4%"),
        ("Victim-based crime 44.0 60.4", "|Victim-based<br>crime|44.0<sup>5</sup>|60.4|"),
        ("Sexual offences", "\n12\n\nSexual offences"),
        (
            "Sexual offences",
            "3 A note stands at the end of the page, before the table goes on.\n\n12\n\n\fSexual offences",
        ),
        ("Burglary in a dwelling*", "Burglary in a dwelling"),
    ],
)
def test_rows_on_a_line_are_read_as_they_stand(old: str, new: str) -> None:
    text = crime(CRIME_ROWS.replace(old, new) if old else CRIME_ROWS)
    assert given_values(text, CRIME_RATES) == CRIME_TRUE
    assert [fault for fault in text.faults if fault.severity != "note"] == []
    assert [row.label.text for row in text.rows] == [
        "Recorded crime (excluding fraud)",
        "Victim-based crime",
        "Sexual offences",
        "Assault with injury",
        "Burglary in a dwelling",
    ]


def test_columns_are_told_by_their_headings() -> None:
    text = crime(CRIME_ROWS.replace(f"{FORCE}\nEngland and Wales", f"England and Wales {FORCE}"))
    assert given_values(text, CRIME_RATES)["sexual_offences", "F"] == "1.9"


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("", f"the column headings do not name {FORCE} and England and Wales"),
        ("England and Wales", f"the column headings do not name {FORCE} and England and Wales"),
        ("West Mercia Police England and Wales", f"the column headings do not name {FORCE} and England and Wales"),
        (
            f"England and Wales\n{FORCE}",
            "the column headings stand in an order that does not tell which column is which",
        ),
    ],
)
def test_without_certain_headings_nothing_is_published(heading: str, message: str) -> None:
    text = crime(CRIME_ROWS.replace(f"Rates per 1,000 population {FORCE}\nEngland and Wales", heading))
    assert given_values(text, CRIME_RATES) == {}
    assert {row.status for row in text.rows} == {"unassigned"}
    assert [(fault.severity, fault.message) for fault in text.faults] == [("error", message)]


def test_a_mark_stuck_to_a_value_is_left_off_and_said() -> None:
    text = crime(CRIME_ROWS.replace("6.3 7.0", "6.3 7.09"))
    assert given_values(text, CRIME_RATES) == CRIME_TRUE
    assert [(fault.check_id, fault.severity) for fault in text.faults] == [("table-marks", "note")]


@pytest.mark.parametrize("gap", ["-", "–", "N/A"])
def test_a_dash_is_no_number(gap: str) -> None:
    text = crime(CRIME_ROWS.replace("6.3 7.0", f"{gap} 7.0"))
    assert ("assault_with_injury", "F") not in given_values(text, CRIME_RATES)
    assert given_values(text, CRIME_RATES)["assault_with_injury", "E"] == "7.0"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Sexual offences 1.2 1.9\n", "", "row 'Sexual offences' is missing"),
        ("1.2 1.9", "1.2 1.9 4.4", "row 'Sexual offences': a number too many (printed: 1.2, 1.9, 4.4)"),
        ("1.2 1.9", "1.2", "a number too many or too few: 1.2 makes no pairs"),
        ("1.2 1.9", "1.2 1.x", "row 'Sexual offences' is missing"),
        (
            "Sexual offences",
            "Hunting offences 1.0 1.0\nSexual offences",
            "a row that this table does not have in its release",
        ),
        (
            "Sexual offences",
            "Victim-based crime 1.0 1.0\nSexual offences",
            "row 'Victim-based crime' is printed too many times",
        ),
    ],
)
def test_a_damaged_row_is_said_and_the_others_stay(old: str, new: str, message: str) -> None:
    text = crime(CRIME_ROWS.replace(old, new))
    assert any(message in fault.message and fault.severity == "error" for fault in text.faults)
    values = given_values(text, CRIME_RATES)
    assert {key: value for key, value in CRIME_TRUE.items() if values.get(key) not in (None, value)} == {}
    assert values["recorded_crime_excluding_fraud", "F"] == "50.1"
    assert values["burglary_in_a_dwelling", "E"] == "8.1"


def test_words_of_a_label_in_prose_are_no_table() -> None:
    report = report_with("Sexual offences\n\nVictim-based crime\nhas gone up and down over the years.", CRIME_CAPTION)
    assert read_table(report, CRIME_RATES, range(1, len(report.lines) + 1)) is None


# --- one cell a line, in any order ------------------------------------------------------------------------------------


def outcome_text(lines: list[str], separator: str = "\n\n") -> TableText:
    return read(separator.join(HEADINGS + lines), OUTCOMES)


def in_order(rng: random.Random, cells: list[Cells]) -> list[str]:
    return [line for one in cells for line in unit_lines(one)]


def rows_shuffled(rng: random.Random, cells: list[Cells]) -> list[str]:
    return in_order(rng, rng.sample(cells, len(cells)))


def values_before_labels(rng: random.Random, cells: list[Cells]) -> list[str]:
    return [line for one in cells for line in unit_lines(one, values_first=True)]


def some_values_first(rng: random.Random, cells: list[Cells]) -> list[str]:
    return [line for one in rng.sample(cells, len(cells)) for line in unit_lines(one, values_first=rng.random() < 0.3)]


def some_values_at_the_end(rng: random.Random, cells: list[Cells]) -> list[str]:
    lines, late = [], []
    for one in rng.sample(cells, len(cells)):
        apart = rng.random() < 0.2
        lines += unit_lines(one, without_values=apart)
        late += list(one.pair or ()) if apart else []
    return lines + late


def some_labels_at_the_end(rng: random.Random, cells: list[Cells]) -> list[str]:
    lines, late = [], []
    for one in cells:
        apart = rng.random() < 0.2
        lines += list(one.pair or ()) if apart else unit_lines(one)
        late += unit_lines(one, without_values=True) if apart else []
    return lines + late


def some_values_strewn(rng: random.Random, cells: list[Cells]) -> list[str]:
    blocks: list[list[str]] = []
    apart: list[list[str]] = []
    for one in rng.sample(cells, len(cells)):
        away = one.pair is not None and rng.random() < 0.2
        blocks.append(unit_lines(one, without_values=away))
        apart += [list(one.pair or ())] if away else []
    for block in apart:
        blocks.insert(rng.randrange(len(blocks) + 1), block)
    return [line for block in blocks for line in block]


def every_cell_shuffled(rng: random.Random, cells: list[Cells]) -> list[str]:
    lines = in_order(rng, cells)
    return rng.sample(lines, len(lines))


def some_rows_cells_strewn(rng: random.Random, cells: list[Cells]) -> list[str]:
    blocks: list[list[str]] = []
    apart: list[str] = []
    for one in rng.sample(cells, len(cells)):
        if rng.random() < 0.2:
            apart += unit_lines(one)
        else:
            blocks.append(unit_lines(one))
    # At most one strewn cell between two rows: cells that by chance make up a row again could be told by nobody.
    places = rng.sample(range(len(blocks) + len(apart)), len(apart))
    for place, line in sorted(zip(places, apart, strict=True)):
        blocks.insert(min(place, len(blocks)), [line])
    return [line for block in blocks for line in block]


def down_the_columns(rng: random.Random, cells: list[Cells]) -> list[str]:
    labels = [line for one in cells for line in unit_lines(one, without_values=True)]
    return labels + [one.pair[0] for one in cells if one.pair] + [one.pair[1] for one in cells if one.pair]


def labels_then_pairs(rng: random.Random, cells: list[Cells]) -> list[str]:
    labels = [line for one in cells for line in unit_lines(one, without_values=True)]
    return labels + [f"{one.pair[0]} {one.pair[1]}" for one in cells if one.pair]


def looks_whole(lines: list[str], cells: list[Cells]) -> bool:
    """Whether every label has two numbers right behind it: figures that changed places so could be told by nobody."""
    labels = {one.label: 2 if one.pair else 0 for one in cells}
    places = [n for n, line in enumerate(lines) if line in labels]
    ends = [*places[1:], len(lines)]
    counts = [sum("." in line for line in lines[n + 1 : end]) for n, end in zip(places, ends, strict=True)]
    return counts == [labels[lines[n]] for n in places]


Layout = Callable[[random.Random, list[Cells]], list[str]]
SHUFFLES: list[Layout] = [
    in_order,
    rows_shuffled,
    values_before_labels,
    some_values_first,
    some_values_at_the_end,
    some_labels_at_the_end,
    some_values_strewn,
    every_cell_shuffled,
    some_rows_cells_strewn,
    down_the_columns,
    labels_then_pairs,
]
STREWN: list[Layout] = [some_values_strewn, every_cell_shuffled, some_rows_cells_strewn]
COMPLETE: list[Layout] = [in_order, rows_shuffled, values_before_labels, down_the_columns, labels_then_pairs]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("layout", SHUFFLES, ids=lambda layout: layout.__name__)
def test_whatever_the_shuffle_a_published_value_is_the_true_one(layout: Layout, seed: int) -> None:
    rng = random.Random(seed)
    cells = made_outcomes(rng)
    lines = layout(rng, cells)
    assume(layout not in STREWN or not looks_whole(lines, cells))
    given = given_values(outcome_text(lines), OUTCOMES)
    true = truth(cells)
    assert {key: (value, true.get(key)) for key, value in given.items() if value != true.get(key)} == {}
    if layout in COMPLETE:
        assert given == true


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("layout", SHUFFLES[:-2], ids=lambda layout: layout.__name__)
def test_a_table_without_sums_is_not_guessed_either(layout: Layout, seed: int) -> None:
    rng = random.Random(seed)
    cells = made_domestic_abuse(rng)
    lines = layout(rng, cells)
    assume(layout not in STREWN or not looks_whole(lines, cells))
    text = read("\n\n".join([HEADINGS[1], *HEADINGS[3:], *lines]), DOMESTIC_ABUSE, DOMESTIC_ABUSE_CAPTION)
    given = given_values(text, DOMESTIC_ABUSE)
    true = truth(cells)
    assert {key: (value, true[key]) for key, value in given.items() if value != true[key]} == {}
    if layout in (in_order, rows_shuffled):
        assert given == true


@pytest.mark.parametrize("layout", [down_the_columns, labels_then_pairs], ids=lambda layout: layout.__name__)
def test_columns_without_sums_stay_open(layout: Layout) -> None:
    rng = random.Random(1)
    cells = made_domestic_abuse(rng)
    lines = layout(rng, cells)
    text = read("\n\n".join([HEADINGS[1], *HEADINGS[3:], *lines]), DOMESTIC_ABUSE, DOMESTIC_ABUSE_CAPTION)
    assert given_values(text, DOMESTIC_ABUSE) == {}
    assert "the order of the text does not tell" in text.faults[0].message


def scrambled_end(cells: list[Cells]) -> list[str]:
    """The real trap: first values before their label, a blank heading and the totals behind the last values."""
    by_id = {one.row_id: one for one in cells}
    late = ["evidential_victim_supports", "total_assigned", "not_yet_assigned", "total"]
    lines = unit_lines(cells[0], values_first=True)
    for one in cells[1:]:
        if one.row_id not in late:
            found = unit_lines(one)
            lines += found[1:] if one.code == "15" else found
    lines += [number for row_id in late for number in by_id[row_id].pair or ()]
    return [*lines, by_id[late[0]].label, "15", *(by_id[row_id].label for row_id in late[1:])]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("separator", ["\n", "\n\n", "\n \n\n"])
def test_the_real_scramble_is_read_whole_for_other_figures(seed: int, separator: str) -> None:
    cells = made_outcomes(random.Random(seed))
    text = outcome_text(scrambled_end(cells), separator)
    assert given_values(text, OUTCOMES) == truth(cells)
    blank = next(row for row in text.rows if OUTCOMES.rows[row.row].row_id == "evidential_victim_supports")
    assert blank.status == "not_printed"


@pytest.mark.parametrize("seed", range(4))
def test_a_page_end_within_the_scramble_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    cells = made_outcomes(rng)
    lines = scrambled_end(cells)
    place = rng.randrange(5, 40)
    page_end = ["7", "A plant native to Africa, the leaves of which are chewed as a mild stimulant.", "17", "\f"]
    text = outcome_text(lines[:place] + page_end + lines[place:])
    assert given_values(text, OUTCOMES) == truth(cells)


def test_the_two_suspect_identified_rows_are_told_by_sums_where_the_code_is_lost() -> None:
    cells = made_outcomes(random.Random(3))
    lines = [line for line in in_order(random.Random(0), cells) if line not in ("15", "16")]
    assert given_values(outcome_text(lines), OUTCOMES) == truth(cells)


def test_one_wrong_digit_in_a_scramble_costs_the_cells_it_puts_in_doubt() -> None:
    cells = made_outcomes(random.Random(5))
    group = next(one for one in cells if one.row_id == "out_of_court_formal")
    assert group.pair is not None
    wrong = Cells(group.row_id, group.code, group.label, (str(float(group.pair[0]) + 1), group.pair[1]))
    changed = [wrong if one is group else one for one in cells]
    text = outcome_text(scrambled_end(changed))
    given, printed = given_values(text, OUTCOMES), truth(changed)
    assert all(printed[key] == value for key, value in given.items())
    assert ("out_of_court_formal", "F") in given
    assert ("total_assigned", "F") not in given
    assert "table-order" in {fault.check_id for fault in text.faults}


def test_cells_moved_within_rows_are_not_believed() -> None:
    cells = made_outcomes(random.Random(6))
    lines = in_order(random.Random(0), cells)
    place = lines.index("Cannabis/Khat warning")
    lines[place - 1 : place + 3] = ["Cannabis/Khat warning", lines[place + 2], lines[place + 1], "7"]
    assert given_values(outcome_text(lines), OUTCOMES) == {}


# --- the same tables through other extractors -------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(EXTRACTORS.glob("*.txt")), ids=lambda path: path.stem)
def test_no_extractor_makes_a_wrong_value(path) -> None:  # type: ignore[no-untyped-def]
    from extractor_cases import COMPLETE_TABLES, true_values

    from pipelines.extraction import extract_report

    extraction = extract_report(read_report(path, EXTRACTORS))
    true = true_values(path)
    complete = set()
    for table in ("crime_rates", "outcome_proportions", "domestic_abuse_outcomes"):
        rows = extraction.rows.get(table, [])
        for row in rows:
            key = (table, row.get("outcome_id") or row.get("crime_type_id"), row["area_code"] == "K04000001")
            if row["value_status"] in ("published", "not_printed"):
                assert row["value"] == (float(true[key]) if true[key] else None), key
        if rows and all(row["value_status"] != "unassigned" for row in rows):
            complete.add(table)
    assert complete == COMPLETE_TABLES[path.stem]


def test_the_vocabulary_is_that_of_the_release() -> None:
    assert [(table.table_name, len(table.rows), len(table.sums)) for table in printed_tables("peel-2016")] == [
        ("crime_rates", 5, 0),
        ("outcome_proportions", 21, 6),
        ("domestic_abuse_outcomes", 6, 0),
    ]


def test_an_outcome_number_that_is_not_its_row_s_is_said() -> None:
    cells = made_outcomes(random.Random(7))
    lines = in_order(random.Random(0), cells)
    assert "table-codes" not in {fault.check_id for fault in outcome_text(lines).faults}
    place = lines.index("18")
    lines[place] = "19"
    (fault,) = [one for one in outcome_text(lines).faults if one.check_id == "table-codes"]
    assert (fault.severity, fault.expected, fault.found) == ("warning", "18", "19")
    # A table that prints no outcome numbers lacks none.
    without = [line for line in in_order(random.Random(0), cells) if not (line.isdigit() or line == "*")]
    assert "table-codes" not in {fault.check_id for fault in outcome_text(without).faults}
