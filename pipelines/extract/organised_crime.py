"""Figure 10 of a PEEL 2016 effectiveness report, to ``organised_crime_groups``: loose percentages of two pie charts.

Belongs here: which percentages belong to the figure, and what is certain about them. Does not belong here: the prose
about organised crime groups (``statistics``).

What is certain. The pictures are lost; their numbers stand in the text in no order. Each pie adds to 100 within
rounding, so every way to deal the numbers to two pies is tried. A number that is its pie's largest in every one of
them is a largest slice for certain; and if the prose names one crime type as the most common both for the force and
for all forces, both largest slices are of that type. Which of the two pies is the force's is not printed: the
legend's order says nothing about the order of the numbers, and more than one way to deal them often fits. So a row
keeps its number, the value_status ``unassigned``, and a null for whatever is not certain.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from pipelines.issues import Issue
from pipelines.periods import printed_periods
from pipelines.reports import Report
from pipelines.structure import SOURCE_NOTE, Caption, Outline, lines_until_next_caption

CAPTION = re.compile(r"\borganised crime groups? by predominant crime type\b", re.IGNORECASE)
# A line of percentages, perhaps behind the label of their slice ("Drug activity, 80%"). Traps: a bare integer is a page
# number or footnote mark, so the percent sign is asked for; prose has more words than a label.
PERCENTAGES = re.compile(r"^\s*(?:(?P<label>[A-Z][A-Za-z/ &-]{2,40}?),?\s+)?(?:\d{1,3}(?:\.\d+)?\s?%\s*)+$")
PERCENTAGE = re.compile(r"(?P<number>\d{1,3}(?:\.(?P<decimals>\d+))?)\s?%")
# A slice's label: words only. Trap: a sentence ends with a stop, a column heading names an area.
LABEL = re.compile(r"^\s*[A-Z][A-Za-z/ &-]{2,40}\s*$")
# "'Drug activity' was the most common predominant crime type", "the most common type … was 'drug activity'".
MOST_COMMON = re.compile(
    r"['‘](?P<before>[^'’]{1,80})['’] (?:was|were) the most common [^.]{0,80}\bcrime type\b"
    r"|\bmost common (?:predominant )?(?:OCG )?(?:crime )?type\b[^.]{0,200}? (?:was|were)"
    r" ['‘](?P<after>[^'’]{1,80})['’]",
    re.IGNORECASE,
)
# What says that the same type leads in England and Wales. Trap: "but not in England and Wales".
SAME_NATIONALLY = re.compile(
    r"^This was also the most common\b[^.]*\b(?:all forces|England and Wales)"
    r"|\bas it was (?:in|for|across)\b[^.]*England and Wales",
    re.IGNORECASE,
)

# What a pie adds to.
WHOLE = Decimal(100)
# Two pies: the force's and England and Wales'.
PIES = 2
# A share is rounded to the last digit printed, so it is off by half of one at most.
HALF = Decimal("0.5")
# More numbers than this are not two pies, and the ways to deal them double with each.
MOST_NUMBERS = 14


@dataclass(frozen=True)
class Share:
    """One printed percentage; ``label`` where its slice's label stands on its line."""

    value: Decimal
    decimals: int
    line: int
    label: str | None


def organised_crime_rows(report: Report, outline: Outline) -> tuple[list[dict[str, Any]], list[Issue]]:
    """One row per printed percentage (``schema.ORGANISED_CRIME_GROUPS``), and a note on what is unknown."""
    caption = next((one for one in outline.captions if _is_figure(one, outline)), None)
    if caption is None:
        return [], []
    lines = _figure_lines(report, outline, caption)
    shares = list(_shares(report, lines))
    if not shares:
        return [], []
    labels = {*_legend(report, lines), *(share.label for share in shares if share.label)}
    rounding = HALF.scaleb(-min(share.decimals for share in shares))
    largest = largest_slices([share.value for share in shares], len(labels), rounding * len(labels))
    leading = _leading_type(outline, {_slug(label) for label in labels})
    types = [
        _slug(share.label) if share.label else leading if at in largest else None for at, share in enumerate(shares)
    ]
    rows = [_row(report, caption, at + 1, share, types[at]) for at, share in enumerate(shares)]
    return rows, [_note(report, caption, rows)]


