"""PEEL pages on one pillar as taken from the web (2014, 2015): question headings, prose, findings under their titles.

The shape: force and programme on the first line, the pillar on the second, the pillar's own question on the third; then
each question as a heading, with prose and, behind it, areas for improvement, causes of concern and recommendations
under titles of their own. Nothing is numbered and nothing is a table. A paragraph stands on one line, but a text may be
wrapped; marks of Markdown or HTML may stand in it; bullets and blank lines come and go.

Belongs here: what each line of such a page is. Does not belong here: how a sentence states a judgment
(``extract.stated_judgments``).
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.extract.findings import finding_rows
from pipelines.extract.stated_judgments import stated_judgment_rows, subject_words
from pipelines.extract.statistics import read_statistics, statistics_rows
from pipelines.families import Contents
from pipelines.issues import Issue
from pipelines.markup import (
    HEADING_MARK,
    LONE_BULLET,
    OUGHT,
    RULE,
    hyphen_issues,
    is_page_furniture,
    label_and_text,
    label_issues,
    label_key,
    page_heads,
    without_emphasis,
    without_marks,
)
from pipelines.questions import questions_of
from pipelines.reports import Report
from pipelines.schema import PILLARS
from pipelines.sentences import (
    BULLET,
    OPEN_WORDS,
    Context,
    Piece,
    Sentence,
    goes_on,
    is_closed,
    list_goes_on,
    mend,
    sentences,
    unbulleted,
)
from pipelines.structure import (
    BEHIND_GRADE,
    BOX_TITLES,
    FINDING_BOXES,
    GRADE_WORDS,
    SHOULD,
    Box,
    BoxItem,
    Outline,
    Part,
    in_plain_characters,
)
from pipelines.vocabulary import letters

# A bullet that lost the blank behind it ("•The force"), or one that only Markdown knows ("+ The force").
BARE_BULLET = re.compile(r"^(?:[•●▪■◦‣∙\uf0b7\uf0a7]\s*|\+\s+)(?=\S)")

# The number of an item; only where the text above is complete, since "16. Then" may be the end of a sentence.
ITEM_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.)]\s+(?=[A-Za-z])")

# The title and the pillar ("Kent PEEL 2015", "Effectiveness") are the first lines (``programmes``).
TITLE = re.compile(r"\bPEEL 20\d\d\b")
TITLE_LINES = 4
QUESTION_NUMBER = re.compile(r"^(?:Question )?\d{1,2}[.):]\s+")
# The mark of a footnote behind a question: "victims?3", "victims?[3]".
MARK_BEHIND_QUESTION = re.compile(r"(?<=\?)(?:\s?\[\d{1,2}\]|\d{1,2})$")
ASKS = re.compile(r"^(?:How|To what extent)\b")
# What a programme asks. Trap: "How is this done?" inside prose.
QUESTION_OF_A_PROGRAMME = re.compile(
    r"^(?:To what extent\b|How (?!(?:is|are|do|does|did|has|have|can|could|should|will|would)\b)[a-z]+ )"
)
# The question of a whole pillar, of which the others are parts.
PILLAR_QUESTION = re.compile(r"^How (?P<how>[a-z]+) is the force at keeping people safe and reducing crime\?$")
# "effective" and "effectiveness", "efficient" and "efficiency", "legitimate" and "legitimacy" begin alike.
SAME_BEGINNING = 6
MOST_LINES_OF_A_QUESTION = 4
# "Overall judgment: Good", "Good".
LABEL_NAME = re.compile(r"^(?:(?:overall )?(?:judge?ment|grade)|summary of findings)\s*[:–-]?\s*", re.IGNORECASE)
LONGEST_HEADING = 62
# In a wrapped text a line break is meant if the next word would have had room, with this much to spare.
TO_SPARE = 8
# Where no line is wrapped, any word would have had room.
UNWRAPPED = 1_000_000

HEADINGS = frozenset({"title", "pillar_question", "core_question", "summary_question", "section", "sub_heading"})


def read_pillar_web_page(report: Report) -> Contents:
    """Judgments, findings and figures of a page."""
    outline = outline_of_web_page(report)
    judgments, judgment_issues = stated_judgment_rows(report, outline)
    findings, finding_issues = finding_rows(report, outline)
    statistics, doubts = statistics_rows(report, read_statistics(report, outline, boxes=True))
    unread = (*label_issues(report), *hyphen_issues(report, outline.boxes))
    issues = (*judgment_issues, *finding_issues, *doubts, *_unplaced(report, outline), *unread)
    return Contents({"judgments": judgments, "findings": findings, "statistics": statistics}, issues)


def outline_of_web_page(report: Report) -> Outline:
    """The outline of a page: questions, labels of grades, boxes of findings, and its sentences.

    Parts are core_question, summary_question (a question of a list before the sections), section (a question that the
    programme is not known to ask: what stands below it has no question), sub_heading, box_title, grade and other_pillar
    (where the page of another pillar begins, which is not read).
    """
    page = _Page(report)
    blocks = page.blocks()
    boxes = tuple(_boxes(blocks, page.width))
    parts = [block.part() for block in blocks if block.kind not in ("paragraph", "bullet")]
    asked = {part.question_no: part.text for part in parts if part.kind == "summary_question" and part.question_no}
    asked |= {part.question_no: part.text for part in parts if part.kind == "core_question" and part.question_no}
    return Outline(
        captions=(),
        annex_start=len(report.lines) + 1,
        line_count=len(report.lines),
        parts=tuple(parts),
        questions=tuple(sorted(asked.items())),
        boxes=boxes,
        sentences=tuple(_sentences(blocks, page.width)),
    )


# --- lines ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A line that holds something, without its marks and bullet. ``blanks``: empty lines before it."""

    number: int
    text: str
    bulleted: bool
    blanks: int


