"""A printed table to cells: labels, numbers and column headings found in its lines, each number given to a row or not.

Belongs here: what a line of a table holds, where a table begins and ends, and what may be concluded when labels and
numbers stand apart (by ``reading``). Does not belong here: which published table the cells go to (``extract``).

A row whose label and numbers stand on the same lines is read as it stands. Where an extractor gave every cell a line
of its own, in an order that is not the table's, ``reading`` decides; what it cannot decide stays unassigned.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipelines.reading import Label, Pair, Scramble, TooManySteps, Values, agreed, misfit
from pipelines.reports import Report, forces_by_name
from pipelines.vocabulary import PrintedTable, Sum, letters

# A printed number of a table: decimals, perhaps a percent sign, dagger or raised mark behind it.
NUMBER = re.compile(r"^(?P<number>\d{1,3}(?:,\d{3})*\.\d+)%?[*†‡⁰¹²³⁴-⁹]*$")
# The whole may be printed without decimals. Trap: any other bare integer is an outcome number, footnote mark or page.
BARE_HUNDRED = re.compile(r"^100%?$")
MARK = re.compile(r"^(?:\d{1,3}|\*|\d{1,2}(?:,\d{1,2})+)$")
# What a converter to Markdown puts around cells: bars, line breaks, raised footnote marks.
MARKDOWN = re.compile(r"<sup>[^<]*</sup>|<br\s*/?>|\||\*\*")
# What stands where a table has no number.
NO_NUMBER = re.compile(r"^(?:[-–—]|N/?A|n/a)$")
# An outcome number before its label: "15 Suspect identified", "* Prosecution prevented". Trap: "6 months" is prose, but
# then the rest is no label either.
CODE = re.compile(r"^(?P<code>\d{1,2}|\*)$")
CODE_GLUED = re.compile(r"^(?P<code>\d{1,2}|\*)(?=[A-Z])")
# Footnote marks stuck to a word of a label. Labels hold no digits of their own.
LABEL_MARKS = re.compile(r"(?<=[A-Za-z)])[*†‡]?\d{0,2}(?:,\s?\d{1,2})*(?=\s|$)|[*†‡⁰¹²³⁴-⁹]+(?=\s|$)")
# A line of a table has no more words than this; one with more is prose.
MOST_WORDS = 24
# Words of the longest label with its outcome number; a line of more that ends in a word is prose.
LONGEST_LABEL = 12
# Words that a column heading is made of, besides the force's own name.
HEADING_WORDS = frozenset(
    [
        *("outcome", "outcomes", "number", "type", "types", "group", "rate", "rates", "per", "population"),
        *("households", "police", "constabulary", "service", "england", "and", "wales", "of", "the"),
        *("percentage", "percent", "proportion"),
    ]
)
WORD = re.compile(r"[a-z]+")
# Words of a force's name that do not tell it from another's.
COMMON_NAME_WORDS = frozenset(["police", "constabulary", "service", "and", "of", "the"])

# Two rows of one table are never further apart than a page end with its footnotes (lines that are not blank).
WIDEST_GAP = 25
# A heading that slipped below its table stands this many lines further down at most.
HEADING_REACH = 8
# Between the outermost label and numbers that go with it, at most this many lines of words.
LINES_BETWEEN = 8


@dataclass(frozen=True)
class Number:
    """One printed cell. ``value`` is None where the table prints that there is no number."""

    value: Decimal | None
    decimals: int | None
    line: int
    glued_mark: bool = False


@dataclass(frozen=True)
class PrintedLabel:
    """A label as printed. ``rows``: the rows of the vocabulary that print it."""

    rows: tuple[int, ...]
    text: str
    lines: tuple[int, ...]
    code: str | None
    code_on_line: bool


@dataclass(frozen=True)
class PrintedRow:
    """A row of the table as far as it is known. ``cells``: force and England and Wales; None where none is known.

    ``status`` is published, not_printed or unassigned.
    """

    row: int
    label: PrintedLabel
    cells: tuple[Number | None, Number | None]
    status: str


@dataclass(frozen=True)
class Fault:
    """Something a table's text lacks or has too many of."""

    check_id: str
    severity: str
    message: str
    line_start: int
    line_end: int
    row: int | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True)
