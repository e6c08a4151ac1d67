"""Where things stand in a report: figure captions, their source notes, the annex, page furniture.

Belongs here: what a line is. Does not belong here: what a table's cells mean (``tables``) or which of them is published
(``extract``).
"""

import re
from dataclasses import dataclass

from pipelines.programmes import MONTHS
from pipelines.reports import Report

# "Figure 4: Proportion of ...". Trap: "Figure 1 shows how ..." is prose, so a colon (or dash) must follow the number.
CAPTION_START = re.compile(r"^\s*Figure\s+(?P<figure>\d{1,2})\s*[:.–-]\s*(?P<text>\S.*)$")
# The annex heading. Trap: "please see annex A" and "For further detail, see Annex A" only refer to it.
ANNEX_START = re.compile(r"^\s*Annex A\b\s*[–:-]", re.IGNORECASE)
SOURCE_NOTE = re.compile(r"^\s*Source\s*:\s*(?P<source>.*\S)\s*$")
# A line of footnote marks or a page number only: "7,8", "21".
MARKS_ONLY = re.compile(r"^\s*\d{1,3}(?:\s*,\s*\d{1,2})*\s*$")
# Footnote marks that stick to the end of a caption: after a letter or bracket ("type6,7", "Police20") ...
GLUED_MARKS = re.compile(r"(?<=[A-Za-z)’'])\d{1,2}(?:,\s?\d{1,2})*$")
# ... or after a year, which ends after four digits ("1 July 201621").
MARKS_ON_YEAR = re.compile(r"(?<=\b(?:19|20)\d\d)\d{1,2}(?:,\s?\d{1,2})*$")
# A number that a figure plots: with decimals or a percent sign. Trap: a bare integer is a page number or footnote mark.
PLOTTED_NUMBER = re.compile(r"^\s*\d{1,3}(?:\.\d+\s*%?|\s*%)(?:\s+\d{1,3}(?:\.\d+\s*%?|\s*%))*\s*$")
# What a wrapped caption goes on with even after an added blank line: a lower-case word, or the month of its last day.
CONTINUATION = re.compile(rf"^\s*(?:[a-z]|(?:{MONTHS}) (?:19|20)\d\d)")

# A caption line this long has been wrapped, so the next line may go on with it; a longer one was never wrapped.
WRAPPED_FROM, WRAPPED_TO = 60, 115


@dataclass(frozen=True)
class Caption:
    """A figure's caption. ``lines`` are its own lines without those that hold footnote marks only."""

    figure: int
    text: str
    line_start: int
    line_end: int


@dataclass(frozen=True)
class Outline:
    """Where a report's parts stand. ``captions`` in line order, those that annex A repeats included; ``annex_start`` is one
    past the last line when there is no annex."""

    captions: tuple[Caption, ...]
    annex_start: int
    line_count: int

    def figures(self) -> dict[int, Caption]:
        """The caption of each numbered figure: the body's, or annex A's where the body's is lost. In figure order."""
        found: dict[int, Caption] = {}
        for caption in sorted(
            self.captions, key=lambda caption: (caption.line_start >= self.annex_start, caption.line_start)
        ):
            found.setdefault(caption.figure, caption)
        return dict(sorted(found.items()))


def outline_of(report: Report) -> Outline:
    """The outline of a report's text."""
    return Outline(tuple(_captions(report)), _annex_start(report), len(report.lines))


def is_page_start(line: str) -> bool:
    """Whether a page begins with this line: the extractors leave a form feed, or one blank in its place."""
    return line.startswith("\f") or bool(re.match(r" \S", line))


def _annex_start(report: Report) -> int:
    for number, line in enumerate(report.lines, start=1):
        if ANNEX_START.match(line):
            return number
    return len(report.lines) + 1


def _captions(report: Report) -> list[Caption]:
    return [
        _caption(report, number, match)
        for number, line in enumerate(report.lines, start=1)
        if "Figure" in line and (match := CAPTION_START.match(line))
    ]


def _caption(report: Report, first: int, match: re.Match[str]) -> Caption:
    parts, last = [match.group("text").strip()], first
    number = first
    while number < len(report.lines) and _is_wrapped(report.lines[last - 1]):
        number += 1
        line = report.lines[number - 1]
        if MARKS_ONLY.match(line) or not line.strip():
            # A footnote mark on a line of its own, or an added blank line, may stand inside a caption.
            following = report.lines[number] if number < len(report.lines) else ""
            if not CONTINUATION.match(following) or is_page_start(following):
                break
            continue
        if is_page_start(line) or CAPTION_START.match(line) or SOURCE_NOTE.match(line):
            break
        parts.append(line.strip())
        last = number
    return Caption(int(match.group("figure")), without_marks(" ".join(parts)), first, last)


def _is_wrapped(line: str) -> bool:
    return WRAPPED_FROM <= len(line.strip()) <= WRAPPED_TO


def without_marks(text: str) -> str:
    """The text without footnote marks stuck to its end."""
    return GLUED_MARKS.sub("", MARKS_ON_YEAR.sub("", " ".join(text.split())))


def lines_until_next_caption(outline: Outline, caption: Caption) -> range:
    """Line numbers after a caption, up to the next caption or the annex."""
    starts = [other.line_start for other in outline.captions] + [outline.annex_start, outline.line_count + 1]
    return range(caption.line_end + 1, min(start for start in starts if start > caption.line_start))


def source_note(report: Report, outline: Outline, caption: Caption) -> str | None:
    """What the source note below a caption says; None where the text prints none before the next caption."""
    for number in lines_until_next_caption(outline, caption):
        match = SOURCE_NOTE.match(report.lines[number - 1])
        if match:
            return " ".join(match.group("source").split())
    return None


def has_plotted_numbers(report: Report, outline: Outline, caption: Caption) -> bool:
    """Whether loose numbers of a plotted figure stand between its caption and its source note or the next caption."""
    for number in lines_until_next_caption(outline, caption):
        line = report.lines[number - 1]
        if SOURCE_NOTE.match(line):
            return False
        if PLOTTED_NUMBER.match(line):
            return True
    return False
