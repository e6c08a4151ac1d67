"""HMIC inspections against specific grading criteria (2007): one section a framework, with strengths and weaknesses.

The shape, which the names below describe in one place:

- an introduction, a force overview, then "National summary of judgements" (a row a framework: how many forces were
  given each grade) and "Force summary of judgements" (a row a framework: the force's grade);
- a section for each framework of the programme (the dimension ``questions``; what stands before the colon of a
  question is its group, which may have an overview that is not graded): the national grade distribution again,
  national and own contextual factors, then bullets below "Strengths", "Work in progress" and "Areas for improvement",
  and, in some sections, pages of "Developing practice";
- the force's grade once more on a line "GRADE FAIR", which was set beside the text and so may cut any sentence of its
  section's first page;
- an appendix: a glossary, whose lines are neither findings nor sentences.

Page ends leave one blank, page headers and numbers, or nothing. Where the text leaves open which framework something
belongs to, it is given to none and an issue says so.

Belongs here: what each line of such a report is. Does not belong here: how grades become judgments
(``extract.judgments``) and boxes findings (``extract.findings``), or how two copies of a distribution are compared
(``extract.grade_distributions``).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipelines.extract.findings import finding_rows
from pipelines.extract.grade_distributions import SECTION, SUMMARY, Count, Distribution, grade_distribution_rows
from pipelines.extract.judgments import Label, judged
from pipelines.extract.statistics import read_statistics, statistics_rows
from pipelines.families import Contents
from pipelines.issues import Issue
from pipelines.programmes import MONTHS
from pipelines.questions import Question, grades_best_to_worst, questions_of
from pipelines.reports import Report
from pipelines.sentences import BULLET, Context, Piece, Sentence, is_closed, list_goes_on, mend, sentences, unbulleted
from pipelines.structure import (
    LONE_NUMBER,
    LONGEST_HEADING,
    PAGE_FOOTER,
    Box,
    BoxItem,
    Outline,
    Part,
    in_plain_characters,
    is_page_start,
    usual_blanks,
)
from pipelines.vocabulary import letters

# --- the shape ------------------------------------------------------------------------------------------------------

# Titles of the two summary tables, by their letters (both spellings of judgement).
NATIONAL_SUMMARY = frozenset({"nationalsummaryofjudgements", "nationalsummaryofjudgments"})
FORCE_SUMMARY = frozenset({"forcesummaryofjudgements", "forcesummaryofjudgments"})
DISTRIBUTION = frozenset({"nationalgradedistribution"})
# Headings below a section's heading and how far down a section they stand: a heading that stands higher up than the one
# before it belongs to another section, whose own heading was not recognised.
SUB_HEADINGS = {
    "nationalgradedistribution": 0,
    "nationalcontextualfactors": 1,
    "nationalcontextualfactorsoverview": 1,
    "contextualfactors": 2,
    "contextualfactorsoverview": 2,
}
BOXES = {
    "strength": "strength",
    "strengths": "strength",
    "workinprogress": "work_in_progress",
    "areaforimprovement": "area_for_improvement",
    "areasforimprovement": "area_for_improvement",
    "developingpractice": "developing_practice",
}
STAGE_OF_BOXES = 3
# What every section has below its contextual factors.
EXPECTED = {
    "strength": "‘Strengths’",
    "work_in_progress": "‘Work in progress’",
    "area_for_improvement": "‘Areas for improvement’",
}
# A box below a heading that is none of these.
UNKNOWN = "unknown"
# A heading that a page end repeats: "Strengths (continued)".
CONTINUED = re.compile(r"\s{0,4}[(–-]?\s{0,4}\bcont(?:inued|[’']?d|\.)?\.?\)?$", re.IGNORECASE)
# What ends the sections: an appendix, and headings of what is no finding of this family.
APPENDIX = re.compile(r"^(?:Appendix|Appendices|Annex|Glossary)\b", re.IGNORECASE)
CLOSING_HEADINGS = frozenset({"recommendation", "recommendations", "conclusion", "conclusions"})

# "GRADE FAIR", "Grade: Fair". Trap: "Neighbourhood Policing Grade" heads a column, and prose may name a grade.
GRADE_LINE = re.compile(r"^(?:GRADE|Grade)\s?[:–-]?\s?(?P<grade>[A-Za-z]+(?: [A-Za-z]+)?)$")
GRADE_ALONE = re.compile(r"^(?:GRADE|Grade)\s?:?$")
# A grade at either end of a line of text, with nothing that tells it from the text.
GRADE_IN_TEXT = re.compile(r"\bGRADE [A-Z]{2,20}$|^GRADE [A-Z]{2,20} ", re.MULTILINE)
# The grade that was set beside the text and stands on a line of it, as extractors that keep the layout give it.
SIDE_GRADE = re.compile(r"\S(?P<grade>\s{3,}GRADE\s{1,3}[A-Z]{2,20}\s*)$")
# "Kent Police – HMIC Inspection Report", with or without month and page behind it.
PAGE_HEADER = re.compile(
    rf"^[A-Z].{{2,60}} [–—-] HMIC Inspection Report(?: (?:{MONTHS}) \d{{4}})?(?: Page \d{{1,3}}(?: of \d{{1,3}})?)?$"
)
MONTH_LINE = re.compile(rf"^(?:{MONTHS}) \d{{4}}$")
# The labels of a developing practice. "INSPECTION AREA" begins one.
PRACTICE_LABEL = re.compile(
    r"^(?P<label>INSPECTION AREA|TITLE|PROBLEM|SOLUTION|OUTCOME ?\(?S?\)?|FORCE CONTACT)\s?:\s?(?P<text>.*)$",
    re.IGNORECASE,
)
# A bullet that the extractor set behind the text or the heading above it.
INNER_BULLET = re.compile(r"(?<=\S)\s{1,20}(?=[•●▪■\uf0b7\uf0a7]\s)")
# A bullet that lost its blank ("•The force") and one that stands alone on its line.
BARE_BULLET = re.compile(r"^([•●▪■◦‣∙\uf0b7\uf0a7])(?=\w)")
LONE_BULLET = re.compile(r"^[•●▪■◦‣∙·\uf0b7\uf0a7]$")
# Signs that may as well stand in the middle of a sentence.
DOUBTFUL_SIGNS = frozenset("–-o*·")
# What may be a bullet in a font that the extractor does not know: a sign, or a letter that is no word.
ODD_SIGN = re.compile(r"^(?P<sign>[^\w\s'\"‘’“”(\[£$€%&/+<>=.,;:!]|[^\W\d_aioAIO]) (?=[A-Z‘“(])")
# So many lists of findings must begin with an odd sign to make it a bullet.
FEWEST_ODD = 3
# The usual bullet, as extractors give it.
ROUND_SIGNS = frozenset("•●∙·\uf0b7")
CELL_NUMBER = re.compile(r"^\d{1,3}$")
COLUMN_HEAD = "grade"
# A page header that no pattern knows stands on so many pages.
FEWEST_PAGES = 4
# Lines at a page end that are no text, at most.
MOST_FURNITURE = 20
# A line that has this much room for the next word was not broken there by wrapping.
ROOM = 10


def read_specific_grading_criteria(report: Report) -> Contents:
    """Judgments, national grade distributions, findings and figures of a report."""
    reading = _Reading(report)
    outline = reading.outline()
    judgments, judgment_issues = reading.judgments(outline)
    distributions, distribution_issues = grade_distribution_rows(report, reading.graded, reading.distributions)
    findings, finding_issues = finding_rows(report, outline)
    statistics, doubts = statistics_rows(report, read_statistics(report, outline, boxes=True))
    rows = {
        "judgments": judgments,
        "grade_distributions": distributions,
        "findings": findings,
        "statistics": statistics,
    }
    return Contents(rows, (*judgment_issues, *distribution_issues, *finding_issues, *doubts, *reading.issues))


def outline_of_sgc_report(report: Report) -> Outline:
    """The outline of a report: its sections (``core_question`` parts), grades, boxes of findings and sentences.

    ``questions`` holds each framework as its section's heading, or else the force's summary, prints it. Sentences of
    boxes have place ``box``, all others ``body``; their ``heading`` is the nearest one above, such as "National
    contextual factors". Summary tables, page furniture and the appendix give no sentences.
    """
    return _Reading(report).outline()


# --- lines ----------------------------------------------------------------------------------------------------------


@dataclass
class _Line:
    """A line that holds something, without its bullet, and what is known of it.

    ``sign``: the bullet before it; ``page``: a page may begin with it; ``gap``: more blank lines than usual stand
    before it. ``kind``: furniture, grade, section, other_section, sub_heading, box_title, table, appendix, or "" for
    text; ``place`` is the framework it stands in, None outside them or where that is not known.
    """

    number: int
    text: str
    sign: str
    page: bool
    gap: bool
    kind: str = ""
    place: str | None = None


def _filled_lines(report: Report) -> list[_Line]:
    found: list[tuple[int, str, bool]] = []
    blanks: list[int] = []
    empty, broken, sign = 0, False, ""
    odd = _odd_bullets(report)
    for number, line in _parted_lines(report):
        if odd and (begin := ODD_SIGN.match(line.strip())) and begin["sign"] in odd:
            line = line.replace(begin["sign"], "•", 1)
        text = BARE_BULLET.sub(r"\1 ", " ".join(line.split()))
        if not text:
            empty, broken = empty + 1, broken or "\f" in line
            continue
        page = broken or is_page_start(line)
        if LONE_BULLET.match(text):
            sign, empty, broken = text, empty + (not sign), page
            continue
        found.append((number, f"{sign} {text}" if sign else text, page))
        blanks.append(empty)
        empty, broken, sign = 0, False, ""
    usual, _ = usual_blanks([text for _, text, _ in found], blanks)
    lines: list[_Line] = []
    for (number, text, page), count in zip(found, blanks, strict=True):
        signed = bool(BULLET.match(text)) and (
            text[0] not in DOUBTFUL_SIGNS or page or count > usual or not lines or _may_end(lines[-1].text)
        )
        lines.append(
            _Line(number, unbulleted(text) if signed else text, text[0] if signed else "", page, count > usual)
        )
    return lines


def _odd_bullets(report: Report) -> frozenset[str]:
    """Signs, unknown as bullets elsewhere, that begin the text below the headings of findings in this report."""
    begins: Counter[str] = Counter()
    below_title = False
    for line in report.lines:
        text = " ".join(line.split())
        if text:
            sign = ODD_SIGN.match(text) if below_title else None
            begins.update([sign["sign"]] if sign and not BULLET.match(text) else [])
            below_title = _key(text) in BOXES
    return frozenset(sign for sign, count in begins.items() if count >= FEWEST_ODD)


def _parted_lines(report: Report) -> Iterator[tuple[int, str]]:
    """The numbered lines; a bullet inside a line and a grade far to the right of a text begin lines of their own, with
    the same number."""
    for number, line in enumerate(report.lines, start=1):
        side = SIDE_GRADE.search(line) if "GRADE" in line else None
        for part in INNER_BULLET.split(line[: side.start("grade")] if side else line):
            yield number, part
        if side:
            yield number, side["grade"].strip()


def _may_end(text: str) -> bool:
    """Whether a sentence or a part of a list may end with this text."""
    return is_closed(text) or list_goes_on(text)


def _key(text: str) -> str:
    """A heading's letters; what a page end adds to it is left out."""
    return letters(CONTINUED.sub("", text))