class TableText:
    """A printed table found in a report; ``rows`` in the vocabulary's order."""

    rows: tuple[PrintedRow, ...]
    faults: tuple[Fault, ...]
    line_start: int
    line_end: int


class _Line(NamedTuple):  # one for every line on which a table is looked for
    number: int
    text: str
    code: str | None
    numbers: tuple[Number, ...]

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.code or self.numbers)


@dataclass
class _Block:
    """What the lines of one table hold, in text order."""

    labels: list[PrintedLabel] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)
    strangers: list[_Line] = field(default_factory=list)


def read_table(report: Report, table: PrintedTable, lines: Iterable[int]) -> TableText | None:
    """The table as printed on these lines; None where the text does not carry it.

    Never raises: what is missing, too many or contradictory is a fault of the result, and the cells concerned are
    unassigned.
    """
    parsed = [_parse_line(number, report.lines[number - 1]) for number in lines]
    names = _name_words(report.force_id)
    block = _find_block(parsed, table)
    if block is None:
        return None
    first, last = block.lines[0].number, block.lines[-1].number
    decimals = _decimals(block)
    block.lines = [_without_glued_marks(line, decimals) for line in block.lines]
    faults = [*_missing_rows(block, table, first, last), *_unknown_rows(block, table), *_missing_codes(block, table)]
    columns, column_fault = _column_order(report, parsed, block, names)
    faults += column_fault
    rows, row_faults = _assign(block, table, decimals, columns)
    faults += row_faults
    faults += _mark_faults(rows)
    return TableText(tuple(sorted(rows, key=lambda row: row.row)), tuple(faults), first, last)


# --- lines ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)  # the tables of a report are looked for on the same lines
def _parse_line(number: int, line: str) -> _Line:
    words = (MARKDOWN.sub(" ", line) if "|" in line or "<" in line or "**" in line else line).split()
    if not words or len(words) > MOST_WORDS or (len(words) > LONGEST_LABEL and words[-1][0].isalpha()):
        return _Line(number, " ".join(words), None, ())  # nothing, or prose
    if glued := CODE_GLUED.match(words[0]):
        words = [glued.group("code"), words[0][glued.end() :], *words[1:]]
    start, end = 0, len(words)
    while end and not _is_word(words[end - 1]):
        end -= 1
    while start < end and not _is_word(words[start]):
        start += 1
    left, text, right = words[:start], words[start:end], words[end:]
    cells = _cells(right, number, alone=not text)
    if right and not cells and text:  # "Investigation complete –": the dash belongs to the words
        text += [word for word in right if NO_NUMBER.match(word)]
    marks = [word for word in (left if text else right) if CODE.match(word)]
    cells = cells or _cells(left, number, alone=False)
    return _Line(number, " ".join(text), marks[-1] if marks else None, tuple(cells))


def _is_word(word: str) -> bool:
    # No number, dash or mark begins with another letter than the one of "N/A".
    if word[0].isalpha() and word[0] not in "Nn":
        return True
    return word.isalpha() or not (
        NUMBER.match(word) or BARE_HUNDRED.match(word) or NO_NUMBER.match(word) or MARK.match(word)
    )


def _cells(words: list[str], line: int, *, alone: bool) -> list[Number]:
    """The cells among the words at one end of a line; bare integers among them are marks, not cells.

    Dashes count as cells without a number beside a number, as two of them, or where nothing else is on the line.
    """
    cells = [_number(word, line) for word in words if not MARK.match(word) or BARE_HUNDRED.match(word)]
    empty = all(cell.value is None for cell in cells)
    return [] if empty and not (len(cells) == 2 or (alone and len(cells) == 1)) else cells


def _number(word: str, line: int) -> Number:
    if NO_NUMBER.match(word):
        return Number(None, None, line)
    match = NUMBER.match(word)
    digits = (match.group("number") if match else word.rstrip("%")).replace(",", "")
    return Number(Decimal(digits), len(digits.partition(".")[2]), line)


def _decimals(block: _Block) -> int:
    """Decimal places that the table prints: those most of its numbers have."""
    places = Counter(number.decimals for line in block.lines for number in line.numbers if number.decimals is not None)
    return max(places, key=lambda place: (places[place], -place), default=0)


