"""Where things stand in a report: captions, headings, boxes, footnotes, tables, page furniture; the rest is prose.

Belongs here: what a line is. Does not belong here: how prose lines become sentences (``sentences``), what a table's
cells mean (``tables``), and which of all this is published (``extract``).

How it is done: captions are found first; then every line that holds something gets one kind, surest kinds first (source
notes, questions, boxes and grades, tables, footnotes and page numbers, headings). What no rule claims is prose. Rules
look at words and at the order of lines; blank lines count only as far as a report uses more of them than usual, since
extractors add and lose them.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipelines.programmes import MONTHS
from pipelines.reference import load
from pipelines.reports import Report
from pipelines.sentences import (
    BULLET,
    DIGIT,
    OPEN_WORDS,
    Context,
    Piece,
    Sentence,
    footnote_marks,
    is_closed,
    list_goes_on,
    mend,
    sentences,
    unbulleted,
    without_footnote_marks,
)
from pipelines.vocabulary import letters

# "Figure 4: Proportion of ...". Trap: "Figure 1 shows how ..." is prose, so a colon (or dash) must follow the number.
CAPTION_START = re.compile(r"^[\s#*]*Figure\s+(?P<figure>\d{1,2})\s*[:.–-]\s*(?P<text>\S.*)$")
# The annex heading. Trap: "please see annex A" and "For further detail, see Annex A" only refer to it.
ANNEX_START = re.compile(r"^[\s#*]*Annex A\b\s*[–:-]", re.IGNORECASE)
SOURCE_NOTE = re.compile(r"^\s*Source\s*:\s*+(?P<source>.*\S)\s*$")
# A line of footnote marks or a page number only: "7,8", "21".
MARKS_ONLY = re.compile(r"^\s*\d{1,3}(?:\s*,\s*\d{1,2})*\s*$")
# Footnote marks that stick to the end of a caption: after a letter or bracket ("type6,7", "Police20") ...
GLUED_MARKS = re.compile(r"(?<=[A-Za-z)’'])\d{1,2}(?:,\s?\d{1,2})*$")
# ... or after a year, which ends after four digits ("1 July 201621").
MARKS_ON_YEAR = re.compile(r"(?<=\b(?:19|20)\d\d)\d{1,2}(?:,\s?\d{1,2})*$")
# A number that a figure plots: with decimals or a percent sign. Trap: a bare integer is a page number or footnote mark.
PLOTTED_NUMBER = re.compile(r"^\s*\d{1,3}(?:\.\d+(?:\s*%)?|\s*%)(?:\s+\d{1,3}(?:\.\d+(?:\s*%)?|\s*%))*\s*$")
# What a wrapped caption goes on with even after an added blank line: a lower-case word, or the month of its last day.
CONTINUATION = re.compile(rf"^\s*(?:[a-z]|(?:{MONTHS}) (?:19|20)\d\d)")

# A caption line this long has been wrapped, so the next line may go on with it; a longer one was never wrapped.
WRAPPED_FROM, WRAPPED_TO = 60, 115

# Footers with words ("PEEL 2016 – effectiveness Page 4 of 7"); bare page numbers are told from footnote numbers by
# their order.
PAGE_FOOTER = re.compile(r"^(?:.{0,60}\s)?Page \d{1,3}(?: of \d{1,3})?$")
LONE_NUMBER = re.compile(r"^\d{1,3}$")
# A number of one or two digits that stands alone between blanks.
SHORT_NUMBER = re.compile(r"\d(?<!\S\d)\d?(?!\S)")
# A page number that lost its line ("11 percent of all police32"). Trap: a footnote mark looks the same, so it must
# not be due.
GLUED_PAGE_NUMBER = re.compile(r"(?<=[a-z]{3})(\d{1,3})$")
# A footnote with its number before it, blank or not: "6 Dorset Police is ...", "1HMIC visited ...".
NUMBERED_NOTE = re.compile(r"^(\d{1,2})\s*(?=[A-Z‘“\"'(w])(.*)$")
# A run of blanks that some extractors leave for the rule above the footnotes.
NOTE_RULE = re.compile(r"^ {20,}$")
ADDRESS_END = re.compile(r"(?:www\.|https?://|/)\S*$")
LINK = re.compile(r"^(?:https?://|www\.)\S+$")
# A note under a figure. Trap: "* Prosecution prevented ..." is a row of a table: a note is a long line or a closed one.
STARRED_NOTE = re.compile(r"^\*\s?[A-Z]")
FURTHER_INFORMATION = re.compile(r"^For further information about (?:th|Fig)", re.IGNORECASE)
MARKDOWN = re.compile(r"^[#>]+\s*|\*\*|</?sup>")
# What some extractors leave for a hyphen: whether it was a real one cannot be known, so it is kept as one.
SOFT_HYPHENS = "\u00ad\x02\ufffe"
# Inside a word; at a line's end it may stand before blanks (``_lines_with_text``), anywhere else it says nothing.
SOFT_HYPHEN = re.compile(rf"(?<=\w)[{SOFT_HYPHENS}](?=\w)")
LOST_SOFT_HYPHEN = re.compile(rf"[{SOFT_HYPHENS}](?!\s*$)", re.MULTILINE)
# Characters that look like plain ones, as extractors keep them, and what they are read as. Digits and the blanks
# between them ("1 000") stay as they are.
ODD_CHARACTERS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2043\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_ODD = str.maketrans(ODD_CHARACTERS)
# Cells that an extractor set apart with blanks.
COLUMNS = re.compile(r"\S {3,}\S")
ONLY_PUNCTUATION = re.compile(r"^[^\w*%£]+$")

# Rows and cells of a table. Trap: prose may end with one number, hardly ever with two behind each other.
TABLE_ROW = re.compile(r"^.*\s\d{1,3}(?:,\d{3})*\.\d+%?[*\d]{0,3}\s+\d{1,3}(?:,\d{3})*\.\d+%?$|^\|.*\|$")
TABLE_CELL = re.compile(r"^(?:[\d.,%*\s]+|N/?A|[-–—])$")
TABLE_NUMBER = re.compile(
    r"^\d{1,3}(?:,\d{3})*(?:\.\d+(?:\s*%)?|\s*%)(?:\s+\d{1,3}(?:,\d{3})*(?:\.\d+(?:\s*%)?|\s*%))*$"
)
LONGEST_LABEL = 70
# Between two cells of one table stand at most this many lines of labels, and at most so many before the first.
LABELS_BETWEEN, LABELS_BEFORE = 12, 10

INTRODUCED_QUESTION = re.compile(r"^(?P<number>[1-9])[.)]\s+(?P<text>\S.*)$")
OVERVIEW = re.compile(r"^Overview\s*[–—:-]\s*(?P<text>\S.*)$")
# Headings that are questions. Trap: a question that ends in the middle of a line is prose.
QUESTION = re.compile(r"^(?:How|Does|Do|Did|Has|Have|Is|Are|To what extent|What|Why|Who|When)\b")
QUESTION_LETTERS = frozenset("HDIATW")  # with which these begin
SECTION_QUESTION = re.compile(r"^(?:How (?:much|many|well|effective|effectively)|To what extent)\b")
SECTION_TITLES = frozenset({"introduction", "forceinnumbers", "overallsummary", "nextsteps"})
END_SECTIONS = frozenset({"nextsteps"})
LONGEST_HEADING = 62
PROGRESS_BOX = re.compile(r"^Has the force improved since\b")
BOX_TITLES = {
    "summaryoffindings": "summary_of_findings",
    "areaforimprovement": "area_for_improvement",
    "areasforimprovement": "area_for_improvement",
    "causeofconcern": "cause_of_concern",
    "causesofconcern": "cause_of_concern",
    "recommendation": "recommendation",
    "recommendations": "recommendation",
    "innovativepractice": "innovative_practice",
    "innovativepractices": "innovative_practice",
}
FINDING_BOXES = frozenset({"area_for_improvement", "cause_of_concern", "recommendation", "innovative_practice"})
# Bullets of a second level.
DASHES = frozenset("–-")
# What stands in the place of a grade; the scale of a programme says what it is worth (``extract.judgments``).
GRADE_WORDS = frozenset(
    {"outstanding", "excellent", "good", "adequate", "fair", "requires improvement", "inadequate", "poor", "ungraded"}
    | {"not graded"}
)
# What may stand behind a grade on its line: a stop, or the mark of a footnote ("Good3", "Good 2", "Ungraded.").
BEHIND_GRADE = re.compile(r"\s?[.*]?(?:\s?\d{1,2}(?:,\s?\d{1,2}){0,5})?$")
# An area for improvement says what its force should do; where bullets and blank lines are lost, this begins the next
# one.
SHOULD = re.compile(r"^(?:The force|It|[A-Z][\w’'&-]*(?: (?:[A-Z&][\w’'&-]*|and)){0,6}) (?:should|must)\b")
REFERENCE_ABOVE = re.compile(r"[‘'“\"]([^’'”\"]{4,80})[’'”\"] above")

NO_CONTEXT = Context(None, "body", None)


@dataclass(frozen=True)
class Caption:
    """A figure's caption. ``lines`` are its own lines without those that hold footnote marks only."""

    figure: int
    text: str
    line_start: int
    line_end: int


