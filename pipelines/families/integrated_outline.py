"""What stands where in a PEEL report on every area of policing at once: its outline, its matrix and its boxes.

Belongs here: the shape of the text. Does not belong here: the forms of the matrix (``judgment_matrix``), and what of
all this is published (``integrated_report``).

The shape: title page, list of contents, an overview with a matrix of areas and grades, then a section for each area.
A section is its heading (as in the dimension ``questions``; another one ends the section above, too), the grade alone
on the next line, a sentence that says so, boxes of findings, "Main findings", and prose under headings. A heading
"A > B" of ``questions`` stands inside section A: only its own grade and sentence belong to B, since the label behind
them speaks of A again.

Where a box ends: nothing marks it. It goes on to the next label ("Main findings", another box) or section heading. A
line without a full stop that paragraphs follow is the bold title of the next finding in the box; a text with its title,
its paragraphs and whatever stands behind its bullets is one finding. A box that opens with bullets holds one finding a
bullet and ends with them. A box behind which the section prints no further label has lost its end: only its first
finding is taken, up to the next title, and an issue says so; so has one behind "Main findings", since what follows it
may be prose again.

Lines are whole paragraphs in some texts and 80 characters in others; what begins with a small letter goes on with the
open line before it, over page ends. Marks of Markdown are no text: ``[words](address)`` is its words.
"""

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipelines.families.judgment_matrix import (
    BREAK,
    LONGEST_CELL,
    Cell,
    grade_behind,
    has_grades,
    pieces_of,
    read_matrix,
)
from pipelines.markup import (
    HEADING_MARK,
    HEADING_NUMBER,
    LONE_BULLET,
    RULE,
    STRONG,
    is_page_furniture,
    label_and_text,
    label_key,
    page_heads,
    without_emphasis,
    without_marks,
)
from pipelines.programmes import MONTHS
from pipelines.questions import Question, grades_best_to_worst
from pipelines.reference import load
from pipelines.reports import Report
from pipelines.sentences import BULLET, Context, Piece, Sentence, goes_on, is_closed, list_goes_on, mend, sentences
from pipelines.structure import (
    BEHIND_GRADE,
    BOX_TITLES,
    FINDING_BOXES,
    GRADE_WORDS,
    Box,
    BoxItem,
    Outline,
    Part,
    in_plain_characters,
    usual_blanks,
)
from pipelines.vocabulary import letters

# An item of a numbered or lettered list. Trap: "2021. The" and "1.55 offences": two digits at most, and a blank behind.
NUMBERED = re.compile(r"^(?:\(?(?P<number>\d{1,2})[.)]|\(?(?P<letter>[a-z])\))\s+(?=\S)")
# The last line of a web page or PDF: "November 2021 | © HMICFRS 2021".
IMPRINT = re.compile(r"©")
# The entry of a list of contents ends with its page.
PAGE_AT_END = re.compile(r"(?:^|[\s.…|])\d{1,3}$")
# A caption of a figure that has no number; the picture itself is lost.
CAPTION = re.compile(
    rf"\bforces in England and Wales\b|\b(?:years?|months) (?:ending|to) \d{{1,2}} (?:{MONTHS}) \d{{4}}$"
)
# What may stand before a grade on its own line.
BEFORE_GRADE = re.compile(r"^(?:(?:Our |Overall )?(?:judge?ment|grade)d?\s*[:–-]\s*)", re.IGNORECASE)
# What the force should do: begins a recommendation.
MUST = re.compile(r"\b(?:should|must|needs? to)\b")
# One sentence that says what the force should do. Trap: a paragraph of several sentences may begin like this.
ONE_DUTY = re.compile(
    r"^(?:The force|It|[A-Z][\w&’'-]*(?: (?:and|[A-Z&][\w’'-]*)){0,6}) (?:should|must|needs? to)\b[^.!?]*+\.$"
)
SEVERAL = frozenset({"areasforimprovement"})
BLANKS = re.compile(r"\s+")
# Words that no title ends with: behind them a page end cut a sentence. Trap: titles do end with "more", "in" or "to".
_OPEN = "a an the and or but nor of with from than as is are was were has have its their our who"
CUT_BEHIND = frozenset(_OPEN.split())

