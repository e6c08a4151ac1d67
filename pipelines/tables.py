"""A printed table to cells: its labels, numbers and column headings found in the lines, each number given to a row or not.

Belongs here: what a line of a table holds, where a table begins and ends, and what may be concluded when labels and
numbers stand apart (by ``reading``). Does not belong here: which published table the cells go to (``extract``).

A row whose label and numbers stand on the same lines is read as it stands. Where an extractor gave every cell a line of its
own, in an order that is not the table's, ``reading`` decides; what it cannot decide stays unassigned.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pipelines.reading import Label, Pair, Scramble, Values, agreed, off_by
from pipelines.reports import Report, forces_by_name
from pipelines.vocabulary import PrintedTable, Sum, letters

# A printed number of a table: decimals, perhaps a percent sign, dagger or raised mark behind it.
NUMBER = re.compile(r"^(?P<number>\d{1,3}(?:,\d{3})*\.\d+)%?[*†‡⁰¹²³⁴-⁹]*$")
# The whole may be printed without decimals. Trap: any other bare integer is an outcome number, footnote mark or page.
BARE_HUNDRED = re.compile(r"^100%?$")
INTEGER = re.compile(r"^\d{1,3}$|^\*$|^\d{1,2}(?:,\d{1,2})+$")
# What stands where a table has no number.
NO_NUMBER = re.compile(r"^(?:[-–—]|N/?A|n/a)$")
# An outcome number before its label: "15 Suspect identified", "* Prosecution prevented". Trap: "6 months" is prose, but
# then the rest is no label either.
CODE = re.compile(r"^(?P<code>\d{1,2}|\*)$")
CODE_GLUED = re.compile(r"^(?P<code>\d{1,2}|\*)(?=[A-Z])")
# Footnote marks stuck to a word of a label. Labels hold no digits of their own.
LABEL_MARKS = re.compile(r"(?<=[A-Za-z)])[*†‡]?\d{0,2}(?:,\s?\d{1,2})*(?=\s|$)|[*†‡⁰¹²³⁴-⁹]+(?=\s|$)")
# Words that a column heading is made of, besides the force's own name.
HEADING_WORDS = frozenset(
    "outcome outcomes number type types group rate rates per population households police constabulary service "
    "england and wales of the percentage percent proportion".split()
)
# Words of a force's name that do not tell it from another's.
COMMON_NAME_WORDS = frozenset("police constabulary service and of the".split())

# Two rows of one table are never further apart than a page end with its footnotes (lines that are not blank).
WIDEST_GAP = 25
# A label is begun by at least this many letters: fewer would let any short word begin one.
SHORTEST_START = 5


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


@dataclass(frozen=True)
class _Line:
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
    block = _find_block(parsed, table)
    if block is None:
        return None
    first, last = block.lines[0].number, block.lines[-1].number
    decimals = _decimals(block)
    block.lines = [_without_glued_marks(line, decimals) for line in block.lines]
    faults = [*_missing_rows(block, table, first, last), *_unknown_rows(block, table)]
    columns, column_fault = _column_order(report, parsed, block)
    faults += column_fault
    rows, row_faults = _assign(block, table, decimals, columns)
    faults += row_faults
    faults += _sum_faults(table, rows, decimals)
    faults += _mark_faults(rows)
    return TableText(tuple(sorted(rows, key=lambda row: row.row)), tuple(faults), first, last)


# --- lines -------------------------------------------------------------------------------------------------------------


def _parse_line(number: int, line: str) -> _Line:
    words = line.split()
    if not words or len(words) > 20:  # prose, or nothing
        return _Line(number, " ".join(words), None, ())
    tail = _pop_numbers(words, number, from_end=True)
    head = _pop_numbers(words, number, from_end=False) if not tail else []
    code = None
    if words and (match := CODE.match(words[0])):
        code = match.group("code")
        words = words[1:]
    elif words and (match := CODE_GLUED.match(words[0])):
        code = match.group("code")
        words = [words[0][match.end() :], *words[1:]]
    text = " ".join(words)
    if not text and not tail and not head and code is None:
        return _Line(number, "", None, ())
    if INTEGER.match(text):  # "7,8": footnote marks alone
        text = ""
    return _Line(number, text, code, tuple(tail or head))


def _pop_numbers(words: list[str], line: int, *, from_end: bool) -> list[Number]:
    """Take the numbers off one end of the words. Bare integers among them are marks and are dropped."""
    taken: list[str] = []
    while words:
        word = words[-1 if from_end else 0]
        if not (
            NUMBER.match(word)
            or BARE_HUNDRED.match(word)
            or NO_NUMBER.match(word)
            or (taken and INTEGER.match(word))
            or (from_end and INTEGER.match(word) and len(words) > 1 and NUMBER.match(words[-2]))
        ):
            break
        taken.append(words.pop(-1 if from_end else 0))
    if from_end:
        taken.reverse()
    numbers = [_number(word, line) for word in taken if not (INTEGER.match(word) and not BARE_HUNDRED.match(word))]
    if not any(number.value is not None for number in numbers) and (words or len(numbers) != 1):
        # Dashes alone behind words belong to the words ("Investigation complete –"), two of them are two empty cells.
        if len(numbers) != 2:
            words[:] = [*words, *taken] if from_end else [*taken, *words]
            return []
    codes = [word for word in taken if INTEGER.match(word) and not BARE_HUNDRED.match(word)]
    if codes and not from_end and words:  # "10.7 12.1 1 Charged": the integer is the label's outcome number
        words.insert(0, codes[-1])
    if codes and not from_end and not words:
        words.append(codes[-1])
    return numbers


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


# --- the block ---------------------------------------------------------------------------------------------------------


def _find_block(parsed: Sequence[_Line], table: PrintedTable) -> _Block | None:
    """The lines from the first to the last cell of the table, and the labels on them."""
    labels = _densest(_labels(parsed, table), parsed)
    if not labels:
        return None
    place = {line.number: n for n, line in enumerate(parsed)}
    first = min(place[label.lines[0]] for label in labels)
    last = max(place[label.lines[-1]] for label in labels)
    while first > 0 and _is_cell_line(parsed[first - 1]):
        first -= 1
    while last + 1 < len(parsed) and _is_cell_line(parsed[last + 1]):
        last += 1
    lines = [line for line in parsed[first : last + 1] if not line.is_blank]
    if len(labels) < 2 or not any(line.numbers for line in lines):
        return None
    labelled = {number for label in labels for number in label.lines}
    strangers = [line for line in lines if line.text and line.number not in labelled]
    return _Block(labels, lines, strangers)


def _is_cell_line(line: _Line) -> bool:
    return not line.text


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
    known: dict[str, list[int]] = {}
    for number, row in enumerate(table.rows):
        known.setdefault(letters(row.label), []).append(number)
    starts = {label[:length] for label in known for length in range(SHORTEST_START, len(label) + 1)}
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
    printed = Counter(label.rows for label in block.labels)
    faults = []
    for number, row in enumerate(table.rows):
        same = tuple(n for n, other in enumerate(table.rows) if letters(other.label) == letters(row.label))
        if number != same[0]:
            continue
        if printed[same] < len(same):
            message = (
                f"row {row.label!r} is missing" if not printed[same] else f"row {row.label!r} is printed too few times"
            )
            faults.append(
                Fault(
                    "table-rows",
                    "error",
                    message,
                    first,
                    last,
                    expected=str(len(same)),
                    found=str(printed[same]),
                )
            )
        if printed[same] > len(same):
            message = f"row {row.label!r} is printed too many times"
            faults.append(
                Fault(
                    "table-rows",
                    "error",
                    message,
                    first,
                    last,
                    expected=str(len(same)),
                    found=str(printed[same]),
                )
            )
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


def _column_order(report: Report, parsed: Sequence[_Line], block: _Block) -> tuple[tuple[int, int] | None, list[Fault]]:
    """Which printed column is the force's: (0, 1) force first, (1, 0) England and Wales first, None if not certain."""
    first, last = block.lines[0].number, block.lines[-1].number
    names = {
        word
        for name, force in forces_by_name().items()
        if force["force_id"] == report.force_id
        for word in name.split()
    }
    names -= COMMON_NAME_WORDS
    seen: list[tuple[str, int]] = []
    for line in parsed:
        if line.number > last:
            break
        words = re.findall(r"[a-z]+", line.text.casefold().replace("&", " and "))
        if words and all(word in HEADING_WORDS or word in names for word in words):
            seen += [(word, line.number) for word in words]
    england = next((n for n, (word, _) in enumerate(seen) if word == "england"), None)
    force = next((n for n, (word, _) in enumerate(seen) if word in names), None)
    if england is None or force is None:
        missing = "England and Wales" if england is None else report.force_name
        return None, [
            Fault(
                "table-columns",
                "error",
                f"the column heading of {missing} is missing",
                first,
                last,
                expected=missing,
            )
        ]
    if force < england:
        return (0, 1), []
    if seen[force][1] == seen[england][1]:
        return (1, 0), []
    message = "the column headings stand in an order that does not tell which column is which"
    return None, [Fault("table-columns", "error", message, seen[england][1], seen[force][1])]


