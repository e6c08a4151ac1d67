"""Damaged inputs: what becomes of reports that are cut, scrambled, wrongly encoded or no reports at all.

    python tests/damaged.py [--count 1000] [--reports DIR] [--seed N] [--open-data] [--moved]

Each input is a report (default: the samples in ``warehouse/raw`` and the texts of ``tests/fixtures``; with
``--open-data`` a file of open data) after one damage of ``KINDS``, chosen and placed by the seed. It must end

* ``refused``: a SourceError that names the file and the reason;
* ``rows``: rows that meet the schema, and issues that name the file;
* ``raised``: anything else: an exception of another kind, or a parser that raised. That is a fault of the program.

**Moved values.** A damage that leaves every number as it is (``ORDER_ONLY``) must not give a number to another row. So
the numbers and grades published from such an input are held against those of the whole report: a row that is published
there too but with another value is ``moved``; ``silent`` if nothing worse than a note is said of its table that is not
said of the whole report, the rules of ``expectations.reconcile`` included. ``new`` rows, which the whole report
does not give, may be right (a cell that was ``unassigned`` there) and are shown with ``--moved`` to be looked at.

**Together.** Then as many reports, each under the name of another force and damaged, lie in folders with good ones and
go the way of a build. Each must end in ``reports`` or in exactly one refusal that names it, and what comes of the good
ones must be the very same as without them.
"""

import argparse
import gzip
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from conftest import ROOT, SAMPLES

from expectations.one_report import Task, code_version, extract_file
from expectations.reconcile import reconcile
from pipelines.batch import CombinedTables, FileRead, extract_checked, issues_of, settled
from pipelines.extracted import TABLES_OF_A_REPORT, Records
from pipelines.extraction import extract_report
from pipelines.issues import Issue, SourceError
from pipelines.observations import FACT_TABLES
from pipelines.open_data import force_crime_rate_rows, force_outcome_rows, read_open_data
from pipelines.reference import load
from pipelines.reports import report_from_bytes, source_files
from pipelines.schema import TABLES
from pipelines.stores import LocalStore

FIXTURES = ROOT / "tests" / "fixtures"
OPEN_DATA = (ROOT / "warehouse" / "open_data", FIXTURES / "open_data")
SEED = 20161

# --- damages ----------------------------------------------------------------------------------------------------------

# A damage makes bytes of a file's bytes; the last argument is the bytes of all files that there are.
Damage = Callable[[bytes, Random, Sequence[bytes]], bytes]


def _span(content: bytes, random: Random, most: int) -> tuple[int, int]:
    start = random.randrange(len(content))
    return start, min(len(content), start + random.randint(1, most))