CONTENTS = frozenset({"contents", "tableofcontents", "onthispage"})
# Stands for the number of an area that the programme's questions do not hold.
UNKNOWN = "?"
JUDGMENTS = frozenset({"ourjudgments", "ourjudgements"})
# Labels that open a box of findings, by their letters, and labels that only end one.
PROGRESS = "national_recommendation_progress"
FINDING_LABELS: Mapping[str, str] = {
    **{title: kind for title, kind in BOX_TITLES.items() if kind in FINDING_BOXES},
    "progressonnationalrecommendation": PROGRESS,
    "progressonnationalrecommendations": PROGRESS,
}
OTHER_LABELS: Mapping[str, str] = {
    "mainfindings": "main_findings",
    "detailedfindings": "main_findings",
    "promisingpractice": "other",
    "promisingpractices": "other",
    "goodpractice": "other",
}
NUMBERED_LABEL = re.compile(r"^(?:detailed|main)findingsforquestion$")
# Sections of the overview and the end, which are no areas; whatever the list of contents names is one as well.
_OVERVIEW = (
    "overallsummary ourjudgments ourjudgements importantchangestopeel terminologyinthisreport hminspectorsobservations "
    "hminspectorssummary reducingcrimeassessment whatthismeans"
)
OVERVIEW_SECTIONS = frozenset(_OVERVIEW.split())
_OTHER = "performanceincontext forceincontext aboutthedata aboutus annexa annexaaboutthedata nextsteps glossary"
OTHER_SECTIONS = frozenset(_OTHER.split())
LONGEST_LABEL, LONGEST_HEADING, LONGEST_TITLE, MOST_LINES = 60, 80, 260, 3
# Lists inside lists: no report has more, and a text that has must not make the depth of a call.
DEEPEST = 4
# The matrix stands near the beginning of the text, and holds more than one section's heading and grade do.
MOST_BEFORE_MATRIX, FEWEST_CELLS = 150, 3
# A text whose lines are mostly longer than this was never wrapped: a line is a paragraph.
LONG_LINE = 130
# A line that is this much shorter than most ends a paragraph.
LEAST_ROOM = 15


@dataclass(frozen=True)
class Area:
    """An area that the programme of a report judges. ``number`` is its question_id without the programme;
    ``heading`` and ``names`` in letters; ``within`` is the heading of the section that its own heading stands in."""

    number: str
    question: Question
    heading: str
    names: frozenset[str]
    within: str | None


@cache
def areas_of(programme_id: str) -> tuple[Area, ...]:
    """The areas of a programme, of all its pillars, from the dimension ``questions``."""
    found = []
    for row in load("questions"):
        if row["programme_id"] != programme_id:
            continue
        number = row["question_id"].removeprefix(f"{programme_id}-")
        *above, heading = (part.strip() for part in (row["section_heading"] or row["question"]).split(">"))
        names = frozenset(letters(name) for name in (heading, row["question"]) if name)
        is_graded = {"true": True, "false": False}.get(row["is_graded"])
        question = Question(row["question_id"], number, row["question"] or heading, is_graded, row["scale_id"] or None)
        found.append(Area(number, question, letters(heading), names, letters(above[0]) if above else None))
    return tuple(found)


