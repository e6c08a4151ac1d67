"""Annexes made up for tests: sections and notes of a few sentences, with the outline that they would have."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract.annex import annex_rule_rows
from pipelines.issues import Issue
from pipelines.reports import Report, read_report
from pipelines.sentences import Sentence
from pipelines.structure import AnnexSection, Caption, Outline

REPOSITORY = Path(__file__).parents[1]
REAL = REPOSITORY.parent / "shared" / "reports"
SAMPLES = REPOSITORY / "warehouse" / "raw"
ROUND = ("west-midlands-2016-effectiveness", "warwickshire-2016-effectiveness")

# Captions as a report of another year might have them.
CAPTIONS = {
    1: "Police-recorded crime rates (per 1,000 population) for the 12 months to 30 September 2018",
    2: "Proportion of outcomes assigned to offences recorded, by outcome type",
    3: "Stalking arrest rate (per 100 stalking crimes), by force",
    4: "Rate of outcomes recorded for stalking offences",
}
# A paragraph is a list of sentences; a section is its title, its figure if it is one's, and its paragraphs.
Paragraphs = Sequence[Sequence[str]]


def section(title: str, *paragraphs: Sequence[str], figure: int | None = None) -> tuple[str, int | None, Paragraphs]:
    """A section of an annex."""
    return title, figure, paragraphs


def rules(
    *sections: tuple[str, int | None, Paragraphs],
    notes: Mapping[int, Sequence[str]] | None = None,
    captions: Mapping[int, str] = CAPTIONS,
) -> tuple[list[dict[str, Any]], list[Issue]]:
    """The rules and issues of an annex and of the notes below figures."""
    lines: list[str] = []
    sentences = list(_notes(notes or {}, lines))
    start = len(lines) + 1
    annex_sections = []
    for title, figure, paragraphs in sections:
        lines.append(title)
        first = len(lines)
        for paragraph in paragraphs:
            lines.append(" ".join(paragraph))
            sentences += [_sentence(text, len(lines), "annex", figure, title) for text in paragraph]
        annex_sections.append(AnnexSection(title, figure, first, len(lines), ()))
    outline = Outline(
        captions=tuple(Caption(figure, text, 1, 1) for figure, text in captions.items()),
        annex_start=start,
        line_count=len(lines),
        annex_sections=tuple(annex_sections),
        sentences=tuple(sentences),
    )
    return annex_rule_rows(report(lines), outline)


def report(lines: Sequence[str]) -> Report:
    """A report with these lines."""
    return Report(
        report_id="kent-2018-effectiveness",
        family="peel-pillar-report",
        programme_id="peel-2018",
        pillar="effectiveness",
        force_id="kent",
        area_code="E23000032",
        force_name="Kent Police",
        inspectorate="HMICFRS",
        data_period_end=None,
        published=None,
        source_file="kent.txt",
        sha256="0" * 64,
        lines=tuple(lines),
    )


def read_all(folder: Path) -> dict[str, Report]:
    """The two reports of the round; the test is skipped where the real ones are not at hand."""
    files = [folder / f"{name}.txt" for name in ROUND]
    if not all(file.exists() for file in files):
        pytest.skip(f"{folder} is not here")
    return {name: read_report(file, folder) for name, file in zip(ROUND, files, strict=True)}


def _notes(notes: Mapping[int, Sequence[str]], lines: list[str]) -> Iterator[Sentence]:
    for figure, note in notes.items():
        lines.append(" ".join(note))
        for text in note:
            yield _sentence(text, len(lines), "footnote", figure, None)


def _sentence(text: str, line: int, place: str, figure: int | None, heading: str | None) -> Sentence:
    return Sentence(text, line, line, None, place, heading, figure, 1 if place == "footnote" else None, ((0, line),))