def truncated(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return content[: random.randrange(len(content))]


def beheaded(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return content[random.randrange(len(content)) :]


def bytes_flipped(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    flipped = bytearray(content)
    for _n in range(random.choice((1, 3, 30, 300))):
        flipped[random.randrange(len(flipped))] ^= 1 << random.randrange(8)
    return bytes(flipped)


def letters_changed(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Single characters replaced by others of a report: still text, unlike flipped bytes."""
    text = list(content.decode("utf-8", "ignore"))
    for _n in range(random.choice((1, 10, 100, 1000))):
        text[random.randrange(len(text))] = random.choice("0123456789 .,;:()-–’%£\n\t\fabcABC•→²½")
    return "".join(text).encode()


def run_deleted(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(content, random, 4000)
    return content[:start] + content[end:]


def run_duplicated(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(content, random, 4000)
    return content[:end] + content[start:]


def as_cp1252(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return content.decode("utf-8", "ignore").encode("cp1252", "replace")


def as_latin_1(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return content.decode("utf-8", "ignore").encode("latin-1", "replace")


def as_utf_16(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return content.decode("utf-8", "ignore").encode(random.choice(("utf-16", "utf-16-le", "utf-16-be")))


def with_byte_order_mark(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b"\xef\xbb\xbf" + content


def decoded_twice(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    """UTF-8 read as cp1252 and saved again: every curly quote is three letters."""
    return content.decode("cp1252", "replace").encode()


def carriage_returns(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return content.replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\r")))


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def blocks_swapped(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    lines = _lines(content)
    cuts = sorted(random.randrange(len(lines) + 1) for _n in range(4))
    a, b, c, d = cuts
    return b"".join([*lines[:a], *lines[c:d], *lines[b:c], *lines[a:b], *lines[d:]])


def pages_shuffled(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Pages of 40 lines (the texts have no common mark of a page end) in another order, the first apart."""
    lines = _lines(content)
    pages = [lines[at : at + 40] for at in range(0, len(lines), 40)]
    rest = pages[1:]
    random.shuffle(rest)
    return b"".join(line for page in (*pages[:1], *rest) for line in page)


def neighbours_swapped(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    lines = _lines(content)
    for _n in range(random.choice((1, 5, 50))):
        at = random.randrange(max(1, len(lines) - 1))
        lines[at : at + 2] = reversed(lines[at : at + 2])
    return b"".join(lines)


def line_moved(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    lines = _lines(content)
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randrange(len(lines) + 1), line)
    return b"".join(lines)


def lines_deleted(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    lines = _lines(content)
    for _n in range(random.choice((1, 1, 5, 20))):
        if len(lines) > 1:
            del lines[random.randrange(len(lines))]
    return b"".join(lines)


def lines_reversed(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b"".join(reversed(_lines(content)))


def lines_doubled(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b"".join(line for line in _lines(content) for _n in range(2))


def blank_lines_removed(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b"".join(line for line in _lines(content) if line.strip())


def blank_lines_added(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in _lines(content))


def one_line(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b" ".join(content.split(b"\n"))


def one_word_a_line(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b"\n".join(content.split())


def digits_replaced(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Every digit by one and the same, or each by another."""
    if random.random() < 0.3:
        return content.translate(bytes.maketrans(b"0123456789", random.choice((b"0", b"9", b"x")) * 10))
    share = random.choice((0.01, 0.1, 1.0))
    return bytes(
        random.choice(b"0123456789") if 48 <= byte <= 57 and random.random() < share else byte for byte in content
    )


def glued(content: bytes, random: Random, files: Sequence[bytes]) -> bytes:
    return content + b"\n" + random.choice([other for other in files if other != content])


def spliced(content: bytes, random: Random, files: Sequence[bytes]) -> bytes:
    """The first part of one file and the last of another."""
    other = random.choice([other for other in files if other != content])
    return truncated(content, random, files) + beheaded(other, random, files)


def hostile_line(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    lines = _lines(content)
    unit = random.choice(
        (b"1 ", b"the ", b"(", b"- ", b". ", b"\t", b"1.", "’".encode(), b"Figure 1 ", b"12 months to ")
    )
    lines[random.randrange(len(lines))] = unit * (5000 // len(unit)) + b"\n"
    return b"".join(lines)


def other_document(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return random.choice(
        (
            b"<!doctype html><html><head><title>x</title></head><body><p>HMIC</p></body></html>\n" * 3,
            b'{"force": "West Midlands Police", "rows": [1, 2, {"a": null}]}\n',
            b"force,outcome,value\nwest-midlands,1,14.2\n" * 50,
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
            b"\x7fELF\x02\x01\x01" + bytes(9) + content[:500],
            b"PK\x03\x04" + random.randbytes(300),
            gzip.compress(content, mtime=0),
            random.randbytes(5000),
            bytes(1000),
            b"",
            b"\n\n\n",
            b"<html><body><pre>" + content + b"</pre></body></html>",
        )
    )


KINDS: tuple[Damage, ...] = (
    truncated,
    beheaded,
    bytes_flipped,
    letters_changed,
    run_deleted,
    run_duplicated,
    as_cp1252,
    as_latin_1,
    as_utf_16,
    with_byte_order_mark,
    decoded_twice,
    carriage_returns,
    blocks_swapped,
    pages_shuffled,
    neighbours_swapped,
    line_moved,
    lines_deleted,
    lines_reversed,
    lines_doubled,
    blank_lines_removed,
    blank_lines_added,
    one_line,
    one_word_a_line,
    digits_replaced,
    glued,
    spliced,
    hostile_line,
    other_document,
)
# Damages that leave every number as it is printed: what is published may be less, but not other.
ORDER_ONLY: frozenset[str] = frozenset(
    damage.__name__
    for damage in (
        with_byte_order_mark,
        carriage_returns,
        blocks_swapped,
        pages_shuffled,
        neighbours_swapped,
        line_moved,
        lines_deleted,
        lines_reversed,
        lines_doubled,
        blank_lines_removed,
        blank_lines_added,
        one_line,
        one_word_a_line,
        glued,
    )
)


# --- damages of tables ------------------------------------------------------------------------------------------------


def _cells(content: bytes) -> list[list[bytes]]:
    return [line.split(b",") for line in content.splitlines()]


def _joined(rows: Iterable[Iterable[bytes]]) -> bytes:
    return b"".join(b",".join(row) + b"\n" for row in rows)


def column_deleted(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    rows = _cells(content)
    at = random.randrange(max(map(len, rows)))
    return _joined([*row[:at], *row[at + 1 :]] for row in rows)


def columns_swapped(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """The cells of two columns, but not their names."""
    rows = _cells(content)
    a, b = (random.randrange(len(rows[0])) for _n in range(2))
    for row in rows[1:]:
        if max(a, b) < len(row):
            row[a], row[b] = row[b], row[a]
    return _joined(rows)


def cells_replaced(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    rows = _cells(content)
    junk = (b"", b"x", b"-5", b"1e9", b"9" * 30, b"1.5", b'"', b"NaN", b"[x]", b"=A1", "½".encode(), b"2017", b"Q9")
    for _n in range(random.choice((1, 10, 100))):
        row = random.choice(rows)
        row[random.randrange(len(row))] = random.choice(junk)
    return _joined(rows)


def semicolons(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return content.replace(b",", b";")


def header_gone(content: bytes, _: Random, __: Sequence[bytes]) -> bytes:
    return b"".join(_lines(content)[1:])


TABLE_KINDS: tuple[Damage, ...] = (
    truncated,
    beheaded,
    bytes_flipped,
    letters_changed,
    run_deleted,
    run_duplicated,
    as_utf_16,
    with_byte_order_mark,
    carriage_returns,
    lines_deleted,
    lines_reversed,
    lines_doubled,
    digits_replaced,
    glued,
    spliced,
    other_document,
    column_deleted,
    columns_swapped,
    cells_replaced,
    semicolons,
    header_gone,
)
# What can be done to a workbook, which is an archive: damages of its bytes.
WORKBOOK_KINDS: tuple[Damage, ...] = (truncated, beheaded, bytes_flipped, run_deleted, run_duplicated, glued, spliced)

# --- what becomes of an input -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One damaged input, told by numbers, so that another process can make it again."""

    number: int
    kind: str
    source: Path

    @property
    def name(self) -> str:
        """A name that says what it is."""
        return f"{self.number}-{self.kind}-{self.source.name}"


@dataclass(frozen=True)
class Result:
    """What became of a damaged input. ``says`` is the reason where it was refused or something raised; ``moved``,
    ``silent`` and ``new`` are rows as "table, row: value instead of values"."""

    case: Case
    ending: str
    says: str = ""
    seconds: float = 0.0
    rows: int = 0
    moved: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    values: int = field(default=0)


def sources(folder: Path | None = None) -> list[Path]:
    """The reports to be damaged: those of a folder; else the samples and the texts of the fixtures."""
    folders = [folder] if folder else [SAMPLES, FIXTURES]
    return [path for each in folders for path in sorted(each.rglob("*.txt"))]


def table_sources() -> list[Path]:
    """The files of open data to be damaged."""
    return [path for each in OPEN_DATA for path in sorted(each.iterdir()) if path.suffix in (".gz", ".xlsx", ".ods")]


@cache
def _contents(folder: Path | None) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sources(folder))


def cases(paths: Sequence[Path], count: int, seed: int, tables: bool = False) -> list[Case]:
    """So many damaged inputs, every kind in turn; the same for the same seed."""
    random = Random(seed)
    found = []
    for number in range(count):
        source = random.choice(paths)
        workbook = source.suffix in (".xlsx", ".ods")
        kinds = WORKBOOK_KINDS if workbook else TABLE_KINDS if tables else KINDS
        found.append(Case(number, kinds[number % len(kinds)].__name__, source))
    return found


def damaged(case: Case, seed: int, files: Sequence[bytes]) -> bytes:
    """The bytes of the input."""
    content = case.source.read_bytes()
    packed = case.source.suffix == ".gz"
    made: bytes = globals()[case.kind](
        gzip.decompress(content) if packed else content, Random(f"{seed}-{case.number}"), files
    )
    return gzip.compress(made, mtime=0) if packed else made


def extracted(content: bytes, source_file: str) -> tuple[Mapping[str, Sequence[Mapping[str, Any]]], tuple[Issue, ...]]:
    """Rows and issues of a report. Raises SourceError as ``report_from_bytes``."""
    batch = extract_checked(report_from_bytes(content, source_file))
    return batch.rows, batch.issues


def outcome(case: Case, seed: int = SEED, folder: Path | None = None) -> Result:
    """What becomes of a damaged report."""
    content = damaged(case, seed, _contents(folder))
    start = time.perf_counter()
    try:
        rows, issues = extracted(content, case.name)
    except SourceError as error:
        named = error.issue.message.startswith(case.name) and len(error.issue.message) > len(case.name) + 5
        return Result(case, "refused" if named else "raised", str(error), time.perf_counter() - start)
    except Exception:
        return Result(case, "raised", traceback.format_exc(limit=-3), time.perf_counter() - start)
    seconds = time.perf_counter() - start
    fault = _fault(case, content, rows, issues)
    if fault:
        return Result(case, "raised", fault, seconds)
    compared = _compared(case, rows, issues) if case.kind in ORDER_ONLY else {}
    return Result(case, "rows", "", seconds, sum(map(len, rows.values())), **compared)


def _fault(
    case: Case, content: bytes, rows: Mapping[str, Sequence[Mapping[str, Any]]], issues: Sequence[Issue]
) -> str | None:
    if rows["reports"][0]["extraction"] == "failed":
        return f"{[issue.message for issue in issues]}\n{_where(case, content)}"
    nameless = [issue.message for issue in issues if case.name not in issue.message]
    if nameless:
        return f"an issue does not name the file: {nameless[0]}"
    for name, table in rows.items():
        TABLES[name].to_arrow(table)
    return None


def _where(case: Case, content: bytes) -> str:
    """Where a parser raised: ``extract_checked`` says only what."""
    try:
        extract_report(report_from_bytes(content, case.name))
    except Exception:
        return traceback.format_exc(limit=-4)
    return "its rows do not meet the schema"


Facts = Mapping[tuple[str, ...], set[str]]


def facts(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Facts:
    """What is published, by what it is of: values of the tables of numbers, and grades."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for table in FACT_TABLES:
        for row in rows[table.name]:
            if row["value_status"] == "published":
                of = row[table.category] if table.category else row["measure_id"]
                days = ("period_start", "period_end", "compared_with_start", "compared_with_end", "area_label")
                key = (table.name, str(of), str(row["area_code"]), *(str(row.get(day)) for day in days))
                found[key].add(f"{row['value']:g} {row.get('direction') or ''}".strip())
    for row in rows["judgments"]:
        if row["grade"]:
            found["judgments", row["question_id"]].add(row["grade"])
    for row in rows["grade_distributions"]:
        found["grade_distributions", row["question_id"], row["grade"]].add(str(row["forces"]))
    return found


@cache
def _whole(source: Path) -> tuple[Facts, frozenset[tuple[str, str | None]]]:
    """What the undamaged report publishes, and what is said of it; nothing if it is refused."""
    try:
        rows, issues = extracted(source.read_bytes(), source.name)
    except SourceError:
        return {}, frozenset()
    return facts(rows), _said(rows, issues)


def _said(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], issues: Sequence[Issue]
) -> frozenset[tuple[str, str | None]]:
    """Warnings and errors as check and table and what was found: lines differ in a damaged report."""
    all_issues = (*issues, *reconcile(rows))
    return frozenset(
        (f"{issue.check_id} {issue.found} {issue.row_key}", issue.table_name)
        for issue in all_issues
        if issue.severity != "note"
    )


def _compared(case: Case, rows: Mapping[str, Sequence[Mapping[str, Any]]], issues: Sequence[Issue]) -> dict[str, Any]:
    whole, said_of_whole = _whole(case.source)
    here = facts(rows)
    new_said = {table for what, table in _said(rows, issues) - said_of_whole}
    moved, silent, new = [], [], []
    for key, values in here.items():
        for value in sorted(values - whole.get(key, set())):
            text = f"{', '.join(key)}: {value} instead of {', '.join(sorted(whole.get(key, ()))) or 'nothing'}"
            if key not in whole:
                if not _less_said(key, value, whole):
                    new.append(text)
            else:
                moved.append(text)
                if not {key[0], "reports"} & new_said:
                    silent.append(text)
    return {
        "moved": tuple(moved),
        "silent": tuple(silent),
        "new": tuple(new),
        "values": sum(map(len, here.values())),
    }


def _less_said(key: tuple[str, ...], value: str, whole: Facts) -> bool:
    """Whether the whole report says the same of the same, and at most a period or a direction more."""
    return any(
        key[:3] == other[:3]
        and all(here in (there, "None") for here, there in zip(key[3:], other[3:], strict=True))
        and value.split()[0] in {each.split()[0] for each in values}
        for other, values in whole.items()
        if len(other) == len(key)
    )


def table_outcome(case: Case, seed: int = SEED) -> Result:
    """What becomes of a damaged file of open data, alone in its folder."""
    files = tuple(gzip.decompress(path.read_bytes()) for path in table_sources() if path.suffix == ".gz")
    content = damaged(case, seed, files)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / case.name
        path.write_bytes(content)
        start = time.perf_counter()
        try:
            data = read_open_data(Path(folder))
            outcomes, outcome_issues = force_outcome_rows(data)
            rates, rate_issues = force_crime_rate_rows(data, [])
            TABLES["force_outcomes"].to_arrow(outcomes)
            TABLES["force_crime_rates"].to_arrow(rates)
        except Exception:
            return Result(case, "raised", traceback.format_exc(limit=-4), time.perf_counter() - start)
        seconds = time.perf_counter() - start
    issues = (*data.issues, *outcome_issues, *rate_issues)
    if case.name not in data.files:
        refused = [issue for issue in data.issues if issue.severity == "error" and case.name in issue.message]
        says = refused[0].message if refused else "neither read nor refused"
        return Result(case, "refused" if refused else "raised", says, seconds)
    return Result(case, "rows", f"{len(issues)} issues", seconds, len(outcomes) + len(rates))


# --- a folder of good and damaged reports -----------------------------------------------------------------------------

# One of every family that the samples have more than one of; no damaged report may claim to be one of these.
GOOD = ("warwickshire-2016-effectiveness.txt", "west-midlands-2021-22.txt")
# What no message may hold: it is for people who never saw this code.
CODE_IN_A_MESSAGE = re.compile(
    r"Traceback|File \"|\b[A-Z]\w*(?:Error|Exception|Interrupt)\b|\x00|pipelines[./]|object at 0x"
)


@dataclass(frozen=True)
class Built:
    """What a folder of reports gave: rows by table and report, the files that were read, and all issues."""

    rows: Mapping[str, Mapping[str, list[Any]]]
    files: frozenset[str]
    issues: tuple[Issue, ...]

    def of_report(self, report_id: str) -> tuple[Mapping[str, list[Any] | None], frozenset[Issue]]:
        """Everything that was found in one report."""
        rows = {name: parts.get(report_id) for name, parts in self.rows.items()}
        return rows, frozenset(issue for issue in self.issues if issue.report_id == report_id)


def built(folder: Path) -> Built:
    """Every report of the folder by the way of a build, up to the tables of all reports together."""
    reports = LocalStore(folder)
    with tempfile.TemporaryDirectory() as records:
        kept = Records(LocalStore(Path(records)), code_version())
        files, found = source_files(reports)
        read = []
        for file in files:
            receipt = extract_file(Task(file, reports.location, records, kept.code))
            record = kept.read(file.sha256)
            if receipt.issue or record is None:
                found += [receipt.issue] if receipt.issue else []
            else:
                read.append(FileRead(file, record))
        released, refused = settled(read)
        issues = (*found, *refused, *(issue for one in released for issue in issues_of(one)))
        tables = CombinedTables(released)
        rows = {name: _by_report(tables[name]) for name in TABLES_OF_A_REPORT}
    return Built(rows, frozenset(one.file.name for one in released), issues)


def _by_report(table: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["report_id"]].append(row)
    return found


@cache
def _good_alone() -> Built:
    with tempfile.TemporaryDirectory() as folder:
        for name in GOOD:
            shutil.copy(SAMPLES / name, folder)
        return built(Path(folder))


@cache
def _renamed(source: Path, force: str | None) -> bytes:
    """The report as one of another force: the names of both as the inspectorate writes them."""
    content = source.read_bytes()
    if force is None:
        return content
    name = report_from_bytes(content, source.name).force_name
    words = rb"\s+".join(re.escape(word).encode() for word in name.split())
    return re.sub(words, force.encode(), content)


@cache
def _families() -> tuple[Mapping[Path, str], tuple[str, ...]]:
    """The sources, each with what its report's name is without the force, and the forces that copies are given to."""
    good = {report_from_bytes((SAMPLES / name).read_bytes(), name).force_id for name in GOOD}
    forces = [row for row in load("forces") if row["area_type"] == "police_force_area" and row["force_id"] not in good]
    of_source = {}
    for source in sources():
        report = report_from_bytes(source.read_bytes(), source.name)
        other = next(row for row in forces if row["force_id"] != report.force_id)
        moved = report_from_bytes(_renamed(source, other["name_hmic"]), source.name)
        if moved.force_id == other["force_id"]:  # else the text names its force in yet another way
            of_source[source] = report.report_id.removeprefix(report.force_id)
    return of_source, tuple(row["name_hmic"] for row in forces)


def together(count: int, seed: int) -> Iterator[dict[str, bytes]]:
    """So many damaged reports by file name, in as many folders as it takes for no two to claim to be one report."""
    family, forces = _families()
    taken: Counter[str] = Counter()
    folders: list[dict[str, bytes]] = []
    others = tuple(_renamed(source, forces[0]) for source in family)
    for case in cases(list(family), count, seed):
        number, force = divmod(taken[family[case.source]], len(forces))
        taken[family[case.source]] += 1
        folders += [{} for _ in range(number + 1 - len(folders))]
        content = _renamed(case.source, forces[force])
        made = globals()[case.kind](content, Random(f"{seed}-{case.number}"), others)
        folders[number][case.name] = made
    yield from folders


def faults(damaged_files: Mapping[str, bytes]) -> tuple[Counter[str], list[str]]:
    """What became of the damaged reports of one folder, by check_id of the refusal, and what is wrong with it."""
    alone = _good_alone()
    with tempfile.TemporaryDirectory() as folder:
        for name in GOOD:
            shutil.copy(SAMPLES / name, folder)
        for name, content in damaged_files.items():
            (Path(folder) / name).write_bytes(content)
        both = built(Path(folder))
    found = []
    for report_id in alone.rows["reports"]:
        if both.of_report(report_id) != alone.of_report(report_id):
            found.append(f"{report_id} is another beside the damaged ones")
    endings: Counter[str] = Counter()
    refusals = [issue for issue in both.issues if issue.severity == "error" and issue.report_id is None]
    failed = [issue for issue in both.issues if issue.check_id == "report-extracted"]
    for name in damaged_files:
        said = [issue for issue in refusals if issue.source_file == name]
        endings.update(issue.check_id for issue in said)
        endings["read"] += name in both.files
        if len(said) + (name in both.files) != 1:
            found.append(f"{name}: {'read' if name in both.files else 'not read'}, and {len(said)} refusals")
    endings["failed"] = len(failed)
    found += [issue.message for issue in failed]
    known = {*damaged_files, *GOOD}
    for issue in both.issues:
        if CODE_IN_A_MESSAGE.search(issue.message) or "\n" in issue.message:
            found.append(f"a message for programmers: {issue.message}")
        if not any(name in issue.message for name in known):
            found.append(f"a message that names no file: {issue.message}")
    return endings, found


# --- the script -------------------------------------------------------------------------------------------------------


def _run(job: tuple[Case, int, Path | None, bool]) -> Result:
    case, seed, folder, tables = job
    return table_outcome(case, seed) if tables else outcome(case, seed, folder)


def summary(results: Sequence[Result]) -> Iterator[str]:
    """A line for each kind of damage."""
    yield f"{'damage':22} inputs refused rows raised  values moved silent new  slowest"
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_kind[result.case.kind].append(result)
    for kind, some in [*sorted(by_kind.items()), ("all", list(results))]:
        endings = Counter(result.ending for result in some)
        counts = (len(some), endings["refused"], endings["rows"], endings["raised"])
        values = [sum(result.values for result in some)]
        values += [sum(len(getattr(result, name)) for result in some) for name in ("moved", "silent", "new")]
        slowest = max(result.seconds for result in some)
        yield (
            f"{kind:22} {counts[0]:6} {counts[1]:7} {counts[2]:4} {counts[3]:6}"
            f" {values[0]:7} {values[1]:5} {values[2]:6} {values[3]:3}  {slowest:.2f} s"
        )


def _main_together(count: int, seed: int) -> int:
    folders = list(together(count, seed))
    endings: Counter[str] = Counter()
    found: list[str] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for some, wrong in pool.map(faults, folders):
            endings += some
            found += wrong
    print(f"\n{sum(map(len, folders))} damaged reports in {len(folders)} folders, each with {len(GOOD)} good ones")
    print("\n".join(f"{number:6} {ending}" for ending, number in endings.most_common()))
    print("\n".join(found) or "nothing wrong")
    return bool(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--open-data", action="store_true", help="damage files of open data instead of reports")
    parser.add_argument("--moved", action="store_true", help="show every value that is other than in the whole report")
    arguments = parser.parse_args()
    paths = table_sources() if arguments.open_data else sources(arguments.reports)
    made = cases(paths, arguments.count, arguments.seed, arguments.open_data)
    jobs = [(case, arguments.seed, arguments.reports, arguments.open_data) for case in made]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(_run, jobs, chunksize=5))
    print("\n".join(summary(results)))
    raised = [result for result in results if result.ending == "raised"]
    for result in raised:
        print(f"\n{result.case.name}: {result.says}")
    for result in results if arguments.moved else ():
        for name in ("silent", "moved", "new"):
            for text in getattr(result, name):
                print(f"{name}: {result.case.name}: {text}")
    if arguments.open_data or arguments.reports:
        return bool(raised)
    return _main_together(arguments.count, arguments.seed) | bool(raised)


if __name__ == "__main__":
    sys.exit(main())