# --- lines ----------------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """A line that holds something.

    ``raw``: with its tabs and blanks; ``text``: without them and marks of Markdown; ``gap``: more blank lines stand
    before it than between the lines of one paragraph; ``strong``: all of it is marked as a heading or as bold;
    ``sign``: its bullet, "1" or "a" for a numbered item; ``kind``: "" for prose.
    """

    number: int
    raw: str
    text: str
    gap: bool
    strong: bool
    sign: str = ""
    indent: int = 0
    kind: str = ""


def _lines(report: Report) -> list[Line]:
    found: list[Line] = []
    blanks: list[int] = []
    empty = 0
    lone = ("", 0)
    for number, printed, line in _unmarked(report):
        text = BLANKS.sub(" ", without_emphasis(HEADING_MARK.sub("", BREAK.sub(" ", line).strip()))).strip()
        if not text or RULE.match(text):
            empty += 1
            continue
        sign = _sign(line, text)
        if LONE_BULLET.match(text):
            lone = (text, sign[1])
            continue
        both = label_and_text(text)
        for each in both or (text,):
            # Trap: the text behind a label is no item of a list, whatever sign the label has.
            own = ("", 0) if both else sign if sign[0] else lone if lone[0] else sign
            found.append(Line(number, line.replace("\f", ""), each, True, bool(STRONG.match(printed)), *own))
            blanks.append(empty)
        empty, lone = 0, ("", 0)
    usual = 0 if _is_whole(found) else _blanks_inside(found, blanks)
    for at, count in enumerate(blanks):
        found[at].gap = count > usual or (at > 0 and found[at].number == found[at - 1].number)
    return found


def _unmarked(report: Report) -> Iterator[tuple[int, str, str]]:
    """Lines with their number, as printed and without links and HTML. A break stays: it parts areas in a matrix."""
    printed = "\n".join(in_plain_characters(report).lines)
    plain = without_marks(printed, keep=("br",))
    for number, (one, other) in enumerate(zip(printed.split("\n"), plain.split("\n"), strict=True), start=1):
        # An entity may be a line end, too: it is undone when the lines are known.
        yield number, one, html.unescape(other).replace("\n", " ")


def _blanks_inside(lines: Sequence[Line], blanks: Sequence[int]) -> int:
    """Blank lines between the lines of one paragraph. Trap: a page end leaves some as well; only an extractor that adds
    them behind every line adds them in lists and tables, too."""
    usual = usual_blanks([line.text for line in lines], blanks)[0]
    fewer = sum(count < usual for count in blanks[1:])
    return 0 if fewer * 20 > len(lines) else usual


def _sign(line: str, text: str) -> tuple[str, int]:
    """The bullet or kind of number before an item, and how far the item is set in."""
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    if BULLET.match(text):
        return text[0], indent
    match = NUMBERED.match(text)
    return ("1" if match["number"] else "a", indent) if match else ("", indent)


def _unbulleted(text: str) -> str:
    return BULLET.sub("", NUMBERED.sub("", text, count=1), count=1)


# --- what a line is -------------------------------------------------------------------------------------------------


@dataclass
class _Sheet:
    """The work sheet: lines, and for each position its area and what was found. ``is_whole``: lines are paragraphs."""

    programme_id: str
    force_name: str
    lines: list[Line]
    areas: tuple[Area, ...]
    is_whole: bool
    width: int
    parts: list[Part] = field(default_factory=list)
    contents: frozenset[str] = frozenset()
    cells: list[Cell] = field(default_factory=list)

    def claim(self, first: int, last: int, kind: str, text: str | None = None, number: str | None = None) -> None:
        """Give lines (by position) a kind and note the part."""
        for line in self.lines[first : last + 1]:
            line.kind = kind
        text = " ".join(line.text for line in self.lines[first : last + 1]) if text is None else text
        self.parts.append(Part(kind, self.lines[first].number, self.lines[last].number, text, number))

    def next_prose(self, at: int) -> int:
        """The next position at or behind this one that is no page furniture; the length where there is none."""
        while at < len(self.lines) and self.lines[at].kind == "page_number":
            at += 1
        return at

    def may_begin(self, at: int) -> bool:
        """Whether something new may begin here: the line before is no open prose."""
        above = at - 1
        while above >= 0 and self.lines[above].kind == "page_number":
            above -= 1
        if above < 0 or self.lines[above].kind or self.is_whole or self.lines[at].gap:
            return True
        return is_closed(self.lines[above].text) or self.lines[above].strong


def _sheet(report: Report) -> _Sheet:
    lines = _lines(report)
    lengths = sorted(len(line.text) for line in lines if len(line.text) >= 50)
    width = lengths[len(lengths) // 2] if lengths else 80
    return _Sheet(report.programme_id, report.force_name, lines, areas_of(report.programme_id), _is_whole(lines), width)


def _is_whole(lines: Sequence[Line]) -> bool:
    """Whether lines are paragraphs: most of the prose stands on lines that no page is wide enough for."""
    long = sum(len(line.text) for line in lines if len(line.text) > LONG_LINE)
    return 2 * long > sum(len(line.text) for line in lines if len(line.text) >= 50)


def _label_of(text: str) -> str | None:
    """The kind of a label: a box of findings, main_findings or other; None where the text is none."""
    if len(text) > LONGEST_LABEL or not text[:1].isupper() or text[-1] in ".,;?!":
        return None
    key = label_key(text)
    if NUMBERED_LABEL.match(key):
        return "main_findings"
    return FINDING_LABELS.get(key) or OTHER_LABELS.get(key)


def _claim_furniture(sheet: _Sheet) -> None:
    """Page numbers, imprint, and the heads and feet of pages, which name the programme, the inspectorate or the force
    again and again."""
    heads = page_heads((line.text for line in sheet.lines if not line.sign), sheet.force_name)
    for at, line in enumerate(sheet.lines):
        if is_page_furniture(line.text, heads):
            sheet.claim(at, at, "page_number")
        elif len(line.text) <= 80 and IMPRINT.search(line.text):
            sheet.claim(at, at, "source_note")


def _claim_contents(sheet: _Sheet) -> int:
    """The list of contents, from its title to where its first entry stands again; the position behind it.

    Entries are remembered: a line in the text with the words of one is a section's heading.
    """
    lines = sheet.lines
    start = next((at for at, line in enumerate(lines) if letters(line.text) in CONTENTS and len(line.text) < 30), None)
    if start is None or start + 1 >= len(lines):
        return 0
    first = letters(lines[start + 1].text)
    # Trap: where the first heading is lost in the text its words may stand anywhere; a list of contents holds no prose.
    prose = (at for at in range(start + 1, len(lines)) if is_closed(lines[at].text) or len(lines[at].text) > LONG_LINE)
    again = (at for at in range(start + 2, next(prose, len(lines))) if letters(lines[at].text) == first)
    last = next(again, 0) - 1
    if last < 0:
        last = start
        while last + 1 < len(lines) and (PAGE_AT_END.search(lines[last + 1].text) or lines[last + 1].kind):
            last += 1
    numbered = any(PAGE_AT_END.search(line.text) for line in lines[start + 1 : last + 1])
    entries: set[str] = set()
    entry = ""
    for line in lines[start + 1 : last + 1]:
        entry += letters(_unbulleted(line.text))
        if not numbered or PAGE_AT_END.search(line.text):
            entries.add(entry)
            entry = ""
    labels = FINDING_LABELS.keys() | OTHER_LABELS.keys()
    # Trap: some lists name the titles of findings, too, which are sentences and no sections.
    sentence = ("theforce", letters(sheet.force_name))
    sheet.contents = frozenset(
        entry for entry in entries - labels if 5 <= len(entry) <= LONGEST_HEADING and not entry.startswith(sentence)
    )
    sheet.claim(start, last, "contents", "Contents")
    return last + 1


def _claim_titles(sheet: _Sheet) -> None:
    """Headings of areas and of other sections, labels, and the grade below an area's heading."""
    areas = {name: area for area in sheet.areas for name in area.names}
    others = sheet.contents | OVERVIEW_SECTIONS | OTHER_SECTIONS | {area.within for area in sheet.areas if area.within}
    titles = areas.keys() | {title for title in others if title}
    ends = {
        at: last
        for at, line in enumerate(sheet.lines)
        if not line.kind and _heading(line)[0].isupper() and (last := _title_end(sheet, at, titles)) is not None
    }
    keys = {at: letters(" ".join(line.text for line in sheet.lines[at : last + 1])) for at, last in ends.items()}
    # Trap: a title in another section may have the words of an area's heading, which has a grade below it.
    graded = {keys[at] for at, last in ends.items() if _grade_at(sheet, sheet.next_prose(last + 1))}
    at, in_sections = 0, False
    while at < len(sheet.lines):
        line = sheet.lines[at]
        last, area = ends.get(at), areas.get(keys.get(at, ""))
        certain = last is not None and (keys[at] not in graded and not BULLET.match(line.text))
        if last is not None and (certain or _grade_at(sheet, sheet.next_prose(last + 1))):
            sheet.claim(at, last, "core_question" if area else "section", None, area.number if area else None)
            in_sections = in_sections or area is not None
            at = _claim_grade(sheet, last, area)
        elif not line.kind and (label := _label_of(_heading(line))) and sheet.may_begin(at):
            sheet.claim(at, at, "box_title" if label != "main_findings" else "sub_heading")
        elif not line.kind and (known := _graded_heading(sheet, at, areas)):
            at = known
        elif in_sections and not line.kind and sheet.may_begin(at) and (stray := _grade_at(sheet, at)):
            # Its heading is lost: what follows is no longer of the section above.
            sheet.claim(at, stray[0], "stray_grade", stray[1])
            at = stray[0]
        at += 1