# --- cells to rows -----------------------------------------------------------------------------------------------------

NumberPair = tuple[Number, Number]
Placed = dict[PrintedLabel, tuple[int, NumberPair | None]]  # row number, and its numbers or None for a blank


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
    if any(label not in beside for label in waiting) or loose or waiting:
        found, open_faults = _read_scrambled(block, table, decimals, placed, waiting, beside, loose, damaged=bool(odd))
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
    """Rows whose label is printed but whose numbers are not known; labels of the same words take the rows left, in order."""
    rows = []
    for label in labels:
        row = next((row for row in label.rows if row not in taken), None)
        if row is not None:
            taken.add(row)
            rows.append(PrintedRow(row, label, (None, None), "unassigned"))
    return rows


def _numbers_beside(block: _Block) -> tuple[dict[PrintedLabel, NumberPair | None], list[Fault]]:
    """The numbers on the lines of each label; None where there are more or fewer than two. Labels without any are left out."""
    beside: dict[PrintedLabel, NumberPair | None] = {}
    faults: list[Fault] = []
    for label in block.labels:
        span = range(label.lines[0], label.lines[-1] + 1)
        numbers = [number for line in block.lines if line.number in label.lines for number in line.numbers]
        # A cell set in the middle of a wrapped label: both numbers on one line, between the label's lines.
        numbers += [
            number
            for line in block.lines
            if line.number in span and line.number not in label.lines and not line.text and len(line.numbers) == 2
            for number in line.numbers
        ]
        if len(numbers) == 2:
            beside[label] = (numbers[0], numbers[1])
        elif numbers:
            beside[label] = None
            what = "a number too many" if len(numbers) > 2 else "a number is missing or cannot be read"
            printed = ", ".join(str(number.value) for number in numbers)
            faults.append(
                Fault(
                    "table-cells",
                    "error",
                    f"row {label.text!r}: {what} (printed: {printed})",
                    span.start,
                    span.stop - 1,
                    row=label.rows[0],
                    expected="2 numbers",
                    found=f"{len(numbers)}: {printed}",
                )
            )
    return beside, faults


