"""Prose lines to sentences that remember their lines: mended across line ends, without footnote marks.

Belongs here: how lines join, where a sentence ends, what is a footnote mark. Does not belong here: which lines are
prose and which are furniture (``structure``), and what a sentence says (``extract``).

Footnote marks. A mark stuck to a word, bracket or quote (``police32``, ``(DASH)18``, ``4P22``) or to the stop behind
one (``difficulties,9``, ``2015.4``) is taken out; so is one stuck to a year (``201615``). ``20.6`` and names of fewer
than three letters (``i24``, ``SO15``) stay. A mark that stands alone (``programme. 24 We``) is taken out only where
the outline knows that the page's footnotes want it. Marks are taken out line by line, so the offsets of a sentence
stay right.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Each of these patterns begins with the digit of the mark, and looks back from there: found many times faster so.
# Marks behind a word of three letters or more, a bracket or a closing quote. Traps: "i24" and "SO15" are names; the
# "13" of "2013" has a digit before it; "4P22" is the name 4P with mark 22.
MARK_ON_WORD = re.compile(
    r"\d(?:(?:(?<=[^\W\d_]{3}\d)|(?<=\w[)\]’”]\d))\d?(?:,\s?\d{1,2})*|(?<=\b\d[A-Z]\d)\d?)(?=[\s.,;:?!)’”\"']|$)"
)
# Marks behind the stop of a sentence or clause. Traps: in "20.6" and "1,000" a digit stands before the stop; "No.1".
MARK_ON_STOP = re.compile(
    r"\d(?:(?<=[^\W\d_][.,;:?!]\d)|(?<=[)\]’”\"'][.,;:?!]\d))(?<!\b[Nn]o\.\d)\d?(?:,\s?\d{1,2})*(?=\s|$)"
)
# A year takes a stop and a mark ("2015.4"). Trap: no printed number has four digits and decimals without a comma.
MARK_ON_YEAR_STOP = re.compile(r"\d(?<=\b(?:19|20)\d\d[.,;:]\d)\d?(?=\s|$)")
# A mark stuck to a year ("30 June 201615"). Trap: "2015/16", "2014-15" and telephone or case numbers of more digits.
MARK_ON_YEAR = re.compile(r"\d(?<=\b(?:199|20[0-4])\d\d)\d?(?=[\s.,;:)]|$)(?![.,]\d)")
# What every mark has in common; spares most lines the patterns above.
MAY_BE_MARK = re.compile(r"[0-9](?:(?<=[^\W\d_][0-9])|(?<=[)\]’”\"'.,;:?!][0-9])|[0-9]{4})")
# A number that stands alone between words or behind a stop: a mark only if a footnote wants it.
LOOSE_NUMBER = re.compile(r"(?<=[.!?’”\w]) (\d{1,2})(?= [A-Za-z])")

# The end of a sentence, its closing quotes and brackets included. Trap: "20.6" (no blank behind the stop).
STOP = re.compile(r"[.!?][)\]’”\"']*(?=\s+[\"'‘“(\[]?[A-Z0-9£•])")
# Words with a stop that end no sentence; a single letter is an initial. Trap: "annex A. The" does end one.
_ABBREVIATIONS = "e.g. i.e. cf. vs. viz. approx. para. paras. Mr. Mrs. Ms. Dr."
ABBREVIATIONS = (*_ABBREVIATIONS.split(), " pp.", " St.")
INITIAL = re.compile(r"(?<!nnex )(?<!ection )(?<!art )(?<!ppendix )(?<!igure )\b[A-Z]\.$")
# A sentence that begins although the one before lost its stop: "the PNC It is in line". Trap: "slavery and It".
UNSTOPPED = re.compile(r" (?=(?:It|Its|This|These|They|However|Therefore|There) [a-z]{2})")
CLOSING = ")]’”\"'"
# The number of a list's item: "1. How effective is ...". Trap: "rose to 16. Then" ends a sentence.
ITEM_NUMBER = re.compile(r"(?:^|[.:;?!)]\s)\d{1,2}\.$")
# Words after which a sentence goes on, whatever letter the next line begins with.
_OPEN = (
    "a an and or but nor of in on at to for from by with as than the that this these those which who whose its their "
    "our his her is are was were be been has have had not no per under over between within into across about against "
    "during since through including also both each every any all some more most"
)
OPEN_WORDS = frozenset(_OPEN.split())
# Words that begin a sentence and seldom stand in the middle of one with a capital.
_FIRST = (
    "The It Its This These They However Therefore There In We For As At When Although Where If Of On Our Some Many "
    "Most Other Further Furthermore Additionally Nevertheless During Since After Before Due While"
)
FIRST_WORDS = frozenset(_FIRST.split())
DIGIT = re.compile(r"[0-9]")
WORD = re.compile(r"[^\W_]")
BULLET = re.compile(r"^[•●▪■◦‣∙·\uf0b7\uf0a7*o–-]\s+(?=\S)")


@dataclass(slots=True)
class Piece:
    """One line of prose. ``gap``: more blank lines than usual stand before it, or something that is no prose.
    ``item``: it begins an item of a list."""

    line: int
    text: str
    gap: bool = False
    item: bool = False


@dataclass(frozen=True)
class Sentence:
    """One sentence of the report.

    ``place`` is body, summary (the overview and each Summary of findings), box (any other box), footnote or annex;
    ``heading`` the nearest heading or box title above; ``figure`` the figure that annex text or a footnote belongs to;
    ``footnote`` the number of the footnote. ``offsets`` holds (offset in text, line) for each line, in order.
    """

    text: str
    line_start: int
    line_end: int
    question_no: str | None
    place: str
    heading: str | None
    figure: int | None
    footnote: int | None
    offsets: tuple[tuple[int, int], ...]

    def lines(self, start: int, end: int) -> tuple[int, int]:
        """First and last line of the report on which ``text[start:end]`` stands."""
        return self._line(start), self._line(max(start, end - 1))

    def _line(self, offset: int) -> int:
        return self.offsets[max(0, bisect_right(self.offsets, (offset, 1 << 60)) - 1)][1]


@dataclass(frozen=True)
class Context:
    """What the sentences of one run of prose have in common (fields as in ``Sentence``)."""

    question_no: str | None
    place: str
    heading: str | None
    figure: int | None = None
    footnote: int | None = None


@dataclass(frozen=True)
class Mended:
    """Lines joined to one text. ``offsets`` as in ``Sentence``; ``breaks`` are offsets where something new begins."""

    text: str
    offsets: tuple[tuple[int, int], ...]
    breaks: tuple[int, ...]


def without_footnote_marks(text: str, loose: Collection[int] = ()) -> str:
    """The text of one line without footnote marks; ``loose`` numbers are taken out where they stand alone, too."""
    if loose:
        text = LOOSE_NUMBER.sub(lambda match: "" if int(match.group(1)) in loose else match.group(), text)
    return _without_stuck_marks(text)


@lru_cache(maxsize=4096)  # the outline asks for a line several times
def _without_stuck_marks(text: str) -> str:
    if not MAY_BE_MARK.search(text):
        return text
    for pattern in (MARK_ON_STOP, MARK_ON_YEAR_STOP, MARK_ON_WORD, MARK_ON_YEAR):
        text = pattern.sub("", text)
    return text


def footnote_marks(text: str) -> list[int]:
    """Numbers of the footnote marks that are stuck to something in this line."""
    if not MAY_BE_MARK.search(text):
        return []
    found = [
        match.group()
        for pattern in (MARK_ON_STOP, MARK_ON_YEAR_STOP, MARK_ON_WORD, MARK_ON_YEAR)
        for match in pattern.finditer(text)
    ]
    return [int(number) for marks in found for number in re.findall(r"\d+", marks)]


def is_closed(text: str) -> bool:
    """Whether a sentence ends with this text."""
    if not text:
        return False
    if text[-1] in CLOSING:
        text = text.rstrip(CLOSING)
    return text[-1:] in (".", "!", "?") and not text.endswith(ABBREVIATIONS)


def list_goes_on(text: str) -> bool:
    """Whether a list, or an item of one, ends with this text so that another item may follow."""
    return text[-1:] in (":", ";") or text.endswith(("; and", "; or"))


def goes_on(before: str, after: str, gap: bool, width: int) -> bool:
    """Whether a line goes on with the sentence that the line before it left open.

    Only a full stop that was lost, or an address, makes it not so: the next line begins with a capital, and its first
    word would have had room on the line before, or a blank line stands between.
    """
    if not after[:1].isupper():
        return True
    last = before.rsplit(" ", 1)[-1]
    if last.startswith(("www.", "http")):
        return False
    if last.lower() in OPEN_WORDS or before[-1] in ",–-/(&" or (before[-1] in ";:" and not gap):
        return True
    first = after.split(" ", 1)[0].rstrip(",;:")
    room = width - len(before) - 1 - len(first)
    if first in FIRST_WORDS:
        return not (gap or room > 8)
    return not (last[:1].islower() and room > 15)


def mend(pieces: Sequence[Piece], width: int) -> Mended:
    """Lines joined to one text: a hyphen at a line end is kept and takes no blank."""
    parts: list[str] = []
    offsets: list[tuple[int, int]] = []
    breaks: list[int] = []
    length, before = 0, ""
    for piece in pieces:
        if before:
            listed = piece.item or (piece.gap and list_goes_on(before))
            new = listed or not (is_closed(before) or goes_on(before, piece.text, piece.gap, width))
            glued = not new and before[-1] in "-/" and before[-2:-1].isalnum()
            if not glued:
                parts.append(" ")
                length += 1
            if new:
                breaks.append(length)
        offsets.append((length, piece.line))
        parts.append(piece.text)
        length += len(piece.text)
        before = piece.text
    return Mended("".join(parts), tuple(offsets), tuple(breaks))


def sentences(pieces: Sequence[Piece], context: Context, width: int) -> Iterator[Sentence]:
    """The sentences of one run of prose."""
    mended = mend(pieces, width)
    whole, offsets = mended.text, mended.offsets
    start, first, count = 0, 0, len(offsets)
    for end in (*_ends(mended), len(whole)):
        text = whole[start:end].strip()
        if text and WORD.search(text):
            start = whole.index(text, start)
            stop = start + len(text)
            while first + 1 < count and offsets[first + 1][0] <= start:
                first += 1
            own, last = [(0, offsets[first][1])], first
            while last + 1 < count and offsets[last + 1][0] < stop:
                last += 1
                own.append((offsets[last][0] - start, offsets[last][1]))
            yield Sentence(
                text,
                own[0][1],
                own[-1][1],
                context.question_no,
                context.place,
                context.heading,
                context.figure,
                context.footnote,
                tuple(own),
            )
        start = end


def _ends(mended: Mended) -> list[int]:
    text = mended.text
    found = set(mended.breaks)
    for match in STOP.finditer(text):
        if match.group()[0] != "." or not _is_abbreviation(text, match.start() + 1):
            found.add(match.end())
    for match in UNSTOPPED.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()].rsplit(" ", 1)[-1]
        if (before[-1:].isalnum() or before[-1:] in CLOSING) and before.lower() not in OPEN_WORDS:
            found.add(match.end())
    return sorted(found)


def _is_abbreviation(text: str, end: int) -> bool:
    """Whether the stop that ends at this offset belongs to an abbreviation."""
    head = text[max(0, end - 12) : end]
    if head.endswith("No."):
        return text[end : end + 2].strip().isdigit()
    if head[-2:-1].isdigit():
        return bool(ITEM_NUMBER.search(head))
    return head.endswith(ABBREVIATIONS) or (head[-2:-1].isupper() and bool(INITIAL.search(head)))


def unbulleted(text: str) -> str:
    """The text without the bullet before it."""
    return BULLET.sub("", text)
