"""What a terminal is shown: harmless text, tables that fit, progress, and words for what would be right."""

import io

import pytest

from assets.terminal import Sheet, cell, did_you_mean, one_line, print_sheet, shown_progress


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


def test_a_person_sees_a_bar_with_reports_done_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    terminal = Terminal()
    with shown_progress(terminal) as progress:
        for done in (0, 3, 5):
            progress(done, 5)
            terminal.write("|")
    shown = terminal.getvalue()
    assert "starting" in shown
    progress_bars = [part for part in shown.split("\r") if "5 of 5 reports, 0 left" in part]
    assert progress_bars
    assert "checking and publishing" in progress_bars[-1]


@pytest.mark.parametrize(("reports", "lines"), [(100, 0), (101, 10), (2000, 10)])
def test_without_a_watcher_many_reports_are_ten_lines_and_few_are_none(reports: int, lines: int) -> None:
    stream = io.StringIO()
    with shown_progress(stream) as progress:
        for done in range(reports + 1):
            progress(done, reports)
    said = stream.getvalue().splitlines()
    assert len(said) == lines
    if said:
        assert said[-1] == f"{reports} of {reports} reports done, 0 left"
        assert all(" of " in line and " left" in line for line in said)


def test_a_reader_that_has_gone_does_not_stop_a_build() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with shown_progress(Gone()) as progress:
        for done in range(201):
            progress(done, 200)


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x9b",
        "\x85x",
        "\u200e",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u061c",
        "\ufeff",
    ],
)
def test_no_character_that_a_terminal_obeys_is_printed(character: str) -> None:
    shown = one_line(f"a{character}b")
    assert shown.isprintable()
    assert shown in ("a\ufffdb", "a xb")


def test_printable_text_stays_and_white_space_is_folded() -> None:
    assert one_line("a\nb\t\u2028c\u00a0 d") == "a b c d"
    assert one_line("Dyfed–Powys £14.2m, ‘good’ é") == "Dyfed–Powys £14.2m, ‘good’ é"


def test_a_missing_value_is_empty_and_a_number_is_as_it_is() -> None:
    assert [cell(value) for value in (None, "", 14.2, 10.0, 0, True, False)] == [
        "",
        "",
        "14.2",
        "10.0",
        "0",
        "true",
        "false",
    ]


@pytest.mark.parametrize(
    ("word", "right", "words"),
    [
        ("judgements", ["reports", "judgments"], "; did you mean judgments?"),
        ("KANT", ["kent", "Kent Police"], "; did you mean kent?"),
        ("kent", ["kent-2016-effectiveness-and-more", "essex"], "; did you mean kent-2016-effectiveness-and-more?"),
        ("zzz", ["kent", "essex"], "; there are kent, essex"),
        ("zzz", [f"name-{number}" for number in range(31)], ""),
        ("zzz", [], ""),
    ],
)
def test_what_would_be_right_is_said(word: str, right: list[str], words: str) -> None:
    assert did_you_mean(word, right) == words


def test_a_wide_table_keeps_the_columns_most_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")  # 80 columns, no colours
    names = tuple(f"column_{number}" for number in range(20))
    sheet = Sheet(names, [[f"{row}{number}" * 4 for number in range(20)] for row in "ab"], first=("column_19",))
    terminal = Terminal()
    print_sheet(sheet, terminal)
    lines = terminal.getvalue().splitlines()
    assert lines[0].split()[0] == "column_0"
    assert lines[0].split()[-1] == "column_19"
    assert "column_18" in terminal.getvalue().split("not shown: ")[1]
    assert all(len(line) <= 80 for line in lines)


def test_columns_that_say_one_thing_are_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal()
    print_sheet(Sheet(("id", "unit", "note"), [[1, "percent", None], [2, "percent", None]]), terminal)
    lines = [line.rstrip() for line in terminal.getvalue().splitlines()]
    assert lines == ["the same in all rows shown: unit percent", "empty in all rows shown: note", "id", " 1", " 2"]
