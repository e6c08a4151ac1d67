"""The matrix of areas and grades in the overview of a PEEL report: its cells, and the grade that each stands for.

Belongs here: the forms in which extractors leave the matrix. Does not belong here: where it stands in a report
(``integrated_outline``), and whether a grade is published (``extract.judgments``).

Forms, told from the lines themselves:

* columns: a line with two grades or more is the head; cells are parted by tabs, by bars or by wide blanks. The column
  of a cell decides. A row with fewer cells than the head is certain only where some row begins with an empty cell,
  since extractors that cut off what is blank at the ends of lines move the cells to the left.
* rows: each line begins with its grade, areas follow; or an area and its grade stand on one line.
* one cell a line: areas below their grade, in the order of the scale; or each grade behind its area. Where all grades
  stand before the first area, it is a head whose columns are lost: no grade can be told.

A cell whose grade cannot be told has none.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pipelines.structure import GRADE_WORDS
from pipelines.vocabulary import letters

# Cells that an extractor set apart with blanks, and their places in the line.
WIDE = re.compile(r"\S+(?: \S+)*+")
# The line below the head of a table in Markdown: "|---|:--:|".
RULE = re.compile(r"^[\s|:+=-]+$")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# What may stand between an area and its grade on one line.
BETWEEN = " :–—-|\t("
BULLET_OR_MARK = re.compile(r"^[\s*•●▪■◦#>-]+")
GRADES = {letters(grade): grade for grade in GRADE_WORDS}
LONGEST_CELL = 80
# Words of a line that may be a run of names, and the column of cells whose place in the line is lost.
LONGEST_RUN, NOWHERE = 40, -1
MOST_FRAGMENTS = 4


@dataclass(frozen=True)
class Cell:
    """An area of the matrix as printed, with its grade in lower case: None where it cannot be told."""

    text: str
    grade: str | None
    line_start: int
    line_end: int


@dataclass(frozen=True)
class _Piece:
    """What stands in one cell of one line. ``column``: its index, or None where only its place in the line is known."""

    text: str
    line: int
    column: int | None
    start: int
    end: int


def pieces_of(number: int, raw: str, names: Collection[str]) -> list[_Piece]:
    """The cells of a line that hold something. Where blanks between cells are lost, their names tell them apart."""
    if RULE.match(raw):
        return []
    if raw.lstrip().startswith("|") or raw.count("|") >= 2:
        cells = raw.strip().removeprefix("|").removesuffix("|").split("|")
        return [
            _Piece(text, number, column, column, column)
            for column, cell in enumerate(cells)
            for part in BREAK.split(cell)
            if (text := _clean(part))
        ]
    if "\t" in raw.strip("\n"):
        return [
            _Piece(text, number, column, column, column)
            for column, cell in enumerate(raw.split("\t"))
            if (text := _clean(cell))
        ]
    found = []
    for match in WIDE.finditer(raw):
        text = _clean(match.group())
        if run := _run(text, names):
            found += [_Piece(part, number, NOWHERE, NOWHERE, NOWHERE) for part in run]
        elif text:
            found.append(_Piece(text, number, None, match.start(), match.end()))
    return found


def _run(text: str, names: Collection[str]) -> list[str]:
    """The names of areas or grades that a line is made of, at least two; empty where it is not."""
    words = text.split()
    if len(words) > LONGEST_RUN:
        return []
    found = []
    at = 0
    while at < len(words):
        ends = range(len(words), at, -1)
        known = ((end, letters(" ".join(words[at:end]))) for end in ends)
        end = next((end for end, key in known if key in names or key in GRADES), None)
        if end is None:
            return []
        found.append(" ".join(words[at:end]).strip(BETWEEN))
        at = end
    return found if len(found) > 1 else []


def _clean(text: str) -> str:
    return " ".join(BULLET_OR_MARK.sub("", text.replace("**", "")).split())


def has_grades(pieces: Sequence[_Piece]) -> int:
    """How many cells of a line are grades; "Requires" counts, since its second word may stand on the next line."""
    return sum(letters(piece.text) in GRADES or letters(piece.text) == "requires" for piece in pieces)


def read_matrix(lines: Sequence[tuple[int, str]], names: Collection[str], scale: Sequence[str]) -> list[Cell]:
    """The cells of a matrix that holds just these lines (number and text).

    ``names``: known areas, in letters; ``scale``: the grades of the programme, best first.
    """
    rows = [row for number, raw in lines if (row := pieces_of(number, raw, names))]
    head = next((at for at, row in enumerate(rows) if has_grades(row) >= 2), None)
    if head is not None:
        return _by_column(rows, head, names, scale)
    if any(len(row) > 1 for row in rows):
        return _by_row(rows, names, scale)
    return _in_sequence([row[0] for row in rows], names, scale)


# --- columns --------------------------------------------------------------------------------------------------------


def _by_column(rows: list[list[_Piece]], head: int, names: Collection[str], scale: Sequence[str]) -> list[Cell]:
    heads = [replace(piece, text=letters(piece.text)) for piece in rows[head]]
    below = rows[head + 1 :]
    if below and any(piece.text == "requires" for piece in heads):
        below = _without_second_word(below)
    heads = [replace(piece, text="requiresimprovement" if piece.text == "requires" else piece.text) for piece in heads]
    grades = [GRADES.get(piece.text) for piece in heads]
    columns: dict[int, list[_Piece]] = {}
    lost: list[_Piece] = []
    # Trap: where a head lost its first grade with its cell, all others stand over the cells of their neighbours.
    counted = any(piece.column is not None for piece in heads)
    is_cut = counted and not {grade for grade in grades if grade}.issuperset(scale)
    if is_cut or not all(grades) or any(piece.column == NOWHERE for piece in heads):
        lost = [piece for row in below for piece in row]
    else:
        starts_empty = any(_starts_empty(row, heads) for row in below)
        for row in below:
            certain = starts_empty or len({_column(piece, heads) for piece in row}) == len(heads)
            for piece in row:
                column = _column(piece, heads) if certain else None
                if column is None:
                    lost.append(piece)
                else:
                    columns.setdefault(column, []).append(piece)
    cells = [
        replace(cell, grade=grades[column]) for column, pieces in columns.items() for cell in _joined(pieces, names)
    ]
    return sorted([*cells, *_joined(lost, names)], key=lambda cell: (cell.line_start, cell.line_end))


def _without_second_word(rows: list[list[_Piece]]) -> list[list[_Piece]]:
    """The rows without the "improvement" that belongs to the head."""
    first = [piece for piece in rows[0] if letters(piece.text) != "improvement"]
    return [first, *rows[1:]] if first else rows[1:]


def _starts_empty(row: Sequence[_Piece], heads: Sequence[_Piece]) -> bool:
    """Whether the row leaves the first column empty and says so."""
    first = row[0]
    if first.column == NOWHERE:
        return False
    return first.start > heads[0].end if first.column is None else first.column > (heads[0].column or 0)


def _column(piece: _Piece, heads: Sequence[_Piece]) -> int | None:
    """The position of the column's head; None where the piece might stand in two columns."""
    if piece.column == NOWHERE:
        return None
    if piece.column is not None and heads[0].column is not None:
        return next((at for at, head in enumerate(heads) if head.column == piece.column), None)
    if piece.column is not None or heads[0].column is not None:
        return None
    over = [at for at, head in enumerate(heads) if piece.start < head.end and head.start < piece.end]
    if len(over) == 1:
        return over[0]
    by_start = [at for at, head in enumerate(heads) if abs(head.start - piece.start) <= 1]
    return by_start[0] if len(by_start) == 1 else None