def largest_slices(values: Sequence[Decimal], slices: int, tolerance: Decimal) -> frozenset[int]:
    """Positions of the values that alone are their pie's largest, however the values are dealt to two pies.

    A pie has at most so many slices and adds to 100 within the tolerance; where no way to deal the values gives two
    such pies, nothing is certain. Slices too small for a number of their own round to nothing, and count as rounding.
    """
    largest: frozenset[int] | None = None
    if not PIES <= len(values) <= MOST_NUMBERS:
        return frozenset()
    # The first value goes to the first pie: the other half of the ways are the same with the pies exchanged.
    for rest in product(range(PIES), repeat=len(values) - 1):
        dealt = (0, *rest)
        pies = [[at for at, pie in enumerate(dealt) if pie == one] for one in range(PIES)]
        sums = [sum((values[at] for at in pie), start=Decimal(0)) for pie in pies]
        if max(map(len, pies)) <= slices and all(abs(total - WHOLE) <= tolerance for total in sums):
            found = frozenset(at for pie in pies for at in pie if _is_alone_largest(at, pie, values))
            largest = found if largest is None else largest & found
    return largest or frozenset()


def _is_alone_largest(at: int, pie: Sequence[int], values: Sequence[Decimal]) -> bool:
    return all(values[at] > values[other] for other in pie if other != at)


def _is_figure(caption: Caption, outline: Outline) -> bool:
    return caption.line_start < outline.annex_start and bool(CAPTION.search(caption.text))


def _figure_lines(report: Report, outline: Outline, caption: Caption) -> list[int]:
    """Lines from the caption to the source note; the figure's picture is nowhere else."""
    lines: list[int] = []
    for number in lines_until_next_caption(outline, caption):
        if SOURCE_NOTE.match(report.lines[number - 1]):
            return lines
        lines.append(number)
    return []


def _shares(report: Report, lines: Sequence[int]) -> Iterator[Share]:
    for line in lines:
        text = report.lines[line - 1]
        whole = PERCENTAGES.match(text)
        if whole:
            for match in PERCENTAGE.finditer(text):
                decimals = len(match.group("decimals") or "")
                yield Share(Decimal(match.group("number")), decimals, line, whole.group("label"))


def _legend(report: Report, lines: Sequence[int]) -> list[str]:
    """Labels of slices: lines of words below the first percentage (column headings stand above it)."""
    numbers = [line for line in lines if PERCENTAGES.match(report.lines[line - 1])]
    return [
        report.lines[line - 1].strip()
        for line in lines
        if numbers and line > numbers[0] and LABEL.match(report.lines[line - 1])
    ]


def _leading_type(outline: Outline, crime_types: Collection[str]) -> str | None:
    """The crime type of the legend that the prose calls the most common for the force and for England and Wales."""
    sentences = [one for one in outline.sentences if one.line_start < outline.annex_start]
    for number, sentence in enumerate(sentences):
        match = MOST_COMMON.search(sentence.text) if "most common" in sentence.text else None
        if match is None:
            continue
        following = sentences[number + 1].text if number + 1 < len(sentences) else ""
        if SAME_NATIONALLY.search(following) or SAME_NATIONALLY.search(sentence.text):
            named = _slug(match.group("before") or match.group("after"))
            return named if named in crime_types else None
    return None


def _slug(label: str) -> str:
    return "_".join(re.findall(r"[a-z]+", label.casefold()))


def _row(report: Report, caption: Caption, number: int, share: Share, crime_type: str | None) -> dict[str, Any]:
    periods = printed_periods(caption.text)
    day = periods[-1].period if periods else None
    return {
        "report_id": report.report_id,
        "row": number,
        "area_code": None,
        "crime_type_id": crime_type,
        "period_start": day.first if day else None,
        "period_end": day.last if day else None,
        "value": float(share.value),
        "unit": "percent",
        "decimals": share.decimals,
        "value_status": "unassigned",
        "line_start": share.line,
        "line_end": share.line,
        "printed": report.printed(share.line, share.line),
    }


def _note(report: Report, caption: Caption, rows: Sequence[dict[str, Any]]) -> Issue:
    typed = sum(row["crime_type_id"] is not None for row in rows)
    first, last = rows[0]["line_start"], rows[-1]["line_end"]
    return Issue(
        check_id="figure-unassigned",
        severity="note",
        message=f"{report.source_file}, lines {first}-{last}: figure {caption.figure}: {len(rows)} loose percentages "
        "of two pie charts: the text does not say which are the force's and which are England and Wales'; the crime "
        f"type is certain for {typed} of them",
        table_name="organised_crime_groups",
        report_id=report.report_id,
        source_file=report.source_file,
        line_start=first,
        line_end=last,
    )