@dataclass(frozen=True)
class Part:
    """Something that stands on lines of its own.

    Kinds: core_question, section, sub_heading, figure_caption, footnote_block, page_number, page_start, box_title,
    grade, source_note, annex_heading, table_block, link_list, contents, and summary_question (a question in the
    overview's list of grades). ``text`` is mended, without footnote marks. ``question_no`` is overall, "1" … "5", or
    None outside the questions and for grades of the overview's list (which of them belongs to which question:
    ``extract.judgments``).
    """

    kind: str
    line_start: int
    line_end: int
    text: str
    question_no: str | None = None


@dataclass(frozen=True)
class Footnote:
    """A footnote's text, which may go on at the foot of the next page. ``number`` is None where it was lost; ``figure``
    is the figure whose caption bears the mark."""

    number: int | None
    figure: int | None
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class BoxItem:
    """A paragraph or bullet of a box, with the bullets below it. A closing paragraph belongs to the text above its
    bullets."""

    text: str
    line_start: int
    line_end: int
    items: tuple["BoxItem", ...] = ()


@dataclass(frozen=True)
class Box:
    """A box. ``kind``: summary_of_findings, area_for_improvement, cause_of_concern, recommendation,
    innovative_practice or progress ("Has the force improved since ..."). Only boxes of findings have ``items``."""

    kind: str
    title: str
    question_no: str | None
    line_start: int
    line_end: int
    items: tuple[BoxItem, ...]