def _heading(line: Line) -> str:
    """The text of a line without the number or bullet that a heading may have."""
    return HEADING_NUMBER.sub("", BULLET.sub("", line.text), count=1)


def _title_end(sheet: _Sheet, at: int, titles: frozenset[str] | set[str]) -> int | None:
    """The last position of the title that begins here and fills whole lines; None where none does.

    Trap: prose may name a section in the middle of a sentence ("in the section 'Investigating crime' ..."): a title
    ends without a stop, and no small letter follows it.
    """
    if len(sheet.lines[at].text) > 120:
        return None
    key, best = "", None
    for last in range(at, min(at + MOST_LINES, len(sheet.lines))):
        text = sheet.lines[last].text
        if sheet.lines[last].kind or len(text) > 120:
            break
        key += letters(text)
        after = sheet.lines[last + 1].text if last + 1 < len(sheet.lines) else ""
        if key in titles and text[-1] not in ".,:;!?'’\"”" and not after[:1].islower():
            best = last
    # Where blank lines are lost a caption may stand right above; a grade right below proves the heading.
    if best is None or sheet.may_begin(at) or _grade_at(sheet, sheet.next_prose(best + 1)):
        return best
    return None


def _grade_at(sheet: _Sheet, at: int) -> tuple[int, str] | None:
    """The last position of the grade that stands here alone, also over two lines, and the grade; None where none."""
    text = ""
    for last in range(at, min(at + 2, len(sheet.lines))):
        if sheet.lines[last].kind:
            return None
        text = f"{text} {sheet.lines[last].text}".strip()
        grade = BEHIND_GRADE.sub("", BEFORE_GRADE.sub("", text, count=1), count=1)
        if len(text) <= LONGEST_LABEL and grade.lower() in GRADE_WORDS:
            return last, grade
    return None


