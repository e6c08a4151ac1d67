"""The search over readings, on tables of a few rows: what is concluded, and above all what is not."""

import re
from decimal import Decimal

import pytest

from pipelines.reading import Label, Misfit, Scramble, TooManySteps, agreed, misfit
from pipelines.vocabulary import PrintedTable, Row, Sum


def row(
    row_id: str, parent: str | None = None, kind: str = "type", *, blank: bool = False, code: str | None = None
) -> Row:
    return Row(row_id, code, row_id, kind, parent, blank, "percent")


# a + b = group; group + c = 100
SMALL = PrintedTable(
    table_name="small",
    caption=re.compile("small"),
    required=True,
    rows=(
        row("a", "group"),
        row("b", "group"),
        row("group", "all", "group"),
        row("c", "all"),
        row("all", None, "total"),
    ),
    sums=(Sum(2, (0, 1)), Sum(4, (2, 3))),
)
A, B, GROUP, C, ALL = range(5)
PAIRS = {A: ("10.0", "20.0"), B: ("30.0", "5.0"), GROUP: ("40.0", "25.0"), C: ("60.0", "75.0"), ALL: ("100.0", "100.0")}


def scramble(order: str, table: PrintedTable = SMALL, pairs: dict[int, tuple[str, str]] = PAIRS) -> Scramble:
    """``order`` lists rows in words: "a" is a label, "a=" its pair."""
    names = [one.row_id for one in table.rows]
    labels = [word for word in order.split() if not word.endswith("=")]
    numbers = [word[:-1] for word in order.split() if word.endswith("=")]
    return Scramble(
        table=table,
        sums=table.sums,
        labels=tuple(Label((names.index(label),)) for label in labels),
        pairs=tuple(tuple(Decimal(number) for number in pairs[names.index(name)]) for name in numbers),  # type: ignore[misc]
        order=tuple(
            ("pair", numbers.index(w[:-1])) if w.endswith("=") else ("label", labels.index(w)) for w in order.split()
        ),
        fixed={},
        decimals=1,
    )


def concluded(one: Scramble) -> dict[str, str | None]:
    """Label to the name of the row whose pair it was given, None where it was left open."""
    result = agreed(one)
    assert result is not None
    by_value = {tuple(Decimal(number) for number in pair): SMALL.rows[n].row_id for n, pair in PAIRS.items()}
    names = [one.table.rows[label.rows[0]].row_id for label in one.labels]
    return {
        name: None if given is None or given[1] is None else by_value[one.pairs[given[1]]]  # type: ignore[index]
        for name, given in zip(names, result, strict=True)
    }


TRUE = {"a": "a", "b": "b", "group": "group", "c": "c", "all": "all"}


@pytest.mark.parametrize(
    "order",
    [
        "a a= b b= group group= c c= all all=",  # in order
        "c c= b b= all all= a a= group group=",  # rows shuffled, links kept
        "a= a b= b group= group c= c all= all",  # values before labels
        "a= a b b= group group= c= all= c all",  # first value before its label, last labels after their values
    ],
)
def test_what_text_order_and_sums_leave_no_choice_in_is_concluded(order: str) -> None:
    assert concluded(scramble(order)) == TRUE


def test_one_pair_moved_beside_a_wrong_label_is_not_believed() -> None:
    # b's pair was moved behind a's label, whose own pair went to the end: a and b may be either way round.
    assert concluded(scramble("a b= b group group= c c= all all= a=")) == {**TRUE, "a": None, "b": None}


def test_two_values_strewn_between_rows_leave_open_what_sums_cannot_tell() -> None:
    given = concluded(scramble("a c c= b= group group= a= b all all="))
    assert all(name in (None, TRUE[label]) for label, name in given.items())
    assert given["a"] is None
    assert given["b"] is None


def test_numbers_that_no_reading_fits_give_nothing() -> None:
    wrong = {**PAIRS, GROUP: ("41.0", "25.0")}
    assert agreed(scramble("a a= b b= group group= c c= all all=", pairs=wrong)) is None


def test_a_blank_is_only_given_to_a_row_that_may_be_blank() -> None:
    rows = (row("one", "all", "group", blank=True), row("only", "one"), row("c", "all"), row("all", None, "total"))
    table = PrintedTable("blank", re.compile("blank"), True, rows, (Sum(0, (1,)), Sum(3, (0, 2))))
    pairs = {1: ("40.0", "25.0"), 2: ("60.0", "75.0"), 3: ("100.0", "100.0")}
    result = agreed(scramble("one only only= c c= all all=", table, pairs))
    assert result == [(0, None), (1, 0), (2, 1), (3, 2)]


def test_too_many_ways_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.reading.MOST_STEPS", 5)
    with pytest.raises(TooManySteps):
        agreed(scramble("a b group c all a= b= group= c= all="))


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("40.0", None),
        ("40.1", None),  # three rounded numbers may be 0.15 off
        ("40.2", Misfit(column=0, difference=2, allowed=1)),
        ("39.8", Misfit(column=0, difference=-2, allowed=1)),
    ],
)
def test_rounding_explains_half_a_unit_for_each_number(group: str, expected: Misfit | None) -> None:
    values = {n: (Decimal(force), Decimal(other)) for n, (force, other) in {**PAIRS, GROUP: (group, "25.0")}.items()}
    assert misfit(SMALL, SMALL.sums[0], values, 1) == expected


def test_the_whole_is_exact() -> None:
    values = {GROUP: (Decimal("40.0"), None), C: (Decimal("60.2"), None), ALL: (Decimal("100.00"), None)}
    assert misfit(SMALL, SMALL.sums[1], values, 1) == Misfit(column=0, difference=-2, allowed=1)


def test_a_heading_with_one_member_prints_the_same_number() -> None:
    table = PrintedTable("one", re.compile("one"), True, (row("g", None, "group"), row("m", "g")), (Sum(0, (1,)),))
    values = {0: (Decimal("1.0"), None), 1: (Decimal("1.1"), None)}
    assert misfit(table, table.sums[0], values, 1) == Misfit(column=0, difference=-1, allowed=0)
