"""Blocks of a synthetic report become lines, as two extractors left the 2016 reports.

Belongs here: wrapping, page ends, footnotes, bullets and the order of cells. Does not belong here: what is said.

``rows``: blank lines between paragraphs, a blank behind each line, bullets kept, table rows on one line each behind the
source note; figure 2's table stands inside a later sentence. ``cells``: no blank lines between paragraphs, bullets
lost, one cell a line in an order of its own, footnote marks of captions alone on a line, pictures lost without a trace.
"""

import random
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LAYOUTS = ("rows", "cells")
WIDTH, HEADING, LISTED, CAPTION, ANNEX_CAPTION, CELL = 88, 55, 46, 95, 78, 57
PAGE = 40
FIRST_PAGE = 4
NOTE_RULE = " " * 44


@dataclass(frozen=True)
class Block:
    """A piece of a report. ``parts``: list items, or one entry per footnote mark of a caption; ``heading``, ``cells``
    and ``starred``: a table's. ``text`` of a picture or table: the lines below it, parted by |."""

    kind: str
    text: str = ""
    parts: tuple[str, ...] = ()
    heading: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    starred: str = ""


def lines_of(blocks: Sequence[Block], layout: str, rng: random.Random) -> list[str]:
    """The lines of a report."""
    paper = {"rows": Rows, "cells": Cells}[layout](rng)
    for block in blocks:
        getattr(paper, block.kind)(block)
    paper.end_page(with_number=False)
    return paper.lines