def _claim_grade(sheet: _Sheet, last: int, area: Area | None) -> int:
    """The grade below an area's heading; gives the last position claimed."""
    below = sheet.next_prose(last + 1)
    found = _grade_at(sheet, below)
    if found is None:
        return last
    sheet.claim(below, found[0], "grade", found[1], area.number if area else UNKNOWN)
    return found[0]


def _graded_heading(sheet: _Sheet, at: int, areas: Mapping[str, Area]) -> int | None:
    """A heading with its grade on the same line, or one that no question is known for with a grade below it: the last
    position claimed; None where neither stands here."""
    line = sheet.lines[at]
    text = _heading(line)
    if len(text) > 120 or line.sign not in ("", "1") or not text[0].isupper() or not sheet.may_begin(at):
        return None
    if behind := grade_behind(text, areas):
        heading, grade = behind
        sheet.claim(at, at, "core_question", heading, areas[letters(heading)].number)
        sheet.parts.append(Part("grade", line.number, line.number, grade, areas[letters(heading)].number))
        return at
    below = sheet.next_prose(at + 1)
    if is_closed(line.text) or line.text[-1] in ":;,":
        return None
    found = _grade_at(sheet, below) if below < len(sheet.lines) else None
    if found is None or _grade_at(sheet, at) is not None:
        return None
    sheet.claim(at, at, "section", None, None)
    sheet.claim(below, found[0], "grade", found[1], UNKNOWN)
    return found[0]


# --- paragraphs -----------------------------------------------------------------------------------------------------


@dataclass
class Block:
    """Lines that make one paragraph, item of a list or title. ``part``: what claimed it, None for prose."""

    lines: list[Line]
    part: Part | None = None
    sign: str = ""
    is_title: bool = False

    def text(self, width: int) -> str:
        """The text mended, without its bullet."""
        return mend(self.pieces(), width).text

    def plain(self) -> str:
        """The lines as they stand, joined."""
        return " ".join(line.text for line in self.lines)

    def pieces(self) -> list[Piece]:
        """The lines, the first without its bullet."""
        first, *more = self.lines
        text = _unbulleted(first.text) if first.sign and self.sign else first.text
        return [Piece(first.number, text), *(Piece(line.number, line.text) for line in more)]


def _blocks(sheet: _Sheet) -> list[Block]:
    """The text in order: parts that were claimed, and between them paragraphs mended over page ends."""
    starts: dict[int, Part] = {}
    for part in sheet.parts:
        if part.kind in STANDING:
            # A heading may have its grade on its own line.
            starts.setdefault(part.line_start, part)
    blocks: list[Block] = []
    cut = False
    for line in sheet.lines:
        if line.kind:
            if claimed := starts.get(line.number):
                blocks.append(Block([line], claimed))
            cut = cut or line.kind == "page_number"
            continue
        above = blocks[-1] if blocks and blocks[-1].part is None else None
        if above is None or _begins(sheet, above, line, line.gap or cut):
            lost = above is not None and not line.sign and line.text[0].islower() and list_goes_on(_last(above))
            blocks.append(Block([line], None, line.sign or ("•" if lost else "")))
        else:
            above.lines.append(line)
        cut = False
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        block.is_title = block.part is None and _is_title(block, after, sheet)
    return blocks