@dataclass
class _Section:
    """A framework's section. ``number`` is None where its heading is lost or not one of the programme's; ``stage`` is
    how far down its headings were read, ``boxes`` what kinds of findings it has."""

    number: str | None
    heading: str
    line_start: int
    line_end: int
    stage: int = -1
    boxes: list[str] = field(default_factory=list)


@dataclass
class _Box:
    """A box of findings: its kind, where its heading and its text stand (positions), and its framework."""

    kind: str
    title: str
    number: str | None
    line: int
    inside: list[int] = field(default_factory=list)


class _Reading:
    """The work sheet of one report: every line gets its kind, then sections, boxes and tables are read from them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.lines = _filled_lines(in_plain_characters(report))
        self.questions = questions_of(report.programme_id, report.pillar)
        self.graded = [question for question in self.questions if question.is_graded is not False]
        self.grades = grades_best_to_worst(report.programme_id)
        self.names = _names(self.questions)
        self.issues: dict[Issue, None] = {}  # in order, each once
        self.distributions: list[Distribution] = []
        self.summary: dict[str, list[Label]] = {}
        self.summary_texts: dict[str, str] = {}
        self.is_unsettled = False
        self.column_of_grades: list[Label] = []
        self.sections: list[_Section] = []
        # Where the walk stands.
        self.section: _Section | None = None
        self.box: _Box | None = None
        self.in_appendix = self.after_tables = False
        self.boxes: list[_Box] = []
        self.section_grades: dict[str, list[Label]] = {}
        # Where frameworks' headings stand: first position to framework and last position.
        self.headings: dict[int, tuple[str, int]] = {}
        # Where grade lines stand: first position to last position and grade.
        self.grade_lines: dict[int, tuple[int, str]] = {}
        self._claim_furniture()
        self._claim_section_headings()
        self._claim_summaries()
        self._claim_grade_lines()
        self._claim_page_numbers()
        self._walk()
        self._place_grades()
        self._settle_summary()
        self._say_what_is_missing()

    @cached_property
    def width(self) -> int:
        """The length of a full line: what three in four of the longer lines do not exceed."""
        lengths = sorted(len(line.text) for line in self.lines if len(line.text) >= 30)
        # Headings and cells are short lines of any text: of a wide one they are left out.
        wide = [length for length in lengths if length >= 50]
        lengths = wide if len(wide) * 2 >= len(lengths) else lengths
        return lengths[len(lengths) * 3 // 4] if lengths else 80

    # --- furniture ---

    def _claim_furniture(self) -> None:
        """Page headers and footers with words; a month counts only beside one of these."""
        for line in self.lines:
            if not line.sign and (
                PAGE_HEADER.match(line.text) or (PAGE_FOOTER.match(line.text) and line.text[0].isupper())
            ):
                line.kind = "furniture"
        force = letters(self.report.force_name)
        often = Counter(line.text for line in self.lines)
        for line in self.lines:
            # No full stop: a bullet that sections share may name the force as well.
            named = often[line.text] >= FEWEST_PAGES and force in letters(line.text)
            if named and not line.sign and not is_closed(line.text):
                line.kind = "furniture"
        for at, line in enumerate(self.lines):
            beside = self.lines[max(0, at - 1) : at] + self.lines[at + 1 : at + 2]
            if MONTH_LINE.match(line.text) and any(other.kind == "furniture" for other in beside):
                line.kind = "furniture"

    def _claim_page_numbers(self) -> None:
        """Numbers alone on their line that stand at a page's end, apart from all else, or inside an open sentence."""
        for at, line in enumerate(self.lines):
            if line.kind or line.sign or not LONE_NUMBER.match(line.text):
                continue
            after = self.lines[at + 1] if at + 1 < len(self.lines) else None
            above = self._text_above(at)
            apart = line.gap and (after is None or after.gap)
            cut = above is not None and not is_closed(above.text) and after is not None and after.text[0].islower()
            # Behind a full stop no number stands alone that the next line does not go on with.
            begins = after is not None and (bool(after.sign) or after.text[0].isupper())
            between = begins and above is not None and is_closed(above.text)
            above_section = after is not None and after.kind == "section"
            if after is None or after.page or line.page or apart or cut or between or above_section:
                line.kind = "furniture"

    def _text_above(self, at: int) -> _Line | None:
        """The text line above, page furniture and grades left out; None where a heading or table stands there."""
        for line in reversed(self.lines[max(0, at - MOST_FURNITURE) : at]):
            if line.kind not in ("furniture", "grade"):
                return line if not line.kind else None
        return None

    def _below(self, at: int) -> int | None:
        """The position of the next line that is no furniture and no grade."""
        end = min(len(self.lines), at + MOST_FURNITURE)
        while at + 1 < end:
            at += 1
            last = self._grade_at(at)
            if last is not None:
                at = last[0]
            elif self.lines[at].kind not in ("furniture", "grade"):
                return at
        return None

    # --- headings ---

    def _looks_like_heading(self, at: int) -> bool:
        line = self.lines[at]
        if line.kind or line.sign or not line.text[0].isupper():
            return False
        return len(line.text) <= LONGEST_HEADING and not is_closed(line.text) and line.text[-1] not in ",;"

    def _may_head(self, at: int) -> bool:
        """Whether the line looks like a heading and nothing above waits for more."""
        if not self._looks_like_heading(at):
            return False
        above = self._text_above(at)
        return self.lines[at].page or self.lines[at].gap or above is None or is_closed(above.text)

    def _framework_at(self, at: int, names: Mapping[str, str]) -> tuple[str, int] | None:
        """The framework whose name fills the line, or two or three lines, and the last of these."""
        if not self._looks_like_heading(at):
            return None
        text = ""
        for last in range(at, min(at + 3, len(self.lines))):
            if self.lines[last].kind or self.lines[last].sign or not letters(self.lines[last].text):
                break
            text = f"{text} {self.lines[last].text}"
            number = names.get(_key(text))
            # "Protecting Vulnerable People –" goes on with the framework, and is the group's own heading otherwise.
            longer = last + 1 < len(self.lines) and _key(f"{text} {self.lines[last + 1].text}") in names
            if number is not None and not longer:
                return number, last
        return None

    def _claim_section_headings(self) -> None:
        """Claim the headings of frameworks that stand right above a heading of their section; without their group
        only those right above a national one."""
        short = {letters(question.text.rpartition(":")[2]): question.number for question in self.graded}
        for at in range(len(self.lines)):
            whole = self._framework_at(at, self.names)
            found = whole or self._framework_at(at, short)
            below = self._below(found[1]) if found else None
            if not found or below is None or self.lines[below].sign:
                continue
            key = _key(self.lines[below].text)
            heads = key in SUB_HEADINGS or (key in BOXES and self.lines[at].page)
            if heads if whole else SUB_HEADINGS.get(key, STAGE_OF_BOXES) < SUB_HEADINGS["contextualfactors"]:
                self._claim(at, found[1], "section", found[0])
                self.headings[at] = found

    def _claim(self, first: int, last: int, kind: str, place: str | None = None) -> None:
        for line in self.lines[first : last + 1]:
            line.kind, line.place = kind, place

    # --- the two summary tables and the sections' distributions ---

    def _claim_summaries(self) -> None:
        end = min(self.headings, default=len(self.lines))
        for at in range(end):
            key = letters(self.lines[at].text)
            if key in NATIONAL_SUMMARY and not self.lines[at].kind:
                self._claim(at, at, "sub_heading")
                self._read_national_summary(self._cells(at + 1, end, numbers=True))
            elif key in FORCE_SUMMARY and not self.lines[at].kind:
                self._claim(at, at, "sub_heading")
                self._read_force_summary(self._cells(at + 1, end, numbers=False))

    def _cells(self, at: int, end: int, *, numbers: bool) -> list["_Cell"]:
        """The cells of a table that begins at a line, which they claim: up to the first line that is none of a label,
        a grade, the head of the column of grades and, if the table has ``numbers``, a number. A label behind which
        nothing follows is no row: a section begins."""
        cells: list[_Cell] = []
        first = last = at
        while at < end:
            line = self.lines[at]
            if line.kind == "furniture":
                at += 1
                continue
            is_cell = not (line.kind or line.sign or GRADE_LINE.match(line.text))
            found = self._cells_of(at, end) if is_cell else None
            if found is None or (not numbers and any(cell.kind == "number" for cell in found[1])):
                break
            if not numbers and sum(cell.kind == "grade" for cell in found[1]) > 1:
                break
            first, last = at, found[0]
            self._claim(first, last, "table")
            cells += found[1]
            at = last + 1
        if cells and cells[-1].kind == "label":
            cells.pop()
            self._claim(first, last, "")
        return cells

    def _cells_of(self, at: int, end: int) -> tuple[int, list["_Cell"]] | None:
        label, values = self._split(at)
        last = at
        if label and letters(label) not in self.labels:
            if at + 1 >= end or self.lines[at + 1].kind:
                return None
            more, below = self._split(at + 1)
            label, values, last = f"{label} {more}", values + below, at + 1
        if label and letters(label) not in self.labels:
            return None
        number = self.labels.get(letters(label))
        cells = [_Cell("label", label, self.lines[at].number, number)] if label else []
        return last, cells + values

    def _split(self, at: int) -> tuple[str, list["_Cell"]]:
        """The label of a table's line, and the values behind it."""
        words = self.lines[at].text.replace("|", " ").split()
        values: list[_Cell] = []
        while words:
            word, line = words[-1], self.lines[at].number
            if CELL_NUMBER.match(word):
                values.append(_Cell("number", word, line, at_page_end=self._ends_page(at)))
            elif word.lower() in self.grades:
                values.append(_Cell("grade", word.lower(), line))
            elif word.lower() == COLUMN_HEAD:
                values.append(_Cell("head", word, line))
            else:
                break
            words.pop()
        return " ".join(words), values[::-1]

    def _ends_page(self, at: int) -> bool:
        alone = bool(LONE_NUMBER.match(self.lines[at].text))
        return alone and at + 1 < len(self.lines) and self.lines[at + 1].page

    @cached_property
    def labels(self) -> dict[str, str | None]:
        """What the rows of the summaries are called, by letters: frameworks, and groups of them (None)."""
        found: dict[str, str | None] = {}
        for question in self.questions:
            group, _, name = question.text.partition(":")
            if name:
                found.setdefault(letters(group), None)
        for question in self.graded:
            found[letters(question.text)] = found[letters(question.text.rpartition(":")[2])] = question.number
        return found

    def _read_national_summary(self, cells: Sequence["_Cell"]) -> None:
        heads = [cell.text for cell in cells if cell.kind == "grade"]
        first = next((order for order, cell in enumerate(cells) if cell.kind == "grade"), 0)
        rows, is_certain = _rows_of(cells[first:], "number")
        if sorted(heads) != sorted(self.grades) or not is_certain:
            self._say_unread("national summary", cells)
            return
        for label, numbers in rows:
            if len(numbers) == len(heads) + 1 and numbers[-1].at_page_end:
                numbers.pop()
            if label.number is None or not numbers:
                continue
            if len(numbers) != len(heads):
                self._say_unread(f"national summary's row {label.text!r}", [label, *numbers])
                continue
            self._add_distribution(label.number, SUMMARY, heads, numbers)

    def _add_distribution(self, number: str, place: str, heads: Sequence[str], numbers: Sequence["_Cell"]) -> None:
        if any((copy.question_no, copy.place) == (number, place) for copy in self.distributions):
            self._say_unread(f"second national grade distribution of framework {number}", numbers)
            return
        counts = tuple(Count(head, int(cell.text), cell.line) for head, cell in zip(heads, numbers, strict=True))
        self.distributions.append(Distribution(number, place, counts))

    def _read_force_summary(self, cells: Sequence["_Cell"]) -> None:
        rows, is_certain = _rows_of(cells, "grade")
        for label, grades in rows:
            if label.number is not None:
                self.summary_texts[label.number] = label.text
                for cell in grades:
                    self.summary.setdefault(label.number, []).append(_label(cell))
        if not is_certain or any(len(grades) > 1 for _, grades in rows):
            self.is_unsettled, self.summary = True, {}
            self.column_of_grades = [_label(cell) for cell in cells if cell.kind == "grade"]

    def _settle_summary(self) -> None:
        """Grades that stand in a column apart from their labels belong to them in order if all sections say so;
        otherwise nothing tells which is whose."""
        own = [label.grade for number in self.summary_texts for label in self.section_grades.get(number, [])[:1]]
        if not self.is_unsettled or own != [label.grade for label in self.column_of_grades]:
            return
        if len(own) == len(self.summary_texts):
            pairs = zip(self.summary_texts, self.column_of_grades, strict=True)
            self.is_unsettled, self.summary = False, {number: [label] for number, label in pairs}

    def _read_section_distribution(self, number: str | None, at: int) -> None:
        """The distribution below its heading: the grades, then as many numbers, or each grade with its number."""
        cells: list[_Cell] = []
        while at + 1 < len(self.lines):
            at += 1
            if self.lines[at].kind in ("furniture", "grade"):
                continue
            label, values = self._split(at)
            if label or self.lines[at].kind or self.lines[at].sign:
                break
            self._claim(at, at, "table", number)
            cells += values
        if cells and cells[-1].at_page_end and sum(cell.kind == "number" for cell in cells) > len(self.grades):
            cells.pop()
        heads = [cell.text for cell in cells if cell.kind == "grade"]
        numbers = [cell for cell in cells if cell.kind == "number"]
        kinds = [cell.kind for cell in cells]
        ordered = kinds in (["grade"] * len(heads) + ["number"] * len(heads), ["grade", "number"] * len(heads))
        if sorted(heads) != sorted(self.grades) or not ordered:
            self._say_unread("national grade distribution of a section", cells)
        elif number is not None:
            self._add_distribution(number, SECTION, heads, numbers)

    def _say_unread(self, what: str, cells: Sequence["_Cell"]) -> None:
        lines = (min(cell.line for cell in cells), max(cell.line for cell in cells)) if cells else None
        message = f"the {what} cannot be read: which number belongs to which grade is not certain"
        self._say("distribution-read", "warning", message, "grade_distributions", lines)

    # --- grades ---

    def _grade_at(self, at: int) -> tuple[int, str] | None:
        """The last position and the grade of a grade line that begins here."""
        line = self.lines[at]
        if line.sign or line.kind not in ("", "grade"):
            return None
        match = GRADE_LINE.match(line.text)
        if match and (match["grade"].lower() in self.grades or line.text.isupper()):
            return at, match["grade"].lower()
        if GRADE_ALONE.match(line.text) and at + 1 < len(self.lines):
            below = self.lines[at + 1]
            if below.kind in ("", "grade") and not below.sign and below.text.lower() in self.grades:
                return at + 1, below.text.lower()
        if line.text.isupper() and line.text.lower() in self.grades and self._names_the_grade_above(at + 1):
            return at + 1, line.text.lower()
        return None

    def _names_the_grade_above(self, at: int) -> bool:
        """Whether "GRADE" stands alone here, and not above a grade of its own."""
        if at >= len(self.lines) or self.lines[at].sign or not GRADE_ALONE.match(self.lines[at].text):
            return False
        return at + 1 >= len(self.lines) or self.lines[at + 1].text.lower() not in self.grades

    def _claim_grade_lines(self) -> None:
        at = 0
        while at < len(self.lines):
            found = self._grade_at(at)
            if found:
                self._claim(at, found[0], "grade")
                self.grade_lines[at] = found
                at = found[0]
            at += 1

    def _place_grades(self) -> None:
        """Give each grade line to the section whose heading stands on its page, or else to the one it stands in.

        A grade outside every graded section shows that this text prints grades elsewhere: then none has a place.
        """
        placed: list[tuple[str | None, Label]] = []
        for at, (last, grade) in self.grade_lines.items():
            label = Label(grade, self.lines[at].number, self.lines[last].number)
            placed.append((self._headed_below(at) or self.lines[at].place, label))
        graded = {question.number for question in self.graded}
        strays = [label for number, label in placed if number not in graded]
        if strays:
            message = "a grade stands outside the sections that are graded: no grade line is given to a section"
            lines = (strays[0].line_start, strays[0].line_end)
            self._say("judgment-placed", "error", message, "judgments", lines)
            return
        for number, label in placed:
            self.section_grades.setdefault(number or "", []).append(label)

    def _headed_below(self, at: int) -> str | None:
        """The framework whose heading stands below a grade that is the first thing on a page."""
        first = at
        while first > 0 and not self.lines[first].page and self.lines[first - 1].kind == "furniture":
            first -= 1
        below = self._below(at)
        if not self.lines[first].page or below is None or self.lines[below].kind != "section":
            return None
        return None if self.lines[below].page else self.lines[below].place

    # --- sections and boxes ---

    def _walk(self) -> None:
        """Line by line: which section and box each belongs to."""
        at = 0
        while at < len(self.lines):
            at = self._step(at) + 1

    def _step(self, at: int) -> int:
        """Place the line, or the heading that begins with it; the last position that was placed."""
        line = self.lines[at]
        self.after_tables = self.after_tables or line.kind == "table"
        found = self._section_at(at)
        if found:
            self._open_section(*found, at)
            return found[1]
        line.place = self.section.number if self.section else None
        if line.kind:
            return at
        key = _key(line.text)
        label = PRACTICE_LABEL.match(line.text)
        if self._is_half_title(at):
            self._open_or_repeat_box(BOXES[_key(f"{line.text} {self.lines[at + 1].text}")], at)
            self._claim(at + 1, at + 1, "box_title", line.place)
            return at + 1
        if self._closes_sections(at):
            self.in_appendix = bool(APPENDIX.match(line.text))
            self.section, self.box, line.kind, line.place = None, None, "other_section", None
        elif label and self._begins_practice(letters(label["label"])):
            title = self.box.title if self.box else "Developing Practice"
            self._open_box("developing_practice", title, at).inside.append(at)
        elif self.in_appendix and not self._is_in_practice():
            line.kind = "appendix"
        elif key in SUB_HEADINGS and self._may_head(at):
            self._enter(SUB_HEADINGS[key], at)
            line.kind, line.place, self.box = "sub_heading", self.section.number if self.section else None, None
            if key in DISTRIBUTION:
                self._read_section_distribution(line.place, at)
        elif key in BOXES and self._opens_box(at):
            self._open_or_repeat_box(BOXES[key], at)
        elif not self._is_in_practice() and self._is_other_heading(at):
            line.kind = "sub_heading"
            self.box = self._open_box(UNKNOWN, line.text, at) if self.box else None
        elif self.box:
            self.box.inside.append(at)
        return at

    def _is_in_practice(self) -> bool:
        return self.box is not None and self.box.kind == "developing_practice"

    def _begins_practice(self, label: str) -> bool:
        """Whether an example of developing practice begins with this label: not where its box has only just begun."""
        if label not in ("inspectionarea", "title"):
            return False
        if not self._is_in_practice() or self.box is None:
            return True
        inside = [PRACTICE_LABEL.match(self.lines[at].text) for at in self.box.inside]
        return label in [letters(match["label"]) for match in inside if match]

    def _closes_sections(self, at: int) -> bool:
        """Whether the sections end here. Traps: a list of contents names the appendix before any section, and
        "Recommendations from the review are ..." is prose."""
        line = self.lines[at]
        closes = bool(APPENDIX.match(line.text)) or letters(line.text) in CLOSING_HEADINGS
        return closes and bool(self.sections) and self._may_head(at)

    def _section_at(self, at: int) -> tuple[str | None, int] | None:
        """The framework of the section heading that begins here (None: one that the programme is not known to have)
        and its last position."""
        if at in self.headings:
            return self.headings[at]
        if not self._may_head(at):
            return None
        found = self._framework_at(at, self.names) if self.after_tables and not self.in_appendix else None
        # Elsewhere than at the top of a page, a name alone may be an item of some list.
        if found and (self.lines[at].page or (self.section is not None and self.section.number == found[0])):
            return found
        below = self._below(at)
        if below is None or self._heads_within_section(at) or self.lines[below].sign:
            return None
        return (None, at) if _key(self.lines[below].text) in DISTRIBUTION else None

    def _heads_within_section(self, at: int) -> bool:
        key = _key(self.lines[at].text)
        return key in SUB_HEADINGS or key in BOXES

    def _open_section(self, number: str | None, last: int, at: int) -> None:
        """Begin a section, unless a page end only repeats the heading of the one that goes on."""
        self._claim(at, last, "section", number)
        self.in_appendix = False
        if self.section is not None and number is not None and self.section.number == number:
            return
        text = mend([Piece(line.number, line.text) for line in self.lines[at : last + 1]], 0).text
        self.section, self.box = _Section(number, text, self.lines[at].number, self.lines[last].number), None
        self.sections.append(self.section)
        if number is None:
            message = f"{text!r} is no framework known here: its findings have no question"
            self._say("section-known", "warning", message, "findings", (self.section.line_start, self.section.line_end))

    def _enter(self, stage: int, at: int) -> None:
        """Go down the section to a heading of this stage; higher up than before means that the heading of another
        section is lost."""
        section = self.section
        if section is not None and stage >= section.stage:
            section.stage = stage
            return
        line = self.lines[at]
        self.section = _Section(None, line.text, line.number, line.number, stage)
        self.sections.append(self.section)
        message = f"the heading of the section in which {line.text!r} stands was not recognised"
        self._say("section-known", "warning", message, "findings", (line.number, line.number))

    def _opens_box(self, at: int) -> bool:
        """Whether a box's title stands here. Traps: the introduction explains "Developing practice", and a bullet may
        lose its full stop before the next title."""
        line = self.lines[at]
        below = self._below(at)
        after = self.lines[below] if below is not None else None
        if BOXES[_key(line.text)] == "developing_practice" and self.section is None:
            return after is not None and bool(PRACTICE_LABEL.match(after.text))
        return self._may_head(at) or (self._looks_like_heading(at) and after is not None and bool(after.sign))

    def _is_half_title(self, at: int) -> bool:
        """Whether the title of a box of findings stands on this line and the next, above a bullet."""
        if at + 2 >= len(self.lines) or self.lines[at + 1].kind or self.lines[at + 1].sign:
            return False
        whole = _key(f"{self.lines[at].text} {self.lines[at + 1].text}")
        return whole in BOXES and bool(self.lines[at + 2].sign) and self._looks_like_heading(at)

    def _open_or_repeat_box(self, kind: str, at: int) -> None:
        """Begin a box of findings, unless a page end only repeats the title of the one that goes on. Strengths behind
        other findings are those of a section whose heading is lost."""
        line = self.lines[at]
        if self.box is None or self.box.kind != kind:
            others = set(self.section.boxes) - {kind, UNKNOWN} if self.section else {kind}
            if self.section is None or (kind == "strength" and others):
                self._enter(-1, at)
            self._open_box(kind, line.text, at)
        line.kind, line.place = "box_title", self.section.number if self.section else None

    def _open_box(self, kind: str, title: str, at: int) -> "_Box":
        if self.section is not None:
            self.section.stage = STAGE_OF_BOXES
            self.section.boxes.append(kind)
        self.box = _Box(kind, title, self.section.number if self.section else None, self.lines[at].number)
        self.boxes.append(self.box)
        return self.box

    def _is_other_heading(self, at: int) -> bool:
        """Whether a short line that nothing above and below makes part of a sentence stands here."""
        above = self._text_above(at)
        is_open = above is not None and not is_closed(above.text)
        if is_open or not self._looks_like_heading(at) or self.lines[at].text[-1] in ":-–(":
            return False
        after = self.lines[at + 1] if at + 1 < len(self.lines) else None
        if after is None or (not after.sign and after.text[0].islower()):
            return False
        room = len(self.lines[at].text) + len(after.text.split(" ", 1)[0]) + 2 < self.width
        return room and (after.gap or after.page or not self.lines[at].gap)

    # --- what is read from the sections ---

    def outline(self) -> Outline:
        """The outline (``outline_of_sgc_report``)."""
        parts = [
            *(
                Part(
                    "core_question" if part.number else "section",
                    part.line_start,
                    part.line_end,
                    part.heading,
                    part.number,
                )
                for part in self.sections
            ),
            *(
                Part(line.kind, line.number, line.number, line.text, line.place)
                for line in self.lines
                if line.kind in ("sub_heading", "box_title", "other_section")
            ),
            *(
                Part("grade", label.line_start, label.line_end, label.grade, number)
                for number, labels in self.section_grades.items()
                for label in labels
            ),
        ]
        boxes = []
        for box in self.boxes:
            last = self.lines[box.inside[-1]].number if box.inside else box.line
            if box.kind == UNKNOWN:
                message = f"what {box.title!r} holds, which interrupts the findings of a section, is not known"
                self._say("finding-placed", "warning", message, "findings", (box.line, last))
                continue
            number = self._practice_framework(box) if box.kind == "developing_practice" else box.number
            boxes.append(Box(box.kind, box.title, number, box.line, last, self._items(box)))
        return Outline(
            (),
            len(self.report.lines) + 1,
            len(self.report.lines),
            tuple(sorted(parts, key=lambda part: (part.line_start, part.line_end, part.kind))),
            tuple(sorted({**self.summary_texts, **self._headed()}.items())),
            boxes=tuple(boxes),
            sentences=tuple(self._sentences()),
        )

    def judgments(self, outline: Outline) -> tuple[list[dict[str, Any]], list[Issue]]:
        """One row per graded framework that the report prints, and what is wrong with them."""
        rows: list[dict[str, Any]] = []
        issues: list[Issue] = []
        printed = dict(outline.questions)
        headings = {part.question_no: part for part in reversed(outline.of_kind("core_question"))}
        for question in self.graded:
            number = question.number
            if number not in printed:
                message = f"the report does not print the framework {question.text!r}"
                self._say("judgment-question", "error", message, "judgments")
                continue
            row, found = judged(
                self.report,
                outline,
                question,
                printed[number],
                self.summary.get(number, []),
                self.section_grades.get(number, []),
                headings.get(number),
                is_unsettled=self.is_unsettled,
            )
            rows.append(row)
            issues += found
        return rows, issues

    def _headed(self) -> dict[str, str]:
        """The frameworks that have a section, as the first heading prints them."""
        return {part.number: part.heading for part in reversed(self.sections) if part.number}

    def _items(self, box: _Box) -> tuple[BoxItem, ...]:
        """The findings of a box."""
        if box.kind == "developing_practice":
            return self._practice(box)
        items: list[_Item] = []
        unplaced: list[int] = []
        main = next((_level(self.lines[at].sign) for at in box.inside if self.lines[at].sign), "")
        for above, at in zip([None, *box.inside], box.inside, strict=False):
            line = self.lines[at]
            piece = Piece(line.number, line.text)
            if line.sign:
                self._say_unplaced(unplaced)
                unplaced = []
                _add_bullet(items, piece, _level(line.sign) == main)
            elif items and not unplaced and not self._is_apart(above, at, _last(items[-1]).end):
                _last(items[-1]).pieces.append(piece)
                items[-1].is_doubtful |= self._hides_page_end(above, at)
            elif self._has_bullets and items and items[-1].items and not unplaced:
                # What closes a list belongs to the text above it.
                items[-1].pieces.append(piece)
            elif self._has_bullets or not self._has_gaps:
                unplaced.append(at)
            else:
                at_page_end = bool(items) and self._only_page_end_parts(above, at)
                if at_page_end:
                    items[-1].is_doubtful = True
                items.append(_Item([piece], is_doubtful=at_page_end))
        self._say_unplaced(unplaced)
        if items and not self._has_bullets:
            message = "the text has lost its bullets: findings are told apart by blank and short lines only"
            self._say("finding-bullets", "warning", message, "findings")
        for item in items:
            lines = (item.pieces[0].line, item.pieces[-1].line)
            if item.is_doubtful:
                message = "without bullets nothing tells whether this is one finding, two or a part of one"
                self._say("finding-bullets", "warning", message, "findings", lines)
            if GRADE_IN_TEXT.search("\n".join(piece.text for piece in item.pieces)):
                message = "a grade that was set beside the text may stand in the middle of this finding"
                self._say("finding-text", "warning", message, "findings", lines)
        return tuple(item.frozen() for item in items)

    def _is_apart(self, above: int | None, at: int, end: str) -> bool:
        """Whether a line without a bullet does not go on with the text above it, which ends with ``end``.

        In a text that kept its bullets a page end tells nothing: what follows it without one goes on. In one that lost
        them a finding may begin there.
        """
        line = self.lines[at]
        cut = above is not None and any(other.kind for other in self.lines[above + 1 : at])
        short = self._ends_short(above, line)
        if self._has_bullets:
            # Without blank lines only a line that was left short tells that a bullet is lost.
            lost = not self._has_gaps and short and is_closed(end)
            return not cut and (lost or (line.gap and (_may_end(end) or short)))
        return (line.gap and short) or ((line.gap or cut or line.page or short) and _may_end(end))

    def _only_page_end_parts(self, above: int | None, at: int) -> bool:
        """Whether nothing but a page end, which may stand inside a finding as well, parts a line from that above."""
        line = self.lines[at]
        cut = above is not None and any(other.kind for other in self.lines[above + 1 : at])
        return (cut or line.page) and not self._ends_short(above, line)

    def _hides_page_end(self, above: int | None, at: int) -> bool:
        """Whether a lost page end, and with it a blank line, may be hidden before a line without a bullet."""
        if self._has_bullets or self._has_page_ends or above is None:
            return False
        return is_closed(self.lines[above].text) and not self.lines[at].text[0].islower()

    @cached_property
    def _has_page_ends(self) -> bool:
        """Whether this text kept its page ends: then each section begins with one."""
        marked = [self.lines[at].page or self.lines[max(0, at - 1)].kind == "furniture" for at in self.headings]
        return bool(marked) and all(marked)

    def _ends_short(self, before: int | None, line: _Line) -> bool:
        """Whether the line before was left so short that what follows with a capital begins a paragraph."""
        if before is None or not line.text[0].isupper():
            return False
        return len(self.lines[before].text) + len(line.text.split(" ", 1)[0]) + ROOM < self.width

    @cached_property
    def _has_bullets(self) -> bool:
        """Whether this text kept its bullets: then nothing without one is a finding."""
        return any(self.lines[at].sign for box in self.boxes if box.kind != "developing_practice" for at in box.inside)

    @cached_property
    def _has_gaps(self) -> bool:
        """Whether this text kept the blank lines between its paragraphs."""
        return any(line.gap for line in self.lines)

    def _say_unplaced(self, unplaced: Sequence[int]) -> None:
        if unplaced:
            first, last = self.lines[unplaced[0]], self.lines[unplaced[-1]]
            message = "text in a box of findings that is no bullet and goes on with none: it is left out"
            self._say("finding-placed", "warning", message, "findings", (first.number, last.number))

    def _practice(self, box: _Box) -> tuple[BoxItem, ...]:
        """The example in a box of developing practice. Bullets stand below it; what follows them behind a gap or a
        label is the example's own again."""
        item: _Item | None = None
        for at in box.inside:
            line = self.lines[at]
            piece = Piece(line.number, line.text)
            if item is None:
                item = _Item([piece])
            elif line.sign:
                item.items.append(_Item([piece]))
            elif line.gap or PRACTICE_LABEL.match(line.text):
                item.pieces.append(piece)
            else:
                _last(item).pieces.append(piece)
        if item and not self._has_bullets:
            message = (
                "the text has lost its bullets: what they told of this example, if anything, stands in its own text"
            )
            lines = (box.line, self.lines[box.inside[-1]].number)
            self._say("finding-bullets", "warning", message, "findings", lines)
        return (item.frozen(),) if item else ()

    def _practice_framework(self, box: _Box) -> str | None:
        """The framework that an example names as its inspection area, or in whose section it stands if the name at
        least has a word in common with it; None where neither is so."""
        areas = [match["text"] for at in box.inside if (match := PRACTICE_LABEL.match(self.lines[at].text))][:1]
        named = self.labels.get(letters(areas[0])) if areas else None
        own = next((question.text for question in self.questions if question.number == box.number), "")
        words = {word for word in _words(areas[0]) if len(word) > 3} if areas else set()
        if named or words & _words(own):
            return named or box.number
        message = f"the example of developing practice names no framework ({''.join(areas)!r}): it has no question"
        self._say("finding-question", "warning", message, "findings", (box.line, box.line))
        return None

    def _sentences(self) -> Iterator[Sentence]:
        boxed = {at for box in self.boxes for at in box.inside}
        heading: str | None = None
        run: list[Piece] = []
        context = Context(None, "body", None)
        cut = False
        for at, line in enumerate(self.lines):
            if line.kind in ("furniture", "grade"):
                cut = True
                continue
            if line.kind in ("section", "other_section", "sub_heading", "box_title"):
                heading = line.text
            now = Context(line.place, "box" if at in boxed else "body", heading)
            if line.kind or now != context:
                yield from sentences(run, context, self.width)
                run, context = [], now
            if not line.kind:
                run.append(Piece(line.number, line.text, line.gap and not cut, bool(line.sign)))
            cut = False
        yield from sentences(run, context, self.width)

    def _say(
        self, check_id: str, severity: str, message: str, table_name: str, lines: tuple[int, int] | None = None
    ) -> None:
        place = f", lines {lines[0]}-{lines[1]}" if lines else ""
        issue = Issue(
            check_id,
            severity,
            f"{self.report.source_file}{place}: {message}",
            table_name=table_name,
            report_id=self.report.report_id,
            source_file=self.report.source_file,
            line_start=lines[0] if lines else None,
            line_end=lines[1] if lines else None,
        )
        self.issues[issue] = None

    def _say_what_is_missing(self) -> None:
        """Kinds of findings that a section lacks, and bullets of a section without strengths: a title may be lost."""
        boxed = {at for box in self.boxes for at in box.inside}
        loose: dict[str, list[int]] = {}
        for at, line in enumerate(self.lines):
            if line.sign and line.place and not line.kind and at not in boxed:
                loose.setdefault(line.place, []).append(line.number)
        kinds: dict[str, set[str]] = {}
        for box in self.boxes:
            kinds.setdefault(box.number or "", set()).add(box.kind)
        for section in {section.number: section for section in self.sections if section.number}.values():
            missing = [title for kind, title in EXPECTED.items() if kind not in kinds.get(section.number or "", set())]
            if missing:
                message = f"{section.heading!r} has no {' and no '.join(missing)}: if only the heading is lost, "
                message += "what stood below it is given as what stands above it"
                inside = [at for box in self.boxes if box.number == section.number for at in box.inside]
                last = self.lines[max(inside)].number if inside else section.line_end
                self._say("finding-heading", "warning", message, "findings", (section.line_start, last))
        for number, lines in loose.items():
            if "strength" not in kinds.get(number, set()):
                message = f"framework {number} has {len(lines)} bullets above its findings and no strengths"
                self._say("finding-placed", "warning", message, "findings", (lines[0], lines[-1]))