# --- rows and single cells ------------------------------------------------------------------------------------------


def _by_row(rows: list[list[_Piece]], names: Collection[str], scale: Sequence[str]) -> list[Cell]:
    cells: list[Cell] = []
    for row in rows:
        kinds = [GRADES.get(letters(piece.text)) for piece in row]
        graded = [kind for kind in kinds if kind]
        grade = graded[0] if len(graded) == 1 and (kinds[0] or len(row) == 2) else None
        areas = [piece for piece, kind in zip(row, kinds, strict=True) if kind is None]
        if len(row) == 1:
            cells += _in_sequence(row, names, scale)
        else:
            cells += [Cell(piece.text, grade, piece.line, piece.line) for piece in areas]
    return cells


def _in_sequence(pieces: Sequence[_Piece], names: Collection[str], scale: Sequence[str]) -> list[Cell]:
    """Cells one a line."""
    cells: list[Cell] = []
    tokens: list[Cell] = []
    for cell in _joined(pieces, {*names, *GRADES}):
        behind = grade_behind(cell.text, names)
        if behind:
            cells.append(replace(cell, text=behind[0], grade=behind[1].lower()))
        else:
            tokens.append(cell)
    marks = [GRADES.get(letters(cell.text)) for cell in tokens]
    order = [mark for mark in marks if mark]
    if order and marks[0] and order == [grade for grade in scale if grade in order] and _areas_between(marks):
        cells += _below_grades(tokens, marks)
    elif order and not marks[0] and _alternates(marks):
        cells += [replace(cell, grade=mark) for cell, mark in zip(tokens[::2], marks[1::2], strict=True)]
    else:
        cells += [cell for cell, mark in zip(tokens, marks, strict=True) if mark is None]
    return cells


def grade_behind(text: str, names: Collection[str]) -> tuple[str, str] | None:
    """The area and the grade of a line that holds both: "Preventing crime: Good". None where it does not."""
    if "(" in text:
        text = text.removesuffix(")")
    if not text.lower().endswith(tuple(GRADE_WORDS)):
        return None
    for grade in GRADE_WORDS:
        area = text[: -len(grade)].rstrip(BETWEEN)
        if text[-len(grade) :].lower() == grade and len(area) < len(text) - len(grade) and letters(area) in names:
            return area, text[-len(grade) :]
    return None


def _areas_between(marks: Sequence[str | None]) -> bool:
    """Whether areas stand between the grades, or there is one grade only: it is no head whose columns are lost."""
    last = max(at for at, mark in enumerate(marks) if mark)
    return last == 0 or None in marks[:last]


def _below_grades(tokens: Sequence[Cell], marks: Sequence[str | None]) -> list[Cell]:
    cells, grade = [], None
    for cell, mark in zip(tokens, marks, strict=True):
        if mark:
            grade = mark
        else:
            cells.append(replace(cell, grade=grade))
    return cells


def _alternates(marks: Sequence[str | None]) -> bool:
    return len(marks) % 2 == 0 and not any(marks[::2]) and all(marks[1::2])


def _joined(pieces: Sequence[_Piece], names: Collection[str]) -> list[Cell]:
    """Pieces of one column to areas: a name may be wrapped over some lines. What is no known name stays as it is."""
    cells: list[Cell] = []
    at = 0
    while at < len(pieces):
        count = next(
            (
                count
                for count in range(min(MOST_FRAGMENTS, len(pieces) - at), 0, -1)
                if "".join(letters(piece.text) for piece in pieces[at : at + count]) in names
            ),
            1,
        )
        some = pieces[at : at + count]
        cells.append(Cell(" ".join(piece.text for piece in some), None, some[0].line, some[-1].line))
        at += count
    return cells