STANDING = frozenset(
    {"core_question", "section", "box_title", "sub_heading", "grade", "stray_grade", "table_block", "contents"}
)


def _last(block: Block) -> str:
    return block.lines[-1].text


def _begins(sheet: _Sheet, above: Block, line: Line, gap: bool) -> bool:
    """Whether a new block begins with this line. Trap: a page end may cut a paragraph before a word with a capital."""
    before = _last(above)
    if line.sign and (line.sign not in "–-" or is_closed(before) or list_goes_on(before) or gap):
        return True
    if not (gap or sheet.is_whole):
        if line.strong or above.lines[-1].strong:
            return True
        # Blank lines between paragraphs may be lost: a paragraph or title ends where the next word had room enough.
        ended = is_closed(before) and line.text[0].isupper() and len(before) < sheet.width - LEAST_ROOM
        return ended or not (is_closed(before) or goes_on(before, line.text, False, sheet.width))
    if list_goes_on(before):
        return True
    if is_closed(before) or line.strong:
        return True
    if line.text[0].islower():
        return False
    if before[-1] in ",–-" or before.rsplit(" ", 1)[-1].lower() in CUT_BEHIND:
        return False
    whole = sum(len(each.text) for each in above.lines)
    return bool(above.sign) or whole <= LONGEST_TITLE


def _is_title(block: Block, after: Block | None, sheet: _Sheet) -> bool:
    """Whether the block is a title: no item, no full stop, a paragraph below it."""
    text = block.text(sheet.width)
    if block.sign or not (text[0].isupper() or text[0].isdigit() or text[0] in "'‘“\"") or len(text) > LONGEST_TITLE:
        return False
    if after is None or after.part is not None:
        return False
    if all(line.strong for line in block.lines):
        return True
    return not is_closed(text) and not list_goes_on(text) and not after.sign


# --- outline --------------------------------------------------------------------------------------------------------


def outline_of_integrated_report(report: Report) -> Outline:
    """The outline of a report of this family: parts, boxes of findings, and sentences with area and place.

    Sentences of the overview and of the paragraphs right below an area's grade have the place "summary".
    """
    return layout_of(report).outline


@dataclass(frozen=True)
class Layout:
    """The outline, the cells of the matrix, and the text cut at its headings and labels. ``is_dense``: lines are broken
    and no blank lines stand between paragraphs, so that only the length of lines tells where one ends."""

    outline: Outline
    cells: tuple[Cell, ...]
    stretches: tuple["Stretch", ...]
    is_dense: bool


def layout_of(report: Report) -> Layout:
    """What stands where in the report."""
    sheet = _sheet(report)
    _claim_furniture(sheet)
    body = _claim_contents(sheet)
    _claim_matrix(sheet, body)
    _claim_titles(sheet)
    stretches = list(_stretches(sheet))
    outline = Outline(
        captions=(),
        annex_start=len(report.lines) + 1,
        line_count=len(report.lines),
        parts=tuple(sorted(sheet.parts, key=lambda part: (part.line_start, part.line_end, part.kind))),
        questions=tuple(sorted(_questions(sheet).items())),
        boxes=tuple(_boxes(sheet, stretches)),
        sentences=tuple(sentence for stretch in stretches for sentence in _sentences(sheet, stretch)),
    )
    is_dense = not sheet.is_whole and sum(line.gap for line in sheet.lines) * 20 < len(sheet.lines)
    return Layout(outline, tuple(sheet.cells), tuple(stretches), is_dense)