def _filled_lines(report: Report) -> Iterator[_Line]:
    lines = [
        # An entity may be a line end, too: it is undone when the lines are known.
        " ".join(HEADING_MARK.sub("", html.unescape(line).strip()).split())
        for line in without_marks("\n".join(in_plain_characters(report).lines)).split("\n")
    ]
    heads = page_heads(lines, report.force_name)
    opening = [without_emphasis(line) for line in lines if line][:TITLE_LINES]
    titles = frozenset(letters(line) for line in opening if TITLE.search(line))
    blanks, above, lone, filled = 0, "", "", 0
    for number, text in enumerate(lines, start=1):
        if not text or RULE.match(text):
            blanks += 1
            continue
        filled += 1
        if filled > len(opening) and is_page_furniture(without_emphasis(text), heads | titles):
            # A page end says nothing of paragraphs.
            blanks = 0
            continue
        if LONE_BULLET.match(text):
            lone = "• "
            continue
        text, lone = lone + BARE_BULLET.sub("• ", MARK_BEHIND_QUESTION.sub("", text)), ""
        if ITEM_NUMBER.match(text) and not ASKS.match(ITEM_NUMBER.sub("", text)) and _is_complete(above):
            text = ITEM_NUMBER.sub("• ", text)
        bulleted = bool(BULLET.match(text))
        if both := label_and_text(without_emphasis(text)):
            yield _Line(number, both[0], False, blanks)
            bulleted, text, blanks = False, both[1], 1
        yield _Line(number, without_emphasis(unbulleted(text) if bulleted else text), bulleted, blanks)
        blanks, above = 0, text


def _is_complete(text: str) -> bool:
    return is_closed(text) or list_goes_on(text) or letters(text) in BOX_TITLES


# --- blocks ---------------------------------------------------------------------------------------------------------


@dataclass
class _Block:
    """A heading, label, paragraph or bullet: lines that belong together. ``place`` is that of its sentences."""

    kind: str
    pieces: list[Piece]
    question_no: str | None = None
    heading: str | None = None
    place: str = "body"

    def text(self, width: int = 0) -> str:
        return mend(self.pieces, width).text

    def part(self) -> Part:
        return Part(self.kind, self.pieces[0].line, self.pieces[-1].line, self.text(), self.question_no)


