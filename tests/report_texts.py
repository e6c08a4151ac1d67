"""Reports for tests: the real ones (beside the repository, if they are there), the samples, and made ones."""

import re
from dataclasses import replace

from conftest import TWO_REPORTS, golden, real_report, sample_report

from pipelines.reports import Report

NAMES, real, sample = TWO_REPORTS, real_report, sample_report
__all__ = ["CHARACTERS", "NAMES", "VARIATIONS", "golden", "made", "real", "sample", "with_lines"]


def made(text: str, force_name: str = "Kent Police") -> Report:
    """A report with just these lines."""
    return Report(
        report_id="kent-2016-effectiveness",
        family="peel-pillar-report",
        programme_id="peel-2016",
        pillar="effectiveness",
        force_id="kent",
        area_code="E23000032",
        force_name=force_name,
        inspectorate="HMIC",
        data_period_end=None,
        published=None,
        source_file="kent.txt",
        sha256="0" * 64,
        lines=tuple(text.split("\n")),
    )


def with_lines(report: Report, lines: list[str]) -> Report:
    """The same report with other lines."""
    return replace(report, lines=tuple(lines))


# The same text with characters that only look like the plain ones.
CHARACTERS = {
    "fixed hyphens, fixed blanks and ligatures": lambda text: (
        text.replace("-", "\u2011").replace(" ", "\u00a0").replace("fi", "\ufb01")
    ),
    "thin blanks": lambda text: text.replace("-", "\u2010").replace(" ", "\u202f"),
    "soft hyphens": lambda text: re.sub(r"(?<=[a-z])-(?=[a-z])", "\u00ad", text),
}

# The same text as other extractors give it: name and what becomes of the lines.
VARIATIONS = {
    "blank lines doubled": lambda lines: [
        each for line in lines for each in ([line] if line.strip() else [line, line])
    ],
    "a blank line behind every line": lambda lines: [each for line in lines for each in (line, "")],
    "form feeds": lambda lines: ["\f" + line[1:] if line[:1] == " " and line[1:2].strip() else line for line in lines],
    "padding cut off": lambda lines: [line.rstrip() for line in lines],
}