@dataclass(frozen=True)
class AnnexSection:
    """A heading of annex A and the lines below it, up to the next heading. ``refers_to``: sections named as in
    "Please see ‘Domestic abuse’ above", in order."""

    title: str
    figure: int | None
    line_start: int
    line_end: int
    refers_to: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """Where a report's parts stand. ``captions`` in line order, those that annex A repeats included; ``annex_start``
    is one past the last line when there is no annex. ``questions``: text by question number, as the report prints
    it."""

    captions: tuple[Caption, ...]
    annex_start: int
    line_count: int
    parts: tuple[Part, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    boxes: tuple[Box, ...] = ()
    annex_sections: tuple[AnnexSection, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    def figures(self) -> dict[int, Caption]:
        """The caption of each numbered figure: the body's, or annex A's where the body's is lost. In figure order."""
        found: dict[int, Caption] = {}
        for caption in sorted(
            self.captions, key=lambda caption: (caption.line_start >= self.annex_start, caption.line_start)
        ):
            found.setdefault(caption.figure, caption)
        return dict(sorted(found.items()))

    def of_kind(self, *kinds: str) -> list[Part]:
        """The parts of these kinds, in line order."""
        return [part for part in self.parts if part.kind in kinds]


@dataclass
class _Text:
    """The lines that hold something, in order, and what is known of each: the work sheet of ``outline_of``.

    ``gap``: more blank lines stand before it than usual; ``wide``: more than between paragraphs (a bullet was lost);
    ``kind`` is "" for what no rule has claimed: prose; ``paged``: some lines are known to begin a page.
    """

    number: list[int]
    text: list[str]
    page: list[bool]
    rule: list[bool]
    gap: list[bool]
    wide: list[bool]
    width: int
    kind: list[str]
    parts: list[Part] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)
    loose: dict[int, set[int]] = field(default_factory=dict)
    paged: bool = True

    def claim(self, first: int, last: int, kind: str, text: str | None = None) -> None:
        """Give lines (by position) a kind and note the part."""
        for at in range(first, last + 1):
            self.kind[at] = kind
        if text is None:
            pieces = [Piece(self.number[at], self.text[at]) for at in range(first, last + 1)]
            text = mend(pieces, 0).text if kind != "table_block" else self.text[first]
        self.parts.append(Part(kind, self.number[first], self.number[last], text))

    def closed_before(self, at: int) -> bool:
        """Whether nothing before this line waits for more: the line above is closed, or is no prose."""
        above = at - 1
        while above >= 0 and self.kind[above] in ("page_number", "link_list", "stray", "footnote_block", "marks"):
            above -= 1
        if above < 0 or self.kind[above] not in ("", "source_note"):
            return True
        return self.kind[above] == "source_note" or self.ends_sentence(above) or bool(LINK.match(self.text[above]))

    def ends_sentence(self, at: int) -> bool:
        """Whether a sentence ends with this line ("decrease on 2015.4" does: 4 is a footnote mark)."""
        return is_closed(without_footnote_marks(self.text[at]))


def outline_of(report: Report) -> Outline:
    """The outline of a report's text."""
    report = in_plain_characters(report)
    captions, annex_start = tuple(_captions(report)), _annex_start(report)
    sheet = _lines_with_text(report)
    end = next((at for at, number in enumerate(sheet.number) if number >= annex_start), len(sheet.number))
    _claim_captions(sheet, captions, annex_start)
    _claim_notes(sheet)
    _claim_links(sheet)
    _claim_questions(sheet, report, end)
    _claim_boxes(sheet, end)
    _claim_grades(sheet)
    _claim_tables(sheet, end)
    footnotes = _claim_footnotes(sheet, report, captions)
    _claim_headings(sheet, end)
    _claim_annex_headings(sheet, end)
    numbered = _question_numbers(sheet, end)
    parts = [*_with_questions(sheet, numbered), *_page_starts(sheet)]
    return Outline(
        captions,
        annex_start,
        len(report.lines),
        tuple(sorted(parts, key=lambda part: (part.line_start, part.line_end, part.kind))),
        tuple(sorted(sheet.questions.items())),
        footnotes,
        _boxes(sheet, numbered, end),
        _annex_sections(sheet, end, len(report.lines)),
        tuple(_sentences(sheet, numbered, captions, footnotes, end)),
    )


@lru_cache(maxsize=1)  # asked for by the outline and again by the tables
def in_plain_characters(report: Report) -> Report:
    """The report with ordinary hyphens, blanks and letters; lines stay what they are. Itself where it has no others."""
    text = "\n".join(report.lines)
    if text.isascii() and "\x02" not in text:
        return report
    # Many searches for one character are faster than one for many.
    if not any(odd in text for odd in (*ODD_CHARACTERS, *SOFT_HYPHENS)):
        return report
    return replace(report, lines=tuple(_in_plain_characters(text).split("\n")))


def _in_plain_characters(text: str) -> str:
    return LOST_SOFT_HYPHEN.sub("", SOFT_HYPHEN.sub("-", text.translate(_ODD)))


def is_page_start(line: str) -> bool:
    """Whether a page begins with this line: the extractors leave a form feed, or one blank in its place."""
    return line.startswith("\f") or bool(re.match(r" \S", line))


# --- lines ----------------------------------------------------------------------------------------------------------


def _lines_with_text(report: Report) -> _Text:
    number: list[int] = []
    text: list[str] = []
    page: list[bool] = []
    rule: list[bool] = []
    blanks: list[int] = []
    empty, ruled, broken = 0, False, False
    for at, line in enumerate(report.lines, start=1):
        stripped = line.strip()
        if not stripped:
            empty += 1
            if line:
                ruled = ruled or (len(line) >= 20 and bool(NOTE_RULE.match(line)))
                broken = broken or "\f" in line
            continue
        if stripped[-1] in SOFT_HYPHENS:
            stripped = stripped[:-1].rstrip() + "-"
        if stripped[0] in "#>*" or "**" in stripped or "<sup>" in stripped:
            stripped = _plain(stripped)
        number.append(at)
        text.append(stripped)
        page.append(broken or (line[0] in " \f" and is_page_start(line)))
        rule.append(ruled)
        blanks.append(empty)
        empty, ruled, broken = 0, False, False
    usual, between = usual_blanks(text, blanks)
    lengths = sorted(len(line) for line in text if len(line) >= 50)
    return _Text(
        number,
        text,
        page,
        rule,
        [count > usual for count in blanks],
        [count > between for count in blanks],
        lengths[len(lengths) // 2] if lengths else 80,
        [""] * len(text),
        paged=any(page[1:]),
    )


def _plain(text: str) -> str:
    """The text without the marks of Markdown."""
    return MARKDOWN.sub("", text).strip() or text


def usual_blanks(text: Sequence[str], blanks: Sequence[int]) -> tuple[int, int]:
    """Blank lines between two lines of one paragraph, and between paragraphs, as this report has them."""
    inside = Counter(blanks[at] for at in range(1, len(text)) if len(text[at - 1]) >= 60 and text[at][0].islower())
    # A few lines prove nothing: most extractors add no blank lines inside a paragraph.
    usual = inside.most_common(1)[0][0] if inside.total() >= 5 else 0
    more = Counter(count for count in blanks if count > usual)
    return usual, more.most_common(1)[0][0] if more else usual + 1


# --- captions, notes, links -----------------------------------------------------------------------------------------


def _claim_captions(sheet: _Text, captions: Sequence[Caption], annex_start: int) -> None:
    position = {number: at for at, number in enumerate(sheet.number)}
    for caption in captions:
        kind = "figure_caption" if caption.line_start < annex_start else "annex_heading"
        text = f"Figure {caption.figure}: {caption.text}"
        sheet.claim(position[caption.line_start], position[caption.line_end], kind, text)


def _claim_notes(sheet: _Text) -> None:
    at = 0
    while at < len(sheet.text):
        text = sheet.text[at]
        if sheet.kind[at] or text[0] not in "SFN*":
            at += 1
            continue
        last = at
        if text[0] == "*":
            if not STARRED_NOTE.match(text) or TABLE_ROW.match(text) or not (len(text) >= 60 or is_closed(text)):
                at += 1
                continue
            last = _end_of_note(sheet, at)
        elif SOURCE_NOTE.match(text):
            if at + 1 < len(sheet.text) and sheet.text[at + 1].startswith(("For further information", "Note:")):
                last = _end_of_note(sheet, at + 1)
        elif FURTHER_INFORMATION.match(text) and sheet.closed_before(at):
            last = _end_of_note(sheet, at)
        else:
            at += 1
            continue
        sheet.claim(at, last, "source_note")
        at = last + 1


def _end_of_note(sheet: _Text, at: int) -> int:
    """The last line of a note that begins at ``at``: it goes on while lines are full and not closed."""
    while at + 1 < len(sheet.text):
        text, after = sheet.text[at], sheet.text[at + 1]
        ended = len(text) < WRAPPED_FROM or is_closed(text) or letters(text).endswith("annexa")
        other = sheet.page[at + 1] or sheet.gap[at + 1] or sheet.kind[at + 1] or MARKS_ONLY.match(after)
        if ended or other or SOURCE_NOTE.match(after) or STARRED_NOTE.match(after):
            break
        at += 1
    return at


def _claim_links(sheet: _Text) -> None:
    at = 0
    while at < len(sheet.text):
        last = at
        if sheet.text[at].startswith("http") and LINK.match(sheet.text[at]):
            while last + 1 < len(sheet.text) and sheet.text[last + 1].startswith("http"):
                last += 1
            sheet.claim(at, last, "link_list")
        at = last + 1


# --- questions, boxes, grades ---------------------------------------------------------------------------------------


def _claim_questions(sheet: _Text, report: Report, end: int) -> None:
    """The overview's heading and list of questions, and the heading of each question's section."""
    introduced, listed = _introduced_questions(sheet, end)
    known = introduced or _reference_questions(report)
    keys = {letters(text): number for number, text in known.items()}
    openings = tuple({text[:7] for text in known.values()})
    overview = _claim_overview(sheet, end)
    seen: set[str] = set()
    at = overview
    in_list = overview > 0
    while at < end:
        found = None
        if at not in listed and not sheet.kind[at] and openings and sheet.text[at].startswith(openings):
            found = _question_at(sheet, at, end, keys)
        if found is None:
            at += 1
            continue
        number, last = found
        in_list = in_list and number not in seen
        kind = "summary_question" if in_list else "core_question"
        seen.add(number)
        text = mend([Piece(sheet.number[line], sheet.text[line]) for line in range(at, last + 1)], 0).text
        text = without_footnote_marks(text)
        if kind == "core_question" or number not in sheet.questions:
            sheet.questions[number] = text
        sheet.claim(at, last, kind, text)
        at = last + 1


def _introduced_questions(sheet: _Text, end: int) -> tuple[dict[str, str], set[int]]:
    """The numbered questions of the introduction and the positions of their lines."""
    questions: dict[str, str] = {}
    lines: set[int] = set()
    for at in range(min(end, 200)):
        match = INTRODUCED_QUESTION.match(sheet.text[at]) if sheet.text[at][0].isdigit() else None
        if match is None or int(match.group("number")) != len(questions) + 1:
            continue
        text, last = match.group("text"), at
        while not text.endswith("?") and last < at + 4 and last + 1 < end:
            last += 1
            text += " " + sheet.text[last]
        if text.endswith("?"):
            questions[match.group("number")] = text
            lines.update(range(at, last + 1))
    return questions, lines


def _reference_questions(report: Report) -> dict[str, str]:
    return {
        row["question_no"]: row["question"]
        for row in load("questions")
        if (row["programme_id"], row["pillar"]) == (report.programme_id, report.pillar or "")
        and row["question_no"].isdigit()
        and row["question"]
    }


def _claim_overview(sheet: _Text, end: int) -> int:
    """Claim the heading "Overview – <overall question>"; the position behind it, or 0 where there is none."""
    for at in range(end):
        match = OVERVIEW.match(sheet.text[at]) if sheet.text[at].startswith("Overview") else None
        if match is None:
            continue
        text, last = match.group("text"), at
        while not text.endswith("?") and last < at + 4 and last + 1 < end:
            last += 1
            text += " " + sheet.text[last]
        if text.endswith("?"):
            sheet.questions["overall"] = text
            sheet.claim(at, last, "section")
            return last + 1
    return 0


def _question_at(sheet: _Text, at: int, end: int, keys: dict[str, str]) -> tuple[str, int] | None:
    """The number of the question whose words begin on this line and fill whole lines, and its last position."""
    key = ""
    for last in range(at, min(at + 5, end)):
        key += letters(sheet.text[last])
        if key in keys:
            return keys[key], last
        if not any(known.startswith(key) for known in keys):
            return None
    return None


def _claim_boxes(sheet: _Text, end: int) -> None:
    for at in range(end):
        text = sheet.text[at]
        if sheet.kind[at] or not text[0].isupper() or len(text) > 100:
            continue
        if len(text) <= 25 and letters(text) in BOX_TITLES:
            if sheet.page[at] or sheet.gap[at] or sheet.closed_before(at):
                sheet.claim(at, at, "box_title")
        elif text.startswith("Has the force") and PROGRESS_BOX.match(text):
            last = at
            while not sheet.text[last].endswith("?") and last < at + 3 and last + 1 < end:
                last += 1
            if sheet.text[last].endswith("?"):
                sheet.claim(at, last, "box_title")


def _claim_grades(sheet: _Text) -> None:
    """Grades stand below "Overall judgment", below "Summary of findings" or a core question, and in the overview's
    list."""
    for at in range(len(sheet.text)):
        kind, spelled = sheet.kind[at], None
        if kind == "" and sheet.text[at].startswith("Overall judg"):
            spelled = letters(sheet.text[at])
        if spelled in ("overalljudgment", "overalljudgement"):
            sheet.claim(at, at, "sub_heading", without_footnote_marks(sheet.text[at]))
            _claim_grade_below(sheet, at)
        elif kind == "core_question" or (kind == "box_title" and letters(sheet.text[at]) == "summaryoffindings"):
            _claim_grade_below(sheet, at)
        elif kind == "summary_question":
            _claim_summary_grades(sheet, at)


def _grade_at(sheet: _Text, at: int) -> int | None:
    """The last position of the grade that stands here alone, also wrapped over two lines; None where none does."""
    if at >= len(sheet.text) or sheet.kind[at] or len(sheet.text[at]) > 24:
        return None
    if _grade_of(sheet, at, at).lower() in GRADE_WORDS:
        return at
    wrapped = at + 1 < len(sheet.text) and not sheet.kind[at + 1] and len(sheet.text[at + 1]) <= 24
    if wrapped and _grade_of(sheet, at, at + 1).lower() in GRADE_WORDS:
        return at + 1
    return None


def _grade_of(sheet: _Text, first: int, last: int) -> str:
    return BEHIND_GRADE.sub("", " ".join(sheet.text[first : last + 1]), count=1)


def _claim_grade_below(sheet: _Text, at: int) -> None:
    """The grade below a title; only page furniture may stand between."""
    below, furthest = at + 1, min(at + 12, len(sheet.text))
    while below < furthest and (sheet.kind[below] == sheet.kind[at] or LONE_NUMBER.match(sheet.text[below])):
        below += 1
    last = _grade_at(sheet, below)
    if last is not None:
        sheet.claim(below, last, "grade", _grade_of(sheet, below, last))


def _claim_summary_grades(sheet: _Text, at: int) -> None:
    """The grades behind a question of the overview's list, up to the next question or prose."""
    below = at + 1
    while below < len(sheet.text):
        last = _grade_at(sheet, below)
        if last is not None:
            sheet.claim(below, last, "grade", _grade_of(sheet, below, last))
            below = last + 1
        elif LONE_NUMBER.match(sheet.text[below]) and not sheet.kind[below]:
            below += 1
        else:
            break


# --- tables ---------------------------------------------------------------------------------------------------------


def _claim_tables(sheet: _Text, end: int) -> None:
    """Lines of printed tables and loose cells, so that they are not taken for prose."""
    _claim_summary_list(sheet)
    _claim_picture_labels(sheet, end)
    anchors = [
        at
        for at in range(end)
        if not sheet.kind[at]
        and sheet.text[at][-1] in "0123456789%|*"
        and (TABLE_NUMBER.match(sheet.text[at]) or TABLE_ROW.match(sheet.text[at]))
    ]
    runs: list[list[int]] = []
    for at in anchors:
        joined = runs and at - runs[-1][-1] <= LABELS_BETWEEN + 1
        if joined and all(_is_table_text(sheet, between) for between in range(runs[-1][-1] + 1, at)):
            runs[-1].append(at)
        else:
            runs.append([at])
    for run in runs:
        numbers = sum(2 if TABLE_ROW.match(sheet.text[at]) else 1 for at in run)
        if numbers >= 4:
            first, last = _table_top(sheet, run[0]), _table_bottom(sheet, run[-1], end)
            sheet.claim(first, last, "table_block")


def _is_table_text(sheet: _Text, at: int) -> bool:
    text = sheet.text[at]
    if sheet.kind[at]:
        return False
    label = len(text) <= LONGEST_LABEL or "  " in text
    return bool(TABLE_CELL.match(text) or TABLE_ROW.match(text)) or (
        label and text[-1] not in ".;:?!" and ". " not in text and not LINK.match(text)
    )


def _table_top(sheet: _Text, at: int) -> int:
    first = at
    while first > 0 and at - first < LABELS_BEFORE and _is_table_text(sheet, first - 1):
        first -= 1
        if sheet.page[first]:
            return first
    if first == 0 or (sheet.kind[first - 1] == "" and not is_closed(sheet.text[first - 1])):
        # Prose stands above, cut by the table: the lines that hang on it without a gap are its own.
        while first < at and not sheet.gap[first]:
            first += 1
    return first


def _table_bottom(sheet: _Text, at: int, end: int) -> int:
    last = attached = at
    while last + 1 < end and last - at < LABELS_BEFORE and _is_table_text(sheet, last + 1) and not sheet.page[last + 1]:
        last += 1
        if attached == last - 1 and not sheet.gap[last]:
            attached = last
    noted = last + 1 < end and sheet.kind[last + 1] == "source_note"
    return last if noted else attached


def _claim_summary_list(sheet: _Text) -> None:
    """The overview's questions and grades are one table as well (its parts stay parts)."""
    rows = [part for part in sheet.parts if part.kind == "summary_question"]
    if rows:
        first = min(part.line_start for part in rows)
        position = _position(sheet, max(part.line_end for part in rows))
        while position + 1 < len(sheet.kind) and sheet.kind[position + 1] == "grade":
            position += 1
        sheet.parts.append(Part("table_block", first, sheet.number[position], rows[0].text))


def _claim_picture_labels(sheet: _Text, end: int) -> None:
    """Labels that a lost picture left between a caption and its source note."""
    for at in range(end):
        if sheet.kind[at] != "figure_caption" or (at + 1 < end and sheet.kind[at + 1]):
            continue
        last = at
        while last + 1 < end and last - at < 8 and len(sheet.text[last + 1]) <= 50 and _is_table_text(sheet, last + 1):
            last += 1
        noted = last + 1 < end and sheet.text[last + 1].startswith("Source") and sheet.kind[last + 1] == "source_note"
        if last > at and noted and not any(TABLE_NUMBER.match(sheet.text[line]) for line in range(at + 1, last + 1)):
            sheet.claim(at + 1, last, "table_block")


# --- footnotes and page numbers -------------------------------------------------------------------------------------


@dataclass
class _Note:
    number: int | None
    first: int  # position of its first line of text; its number may stand on the line before
    spans: list[tuple[int, int]]
    figure: int | None = None


def _claim_footnotes(sheet: _Text, report: Report, captions: Sequence[Caption]) -> tuple[Footnote, ...]:
    """Footnote blocks, told by their numbers, which follow each other; any other number alone on a line is a page's."""
    marks = {caption: _caption_marks(report, caption) for caption in captions}
    marked = {mark: caption.figure for caption in captions for mark in marks[caption]}
    seen: set[int] = set()
    loose: dict[int, list[int]] = {}
    notes: list[_Note] = []
    inside_caption = {
        number: marks[caption] for caption in captions for number in range(caption.line_start, caption.line_end + 1)
    }
    at = 0
    while at < len(sheet.text):
        text = sheet.text[at]
        if sheet.number[at] in inside_caption:
            seen.update(inside_caption[sheet.number[at]])
            at += 1
            continue
        if sheet.kind[at] and sheet.kind[at] not in ("sub_heading", "section"):
            at += 1
            continue
        expected = (notes[-1].number or 0) + 1 if notes else 1
        begun = _note_at(sheet, at, expected, seen, loose) if text[0].isdigit() and not sheet.kind[at] else None
        if begun is not None:
            at = _claim_note(sheet, begun, notes, marked)
            continue
        if _is_page_number(text) and not sheet.kind[at]:
            sheet.claim(at, at, "page_number")
        elif len(text) < 4 and ONLY_PUNCTUATION.match(text) and not sheet.kind[at]:
            sheet.kind[at] = "stray"
        elif DIGIT.search(text):
            _note_marks(sheet, at, seen, loose, expected)
        at += 1
    _claim_unnumbered_notes(sheet, notes, captions, seen)
    _find_loose_marks(sheet, notes, seen, loose)
    notes.sort(key=lambda note: note.spans[0])
    return tuple(Footnote(note.number, note.figure, tuple(note.spans)) for note in notes)


def _is_page_number(text: str) -> bool:
    return (len(text) <= 3 and text.isdigit()) or ("Page " in text and bool(PAGE_FOOTER.match(text)))


def _caption_marks(report: Report, caption: Caption) -> list[int]:
    """Footnote numbers at the end of a caption, or alone on a line of it."""
    lines = report.lines[caption.line_start - 1 : caption.line_end]
    alone = [line for line in lines if MARKS_ONLY.match(line)]
    printed = " ".join(" ".join(line for line in lines if not MARKS_ONLY.match(line)).split())
    ends = [match.group() for pattern in (GLUED_MARKS, MARKS_ON_YEAR) if (match := pattern.search(printed))]
    return [int(number) for text in (*alone, *ends) for number in re.findall(r"\d+", text)]


def _note_marks(sheet: _Text, at: int, seen: set[int], loose: dict[int, list[int]], expected: int) -> None:
    """Remember the marks of a line of prose; a page number stuck to its end becomes a part of its own."""
    text = sheet.text[at]
    marks = footnote_marks(text)
    glued = GLUED_PAGE_NUMBER.search(text) if text[-1].isdigit() else None
    apart = glued and at + 1 < len(sheet.text) and sheet.gap[at + 1]
    if glued and apart and int(glued.group(1)) not in range(expected, max([*seen, expected]) + 3):
        sheet.text[at] = text[: glued.start()]
        sheet.parts.append(Part("page_number", sheet.number[at], sheet.number[at], glued.group(1)))
        marks = [mark for mark in marks if mark != int(glued.group(1))]
    seen.update(marks)
    for match in SHORT_NUMBER.finditer(text):
        loose.setdefault(int(match.group()), []).append(at)


def _note_at(
    sheet: _Text, at: int, expected: int, seen: set[int], loose: dict[int, list[int]]
) -> tuple[int, int] | None:
    """The number of the footnote that begins here and the position of its text; None where none begins.

    Its number is the next one, or the next but one or two if a mark in the text asks for it (numbers get lost). A bare
    number that nothing asks for must stand over the last lines of its page.
    """
    text = sheet.text[at]
    if LONE_NUMBER.match(text):
        number, start = int(text), at + 1
        if start >= len(sheet.text) or sheet.page[start] or sheet.kind[start] or TABLE_CELL.match(sheet.text[start]):
            return None
        asked = number in seen or number in loose or _reaches_page_end(sheet, start)
    else:
        match = NUMBERED_NOTE.match(text) if text[0].isdigit() else None
        if match is None:
            return None
        number, start = int(match.group(1)), at
        follows = at > 0 and sheet.kind[at - 1] in ("footnote_block", "source_note", "table_block")
        if not (sheet.rule[at] or sheet.gap[at] or follows or sheet.closed_before(at)):
            return None
        asked = sheet.rule[at] or number in seen or number in loose
    if number == expected:
        return (number, start) if asked else None
    return (number, start) if expected < number <= expected + 2 and number in seen else None


def _reaches_page_end(sheet: _Text, at: int) -> bool:
    for line in range(at, min(at + 10, len(sheet.text))):
        if line > at and sheet.page[line]:
            return True
        if LONE_NUMBER.match(sheet.text[line]):
            return line > at
    return at + 10 >= len(sheet.text)


def _claim_note(sheet: _Text, begun: tuple[int, int], notes: list[_Note], marked: dict[int, int]) -> int:
    """Claim the footnote and what the one before it left over; the position behind it."""
    number, start = begun
    first = start if NUMBERED_NOTE.match(sheet.text[start]) and not _own_line(sheet, start, number) else start - 1
    _claim_left_over(sheet, first, notes)
    last = start
    while last + 1 < len(sheet.text) and not _ends_note(sheet, last, number):
        last += 1
    sheet.claim(first, last, "footnote_block")
    notes.append(_Note(number, start, [(sheet.number[first], sheet.number[last])], marked.get(number)))
    return last + 1


def _own_line(sheet: _Text, start: int, number: int) -> bool:
    """Whether the number of the footnote stands alone on the line above its text."""
    return start > 0 and sheet.text[start - 1] == str(number) and not sheet.kind[start - 1]


def _ends_note(sheet: _Text, last: int, number: int) -> bool:
    after = last + 1
    text = sheet.text[after]
    if sheet.page[after] or sheet.kind[after] or _is_page_number(text):
        return True
    if not sheet.paged and _ends_paragraph(sheet, last):
        return True
    match = NUMBERED_NOTE.match(text) if text[0].isdigit() else None
    if match and number < int(match.group(1)) <= number + 2 and (sheet.gap[after] or is_closed(sheet.text[last])):
        return True
    return sheet.gap[after] and (is_closed(sheet.text[last]) or len(sheet.text[last]) < sheet.width // 2)


def _ends_paragraph(sheet: _Text, last: int) -> bool:
    """Whether, in a text without page marks, a footnote ends here: the sentence that it cut goes on, or its last line
    is a short one."""
    text, after = sheet.text[last], sheet.text[last + 1]
    address = bool(ADDRESS_END.search(text))
    if not (address or sheet.ends_sentence(last)):
        return False
    # A wrapped address goes on with no plain word.
    resumes = after.split(" ", 1)[0].isalpha() if address else after[0].islower()
    return resumes or len(text) < 0.75 * sheet.width


def _claim_left_over(sheet: _Text, before: int, notes: list[_Note]) -> None:
    """The rest of a footnote that its page could not hold stands before the next page's footnotes."""
    if not notes or is_closed(sheet.text[_position(sheet, notes[-1].spans[-1][1])]):
        return
    first = before
    while first > 0 and not sheet.kind[first - 1] and not sheet.page[first] and before - first < 8:
        first -= 1
        if sheet.gap[first]:
            break
    if first < before and sheet.gap[first] and sheet.text[first][0].islower() and not sheet.page[first]:
        sheet.claim(first, before - 1, "footnote_block")
        notes[-1].spans.append((sheet.number[first], sheet.number[before - 1]))


def _position(sheet: _Text, number: int) -> int:
    return bisect_left(sheet.number, number)


def _claim_unnumbered_notes(sheet: _Text, notes: list[_Note], captions: Sequence[Caption], seen: set[int]) -> None:
    """A footnote whose number was lost: the numbers around it leave room, and it fills the foot of its page alone."""
    for before, after in zip(tuple(notes), tuple(notes)[1:], strict=False):
        if before.number is None or after.number is None:
            continue
        missing = list(range(before.number + 1, after.number))
        if not missing:
            continue
        first, last = _position(sheet, before.spans[-1][1]) + 1, _position(sheet, after.spans[0][0])
        blocks = [
            (start, end)
            for start, end in _page_foots(sheet, first, last)
            if sheet.kind[start - 1] in ("source_note", "table_block") or set(missing) & seen
        ]
        if len(blocks) != len(missing):
            continue
        for number, (start, end) in zip(missing, blocks, strict=True):
            above = sheet.kind[start - 1]
            figure = _caption_above(captions, sheet.number[start]) if above in ("source_note", "table_block") else None
            sheet.claim(start, end, "footnote_block")
            notes.append(_Note(number, start, [(sheet.number[start], sheet.number[end])], figure))


def _caption_above(captions: Sequence[Caption], number: int) -> int | None:
    above = bisect_left(captions, number, key=lambda caption: caption.line_end)
    return captions[above - 1].figure if above else None


def _page_foots(sheet: _Text, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Paragraphs of a few closed lines that begin and end with a page mark."""
    for at in range(first, last):
        if not sheet.page[at] or sheet.kind[at]:
            continue
        end = at
        while end + 1 < last and not sheet.page[end + 1] and not sheet.kind[end + 1] and end - at < 6:
            end += 1
        if len(sheet.text[at]) < WRAPPED_FROM:
            continue
        whole = end + 1 <= last and sheet.page[min(end + 1, len(sheet.page) - 1)]
        if whole and end - at < 6 and is_closed(sheet.text[end]) and sheet.closed_before(at):
            yield at, end


def _find_loose_marks(sheet: _Text, notes: Sequence[_Note], seen: set[int], loose: dict[int, list[int]]) -> None:
    """Marks that stand alone in a line ("programme. 24 We"): the footnote has no other, and its page no other such
    number."""
    for note in notes:
        if note.number is None or note.number in seen or note.figure is not None:
            continue
        top = note.first
        start = top
        while start > 0 and top - start < 60 and not (sheet.page[start] and start < top - 3):
            start -= 1
        alone = loose.get(note.number, [])
        lines = [at for at in alone[bisect_left(alone, start) : bisect_left(alone, top)] if not sheet.kind[at]]
        if len(lines) == 1:
            sheet.loose.setdefault(lines[0], set()).add(note.number)


# --- headings -------------------------------------------------------------------------------------------------------


def _claim_headings(sheet: _Text, end: int) -> None:
    in_box = False
    at = 0
    while at < end:
        kind, text = sheet.kind[at], sheet.text[at]
        if kind in ("core_question", "section", "sub_heading"):
            in_box = False
        elif kind == "box_title":
            in_box = BOX_TITLES.get(letters(text)) in FINDING_BOXES
        last = _heading_end(sheet, at, end, in_box) if not kind else None
        if last is None:
            at += 1
            continue
        sheet.claim(at, last, _heading_kind(sheet, at, last), _heading_text(sheet, at, last))
        in_box = False
        at = last + 1


def _heading_end(sheet: _Text, at: int, end: int, in_box: bool) -> int | None:
    """The last position of the heading that begins here; None where none does."""
    text = sheet.text[at]
    is_question = text[0] in QUESTION_LETTERS and bool(QUESTION.match(text))
    if not is_question and (len(text) > LONGEST_HEADING or not (text[0].isupper() or text[0] in "‘“")):
        return None
    if not (sheet.page[at] or sheet.closed_before(at)):
        return None
    if is_question:
        for last in range(at, min(at + 4, end)):
            if sheet.kind[last] or (last > at and sheet.page[last]):
                break
            if sheet.text[last].endswith("?"):
                return last
            if ". " in sheet.text[last] or is_closed(sheet.text[last]):
                break
    if letters(text) in SECTION_TITLES:
        return at
    return None if in_box or not _is_short_heading(sheet, at, end) else at


def _is_short_heading(sheet: _Text, at: int, end: int) -> bool:
    """A short line with a capital and no stop, below closed text, above a line with a capital that would have had
    room."""
    text = sheet.text[at]
    if len(text) > LONGEST_HEADING or text[-1] in ".,;:?!-–" or ". " in text or LINK.match(text):
        return False
    if text.rsplit(" ", 1)[-1].lower() in OPEN_WORDS or not any(character.islower() for character in text):
        return False
    below = next((line for line in range(at + 1, end) if sheet.kind[line] not in ("page_number", "stray")), None)
    if below is None or (sheet.kind[below] not in ("", "sub_heading", "figure_caption", "box_title", "annex_heading")):
        return False
    after = sheet.text[below]
    if sheet.kind[below]:
        return True
    room = sheet.width - len(text) - 1 - len(after.split(" ", 1)[0])
    return (after[0].isupper() or after[0] in "‘“•'\"") and room > 12


def _heading_kind(sheet: _Text, at: int, last: int) -> str:
    """Section or sub-heading: a section is one of the standard questions and stands close to its text."""
    text = sheet.text[at]
    if letters(text) in SECTION_TITLES or text.startswith("What is "):
        return "section"
    loose_below = last + 1 < len(sheet.gap) and sheet.gap[last + 1]
    apart = sheet.gap[at] or sheet.page[at]
    return "section" if SECTION_QUESTION.match(text) and apart and not loose_below else "sub_heading"


def _heading_text(sheet: _Text, first: int, last: int) -> str:
    pieces = [Piece(sheet.number[at], without_footnote_marks(sheet.text[at])) for at in range(first, last + 1)]
    return mend(pieces, 0).text


def _claim_annex_headings(sheet: _Text, end: int) -> None:
    for at in range(end, len(sheet.text)):
        if sheet.kind[at]:
            continue
        if at == end or (
            sheet.text[at][0].isupper()
            and (sheet.page[at] or sheet.closed_before(at))
            and _is_short_heading(sheet, at, len(sheet.text))
        ):
            sheet.claim(at, at, "annex_heading", without_footnote_marks(sheet.text[at]))


# --- questions of parts ---------------------------------------------------------------------------------------------


def _question_numbers(sheet: _Text, end: int) -> list[str | None]:
    """For each line with text the question in whose part of the report it stands."""
    number_of = {part.line_start: part.text for part in sheet.parts if part.kind == "core_question"}
    by_text = {text: number for number, text in sheet.questions.items()}
    current: str | None = None
    numbers: list[str | None] = []
    for at, number in enumerate(sheet.number):
        if at >= end or (sheet.kind[at] == "section" and letters(sheet.text[at]) in END_SECTIONS):
            current = None
        elif sheet.kind[at] == "section" and sheet.text[at].startswith("Overview"):
            current = "overall"
        elif number in number_of:
            current = by_text.get(number_of[number], current)
        numbers.append(current)
    return numbers


def _with_questions(sheet: _Text, numbered: Sequence[str | None]) -> list[Part]:
    at_line = dict(zip(sheet.number, numbered, strict=True))
    by_text = {text: number for number, text in sheet.questions.items()}
    listed = [part for part in sheet.parts if part.kind == "summary_question"]
    first = min((part.line_start for part in listed), default=0)
    parts = []
    for part in sheet.parts:
        number = at_line[part.line_start]
        if part.kind == "summary_question":
            number = _number_of(part.text, by_text)
        elif part.kind == "grade" and number == "overall" and listed and part.line_start > first:
            number = None
        parts.append(Part(part.kind, part.line_start, part.line_end, part.text, number))
    return parts


def _number_of(text: str, by_text: dict[str, str]) -> str | None:
    keys = {letters(known): number for known, number in by_text.items()}
    return keys.get(letters(text))


def _page_starts(sheet: _Text) -> list[Part]:
    """A page or a text box begins; inside footnotes, notes and tables the mark says nothing."""
    return [
        Part("page_start", sheet.number[at], sheet.number[at], sheet.text[at])
        for at in range(len(sheet.text))
        if sheet.page[at] and sheet.kind[at] not in ("footnote_block", "source_note", "table_block", "link_list")
    ]


# --- boxes ----------------------------------------------------------------------------------------------------------


def _boxes(sheet: _Text, numbered: Sequence[str | None], end: int) -> tuple[Box, ...]:
    boxes = []
    for start, last in _box_spans(sheet, end):
        title_end = start
        while title_end + 1 <= last and sheet.kind[title_end + 1] == "box_title":
            title_end += 1
        title = _heading_text(sheet, start, title_end)
        kind = BOX_TITLES.get(letters(title), "progress")
        inside = [at for at in range(title_end + 1, last + 1) if not sheet.kind[at]]
        items = _items(sheet, inside, kind) if kind in FINDING_BOXES else ()
        stop = inside[-1] if inside else title_end
        boxes.append(Box(kind, title, numbered[start], sheet.number[start], sheet.number[stop], items))
    return tuple(boxes)


def _box_spans(sheet: _Text, end: int) -> Iterator[tuple[int, int]]:
    """First and last position of each box: it ends before the next title or heading, a progress box also where the page
    goes on with a sentence that the box had cut."""
    at = 0
    while at < end:
        if sheet.kind[at] != "box_title":
            at += 1
            continue
        body = at + 1
        while body < end and sheet.kind[body] == "box_title" and not sheet.text[body - 1].endswith("?"):
            if letters(sheet.text[at]) in BOX_TITLES:
                break
            body += 1
        cut = bool(PROGRESS_BOX.match(sheet.text[at])) and _is_open_before(sheet, at)
        last = body - 1
        while last + 1 < end and sheet.kind[last + 1] not in ("box_title", "core_question", "section", "sub_heading"):
            resumes = sheet.page[last + 1] and sheet.text[last + 1][0].islower() and is_closed(sheet.text[last])
            if cut and resumes and not sheet.kind[last + 1]:
                break
            last += 1
        yield at, last
        at = last + 1


def _is_open_before(sheet: _Text, at: int) -> bool:
    above = at - 1
    while above >= 0 and sheet.kind[above] in ("page_number", "link_list", "stray", "footnote_block"):
        above -= 1
    return above >= 0 and sheet.kind[above] == "" and not sheet.ends_sentence(above)


@dataclass
class _Item:
    pieces: list[Piece]
    bulleted: bool
    items: list["_Item"] = field(default_factory=list)
    sign: str = ""  # the bullet before it

    def text(self, width: int) -> str:
        return mend(self.pieces, width).text

    def frozen(self, width: int) -> BoxItem:
        """The item with the lines it spans, bullets below it included."""
        below = tuple(item.frozen(width) for item in self.items)
        lines = [piece.line for piece in self.pieces] + [item.line_end for item in below]
        return BoxItem(self.text(width), min(lines), max(lines), below)


def _items(sheet: _Text, inside: Sequence[int], kind: str) -> tuple[BoxItem, ...]:
    """The paragraphs and bullets of a box of findings.

    A bullet begins an item; so does a gap wider than between paragraphs, which a lost bullet leaves. An item that
    ends with a colon takes the bullets that follow it below itself: all of them where it is no bullet itself,
    otherwise up to the one that ends with a full stop. A dash below a bullet of another kind belongs to that bullet.
    """
    items: list[_Item] = []
    before = ""
    for order, at in enumerate(inside):
        text = without_footnote_marks(sheet.text[at], sheet.loose.get(at, ()))
        bullet = bool(BULLET.match(sheet.text[at]))
        lost = not bullet and _lost_bullet(sheet, at, before, items, kind)
        piece = Piece(sheet.number[at], unbulleted(text) if bullet else text, order > 0 and sheet.gap[at])
        if bullet or lost or not items:
            sign = sheet.text[at][0] if bullet else ""
            parent = _parent(items, sign)
            item = _Item([piece], bullet or lost or kind == "area_for_improvement", sign=sign)
            (parent.items if parent else items).append(item)
        elif items[-1].items and sheet.gap[at] and is_closed(before):
            items[-1].pieces.append(piece)
        else:
            _last_of(items[-1]).pieces.append(piece)
        before = piece.text
    return tuple(item.frozen(sheet.width) for item in items)


def _last_of(item: _Item) -> _Item:
    """The item, or the bullet below it, with which the text goes on."""
    while item.items and not _is_after_list(item):
        item = item.items[-1]
    return item


def _parent(items: Sequence[_Item], sign: str) -> _Item | None:
    """The item to which a bullet with this sign belongs; None where it begins one of its own."""
    parent = _open_list(items)
    if not items or not sign:
        return parent
    if sign not in DASHES:
        under_bullet = parent and parent.sign and parent.sign not in DASHES
        return None if parent and under_bullet and parent.items and parent.items[-1].sign in DASHES else parent
    above = items[-1]
    while above.items and not _is_after_list(above):
        if above.items[-1].sign in DASHES:
            return above
        above = above.items[-1]
    return above if above.sign and above.sign not in DASHES else parent


def _is_after_list(item: _Item) -> bool:
    """Whether the item already goes on below its bullets."""
    return bool(item.items) and item.pieces[-1].line > item.items[-1].pieces[-1].line


def _lost_bullet(sheet: _Text, at: int, before: str, items: Sequence[_Item], kind: str) -> bool:
    """Whether an item begins here although no bullet is left."""
    if not before:
        return kind == "area_for_improvement"
    if not (is_closed(before) or list_goes_on(before)):
        return False
    if sheet.wide[at]:
        return True
    if _open_list(items) is not None and list_goes_on(before):
        return sheet.gap[at]
    return kind == "area_for_improvement" and is_closed(before) and bool(SHOULD.match(sheet.text[at]))


def _open_list(items: Sequence[_Item]) -> _Item | None:
    """The item whose list of bullets is still open."""
    if not items:
        return None
    last = items[-1]
    if not last.items:
        return last if last.pieces[-1].text.endswith(":") else None
    if _is_after_list(last):
        return None
    return last if not last.bulleted or not is_closed(last.items[-1].pieces[-1].text) else None


# --- annex ----------------------------------------------------------------------------------------------------------


def _annex_sections(sheet: _Text, end: int, line_count: int) -> tuple[AnnexSection, ...]:
    headings = sorted((part for part in sheet.parts if part.kind == "annex_heading"), key=lambda part: part.line_start)
    starts = [part.line_start for part in headings[1:]] + [line_count + 1] * bool(headings)
    sections = []
    for part, after in zip(headings, starts, strict=True):
        inside = range(max(end, _position(sheet, part.line_end + 1)), _position(sheet, after))
        prose = " ".join(sheet.text[at] for at in inside if not sheet.kind[at])
        sections.append(
            AnnexSection(
                part.text,
                _figure_of(part.text),
                part.line_start,
                sheet.number[inside[-1]] if inside else part.line_end,
                tuple(" ".join(title.split()) for title in REFERENCE_ABOVE.findall(prose)),
            )
        )
    return tuple(sections)


def _figure_of(heading: str) -> int | None:
    match = re.match(r"Figure (\d{1,2}): ", heading)
    return int(match.group(1)) if match else None


# --- sentences ------------------------------------------------------------------------------------------------------


@dataclass
class _Run:
    """Lines of prose that belong together."""

    context: Context
    pieces: list[Piece] = field(default_factory=list)


def _sentences(
    sheet: _Text, numbered: Sequence[str | None], captions: Sequence[Caption], footnotes: Sequence[Footnote], end: int
) -> Iterator[Sentence]:
    runs = [*_prose_runs(sheet, numbered, end), *_note_runs(sheet, numbered, captions, footnotes)]
    found = [sentence for run in runs for sentence in sentences(run.pieces, run.context, sheet.width)]
    yield from sorted(found, key=lambda sentence: (sentence.line_start, sentence.offsets[-1][1], sentence.place))


def _prose_runs(sheet: _Text, numbered: Sequence[str | None], end: int) -> Iterator[_Run]:
    """Prose between headings. A progress box may cut a sentence, which goes on behind it."""
    boxes = dict(_box_spans(sheet, end))
    box_end, box_place = -1, ""
    heading: str | None = None
    waiting: _Run | None = None
    run = _Run(NO_CONTEXT)
    cut = False
    titles = {part.line_start: part for part in sheet.parts if part.kind in HEADING_KINDS}
    for at in range(len(sheet.text)):
        kind = sheet.kind[at]
        part = titles.get(sheet.number[at])
        if at > box_end >= 0:
            yield run
            run, box_end = waiting or _Run(_context(sheet, at, numbered, heading, end)), -1
            heading = run.context.heading if waiting else heading
            waiting = None
        if at in boxes:
            open_before = bool(run.pieces) and not is_closed(run.pieces[-1].text)
            title = letters(sheet.text[at])
            if open_before and title not in BOX_TITLES:
                waiting = run
            else:
                yield run
            box_end = boxes[at]
            box_place = "summary" if title == "summaryoffindings" else "box"
        if part is not None:
            if at not in boxes:
                yield run
            heading = part.text
            run = _Run(_context(sheet, at, numbered, heading, end, box_place if box_end >= at else None))
        if kind:
            cut = cut or kind != "stray"
            continue
        text = without_footnote_marks(sheet.text[at], sheet.loose.get(at, ()))
        item = _is_item(text, run.pieces)
        gap = sheet.gap[at] or cut
        run.pieces.append(Piece(sheet.number[at], unbulleted(text) if item else text, gap, item))
        cut = False
    yield run
    if waiting:
        yield waiting


def _is_item(text: str, above: Sequence[Piece]) -> bool:
    """Whether the line begins with a bullet. Trap: a dash may as well stand in the middle of a sentence."""
    if not (text[1:2].isspace() and BULLET.match(text)):  # few lines have a blank in their second place
        return False
    return text[0] not in "–-o" or not above or is_closed(above[-1].text) or list_goes_on(above[-1].text)


HEADING_KINDS = frozenset({"core_question", "section", "sub_heading", "box_title", "annex_heading"})


def _context(
    sheet: _Text, at: int, numbered: Sequence[str | None], heading: str | None, end: int, place: str | None = None
) -> Context:
    if at >= end:
        return Context(None, "annex", heading, _figure_of(heading or ""))
    return Context(numbered[at], place or ("summary" if numbered[at] == "overall" else "body"), heading)


def _note_runs(
    sheet: _Text, numbered: Sequence[str | None], captions: Sequence[Caption], footnotes: Sequence[Footnote]
) -> Iterator[_Run]:
    """Footnotes, and the notes with a star below a figure."""
    position = {number: at for at, number in enumerate(sheet.number)}
    for footnote in footnotes:
        lines = [at for first, last in footnote.spans for at in range(position[first], position[last] + 1)]
        pieces = [
            Piece(sheet.number[at], text)
            for order, at in enumerate(lines)
            if (text := _note_text(sheet.text[at], footnote.number if order == 0 else None))
        ]
        context = Context(numbered[lines[0]], "footnote", None, footnote.figure, footnote.number)
        yield _Run(context, pieces)
    for part in sheet.parts:
        if part.kind == "source_note" and not part.text.startswith(("Source", "For further")):
            lines = list(range(position[part.line_start], position[part.line_end] + 1))
            figure = _caption_above(captions, part.line_start)
            context = Context(numbered[lines[0]], "footnote", None, figure)
            yield _Run(context, [Piece(sheet.number[at], sheet.text[at].lstrip("* ")) for at in lines])


def _note_text(text: str, number: int | None) -> str:
    """A line of a footnote without the footnote's own number."""
    if number is not None and re.match(rf"{number}(?!\d)", text):
        text = text[len(str(number)) :].strip()
    return without_footnote_marks(text)


# --- captions -------------------------------------------------------------------------------------------------------


def _annex_start(report: Report) -> int:
    for number, line in enumerate(report.lines, start=1):
        if "nnex" in line.lower() and ANNEX_START.match(line):
            return number
    return len(report.lines) + 1


def _captions(report: Report) -> list[Caption]:
    return [
        _caption(report, number, match)
        for number, line in enumerate(report.lines, start=1)
        if "Figure" in line and (match := CAPTION_START.match(line))
    ]


def _caption(report: Report, first: int, match: re.Match[str]) -> Caption:
    parts, last = [_plain(match.group("text").strip())], first
    while _is_wrapped(report.lines[last - 1]) and without_marks(parts[-1]) == " ".join(parts[-1].split()):
        number = _next_of_caption(report, last)
        if number is None:
            break
        line = report.lines[number - 1]
        between = number > last + 1
        if is_page_start(line) or CAPTION_START.match(line) or SOURCE_NOTE.match(line):
            break
        # Columns: the table's heading stands right below the caption.
        if COLUMNS.search(line.strip()):
            break
        # A footnote mark on a line of its own, or an added blank line, may stand inside a caption.
        if between and not (CONTINUATION.match(line) or parts[-1].count("(") > parts[-1].count(")")):
            break
        parts.append(_plain(line.strip()))
        last = number
    return Caption(int(match.group("figure")), without_marks(" ".join(parts)), first, last)


def _next_of_caption(report: Report, last: int) -> int | None:
    """The next line that may belong to a caption: blank lines and lines of footnote marks are passed over."""
    for number in range(last + 1, min(last + 5, len(report.lines)) + 1):
        line = report.lines[number - 1]
        if line.strip() and not MARKS_ONLY.match(line):
            return number
    return None


def _is_wrapped(line: str) -> bool:
    return WRAPPED_FROM <= len(line.strip()) <= WRAPPED_TO


def without_marks(text: str) -> str:
    """The text without footnote marks stuck to its end."""
    text = " ".join(text.split())
    # Both patterns end with the text and a digit, and would be tried at every character of it.
    return GLUED_MARKS.sub("", MARKS_ON_YEAR.sub("", text)) if text[-1:].isdigit() else text


def lines_until_next_caption(outline: Outline, caption: Caption) -> range:
    """Line numbers after a caption, up to the next caption or the annex."""
    starts = [other.line_start for other in outline.captions] + [outline.annex_start, outline.line_count + 1]
    return range(caption.line_end + 1, min(start for start in starts if start > caption.line_start))


def source_note(report: Report, outline: Outline, caption: Caption) -> str | None:
    """What the source note below a caption says; None where the text prints none before the next caption."""
    for number in lines_until_next_caption(outline, caption):
        line = report.lines[number - 1]
        if "Source" in line and (match := SOURCE_NOTE.match(line)):
            return " ".join(_in_plain_characters(match.group("source")).split())
    return None


def has_plotted_numbers(report: Report, outline: Outline, caption: Caption) -> bool:
    """Whether loose numbers of a plotted figure stand between its caption and its source note or the next caption."""
    for number in lines_until_next_caption(outline, caption):
        line = report.lines[number - 1]
        if "Source" in line and SOURCE_NOTE.match(line):
            return False
        if PLOTTED_NUMBER.match(line):
            return True
    return False
