"""The one-digit test on a fixed part of its changes (the whole is the script's), and the test's own parts."""

from functools import cache

import pytest
from conftest import REAL, SAMPLES, golden
from one_digit import Bench, Change, Printed, Result, bench_of, has_golden_lines, misses_of, table_of

from pipelines.issues import Issue

FOLDERS = {"samples": SAMPLES, "real": REAL}
# Every so many changes: no multiple of three, so that all substitutions come up in turn.
STEP = 41
LEAST_NOTICED = 0.95


@cache
def bench(name: str) -> Bench:
    if not (FOLDERS[name] / "warwickshire-2016-effectiveness.txt").exists():
        pytest.skip("the real reports are not here")
    return bench_of(FOLDERS[name])


def changes_of(text: str, position: int, place: str = "figure 4") -> dict[str, str]:
    printed = Printed("a", place, 1, 0, text, ("outcome_proportions", "1", "a"))
    return {way: Change(printed, position, way).text for way in ("up", "down", "far")}


def change(name: str, report_id: str, line: int, text: str, new: str) -> Change:
    """The change that makes one printed number into another."""
    (found,) = {
        each
        for each in bench(name).changes
        if each.printed.report_id.startswith(report_id)
        and (each.printed.line, each.printed.text, each.text) == (line, text, new)
        and each.substitution != "far"
    }
    return found


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("14.2", 3, {"up": "14.3", "down": "14.1", "far": "14.5"}),
        ("9.1", 0, {"up": "0.1", "down": "8.1", "far": "2.1"}),
        ("0.9", 2, {"up": "0.0", "down": "0.8", "far": "0.2"}),
        # No number begins with a nought before another digit.
        ("14.2", 0, {"up": "24.2", "down": "94.2", "far": "44.2"}),
        ("79", 0, {"up": "89", "down": "69", "far": "19"}),
        ("2,471", 0, {"up": "3,471", "down": "1,471", "far": "5,471"}),
    ],
)
def test_a_digit_becomes_another(text: str, position: int, expected: dict[str, str]) -> None:
    assert changes_of(text, position) == expected


@pytest.mark.parametrize("name", FOLDERS)
def test_every_digit_of_the_tables_is_changed_in_each_way(name: str) -> None:
    digits: dict[tuple[str, str], set[tuple[Printed, int]]] = {}
    for each in bench(name).changes:
        digits.setdefault((each.printed.report_id, each.printed.place), set()).add((each.printed, each.position))
    for report_id in bench(name).reports:
        for figure, table in ((4, "outcome_proportions"), (8, "domestic_abuse_outcomes")):
            values = [
                row[f"{area}_value"] for row in golden(report_id, table) for area in ("force", "england_and_wales")
            ]
            assert len(digits[report_id, f"figure {figure}"]) == sum(c.isdigit() for value in values for c in value)
    assert len(digits["west-midlands-2016-effectiveness", "figure 2"]) == 25
    assert len(digits["warwickshire-2016-effectiveness", "figure 10"]) == 13
    assert len(bench(name).changes) == 3 * sum(map(len, digits.values()))


def test_the_numbers_stand_on_the_lines_that_were_read() -> None:
    for report_id, report in bench("real").reports.items():
        assert has_golden_lines(report)
        printed = [one for one in bench("real").round.printed if one.report_id == report_id]
        for table, place in (("outcome_proportions", "figure 4"), ("domestic_abuse_outcomes", "figure 8")):
            lines = [
                int(row[f"{a}_line"] or 0) for row in golden(report_id, table) for a in ("force", "england_and_wales")
            ]
            assert sorted(one.line for one in printed if one.place == place) == sorted(line for line in lines if line)
    assert not has_golden_lines(bench("samples").reports["west-midlands-2016-effectiveness"])


@pytest.mark.parametrize("name", FOLDERS)
def test_unchanged_reports_contradict_nothing_and_raise_no_error(name: str) -> None:
    assert bench(name).round.reasons(None) == ()
    assert [issue.message for issue in bench(name).issues if issue.severity == "error"] == []


WEST_MIDLANDS, WARWICKSHIRE = "west-midlands", "warwickshire"