@dataclass
class _Cell:
    """A cell of a summary table. ``kind``: label (``number`` is its framework, None for a group), number, grade, or
    head (of a column). ``at_page_end``: it may be the page's number."""

    kind: str
    text: str
    line: int
    number: str | None = None
    at_page_end: bool = False


def _label(cell: _Cell) -> Label:
    return Label(cell.text, cell.line, cell.line)


def _words(text: str) -> set[str]:
    return {letters(word) for word in text.split()}


def _names(questions: Sequence[Question]) -> dict[str, str]:
    """Framework by the letters of its section's heading. A group's heading alone is that of its overview."""
    found: dict[str, str] = {}
    for question in questions:
        group, _, name = question.text.partition(":")
        found[letters(question.text)] = question.number
        if name and question.is_graded is False:
            found[letters(group)] = question.number
    return found


def _rows_of(cells: Sequence[_Cell], kind: str) -> tuple[list[tuple[_Cell, list[_Cell]]], bool]:
    """Labels with the values behind each, and whether it is certain that values follow their labels."""
    rows: list[tuple[_Cell, list[_Cell]]] = []
    is_certain = True
    above: _Cell | None = None  # a label that may turn out to be the heading of those that follow
    headed = False
    for cell in [*cells, _Cell("end", "", 0)]:
        if cell.kind == "head":
            headed = True
            continue
        if above is not None and not (headed and cell.kind == "label"):
            rows.append((above, []))
        above, headed = (cell, False) if cell.kind == "label" else (None, False)
        if cell.kind == kind:
            # A value before the first label, or of a group: the values stand above their labels, or apart from them.
            is_certain = is_certain and bool(rows) and rows[-1][0].number is not None
            if rows:
                rows[-1][1].append(cell)
    return rows, is_certain