def _claim_matrix(sheet: _Sheet, body: int) -> None:
    """The matrix below "Our judgments", or below a line with two grades or more where that heading is lost."""
    names = {name for area in sheet.areas for name in area.names}
    others = (OVERVIEW_SECTIONS | OTHER_SECTIONS | sheet.contents) - JUDGMENTS - names - {"overallsummary"}
    lines = sheet.lines
    heading = next((at for at in range(body, len(lines)) if _is_judgments_heading(lines[at])), None)
    least = 2 if heading is None else 1
    first = None
    for at in range(body if heading is None else heading + 1, min(len(lines), body + MOST_BEFORE_MATRIX)):
        pieces = pieces_of(lines[at].number, lines[at].raw, names)
        if heading is not None and letters(lines[at].text) in others:
            break
        named = heading is not None and any(_names_area(each.text, names) for each in pieces)
        if named or has_grades(pieces) >= least:
            first = at
            break
    if first is None:
        return
    last = end = first
    while end < len(lines) and _may_be_cells(lines[end], names) and letters(lines[end].text) not in others:
        pieces = pieces_of(lines[end].number, lines[end].raw, names)
        set_apart = len(pieces) > 1 or lines[end].raw.startswith(("\t", "    ", "|"))
        named = any(_names_area(each.text, names) for each in pieces)
        if set_apart or named or has_grades(pieces) or _joins(lines, end, names):
            last = end
        end += 1
    inside = [line for line in lines[first : last + 1] if line.kind != "page_number"]
    cells = read_matrix([(line.number, line.raw) for line in inside], names, grades_best_to_worst(sheet.programme_id))
    if len(cells) >= FEWEST_CELLS:
        sheet.cells = cells
        sheet.claim(first, last, "table_block", "Our judgments")


def _names_area(text: str, names: Collection[str]) -> bool:
    return letters(text) in names or grade_behind(text, names) is not None


def _is_judgments_heading(line: Line) -> bool:
    return len(line.text) < 40 and letters(line.text) in JUDGMENTS


def _may_be_cells(line: Line, names: Collection[str]) -> bool:
    """Whether a line may belong to the matrix: it is no prose."""
    if line.kind == "page_number" or line.raw.lstrip().startswith("|"):
        return True
    return (
        not line.kind
        and line.text[-1] not in ".:;!?"
        and all(len(piece.text) <= LONGEST_CELL for piece in pieces_of(line.number, line.raw, names))
    )


def _joins(lines: Sequence[Line], at: int, names: Collection[str]) -> bool:
    """Whether this line ends the name of an area that began on one of the lines above."""
    key = letters(lines[at].text)
    for above in range(at - 1, max(at - MOST_LINES, -1), -1):
        key = letters(lines[above].text) + key
        if key in names:
            return True
    return False


def _questions(sheet: _Sheet) -> dict[str, str]:
    """The heading of each area's section, as printed."""
    found: dict[str, str] = {}
    for part in sheet.parts:
        if part.kind == "core_question" and part.question_no:
            found.setdefault(part.question_no, part.text)
    return found


@dataclass
class Stretch:
    """What stands between two headings or labels. ``kind``: of the box it is, "intro" below an area's heading, else
    "body"; ``number``: the area; ``place`` as in ``Sentence``; ``is_closed``: its end is known, since another label
    follows in its section, and "Main findings" did not stand above it."""

    kind: str
    number: str | None
    place: str
    title: Part | None
    blocks: list[Block] = field(default_factory=list)
    is_closed: bool = False


def _stretches(sheet: _Sheet) -> Iterator[Stretch]:
    """The text cut at headings of sections and at labels."""
    own = {area.heading: area.number for area in sheet.areas if not area.within}
    # Headings that stand inside a section, and the area of that section.
    inside = {area.heading: own.get(area.within) for area in sheet.areas if area.within}
    found: list[Stretch] = [Stretch("title", None, "body", None)]
    section: str | None = None
    labelled = in_prose = False
    for block in _blocks(sheet):
        part = block.part
        if part is None:
            found[-1].blocks.append(block)
        elif part.kind == "core_question":
            # The labels behind a heading inside a section belong to that section, unless it had its labels already.
            if labelled or section is None or inside.get(letters(part.text)) != section:
                section, labelled, in_prose = part.question_no, False, False
            found.append(Stretch("intro", part.question_no, "summary", part))
        elif part.kind in ("section", "contents", "stray_grade"):
            section, labelled, in_prose = None, False, False
            overview = letters(part.text) in OVERVIEW_SECTIONS
            found.append(Stretch("body", None, "summary" if overview else "body", part))
        elif part.kind in ("box_title", "sub_heading"):
            label = _label_of(part.text) or "other"
            found[-1].is_closed = not in_prose
            labelled, in_prose = True, in_prose or label == "main_findings"
            place = "body" if label == "main_findings" else "box"
            found.append(Stretch(label, section, place, part))
    yield from found[1:] if len(found) > 1 else found


def _sentences(sheet: _Sheet, stretch: Stretch) -> Iterator[Sentence]:
    heading = stretch.title.text if stretch.title else None
    for block in stretch.blocks:
        if block.is_title:
            text = block.text(sheet.width)
            if not CAPTION.search(text):
                heading = text
            if not is_closed(text):
                continue
        yield from sentences(block.pieces(), Context(stretch.number, stretch.place, heading), sheet.width)