@pytest.mark.parametrize(
    ("report_id", "line", "text", "new", "reasons"),
    [
        # A slip that the rounding of eleven numbers hides, and two that it does not.
        (WEST_MIDLANDS, 678, "14.2", "14.3", ()),
        (WEST_MIDLANDS, 678, "14.2", "13.2", ("sum",)),
        (WEST_MIDLANDS, 686, "1.9", "0.9", ("sum",)),
        # The heading of two members: 9.1 is said three times, and 8.0 only in the table.
        (WEST_MIDLANDS, 959, "9.1", "9.2", ("repeat",)),
        (WEST_MIDLANDS, 705, "8.0", "8.1", ()),
        (WARWICKSHIRE, 564, "100.00", "100.01", ("range", "sum")),
        # 52.4 is the 52 of another page; 52.5 may still be.
        (WEST_MIDLANDS, 1626, "52.4", "52.5", ()),
        (WEST_MIDLANDS, 1527, "52", "53", ("repeat",)),
        # Both reports print England and Wales; neither a force's figure 8 nor the loose 80 is printed twice.
        (WARWICKSHIRE, 1185, "23.2", "23.3", ("other report",)),
        (WARWICKSHIRE, 1183, "17.5", "17.4", ()),
        (WARWICKSHIRE, 1430, "80", "81", ()),
        (WARWICKSHIRE, 1430, "80", "90", ("pies",)),
        # Crime that is more than all crime; a force above the highest of all forces; below what it is said to exceed.
        (WEST_MIDLANDS, 260, "60.3", "70.3", ("between",)),
        (WEST_MIDLANDS, 417, "407", "507", ("between",)),
        (WEST_MIDLANDS, 302, "32", "22", ("words",)),
    ],
)
def test_what_can_be_revealed(report_id: str, line: int, text: str, new: str, reasons: tuple[str, ...]) -> None:
    assert bench("real").round.reasons(change("real", report_id, line, text, new)) == reasons


def test_a_change_that_no_rule_looks_at_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    (national,) = [
        each
        for each in bench("samples").changes
        if each.printed.place == "figure 8"
        and each.printed.report_id.startswith("west-midlands")
        and (each.printed.text, each.text) == ("23.2", "23.3")
    ]
    result = bench("samples").run(national)
    assert (result.reasons, result.noticed, result.altered) == (("other report",), True, True)
    monkeypatch.setattr("one_digit.reconcile", lambda tables: [])
    result = bench("samples").run(national)
    assert (result.noticed, result.altered, result.said) == (False, True, ())
    assert "23.2 -> 23.3 (other report; silent;" in "".join(misses_of([result], bench("samples").reports))


@pytest.mark.parametrize(
    ("severity", "there", "new", "noticed"),
    [
        ("warning", True, "38", True),
        ("error", False, "38", False),
        ("note", True, "38", False),
        # 49 of 43 forces is no figure, and left out: noticed if only a note says so.
        ("note", True, "49", True),
        ("error", False, "49", False),
    ],
)
def test_only_what_names_the_line_is_a_notice(
    monkeypatch: pytest.MonkeyPatch, severity: str, there: bool, new: str, noticed: bool
) -> None:
    one = next(each for each in bench("samples").changes if (each.printed.text, each.text) == ("39", new))
    line = one.printed.line if there else 1
    made = Issue("made", severity, "made", report_id=one.printed.report_id, line_start=line, line_end=line)
    monkeypatch.setattr("one_digit.issues_of", lambda extractions: [made])
    result = bench("samples").run(one)
    assert (result.noticed, result.altered, result.lost) == (noticed, new == "38", new == "49")


def test_a_sentence_that_the_numbers_of_a_table_contradict_is_a_notice() -> None:
    one = change("real", WARWICKSHIRE, 1195, "0.1", "1.1")
    result = bench("real").run(one)
    assert (result.reasons, result.noticed, result.altered) == (("words",), True, True)
    assert result.said == ("band_statements-words_match_numbers",)
    (words,) = {word.lines for word in bench("real").round.words if one.printed.quantity in (word.force, word.national)}
    assert words[1] < one.printed.line or words[0] > one.printed.line
    assert {(one.printed.report_id, line) for line in words} <= bench("real").round.related(one.printed)


@pytest.mark.parametrize(("line", "text", "new"), [(189, "39", "49"), (2565, "331", "431"), (2565, "429", "329")])
def test_what_cannot_be_is_left_out_with_a_warning(line: int, text: str, new: str) -> None:
    result = bench("real").run(change("real", WEST_MIDLANDS, line, text, new))
    assert (result.noticed, result.altered, result.lost) == (True, False, True)
    assert "statistics-possible" in result.said


def test_the_table_counts_by_place() -> None:
    printed = Printed("west-midlands-2016-effectiveness", "figure 4", 1, 0, "14.2", ("outcome_proportions", "1", "a"))
    results = [
        Result(Change(printed, 0, "up"), ("sum",), noticed=True, altered=True, lost=False, said=("x",)),
        Result(Change(printed, 0, "down"), ("sum",), noticed=False, altered=True, lost=False, said=()),
        Result(Change(printed, 1, "up"), (), noticed=False, altered=False, lost=True, said=()),
    ]
    head, first, *_ = (line.split() for line in table_of(results).splitlines())
    assert head[:4] == ["report", "place", "digits", "changes"]
    assert first == ["west-midlands", "all", "2", "3", "2", "1", "50.0", "1", "1", "1", "0"]


@pytest.mark.parametrize("name", FOLDERS)
def test_of_what_can_be_revealed_nearly_all_is_noticed(name: str) -> None:
    part = bench(name).changes[::STEP]
    results = [bench(name).run(each) for each in part if bench(name).round.reasons(each)]
    noticed = sum(result.noticed for result in results)
    misses = "\n".join(misses_of(results, bench(name).reports))
    assert len(results) >= 20
    assert noticed >= LEAST_NOTICED * len(results), f"{noticed} of {len(results)}\n{misses}"