class Paper:
    """Lines so far; notes wait for the end of their page."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.page_start = 0
        self.page_number = FIRST_PAGE
        self.notes: list[str] = []
        self.marks = 0
        self.begins_page = False
        self.listed_questions: list[Block] = []
        self.table_waits: Block | None = None

    def put(self, *lines: str) -> None:
        """Add lines; the first one behind a page end begins with a blank, as the form feed left it."""
        for line in lines:
            if self.begins_page:
                line, self.begins_page = f" {line}", False
            self.lines.append(self.finished(line))

    def finished(self, line: str) -> str:
        """The line as this extractor ends it."""
        return line

    def gap(self) -> None:
        """One blank line, unless there is one."""
        if self.lines and self.lines[-1].strip() and not self.begins_page:
            self.lines.append("")

    def marked(self, text: str) -> str:
        """The text with the number of its footnote in place of the mark."""
        while "^" in text:
            self.marks += 1
            text = text.replace("^", str(self.marks), 1)
        return text

    def page(self, _: Block) -> None:
        self.end_page(with_number=self.rng.random() < 0.3)

    def end_page(self, *, with_number: bool) -> None:
        """Notes, and the number of the page if it is kept."""
        self.put_notes()
        self.page_number += 1
        if with_number:
            self.put_page_number()
        self.begins_page = not with_number
        self.page_start = len(self.lines)

    def put_notes(self) -> None:
        raise NotImplementedError

    def put_page_number(self) -> None:
        raise NotImplementedError

    def is_full(self) -> bool:
        return len(self.lines) - self.page_start > PAGE

    def note(self, block: Block) -> None:
        self.notes.append(block.text)

    def question(self, block: Block) -> None:
        self.heading(block)

    def heading(self, block: Block) -> None:
        raise NotImplementedError

    def numbered(self, block: Block) -> None:
        self.prose(block)

    def prose(self, block: Block) -> None:
        raise NotImplementedError

    def paragraph(self, text: str) -> None:
        """Lines of prose; a page may end inside."""
        lines = wrapped(self.marked(text), WIDTH)
        for number, line in enumerate(lines):
            if 0 < number < len(lines) - 1 and self.is_full():
                self.end_page(with_number=self.rng.random() < 0.3)
            self.put(line)
            if number == 1 and self.table_waits and len(lines) > 3:
                table, self.table_waits = self.table_waits, None
                self.gap()
                self.put_table(table)
                self.end_page(with_number=False)

    def put_table(self, block: Block) -> None:
        raise NotImplementedError


class Rows(Paper):
    """A table row on one line."""

    def finished(self, line: str) -> str:
        return f"{line} " if line.strip() and not line[-1:].isdigit() else line

    def heading(self, block: Block) -> None:
        self.gap()
        self.put(*wrapped(self.marked(block.text), HEADING))
        self.gap()

    def subheading(self, block: Block) -> None:
        self.gap()
        self.put(*wrapped(block.text, HEADING))

    def prose(self, block: Block) -> None:
        self.paragraph(block.text)
        self.gap()

    def source(self, block: Block) -> None:
        self.put(*block.text.split("|"))

    def bullets(self, block: Block) -> None:
        for part in block.parts:
            self.gap()
            self.put(*wrapped(f"• {part}", WIDTH - 14))
        self.gap()

    def box(self, block: Block) -> None:
        self.gap()
        self.put(block.text)
        self.gap()

    def grade(self, block: Block) -> None:
        self.lines.append(" ")
        self.put(f"{block.text} ")
        self.lines += ["", " "]

    def listed(self, block: Block) -> None:
        self.gap()
        self.put(*wrapped(block.text, LISTED))

    def listed_grade(self, block: Block) -> None:
        self.lines += ["", " "] if self.rng.random() < 0.5 else [""]
        self.put(*(f"{word} " for word in broken(block.text)))
        self.lines += ["", " ", ""]

    def caption(self, block: Block) -> None:
        self.gap()
        marks = ",".join(str(self.marks + n) for n in range(1, len(block.parts) + 1))
        self.marks += len(block.parts)
        self.put(*wrapped(f"{block.text}{marks}", CAPTION))
        self.gap()

    def annex_caption(self, block: Block) -> None:
        self.gap()
        self.put(*wrapped(block.text, ANNEX_CAPTION))
        self.gap()

    def picture(self, block: Block) -> None:
        self.put(*block.text.split("|"))
        self.gap()

    def table(self, block: Block) -> None:
        before = self.rng.random() < 0.3
        inside = block.heading[0].startswith("Rates") and not before
        if before:
            self.put_table(block)
            self.gap()
        if block.starred:
            self.put(*wrapped(block.starred, WIDTH))
            self.gap()
        self.put(*block.text.split("|"))
        self.gap()
        if inside:
            self.table_waits = block
        elif not before:
            self.put_notes()
            self.put_table(block)
            self.end_page(with_number=False)

    def put_table(self, block: Block) -> None:
        *first, force, national = block.heading
        if len(first) == 1 and first[0].startswith("Rates"):
            self.put(f"{first[0]} {force.rsplit(' ', 1)[0]}", force.rsplit(" ", 1)[1], "", "England and", "Wales")
        elif len(first) == 3:
            self.put(first[0], f"{first[1]} {first[2]} {force} {national}")
        else:
            self.put(f"{first[0]} {force} {national}")
        for code, label, *numbers in block.cells:
            self.gap()
            self.put(*wrapped(" ".join(cell for cell in (code, label, *numbers) if cell), CELL + 13))
        self.gap()

    def put_notes(self) -> None:
        if self.notes:
            self.gap()
            self.lines.append(NOTE_RULE)
        first = self.marks - len(self.notes) + 1
        for number, note in enumerate(self.notes, first):
            self.put(*wrapped(f"{number} {note}", WIDTH))
            self.gap()
        self.notes = []

    def put_page_number(self) -> None:
        self.lines += ["", "", " ", "", f"{self.page_number} ", ""]


class Cells(Paper):
    """A table cell on one line."""

    def heading(self, block: Block) -> None:
        self.gap()
        self.put(*wrapped(self.marked(block.text), HEADING))

    subheading = heading

    def prose(self, block: Block) -> None:
        self.paragraph(block.text)

    def source(self, block: Block) -> None:
        self.put(*block.text.split("|"))

    def bullets(self, block: Block) -> None:
        for part in block.parts:
            self.lines += ["", ""]
            self.put(*wrapped(part, WIDTH - 14))
            self.lines.append("")

    def box(self, block: Block) -> None:
        self.gap()
        self.put(block.text)

    def grade(self, block: Block) -> None:
        self.put(block.text)
        self.gap()

    def listed(self, block: Block) -> None:
        self.listed_questions.append(block)

    def listed_grade(self, block: Block) -> None:
        """The last two questions may stand together before their grades."""
        questions = self.listed_questions
        if len(questions) == 1 and "organised" in questions[0].text and self.rng.random() < 0.5:
            self.grade_waits = block
            return
        self.gap()
        for question in questions:
            self.put(*wrapped(question.text, LISTED))
        self.gap()
        for grade in (self.grade_waits, block) if len(questions) == 2 else (block,):
            self.put(*broken(grade.text))
        self.gap()
        self.listed_questions = []

    def caption(self, block: Block) -> None:
        marks = ",".join(str(self.marks + n) for n in range(1, len(block.parts) + 1))
        self.marks += len(block.parts)
        first, *more = wrapped(block.text, CAPTION)
        self.put(first, *([marks] if marks else []), *more)

    def annex_caption(self, block: Block) -> None:
        self.put(*wrapped(block.text, ANNEX_CAPTION))

    def picture(self, block: Block) -> None:
        """Most pictures are lost with the lines below them; what follows begins like a page."""
        self.begins_page = True
        if self.rng.random() < 0.3:
            self.put(block.text.split("|")[-1])
            self.gap()

    def pies(self, block: Block) -> None:
        for part in block.parts:
            self.put(part)
            if part[0].isalpha() or self.rng.random() < 0.5:
                self.gap()
        self.gap()
        self.put(*block.text.split("|"))
        self.gap()

    def table(self, block: Block) -> None:
        self.put_table(block)
        if block.starred:
            self.put(*wrapped(block.starred, WIDTH))
        self.put(*block.text.split("|"))
        self.put_notes()
        self.gap()

    def put_table(self, block: Block) -> None:
        *first, force, national = block.heading
        self.put(*([first[0], first[2], first[1]] if len(first) == 3 else first))
        for cell in (force, national):
            self.gap()
            self.put(cell)
        for cell in _scrambled(block.cells, self.rng):
            self.gap()
            self.put(*wrapped(cell, CELL))
        self.gap()

    def put_notes(self) -> None:
        first = self.marks - len(self.notes) + 1
        for number, note in enumerate(self.notes, first):
            self.put(str(number), "", *wrapped(note, CAPTION))
        self.notes = []

    def put_page_number(self) -> None:
        self.gap()
        self.put(str(self.page_number), "")


def _scrambled(cells: Sequence[tuple[str, ...]], rng: random.Random) -> Iterator[str]:
    """The cells of a table one by one. Figure 4 may have its first numbers before their label, and the labels of its
    totals, and of the group without numbers, behind all numbers."""
    numbers_first = rng.random() < 0.5
    last: list[str] = []
    moves = len(cells) > 10 and rng.random() < 0.7
    for index, (code, label, own, national) in enumerate(cells):
        numbers = [number for number in (own, national) if number]
        is_total = label.startswith(("Total", "Not yet"))
        if moves and not numbers:
            # Its only member's code goes with it.
            last += [label, cells[index + 1][0]]
            continue
        if moves and is_total:
            last.append(label)
            yield from numbers
            continue
        words = [cell for cell in (code, label) if cell and not (moves and cell in last[1:2])]
        yield from (*numbers, *words) if numbers_first and index == 0 else (*words, *numbers)
    yield from last


def wrapped(text: str, width: int) -> list[str]:
    """The text on lines, white space folded."""
    return textwrap.wrap(" ".join(text.split()), width)


def broken(grade: str) -> list[str]:
    """A grade in the narrow column of the overview."""
    return grade.split(" ")