def _without_glued_marks(line: _Line, decimals: int) -> _Line:
    """8.39 in a table of one decimal is 8.3 with footnote mark 9; the whole, 100.00, may have decimals of its own."""

    def clean(number: Number) -> Number:
        value = number.value
        if value is None or number.decimals is None or number.decimals <= decimals or value == 100:
            return number
        step = Decimal(1).scaleb(-decimals)
        return Number(value // step * step, decimals, number.line, glued_mark=True)

    return _Line(line.number, line.text, line.code, tuple(clean(number) for number in line.numbers))


# --- the block ------------------------------------------------------------------------------------------------------


def _find_block(parsed: Sequence[_Line], table: PrintedTable) -> _Block | None:
    """The lines from the first to the last cell of the table, and the labels on them."""
    labels = _densest(_labels(parsed, table), parsed)
    if not labels:
        return None
    place = {line.number: n for n, line in enumerate(parsed)}
    first = min(place[label.lines[0]] for label in labels)
    last = max(place[label.lines[-1]] for label in labels)
    first -= _reach(parsed[:first][::-1])
    last += _reach(parsed[last + 1 :])
    lines = [line for line in parsed[first : last + 1] if not line.is_blank]
    if len(labels) < 2 or not any(line.numbers for line in lines):
        return None
    labelled = {number for label in labels for number in label.lines}
    strangers = [line for line in lines if line.text and line.number not in labelled]
    return _Block(labels, lines, strangers)


def _reach(beyond: Sequence[_Line]) -> int:
    """How many lines beyond the outermost label still belong to the table: as far as its last numbers.

    A page end, repeated headings or the source note may stand between a label and numbers that go with it.
    """
    reach, filled = 0, 0
    for distance, line in enumerate(beyond, start=1):
        filled += bool(line.text)
        if filled > LINES_BETWEEN:
            break
        if not line.text and (line.numbers or distance == reach + 1):
            reach = distance
    return reach


def _densest(labels: list[PrintedLabel], parsed: Sequence[_Line]) -> list[PrintedLabel]:
    """The group of labels that stand together: a word of the vocabulary elsewhere in the prose is no row."""
    filled = {line.number: n for n, line in enumerate(line for line in parsed if not line.is_blank)}
    groups: list[list[PrintedLabel]] = []
    for label in sorted(labels, key=lambda label: label.lines[0]):
        if groups and filled[label.lines[0]] - filled[groups[-1][-1].lines[-1]] <= WIDEST_GAP:
            groups[-1].append(label)
        else:
            groups.append([label])
    return max(groups, key=len, default=[])


def _labels(parsed: Sequence[_Line], table: PrintedTable) -> list[PrintedLabel]:
    """Every label of the vocabulary, wrapped ones put together from their lines."""
    known, starts = table.known_labels, table.label_starts
    found: list[list[_Line]] = []
    unfinished: list[list[_Line]] = []
    current: list[_Line] = []
    spelled = ""
    others: list[_Line] = []
    for line in parsed:
        own = letters(line.text)
        if not own:
            continue
        if current and spelled + own in starts:
            current, spelled = [*current, line], spelled + own
        elif own in starts:
            (found if spelled in known else unfinished).append(current)
            current, spelled = [line], own
        else:
            others.append(line)
            if spelled in known:
                found.append(current)
                current, spelled = [], ""
    (found if spelled in known else unfinished).append(current)
    found += [joined for part in unfinished if part for joined in [_finish(part, others, known)] if joined]
    codes = _codes_above(parsed)
    return [_label(lines, known, codes) for lines in found if lines]


def _finish(part: list[_Line], others: list[_Line], known: dict[str, list[int]]) -> list[_Line] | None:
    """A label whose second line stands elsewhere: put together if just one line finishes it."""
    spelled = "".join(letters(line.text) for line in part)
    ends = [line for line in others if spelled + letters(line.text) in known]
    return [*part, ends[0]] if len(ends) == 1 else None


def _codes_above(parsed: Sequence[_Line]) -> dict[int, str]:
    """For each line with words: the outcome number alone on the last line above it, if that is what stands there."""
    above: dict[int, str] = {}
    code: str | None = None
    for line in parsed:
        if line.text and code is not None:
            above[line.number] = code
        if not line.is_blank:
            code = line.code if not line.text and not line.numbers else None
    return above


def _label(lines: list[_Line], known: dict[str, list[int]], codes: dict[int, str]) -> PrintedLabel:
    on_line = next((line.code for line in lines if line.code and line.text), None)
    text = " ".join(LABEL_MARKS.sub("", line.text).strip() for line in lines)
    return PrintedLabel(
        rows=tuple(known["".join(letters(line.text) for line in lines)]),
        text=" ".join(text.split()),
        lines=tuple(line.number for line in lines),
        code=on_line or codes.get(lines[0].number),
        code_on_line=on_line is not None,
    )


def _missing_rows(block: _Block, table: PrintedTable, first: int, last: int) -> list[Fault]:
    """Rows that are printed more or less often than the release prints them."""
    printed = Counter(label.rows for label in block.labels)
    faults = []
    for same in (tuple(rows) for rows in table.known_labels.values()):
        count = printed[same]
        if count != len(same):
            how = "missing" if not count else f"printed too {'few' if count < len(same) else 'many'} times"
            message = f"row {table.rows[same[0]].label!r} is {how}"
            faults.append(Fault("table-rows", "error", message, first, last, expected=str(len(same)), found=str(count)))
    return faults


def _unknown_rows(block: _Block, table: PrintedTable) -> list[Fault]:
    """A line of words that ends in two numbers but is no row of this release: said, never taken for one."""
    return [
        Fault(
            "table-rows",
            "error",
            f"a row that this table does not have in its release: {line.text!r}",
            line.number,
            line.number,
            found=line.text,
        )
        for line in block.strangers
        if len(line.numbers) >= 2
    ]


def _missing_codes(block: _Block, table: PrintedTable) -> list[Fault]:
    """Outcome numbers that a table should print beside its labels and does not, where it prints most of them.

    A table that prints none (figure 8) lacks none. Numbers too many are footnote marks and pages.
    """
    expected = Counter(row.code for row in table.rows if row.code is not None)
    printed = Counter(line.code for line in block.lines if line.code is not None)
    missing = expected - printed
    if not missing or 2 * (expected & printed).total() <= expected.total():
        return []
    stray = [line for line in block.lines if line.code in printed - expected]
    others = ", ".join(sorted({str(line.code) for line in stray})) or "none"
    faults = []
    for number, row in enumerate(table.rows):
        label = next((label for label in block.labels if number in label.rows), None)
        if row.code not in missing or label is None:
            continue
        # The wrong number stands beside the label, or is one of those too many; a number printed twice is wrong once.
        places = [*label.lines, *(line.number for line in stray)]
        lines = min(places), max(places)
        message = f"outcome number {row.code} of row {row.label!r} is not printed (numbers too many: {others})"
        faults.append(Fault("table-codes", "warning", message, *lines, number, expected=row.code, found=others))
    return faults


def _column_order(
    report: Report, parsed: Sequence[_Line], block: _Block, names: Set[str]
) -> tuple[tuple[int, int] | None, list[Fault]]:
    """Which printed column is the force's: (0, 1) force first, (1, 0) England and Wales first, None if not certain."""
    first, last = block.lines[0].number, block.lines[-1].number
    seen = [(word, line.number) for line in _near(parsed, last) for word in _heading_words(line.text, names)]
    england = next((n for n, (word, _) in enumerate(seen) if word == "england"), None)
    force = next((n for n, (word, _) in enumerate(seen) if word in names), None)
    if england is None or force is None:
        expected = f"{report.force_name} and England and Wales"
        message = f"the column headings do not name {expected}"
        return None, [Fault("table-columns", "error", message, first, last, expected=expected)]
    if force < england:
        return (0, 1), []
    if seen[force][1] == seen[england][1]:
        return (1, 0), []
    message = "the column headings stand in an order that does not tell which column is which"
    return None, [Fault("table-columns", "error", message, seen[england][1], seen[force][1])]


@lru_cache(maxsize=64)
def _name_words(force_id: str) -> frozenset[str]:
    """The words that tell a force from others, in every name it goes by."""
    names = (name for name, force in forces_by_name().items() if force["force_id"] == force_id)
    return frozenset(word for name in names for word in name.split()) - COMMON_NAME_WORDS


def _near(parsed: Sequence[_Line], last: int) -> list[_Line]:
    """The lines that may hold a table's headings: up to its end, and a little further (a cell that slipped down)."""
    after = [line for line in parsed if line.number > last and not line.is_blank][:HEADING_REACH]
    return [*(line for line in parsed if line.number <= last), *after]


def _heading_words(text: str, names: Set[str]) -> list[str]:
    """The words of a line that holds nothing but headings, else none. Two words may have lost the blank between."""
    known = HEADING_WORDS | names
    words: list[str] = []
    for match in WORD.finditer(text.casefold().replace("&", " and ")):
        if match.group() in known:
            words.append(match.group())
        elif parts := _two_words(match.group(), known):
            words += parts
        else:
            return []
    return words


# --- cells to rows --------------------------------------------------------------------------------------------------

NumberPair = tuple[Number, Number]
Placed = dict[PrintedLabel, tuple[int, NumberPair | None]]  # row number, and its numbers or None for a blank


def _two_words(word: str, known: Set[str]) -> list[str]:
    starts = (start for start in known if word.startswith(start) and word[len(start) :] in known)
    return next(([start, word[len(start) :]] for start in starts), [])


def _assign(
    block: _Block, table: PrintedTable, decimals: int, columns: tuple[int, int] | None
) -> tuple[list[PrintedRow], list[Fault]]:
    """Every printed label as a row, with its numbers as far as they are certain."""
    beside, faults = _numbers_beside(block)
    spoiled = {label for label, numbers in beside.items() if numbers is None}
    placed: Placed = {}
    for label, numbers in beside.items():
        row = _certain_row(label, table)
        if numbers is not None and row is not None:
            placed[label] = (row, numbers)
    loose, odd = _loose_pairs(block, beside)
    faults += odd
    waiting = [label for label in block.labels if label not in placed and label not in spoiled]
    if waiting or loose:
        puzzle = _Puzzle(block, table, decimals, beside, loose)
        found, open_faults = _read_scrambled(puzzle, placed, waiting, damaged=bool(odd))
        placed |= found
        faults += open_faults
    placed = _undisputed(placed)
    rows = [_printed_row(label, row, pair, columns) for label, (row, pair) in placed.items()]
    return rows + _open_rows(
        [label for label in block.labels if label not in placed], {row.row for row in rows}
    ), faults


def _certain_row(label: PrintedLabel, table: PrintedTable) -> int | None:
    """The row a label stands for. Two rows may print the same words: the outcome number on the line then decides."""
    rows = [
        row for row in label.rows if len(label.rows) == 1 or (label.code_on_line and table.rows[row].code == label.code)
    ]
    return rows[0] if len(rows) == 1 else None


def _undisputed(placed: Placed) -> Placed:
    """A row that two labels claim belongs to neither."""
    claims = Counter(row for row, _ in placed.values())
    return {label: (row, pair) for label, (row, pair) in placed.items() if claims[row] == 1}


def _printed_row(label: PrintedLabel, row: int, pair: NumberPair | None, columns: tuple[int, int] | None) -> PrintedRow:
    if pair is None:
        return PrintedRow(row, label, (None, None), "not_printed")
    if columns is None:
        return PrintedRow(row, label, (None, None), "unassigned")
    return PrintedRow(row, label, (pair[columns[0]], pair[columns[1]]), "published")


def _open_rows(labels: list[PrintedLabel], taken: set[int]) -> list[PrintedRow]:
    """Rows whose label is printed but whose numbers are not known; of rows with one label, the first that is left."""
    rows = []
    for label in labels:
        row = next((row for row in label.rows if row not in taken), None)
        if row is not None:
            taken.add(row)
            rows.append(PrintedRow(row, label, (None, None), "unassigned"))
    return rows


def _numbers_beside(block: _Block) -> tuple[dict[PrintedLabel, NumberPair | None], list[Fault]]:
    """The two numbers on the lines of each label; None where there are more. Labels with fewer are left out."""
    beside: dict[PrintedLabel, NumberPair | None] = {}
    faults: list[Fault] = []
    for label in block.labels:
        first, last = label.lines[0], label.lines[-1]
        own = [number for line in block.lines if line.number in label.lines for number in line.numbers]
        # A cell set in the middle of a wrapped label: both numbers on one line, between the label's lines.
        middle = [
            line.numbers
            for line in block.lines
            if first < line.number < last and line.number not in label.lines and len(line.numbers) == 2
        ]
        numbers = own if own or len(middle) != 1 else [*middle[0]]
        if len(numbers) == 2:
            beside[label] = (numbers[0], numbers[1])
        elif len(numbers) > 2:
            beside[label] = None
            printed = ", ".join(str(number.value) for number in numbers)
            message = f"row {label.text!r}: a number too many (printed: {printed})"
            found = f"{len(numbers)}: {printed}"
            faults.append(
                Fault("table-cells", "error", message, first, last, label.rows[0], expected="2 numbers", found=found)
            )
    return beside, faults


def _loose_pairs(block: _Block, beside: dict[PrintedLabel, NumberPair | None]) -> tuple[list[NumberPair], list[Fault]]:
    """Pairs of numbers that do not both stand on a label's line: two on one line, or two after each other.

    A run of numbers between two labels that is odd has one too many or too few: none of it is paired.
    """
    pairs: list[NumberPair] = []
    faults: list[Fault] = []
    run: list[Number] = []

    def close() -> None:
        if len(run) % 2:
            printed = ", ".join(str(number.value) for number in run)
            message = f"a number too many or too few: {printed} {'make' if len(run) > 1 else 'makes'} no pairs"
            lines = run[0].line, run[-1].line
            faults.append(Fault("table-cells", "error", message, *lines, expected="pairs of numbers", found=printed))
        else:
            pairs.extend(zip(run[::2], run[1::2], strict=True))
        run.clear()

    begins = {label.lines[0] for label in block.labels}
    strangers = {line.number for line in block.strangers}
    given = {number for pair in beside.values() if pair for number in pair}
    spoiled = {number for label, pair in beside.items() if pair is None for number in label.lines}
    for line in block.lines:
        if line.number in begins:
            close()
        if line.number in strangers or line.number in spoiled:
            continue
        numbers = [number for number in line.numbers if number not in given]
        if len(numbers) == 2 and not line.text:
            close()
            pairs.append((numbers[0], numbers[1]))
        else:
            run.extend(numbers)
    close()
    return pairs, faults


@dataclass(frozen=True)
class _Puzzle:
    """What is to be told apart: labels that have their numbers beside them, and pairs that stand alone."""

    block: _Block
    table: PrintedTable
    decimals: int
    beside: dict[PrintedLabel, NumberPair | None]
    loose: list[NumberPair]

    @property
    def lines(self) -> tuple[int, int]:
        return self.block.lines[0].number, self.block.lines[-1].number


def _read_scrambled(
    puzzle: _Puzzle, placed: Placed, waiting: list[PrintedLabel], *, damaged: bool
) -> tuple[Placed, list[Fault]]:
    """Give pairs to the labels that still wait for one, as far as text order and arithmetic leave no choice.

    Where nothing fits (a number is wrong, missing or too many), rows that still stand in the table's own order keep
    the numbers printed right behind them; the others are tried once more without the sums that those rows break.
    """
    table = puzzle.table
    stray = _code_behind_its_label(puzzle, waiting)
    if stray is not None:
        message = "an outcome number stands behind its own label: the cells of a row are out of order, too"
        return {}, [Fault("table-order", "warning", message, stray, stray, found=f"{len(waiting)} rows left open")]
    columns = _in_columns(puzzle, waiting)
    if columns:
        return columns, []
    found = None if damaged else _conclude(puzzle, table.sums, placed, waiting, puzzle.loose)
    if found is not None:
        return found, _open_fault(puzzle, found, waiting)
    core = _core_in_order(puzzle, placed, waiting)
    values = _values({**placed, **core})
    sums = tuple(total for total in table.sums if misfit(table, total, values, puzzle.decimals) is None)
    rest = [label for label in waiting if label not in core]
    given = [pair for _, pair in core.values()]
    left = [pair for pair in puzzle.loose if pair not in given]
    more = _conclude(puzzle, sums, {**placed, **core}, rest, left) if core and not damaged else None
    found = {**core, **(more or {})}
    missing = [label.text for label in waiting if label not in found]
    reason = "a number is wrong, missing or too many, or the order of the text is lost"
    message = f"no way to give the numbers to the rows meets the table's sums ({reason})"
    if missing:
        message += f"; left open: {', '.join(missing)}"
    return found, [Fault("table-order", "error", message, *puzzle.lines, found=f"{len(missing)} rows left open")]


def _in_columns(puzzle: _Puzzle, waiting: list[PrintedLabel]) -> Placed:
    """A table taken out column by column: all labels in the table's own order, then all numbers.

    The numbers may follow each other down one column and then the other, or across, row by row. Either order counts
    only if it is the only one that meets every sum of the table; a table without sums is never read so.
    """
    table = puzzle.table
    lines = puzzle.block.lines
    numbers = [number for line in lines if not line.text for number in line.numbers]
    labels_end = max((label.lines[-1] for label in waiting), default=0)
    alone = len(waiting) == len(table.rows) == len(puzzle.block.labels) and not puzzle.beside
    if not alone or not table.sums or not numbers or min(number.line for number in numbers) < labels_end:
        return {}
    in_order = all(number in label.rows for number, label in enumerate(waiting))
    blanks = [number for number, row in enumerate(table.rows) if row.may_be_blank]
    half = len(numbers) // 2
    if not in_order or len(numbers) % 2 or half not in (len(table.rows), len(table.rows) - len(blanks)):
        return {}
    rows = [n for n in range(len(table.rows)) if half == len(table.rows) or n not in blanks]
    orders = [
        list(zip(numbers[:half], numbers[half:], strict=True)),
        list(zip(numbers[::2], numbers[1::2], strict=True)),
    ]
    fitting = [
        given
        for pairs in orders
        if _meets_all(puzzle, given := {**dict.fromkeys(blanks), **dict(zip(rows, pairs, strict=True))})
    ]
    if len(fitting) != 1:
        return {}
    return {label: (row, fitting[0][row]) for row, label in enumerate(waiting)}


def _meets_all(puzzle: _Puzzle, given: Mapping[int, NumberPair | None]) -> bool:
    values = {row: None if pair is None else _values_of(pair) for row, pair in given.items()}
    whole = values.get(puzzle.table.whole) if puzzle.table.whole is not None else None
    is_whole = whole is None or all(number == 100 for number in whole)
    sums = puzzle.table.sums
    return is_whole and not any(misfit(puzzle.table, total, values, puzzle.decimals) for total in sums)


def _code_behind_its_label(puzzle: _Puzzle, waiting: list[PrintedLabel]) -> int | None:
    """The line of an outcome number that follows its own label: then cells inside rows were moved, and which of two
    numbers is the force's cannot be known either."""
    for label in waiting:
        codes = {puzzle.table.rows[row].code for row in label.rows}
        if label.code in codes or len(label.rows) > 1:
            continue
        for line in puzzle.block.lines:
            if line.number > label.lines[-1]:
                if line.text:
                    break
                if line.code is not None and line.code in codes:
                    return line.number
    return None


def _conclude(
    puzzle: _Puzzle, sums: tuple[Sum, ...], placed: Placed, waiting: list[PrintedLabel], loose: list[NumberPair]
) -> Placed | None:
    """What every likely reading agrees on; None where no reading fits or numbers are too few or too many."""
    table, beside = puzzle.table, puzzle.beside
    pairs = [*loose, *(numbers for label in waiting if (numbers := beside.get(label)))]
    blanks = sum(all(table.rows[row].may_be_blank for row in label.rows) for label in waiting)
    if not len(waiting) - blanks <= len(pairs) <= len(waiting):
        return None
    scramble = Scramble(
        table=table,
        sums=sums,
        labels=tuple(
            Label(label.rows, label.code, pairs.index(numbers) if (numbers := beside.get(label)) else None)
            for label in waiting
        ),
        pairs=tuple(_values_of(pair) for pair in pairs),
        order=_text_order(puzzle.block, waiting, loose),
        fixed=_values(placed),
        decimals=puzzle.decimals,
    )
    try:
        result = agreed(scramble)
    except TooManySteps:
        result = None
    if result is None:
        return None if sums else {}  # without sums it is the order alone that does not tell
    concluded = ((label, one) for label, one in zip(waiting, result, strict=True) if one is not None)
    return {label: (row, None if pair is None else pairs[pair]) for label, (row, pair) in concluded}


def _open_fault(puzzle: _Puzzle, found: Placed, waiting: list[PrintedLabel]) -> list[Fault]:
    names = [label.text for label in waiting if label not in found]
    if not names:
        return []
    message = f"the order of the text does not tell which numbers belong to: {', '.join(names)}"
    return [Fault("table-order", "warning", message, *puzzle.lines, found=f"{len(names)} rows left open")]


def _core_in_order(puzzle: _Puzzle, placed: Placed, waiting: list[PrintedLabel]) -> Placed:
    """The longest stretch of rows in the table's own order, each with one pair right behind its label.

    It counts only if it is at least half the table and its own sums hold but for one: then the text was neither
    shuffled nor shifted by a row, and what stands behind a label is its own. A table without sums must be in order
    from its first label, which comes before any number, to its last.
    """
    table = puzzle.table
    marks: list[tuple[int, PrintedLabel | NumberPair | None]] = [
        *((label.lines[0], label) for label in waiting),
        *((pair[0].line, pair) for pair in puzzle.loose),
        *((label.lines[0], None) for label in placed),
    ]
    in_order = [mark for _, mark in sorted(marks, key=lambda mark: mark[0])]
    best: Placed = {}
    stretch: Placed = {}
    previous = -1
    for n, mark in enumerate(in_order):
        if not isinstance(mark, PrintedLabel):
            continue
        row = _next_row(mark, previous, table)
        if row is None:
            stretch, row = {}, mark.rows[0]
        previous = row
        pair = puzzle.beside.get(mark) or _only_pair_behind(in_order, n)
        if pair is not None and not table.rows[row].may_be_blank:  # a number behind a blank heading is the next row's
            stretch = {**stretch, mark: (row, pair)}
        best = max(best, stretch, key=len)
    values = _values(best)
    inside = [total for total in table.sums if {total.parent, *total.members} <= values.keys()]
    broken = [total for total in inside if misfit(table, total, values, puzzle.decimals)]
    if not table.sums:
        whole = len(stretch) == len(best) and isinstance(in_order[0], PrintedLabel) and _all_in_order(waiting, table)
        return best if whole else {}
    trusted = 2 * len(best) >= len(table.rows) and len(inside) > len(broken) <= 1
    return best if trusted else {}


def _all_in_order(labels: list[PrintedLabel], table: PrintedTable) -> bool:
    return [label.rows[0] for label in labels] == list(range(len(table.rows)))


def _next_row(label: PrintedLabel, previous: int, table: PrintedTable) -> int | None:
    """The label's row if it comes after the one before it; of two, the one whose outcome number stands beside it."""
    later = [row for row in label.rows if row > previous]
    return next((row for row in later if table.rows[row].code == label.code), later[0] if later else None)


def _only_pair_behind(in_order: Sequence[PrintedLabel | NumberPair | None], n: int) -> NumberPair | None:
    """The pair right behind a label, if it is the only one before the next label."""
    behind = [*in_order[n + 1 : n + 3], None, None]
    return behind[0] if isinstance(behind[0], tuple) and not isinstance(behind[1], tuple) else None


def _values(placed: Placed) -> Values:
    return {row: _values_of(pair) if pair else None for row, pair in placed.values()}


def _values_of(pair: NumberPair) -> Pair:
    return pair[0].value, pair[1].value


def _text_order(block: _Block, waiting: list[PrintedLabel], loose: list[NumberPair]) -> tuple[tuple[str, int], ...]:
    """Labels and loose pairs in text order; a row that is already read stands between them as ("row", 0)."""
    places = [(label.lines[0], "label", n) for n, label in enumerate(waiting)]
    places += [(pair[0].line, "pair", n) for n, pair in enumerate(loose)]
    places += [(label.lines[0], "row", 0) for label in block.labels if label not in waiting]
    return tuple((kind, n) for _, kind, n in sorted(places))


def _mark_faults(rows: Sequence[PrintedRow]) -> list[Fault]:
    return [
        Fault(
            "table-marks",
            "note",
            f"{row.label.text!r}: a footnote mark stuck to the number was left off ({cell.value} kept)",
            cell.line,
            cell.line,
            row=row.row,
            found=str(cell.value),
        )
        for row in rows
        for cell in row.cells
        if cell is not None and cell.glued_mark
    ]