# --- findings -------------------------------------------------------------------------------------------------------


@dataclass
class _Item:
    """A finding in the making, and the bullets below it. ``is_doubtful``: where it begins or ends is not certain."""

    pieces: list[Piece]
    items: list["_Item"] = field(default_factory=list)
    is_doubtful: bool = False

    def frozen(self) -> BoxItem:
        below = tuple(item.frozen() for item in self.items)
        lines = [piece.line for piece in self.pieces] + [item.line_end for item in below]
        return BoxItem(mend(self.pieces, 0).text, min(lines), max(lines), below)

    @property
    def end(self) -> str:
        return self.pieces[-1].text


def _level(sign: str) -> str:
    """What tells the level of a bullet: extractors give the same round bullet by several signs."""
    return "•" if sign in ROUND_SIGNS else sign


def _last(item: _Item) -> _Item:
    """The item with which the text goes on: the last bullet below, unless the text above has gone on already."""
    while item.items and item.items[-1].pieces[-1].line > item.pieces[-1].line:
        item = item.items[-1]
    return item


def _add_bullet(items: list[_Item], piece: Piece, is_main: bool) -> None:
    """A bullet of the box's own sign begins a finding; it stands below the finding above while a list that was
    introduced with a colon goes on, and so does every bullet of another sign."""
    above = items[-1] if items else None
    in_list = above is not None and (
        above.pieces[-1].text.endswith(":")
        if not above.items
        else above.end.endswith(":") and (not is_closed(above.items[-1].end) or piece.text[0].islower())
    )
    if above is not None and (in_list or not is_main):
        above.items.append(_Item([piece]))
    else:
        items.append(_Item([piece]))