# --- boxes of findings ----------------------------------------------------------------------------------------------


@dataclass
class _Item:
    """A finding or an item of its list while it is put together."""

    pieces: list[Piece]
    sign: str = ""
    indent: int = 0
    items: list["_Item"] = field(default_factory=list)

    def frozen(self, width: int) -> BoxItem:
        """The item with the lines it spans, those below it included."""
        below = tuple(item.frozen(width) for item in self.items)
        lines = [piece.line for piece in self.pieces] + [item.line_end for item in below]
        return BoxItem(mend(self.pieces, width).text, min(lines), max(lines), below)


def _boxes(sheet: _Sheet, stretches: Sequence[Stretch]) -> Iterator[Box]:
    """One box per label, in order; a label that opens no box of findings gives one without items."""
    for stretch in stretches:
        if stretch.title is None or stretch.title.kind not in ("box_title", "sub_heading"):
            continue
        items: list[_Item] = []
        if stretch.kind in FINDING_LABELS.values():
            items = _items(sheet, stretch)
        frozen = tuple(item.frozen(sheet.width) for item in items)
        last = max([stretch.title.line_end, *(item.line_end for item in frozen)])
        yield Box(stretch.kind, stretch.title.text, stretch.number, stretch.title.line_start, last, frozen)


def _items(sheet: _Sheet, stretch: Stretch) -> list[_Item]:
    """The findings of a box, with the bullets below them."""
    items: list[_Item] = []
    opens_with_list = bool(stretch.blocks) and bool(stretch.blocks[0].sign)
    for block in stretch.blocks:
        pieces = block.pieces()
        if block.sign:
            _add_item(items, _Item(pieces, block.sign, block.lines[0].indent))
            continue
        if items and opens_with_list:
            break
        if not items or _is_next(sheet, stretch, block, items[-1]):
            items.append(_Item(pieces))
        elif block.is_title:
            break
        else:
            items[-1].pieces += pieces
    return items


def _is_next(sheet: _Sheet, stretch: Stretch, block: Block, above: _Item) -> bool:
    """Whether a paragraph begins the next finding of its box."""
    if block.is_title:
        return stretch.is_closed
    return _is_next_recommendation(stretch, block, above) or _is_next_of_many(sheet, stretch, block)


def _is_next_recommendation(stretch: Stretch, block: Block, above: _Item) -> bool:
    """Whether a paragraph begins the next recommendation: it says what must be done, and the one above is complete."""
    if stretch.kind != "recommendation":
        return False
    complete = bool(above.items) or is_closed(above.pieces[-1].text)
    return complete and bool(MUST.search(block.lines[0].text))


def _is_next_of_many(sheet: _Sheet, stretch: Stretch, block: Block) -> bool:
    """Whether a paragraph below "Areas for improvement" is the next one: it and the first are one sentence each that
    says what the force should do."""
    if stretch.title is None or letters(stretch.title.text) not in SEVERAL:
        return False
    return all(ONE_DUTY.match(each.text(sheet.width)) for each in (stretch.blocks[0], block))


def _add_item(items: list[_Item], item: _Item) -> None:
    """Put an item of a list where it belongs: below the text above it, beside an item like it, or below an item of
    another kind, or set in less, or ending with a colon; then up to the item that ends with a full stop."""
    if not items:
        items.append(item)
        return
    path = [items[-1]]
    while path[-1].items:
        path.append(path[-1].items[-1])
    for depth in range(len(path) - 1, -1, -1):
        above = path[depth]
        parent = path[depth - 1] if depth else None
        if _is_like(above, item):
            if above.pieces[-1].text.endswith(":") and not above.items and depth < DEEPEST:
                above.items.append(item)
                return
            if parent and _is_like(parent, item) and is_closed(above.pieces[-1].text):
                continue
            (parent.items if parent else items).append(item)
            return
        known = any(_is_like(other, item) for other in path[:depth])
        if not above.sign or (depth < DEEPEST and (item.indent >= above.indent + 2 or not known)):
            above.items.append(item)
            return


def _is_like(one: _Item, other: _Item) -> bool:
    """Whether two items have the same bullet and are set in alike. Trap: a page begins with one blank."""
    return one.sign == other.sign and abs(one.indent - other.indent) < 2