def _loose_pairs(block: _Block, beside: Iterable[PrintedLabel]) -> tuple[list[NumberPair], list[Fault]]:
    """Pairs of numbers that stand on no label's line: two on one line, or two lines after each other.

    A run of numbers between two labels that is odd has one too many or too few: none of it is paired.
    """
    pairs: list[NumberPair] = []
    faults: list[Fault] = []
    run: list[Number] = []

    def close() -> None:
        if len(run) % 2:
            printed = ", ".join(str(number.value) for number in run)
            faults.append(
                Fault(
                    "table-cells",
                    "error",
                    f"a number too many or too few: {printed} make no pairs",
                    run[0].line,
                    run[-1].line,
                    expected="pairs of numbers",
                    found=printed,
                )
            )
        else:
            pairs.extend(zip(run[::2], run[1::2], strict=True))
        run.clear()

    label_lines = {number for label in block.labels for number in label.lines}
    taken = {number for label in beside for number in range(label.lines[0], label.lines[-1] + 1)}
    for line in block.lines:
        if line.number in label_lines:
            close()
        elif line.numbers and not line.text and line.number not in taken:
            if len(line.numbers) == 2:
                close()
                pairs.append((line.numbers[0], line.numbers[1]))
            else:
                run.extend(line.numbers)
    close()
    return pairs, faults


def _read_scrambled(
    block: _Block,
    table: PrintedTable,
    decimals: int,
    placed: Placed,
    waiting: list[PrintedLabel],
    beside: dict[PrintedLabel, NumberPair | None],
    loose: list[NumberPair],
    *,
    damaged: bool,
) -> tuple[Placed, list[Fault]]:
    """Give pairs to the labels that still wait for one, as far as text order and arithmetic leave no choice.

    Where nothing fits (a number is wrong, missing or too many), rows that still stand in the table's own order keep the
    numbers printed right behind them; the others are tried once more without the sums that those rows break.
    """
    first, last = block.lines[0].number, block.lines[-1].number
    if not damaged:
        found = _conclude(block, table, decimals, placed, waiting, beside, loose)
        if found is not None:
            return found, _open_fault(found, waiting, first, last)
    core = _core_in_order(table, placed, waiting, beside, loose)
    values = _values({**placed, **core})
    sums = tuple(total for total in table.sums if off_by(table, total, values, decimals) is None)
    rest = [label for label in waiting if label not in core]
    left = [pair for pair in loose if pair not in [pair for _, pair in core.values()]]
    more = (
        None
        if damaged
        else _conclude(block, replace(table, sums=sums), decimals, {**placed, **core}, rest, beside, left)
    )
    found = {**core, **(more or {})}
    missing = [label.text for label in waiting if label not in found]
    reason = "a number is wrong, missing or too many, or the order of the text is lost"
    message = f"no way to give the numbers to the rows meets the table's sums ({reason})"
    if missing:
        message += f"; left open: {', '.join(missing)}"
    return found, [Fault("table-order", "error", message, first, last, found=f"{len(missing)} rows left open")]