class _Page:
    """The lines of a page and how they are set. ``width``: the longest line that was wrapped; 0 where none is."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.lines = tuple(_filled_lines(report))
        wraps = [
            (above, line)
            for above, line in zip(self.lines, self.lines[1:], strict=False)
            if line.text[0].islower() and not line.bulleted and not is_closed(above.text) and above.text[-1] not in ":;"
        ]
        wrapped = len(wraps) * 5 >= len(self.lines)
        self.width = max(len(above.text) for above, _ in wraps) if wrapped and wraps else 0
        # Blank lines that stand between most lines of one sentence say nothing.
        self.usual = Counter(line.blanks for _, line in wraps).most_common(1)[0][0] if wrapped and wraps else 0
        self.known = {
            subject_words(question.text, report): question.number
            for question in questions_of(report.programme_id, report.pillar)
            if question.text
        }

    def is_meant(self, at: int) -> bool:
        """Whether the line break before a line was meant, so that something new may begin with it."""
        if at == 0 or not self.width or self.lines[at].blanks > self.usual or self.lines[at].bulleted:
            return True
        needed = len(self.lines[at - 1].text) + 1 + len(self.lines[at].text.split(" ", 1)[0])
        return needed + TO_SPARE <= self.width

    def blocks(self) -> list[_Block]:
        """Everything on the page in order."""
        blocks: list[_Block] = []
        at = 0
        unbulleted_box = False
        while at < len(self.lines):
            last, block = self._heading_at(at, blocks) or (at, None)
            if block is None and (blocks and not self._begins(at, blocks[-1], unbulleted_box)):
                blocks[-1].pieces.append(self._piece(at))
            else:
                blocks.append(block or _Block("bullet" if self.lines[at].bulleted else "paragraph", [self._piece(at)]))
                kind = blocks[-1].kind
                unbulleted_box = kind == "box_title" or (unbulleted_box and kind == "paragraph")
            at = last + 1
        return _with_context(self._of_this_pillar(blocks))

    def _of_this_pillar(self, blocks: list[_Block]) -> list[_Block]:
        """The blocks up to where, behind the last question, the page of another pillar begins."""
        last = max((at for at, block in enumerate(blocks) if block.kind == "core_question"), default=len(blocks))
        for at in range(last + 1, len(blocks)):
            asked = PILLAR_QUESTION.match(QUESTION_NUMBER.sub("", blocks[at].text()))
            if asked and asked["how"][:SAME_BEGINNING] != (self.report.pillar or "")[:SAME_BEGINNING]:
                blocks[at].kind = "other_pillar"
                return blocks[: at + 1]
        return blocks

    def _piece(self, at: int) -> Piece:
        return Piece(self.lines[at].number, self.lines[at].text, self.lines[at].blanks > self.usual)

    def _begins(self, at: int, above: _Block, unbulleted_box: bool) -> bool:
        """Whether a paragraph or bullet begins with this line, rather than going on with what stands above. In a box
        whose bullets are lost, words tell where the line break does not."""
        line, before = self.lines[at], _end_of(above.pieces)
        if line.bulleted or above.kind not in ("paragraph", "bullet"):
            return True
        # What wrapping left of "...; and".
        if line.text in ("and", "or"):
            return False
        if not self.is_meant(at):
            return unbulleted_box and (list_goes_on(before) or (is_closed(before) and bool(SHOULD.match(line.text))))
        return is_closed(before) or list_goes_on(before) or not self._goes_on(before, at)

    def _goes_on(self, before: str, at: int) -> bool:
        return goes_on(before, self.lines[at].text, True, self.width or UNWRAPPED)

    def _heading_at(self, at: int, above: Sequence[_Block]) -> tuple[int, _Block] | None:
        """The last position of the heading or label that begins here, and its block; None where none does."""
        line = self.lines[at]
        label = self._label_at(at, above)
        if label:
            return label
        if line.bulleted or not line.text[0].isalnum() or not self._may_head(at, above):
            return None
        if at < TITLE_LINES and (TITLE.search(line.text) or line.text.lower() in PILLARS):
            return at, _Block("title", [self._piece(at)])
        if BOX_TITLES.get(label_key(line.text)) in FINDING_BOXES:
            return at, _Block("box_title", [self._piece(at)])
        return self._question_at(at) or self._sub_heading_at(at)

    def _may_head(self, at: int, above: Sequence[_Block]) -> bool:
        """Whether nothing above waits for more."""
        if not above or above[-1].kind not in ("paragraph", "bullet"):
            return True
        before, below = above[-1].pieces[-1].text, self.lines[at + 1 : at + 2]
        resumes = bool(below) and not below[0].bulleted and below[0].text[0].islower()
        return is_closed(before) or (self.is_meant(at) and not resumes and not self._goes_on(before, at))

    def _label_at(self, at: int, above: Sequence[_Block]) -> tuple[int, _Block] | None:
        """A grade alone on its line, below a question or "Overall judgment"; it may be wrapped."""
        if not above or above[-1].kind not in ("core_question", "pillar_question", "sub_heading"):
            return None
        if above[-1].kind == "sub_heading" and not LABEL_NAME.fullmatch(above[-1].text()):
            return None
        for last in range(at, min(at + 2, len(self.lines))):
            text = " ".join(line.text for line in self.lines[at : last + 1])
            grade = BEHIND_GRADE.sub("", LABEL_NAME.sub("", text, count=1), count=1)
            if len(text) <= LONGEST_HEADING and grade.lower() in GRADE_WORDS and text[0].isupper():
                pieces = [self._piece(line) for line in range(at, last + 1)]
                return last, _Label("grade", pieces, grade=grade)
        return None

    def _question_at(self, at: int) -> tuple[int, _Block] | None:
        """A question that fills whole lines."""
        text = ""
        for last in range(at, min(at + MOST_LINES_OF_A_QUESTION, len(self.lines))):
            if last > at and self.lines[last].bulleted:
                return None
            text = f"{text} {self.lines[last].text}".strip()
            if not ASKS.match(QUESTION_NUMBER.sub("", text)) or (is_closed(text) and not text.endswith("?")):
                return None
            if text.endswith("?"):
                break
        else:
            return None
        if ". " in QUESTION_NUMBER.sub("", text):
            return None
        return self._question(text, [self._piece(line) for line in range(at, last + 1)], last)

    def _question(self, text: str, pieces: list[Piece], last: int) -> tuple[int, _Block] | None:
        asked = QUESTION_NUMBER.sub("", text)
        number = self.known.get(subject_words(asked, self.report))
        if number and number != "overall":
            return last, _Block("core_question", pieces, number)
        if number or PILLAR_QUESTION.match(asked):
            return last, _Block("pillar_question", pieces, number)
        if QUESTION_OF_A_PROGRAMME.match(asked) and "force" in asked.lower():
            return last, _Block("section", pieces)
        return None

    def _sub_heading_at(self, at: int) -> tuple[int, _Block] | None:
        """A short line with a capital and no stop, above a line that begins anew."""
        text = self.lines[at].text
        if len(text) > LONGEST_HEADING or text[-1] in ".,;:?!-–" or not text[0].isupper() or OUGHT.match(text):
            return None
        if not self.is_meant(at) or text.rsplit(" ", 1)[-1].lower() in OPEN_WORDS:
            return None
        if at + 1 == len(self.lines) or not self.is_meant(at + 1) or self.lines[at + 1].text[0].islower():
            return None
        return at, _Block("sub_heading", [self._piece(at)])


def _end_of(pieces: Sequence[Piece]) -> str:
    """The end of a text, long enough to see "; and" where wrapping left "and" a line of its own."""
    return " ".join(piece.text for piece in pieces[-2:])


@dataclass
class _Label(_Block):
    """The label of a grade; its part says the grade alone."""

    grade: str = ""

    def part(self) -> Part:
        return Part(self.kind, self.pieces[0].line, self.pieces[-1].line, self.grade, self.question_no)


def _with_context(blocks: list[_Block]) -> list[_Block]:
    """The blocks with the question and heading they stand below. A known question with nothing but a label below it is
    one of a list if it is asked again."""
    below, again = "", set()
    for block in reversed(blocks):
        if block.kind == "core_question":
            if below in HEADINGS and block.question_no in again:
                block.kind = "summary_question"
            again.add(block.question_no)
        below = below if block.kind == "grade" else block.kind
    current, heading, place = None, None, "summary"
    for block in blocks:
        if block.kind in ("core_question", "summary_question", "pillar_question", "section"):
            current = block.question_no
            place = "summary" if block.kind in ("pillar_question", "summary_question") else "body"
        if block.kind in HEADINGS or block.kind == "box_title":
            heading = block.text()
        block.question_no, block.heading, block.place = current, heading, place
    return blocks


# --- boxes and sentences --------------------------------------------------------------------------------------------


@dataclass
class _Item:
    pieces: list[Piece]
    bulleted: bool
    items: list["_Item"] = field(default_factory=list)

    def frozen(self, width: int) -> BoxItem:
        """The item with the lines it spans, those below it included."""
        below = tuple(item.frozen(width) for item in self.items)
        lines = [piece.line for piece in self.pieces] + [item.line_end for item in below]
        return BoxItem(mend(self.pieces, width).text, min(lines), max(lines), below)


def _boxes(blocks: Sequence[_Block], width: int) -> Iterator[Box]:
    """The findings under their titles; the blocks that belong to one get the place "box"."""
    for order, block in enumerate(blocks):
        if block.kind != "box_title":
            continue
        kind = BOX_TITLES[label_key(block.text())]
        items: list[_Item] = []
        last = block
        for at in range(order + 1, len(blocks)):
            below = blocks[at]
            if below.kind not in ("paragraph", "bullet") or not _put(below, items, kind):
                break
            below.place, last = "box", below
        block.place = "box"
        frozen = tuple(item.frozen(width) for item in items)
        yield Box(kind, block.text(), block.question_no, block.pieces[0].line, last.pieces[-1].line, frozen)


def _put(block: _Block, items: list[_Item], kind: str) -> bool:
    """Put a paragraph or bullet where it belongs among the items of a box; False where the box has ended.

    An item that ends with a colon takes the bullets behind it below itself: all of them where it is no bullet itself,
    otherwise up to one that ends with a full stop. A paragraph behind ";" is a bullet that lost its mark. Any other
    paragraph goes on with a cause of concern, begins an area for improvement or recommendation if it says what ought to
    be done, and else is running text again.
    """
    parent = _open_list(items)
    new = _Item(list(block.pieces), block.kind == "bullet")
    if block.kind == "bullet" or not items:
        (parent.items if parent else items).append(new)
    elif parent and list_goes_on(_end_of((parent.items or [parent])[-1].pieces)):
        parent.items.append(new)
    elif kind in ("cause_of_concern", "innovative_practice"):
        items[-1].pieces += block.pieces
    elif OUGHT.match(block.text()):
        items.append(_Item(list(block.pieces), True))
    else:
        return False
    return True


def _open_list(items: Sequence[_Item]) -> _Item | None:
    """The item whose list of bullets is still open."""
    last = items[-1] if items else None
    if last is None:
        return None
    if not last.items:
        return last if last.pieces[-1].text.endswith(":") else None
    return last if not last.bulleted or not is_closed(last.items[-1].pieces[-1].text) else None


def _sentences(blocks: Iterable[_Block], width: int) -> Iterator[Sentence]:
    for block in blocks:
        if block.kind in ("paragraph", "bullet"):
            yield from sentences(block.pieces, Context(block.question_no, block.place, block.heading), width)


# --- what could not be placed ---------------------------------------------------------------------------------------


def _unplaced(report: Report, outline: Outline) -> Iterator[Issue]:
    """Notes on questions that the programme is not known to ask, and warnings of grades that stand below no question
    and of text behind the bullets of a box."""
    if not questions_of(report.programme_id, report.pillar):
        message = f"{report.source_file}: the questions of {report.programme_id} {report.pillar} are not known here"
        yield _issue(report, "question-known", "note", message)
    for part in outline.of_kind("section"):
        message = (
            f"{report.source_file}, line {part.line_start}: {report.programme_id} is not known to ask this question: "
            "its judgment is not published, and findings below it stand without a question"
        )
        yield _issue(report, "question-known", "note", message, part.line_start, part.line_end, part.text)
    for part in outline.of_kind("other_pillar"):
        message = (
            f"{report.source_file}, line {part.line_start}: the page of another pillar begins here: from here on "
            "nothing is read; put it into a file of its own"
        )
        yield _issue(report, "page-single", "warning", message, part.line_start, len(report.lines), part.text)
    for part in outline.of_kind("sub_heading"):
        if part.text.lower() in GRADE_WORDS:
            message = f"{report.source_file}, line {part.line_start}: a grade, but of no question: it is not published"
            yield _issue(report, "judgment-label", "warning", message, part.line_start, part.line_end, part.text)
    ends = {box.line_end: box for box in outline.boxes if box.items}
    for before, after in zip(outline.sentences, outline.sentences[1:], strict=False):
        box = ends.get(before.line_end)
        if box and before.place == "box" and after.place != "box" and after.heading == box.title:
            place = f"{report.source_file}, line {after.line_start}"
            message = f"{place}: taken for running text, not for a part of the box {box.title!r} above it"
            yield _issue(report, "finding-box", "warning", message, after.line_start, after.line_end)


def _issue(
    report: Report,
    check_id: str,
    severity: str,
    message: str,
    line_start: int | None = None,
    line_end: int | None = None,
    found: str | None = None,
) -> Issue:
    return Issue(
        check_id,
        severity,
        message,
        table_name="findings" if check_id == "finding-box" else "judgments",
        report_id=report.report_id,
        source_file=report.source_file,
        found=found,
        line_start=line_start,
        line_end=line_end,
    )
