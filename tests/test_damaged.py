"""Damaged inputs end in rows or in one clear reason, in bounded time, and no other report suffers.

A part of what ``python tests/damaged.py`` runs (a thousand inputs), the same in every run.
"""

import contextlib
import time
from collections import Counter
from pathlib import Path

import pytest
from conftest import SAMPLES
from damaged import (
    KINDS,
    ORDER_ONLY,
    SEED,
    TABLE_KINDS,
    Result,
    cases,
    damaged,
    extracted,
    faults,
    outcome,
    sources,
    table_outcome,
    table_sources,
    together,
)

from pipelines.issues import SourceError
from pipelines.reports import refusal, report_from_bytes

PART, TABLE_PART = 112, 84
SAMPLE_FILES = sorted(SAMPLES.glob("*.txt"))
# Processor seconds for a sample with 100,000 hostile characters (measured: 0.5 at most) and one with 20,000 short lines
# (1.2 at most).
HOSTILE_BOUND, LINES_BOUND = 4.0, 8.0


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [outcome(case) for case in cases(sources(), PART, SEED)]


def test_every_damaged_report_ends_in_rows_or_a_reason(results: list[Result]) -> None:
    assert [f"{result.case.name}: {result.says}" for result in results if result.ending == "raised"] == []
    assert {result.case.kind for result in results} == {damage.__name__ for damage in KINDS}
    endings = [result.ending for result in results]
    assert endings.count("rows") > PART // 4
    assert endings.count("refused") > PART // 8


def test_a_scrambled_text_gives_no_number_to_another_row_in_silence(results: list[Result]) -> None:
    compared = [result for result in results if result.case.kind in ORDER_ONLY]
    assert sum(result.values for result in compared) > 1000
    assert [text for result in compared for text in result.silent] == []


def test_every_damaged_file_of_open_data_ends_in_rows_or_a_reason() -> None:
    results = [table_outcome(case) for case in cases(table_sources(), TABLE_PART, SEED, tables=True)]
    assert [f"{result.case.name}: {result.says}" for result in results if result.ending == "raised"] == []
    assert {result.case.kind for result in results} <= {damage.__name__ for damage in TABLE_KINDS}
    assert {result.ending for result in results} == {"rows", "refused"}


def test_the_same_seed_makes_the_same_inputs() -> None:
    first, again = (cases(sources(), 60, SEED) for _ in range(2))
    assert first == again
    assert [damaged(case, SEED, [b"other"]) for case in first] == [damaged(case, SEED, [b"other"]) for case in again]
    assert cases(sources(), 60, SEED + 1) != first


@pytest.fixture(scope="module")
def folders() -> list[dict[str, bytes]]:
    return list(together(PART, SEED))


def test_damaged_reports_in_one_folder_end_in_a_table_or_one_refusal_and_no_other_suffers(
    folders: list[dict[str, bytes]],
) -> None:
    assert sum(map(len, folders)) == PART
    endings: Counter[str] = Counter()
    for files in folders:
        some, wrong = faults(files)
        assert wrong == []
        endings += some
    assert endings.total() == PART
    assert endings["read"] > PART // 4
    assert min(endings[check] for check in ("file-encoding", "report-recognised", "report-lines")) > 0


def test_what_is_wrong_with_a_folder_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    other = (SAMPLES / "warwickshire-2016-effectiveness.txt").read_bytes() + b"One line more.\n"
    _, wrong = faults({"other.txt": other})
    assert wrong == ["warwickshire-2016-effectiveness is another beside the damaged ones"]
    nonsense = refusal("a file", "KeyError: 3", "file-encoding")
    monkeypatch.setattr("pipelines.reports.refusal", lambda *_, **__: nonsense)
    _, wrong = faults({"other.txt": b"\xff\xff"})
    assert wrong == [
        "other.txt: not read, and 0 refusals",
        "a message for programmers: a file: KeyError: 3",
        "a message that names no file: a file: KeyError: 3",
    ]


def reason(content: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        report_from_bytes(content, "a.txt")
    return str(caught.value)


@pytest.mark.parametrize("first", SAMPLE_FILES, ids=lambda path: path.stem)
def test_two_reports_in_one_file_are_refused(first: Path) -> None:
    for second in SAMPLE_FILES:
        # A title of a web page inside a text may be a link: only where the text begins does it count.
        if second != first and "2015" not in second.name:
            assert "holds two reports" in reason(first.read_bytes() + second.read_bytes()), second.name


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.stem)
def test_a_text_whose_lines_are_lost_is_refused(path: Path) -> None:
    content = path.read_bytes()
    if len(content.split()) < 1000:
        content = content * 2
    doubled = b"".join(line * 2 for line in content.splitlines(keepends=True))
    assert "lines repeat the line above" in reason(doubled)
    assert "words stand on" in reason(b"\n".join(content.split()))
    assert "characters stand on one line" in reason(b" ".join(content.splitlines()))


HOSTILE = (b"1 ", b"the ", b"(", b"- ", b". ", b"\t", b"1.", b"IOM, ", b"12 months to 30 June 2016 ", b"Figure 1 ")


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_line_costs_bounded_time(path: Path, unit: bytes) -> None:
    lines = path.read_bytes().split(b"\n")
    number = 100_000 // len(unit)
    for at in (len(lines) // 4, len(lines) // 2, 3 * len(lines) // 4):
        lines[at] += b" " + unit * (number // 3)
    start = time.process_time()
    ending = "refused"  # where one line then holds most of the text
    with contextlib.suppress(SourceError):
        rows, _ = extracted(b"\n".join(lines), path.name)
        ending = rows["reports"][0]["extraction"]
    assert time.process_time() - start < HOSTILE_BOUND
    assert ending in ("refused", "extracted")


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.stem)
def test_very_many_short_lines_cost_bounded_time(path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    short = [b"of %d and a" % (number % 97) for number in range(20_000)]
    middle = len(lines) // 2
    start = time.process_time()
    rows, _ = extracted(b"\n".join([*lines[:middle], *short, *lines[middle:]]), path.name)
    assert time.process_time() - start < LINES_BOUND
    assert rows["reports"][0]["extraction"] == "extracted"