def _conclude(
    block: _Block,
    table: PrintedTable,
    decimals: int,
    placed: Placed,
    waiting: list[PrintedLabel],
    beside: dict[PrintedLabel, NumberPair | None],
    loose: list[NumberPair],
) -> Placed | None:
    """What every likely reading agrees on; None where no reading fits or the numbers cannot be enough or too many."""
    own = [numbers for label in waiting if (numbers := beside.get(label))]
    pairs = [*loose, *own]
    blanks = sum(all(table.rows[row].may_be_blank for row in label.rows) for label in waiting)
    if not len(waiting) - blanks <= len(pairs) <= len(waiting):
        return None
    scramble = Scramble(
        table=table,
        labels=tuple(
            Label(label.rows, label.code, pairs.index(numbers) if (numbers := beside.get(label)) else None)
            for label in waiting
        ),
        pairs=tuple(_values_of(pair) for pair in pairs),
        order=_text_order(block, waiting, loose),
        fixed=_values(placed),
        decimals=decimals,
    )
    result = agreed(scramble)
    if result is None:
        return None
    return {
        label: (row, pairs[pair] if isinstance(pair, int) else None)
        for label, row, pair in zip(waiting, *result, strict=True)
        if row is not None and pair != "open"
    }


def _open_fault(found: Placed, waiting: list[PrintedLabel], first: int, last: int) -> list[Fault]:
    names = [label.text for label in waiting if label not in found]
    if not names:
        return []
    message = f"the order of the text does not tell which numbers belong to: {', '.join(names)}"
    return [Fault("table-order", "warning", message, first, last, found=f"{len(names)} rows left open")]


def _core_in_order(
    table: PrintedTable,
    placed: Placed,
    waiting: list[PrintedLabel],
    beside: dict[PrintedLabel, NumberPair | None],
    loose: list[NumberPair],
) -> Placed:
    """The longest stretch of rows in the table's own order, each with one pair right behind its label.

    Counts only if it is at least half the table: then the text was not shuffled, and what stands behind a label is its own.
    """
    marks = sorted(
        [
            *((label.lines[0], label) for label in waiting),
            *((pair[0].line, pair) for pair in loose),
            *((label.lines[0], None) for label in placed),
        ],
        key=lambda mark: mark[0],
    )
    best: Placed = {}
    stretch: Placed = {}
    previous = -1
    for n, (_, mark) in enumerate(marks):
        if not isinstance(mark, PrintedLabel):
            continue
        behind = [other for _, other in marks[n + 1 : n + 3]]
        pair = beside.get(mark)
        if (
            pair is None
            and behind
            and isinstance(behind[0], tuple)
            and not (len(behind) > 1 and isinstance(behind[1], tuple))
        ):
            pair = behind[0]
        row = next((row for row in mark.rows if row > previous and mark.code in (None, table.rows[row].code)), None)
        row = row if row is not None else next((row for row in mark.rows if row > previous), None)
        if row is None:
            stretch, previous = {}, -1
            row = mark.rows[0]
        previous = row
        if pair is not None:
            stretch = {**stretch, mark: (row, pair)}
        best = max(best, stretch, key=len)
    return best if 2 * len(best) >= len(table.rows) else {}


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


def _sum_faults(table: PrintedTable, rows: Sequence[PrintedRow], decimals: int) -> list[Fault]:
    """Printed numbers that do not add up within rounding: given as printed, and said."""
    values: Values = {
        row.row: None if row.status == "not_printed" else (_value(row.cells[0]), _value(row.cells[1]))
        for row in rows
        if row.status in ("published", "not_printed")
    }
    lines = {row.row: row for row in rows}
    faults = []
    for total in table.sums:
        off = off_by(table, total, values, decimals)
        if off is not None:
            faults.append(_sum_fault(table, total, off, lines, decimals))
    return faults


def _value(cell: Number | None) -> Decimal | None:
    return cell.value if cell else None


def _sum_fault(
    table: PrintedTable, total: Sum, off: tuple[int, int, int], rows: dict[int, PrintedRow], decimals: int
) -> Fault:
    column, difference, allowed = off
    area = ("the force", "England and Wales")[column]
    cell = rows[total.parent].cells[column]
    printed = cell.value if cell and cell.value is not None else Decimal(0)
    members = printed - Decimal(difference).scaleb(-decimals)
    label = table.rows[total.parent].label
    message = f"{label!r} for {area} is printed as {printed}, its parts add to {members}: more than rounding explains"
    line = cell.line if cell else rows[total.parent].label.lines[0]
    return Fault(
        "table-sums",
        "warning",
        message,
        line,
        line,
        row=total.parent,
        expected=f"{members} ± {Decimal(allowed).scaleb(-decimals)}",
        found=str(printed),
    )


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
