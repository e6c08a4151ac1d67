"""A file becomes a Report: who, when, which programme (read from the text itself), its numbered lines, its SHA-256.

Belongs here: finding and reading files, and refusing what is no inspection report with one clear reason. Does not
belong here: what stands in the report's sections and tables (``structure``, ``tables``, ``extract``).
"""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import eq
from pathlib import Path
from typing import Any

from pipelines.issues import Issue, SourceError
from pipelines.periods import twelve_month_periods
from pipelines.programmes import FAMILIES, Family
from pipelines.reference import load
from pipelines.stores import Item, LocalStore, Store

# Files of the reports folder that are read; capitals count for small letters.
SUFFIX = ".txt"

# The largest real report is 175 kB; a file above this is no report and must not fill the memory.
MAXIMUM_BYTES = 32 * 1024 * 1024

# Control characters other than tab, line feed, form feed and carriage return. Trap: some extractors leave one in place
# of a soft hyphen, so a few are no sign of a binary file; a NUL, or many, are.
CONTROL_CHARACTERS = "".join(map(chr, (*range(9), 0x0B, *range(0x0E, 0x20))))
CONTROL_CHARACTER = re.compile(f"[{CONTROL_CHARACTERS}]")
MOST_CONTROL_CHARACTERS = 0.005

# Kinds of characters that a file's name must not have: control and format characters (among them those that turn the
# direction of writing), bytes that are no UTF-8, and ends of lines and paragraphs.
UNFIT_FOR_A_NAME = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# Lines of a text within which its title page stands.
TITLE_PAGE = 120


@dataclass(frozen=True)
class Report:
    """One inspection report. ``lines[n - 1]`` is line n of the file, as it stands; ``family`` names its shape
    (``programmes.FAMILIES``)."""

    report_id: str
    family: str
    programme_id: str
    pillar: str | None
    force_id: str
    area_code: str
    force_name: str
    inspectorate: str
    data_period_end: date | None
    published: str | None
    source_file: str
    sha256: str
    lines: tuple[str, ...]

    def printed(self, line_start: int, line_end: int) -> str:
        """What stands on the lines, white space folded."""
        return " ".join(" ".join(self.lines[line_start - 1 : line_end]).split())

    def row(self, extraction: str) -> dict[str, Any]:
        """The row of table ``reports``."""
        return {
            "report_id": self.report_id,
            "programme_id": self.programme_id,
            "pillar": self.pillar,
            "force_id": self.force_id,
            "area_code": self.area_code,
            "force_name": self.force_name,
            "inspectorate": self.inspectorate,
            "data_period_end": self.data_period_end,
            "published": self.published,
            "source_file": self.source_file,
            "source_format": "text",
            "sha256": self.sha256,
            "line_count": len(self.lines),
            "extraction": extraction,
        }


def refusal(
    source_file: str, reason: str, check_id: str, found: str | None = None, line: int | None = None
) -> SourceError:
    """The error for a file that is not read: its message names the file and the reason."""
    place = f"{source_file}, line {line}" if line else source_file
    return SourceError(
        Issue(
            check_id,
            "error",
            f"{place}: {reason}",
            table_name="reports",
            source_file=source_file,
            found=found,
            line_start=line,
            line_end=line,
        )
    )


@dataclass(frozen=True)
class SourceFile:
    """A file of the reports folder: its name below it, and the SHA-256 of its bytes when it was looked at."""

    name: str
    sha256: str


def is_report_file(name: str) -> bool:
    """Whether a file of the reports folder is one that is read, by its name; also a folder that is not entered, since
    nobody knows what lies in it."""
    return name.lower().endswith((SUFFIX, "/"))


def shown_name(name: str) -> str:
    """The name of a file with nothing in it that ends a line, steers a terminal or is no text."""
    return "".join(c if _fits_a_name(c) else c.encode("unicode_escape").decode() for c in name)


def _fits_a_name(character: str) -> bool:
    return unicodedata.category(character) not in UNFIT_FOR_A_NAME


def source_files(reports: Store) -> tuple[list[SourceFile], list[Issue]]:
    """Every .txt file of the reports folder, in name order, and a refusal for each that cannot be read at all."""
    files: list[SourceFile] = []
    issues: list[Issue] = []
    for item in reports.list():
        if not is_report_file(item.name):
            continue
        try:
            files.append(SourceFile(item.name, hashlib.sha256(read_item(item, reports)).hexdigest()))
        except SourceError as error:
            issues.append(error.issue)
    return files, issues


def read_item(item: Item, reports: Store) -> bytes:
    """The bytes of one file of the reports folder. Raises SourceError where it must not or cannot be read."""
    shown = shown_name(item.name)
    if shown != item.name:
        reason = "its name holds characters that are not shown, end a line or are no UTF-8: rename it"
        raise refusal(shown, reason, "file-name")
    if item.outside:
        raise refusal(item.name, "a link that leads out of the reports folder: it is not followed", "file-inside")
    if item.fault:
        raise refusal(item.name, f"cannot be read ({item.fault})", "file-readable")
    if item.size > MAXIMUM_BYTES:
        reason = f"{item.size} bytes: larger than any report ({MAXIMUM_BYTES} bytes)"
        raise refusal(item.name, reason, "file-readable")
    try:
        return reports.read(item.name)
    except OSError as error:
        raise unreadable(item.name, error) from error


def unreadable(source_file: str, error: OSError) -> SourceError:
    """The refusal of a file that the system does not give."""
    return refusal(source_file, f"cannot be read ({error.strerror or error})", "file-readable")


def changed(file: SourceFile, sha256: str) -> Issue:
    """The refusal of a file that was written to while the run went on: nobody knows whether it is whole."""
    return Issue(
        "file-unchanged",
        "error",
        f"{file.name}: the file changed during the run; run again",
        table_name="reports",
        source_file=file.name,
        expected=file.sha256,
        found=sha256,
    )


def read_report(path: Path, folder: Path) -> Report:
    """Read one file on disk. Raises SourceError, naming file and reason, for whatever is no inspection report."""
    name = path.relative_to(folder).as_posix()
    try:
        size = path.stat().st_size
    except OSError as error:
        raise unreadable(name, error) from error
    return report_from_bytes(read_item(Item(name, size, ""), LocalStore(folder)), name)


def report_from_bytes(content: bytes, source_file: str) -> Report:
    """The Report that these bytes hold. Raises SourceError as ``read_report``."""
    lines = _decode(content, source_file)
    _refuse_lost_lines(lines, source_file)
    words = _Words(lines)
    family, facts = _recognise(words, source_file)
    force = _force(family, words, source_file)
    _refuse_second_report(family, force, words, source_file)
    cycle = re.sub(r"\s?[/–-]\s?(?:20)?", "-", facts.get("cycle", ""))
    names = {**facts, "cycle": cycle, "force_id": force["force_id"]}
    return Report(
        report_id=family.report_id.format(**names),
        family=family.name,
        programme_id=family.programme_id.format(**names),
        pillar=facts.get("pillar"),
        force_id=force["force_id"],
        area_code=force["area_code"],
        force_name=force["name_hmic"],
        inspectorate=facts.get("inspectorate") or ("HMICFRS" if "HMICFRS" in words.running else "HMIC"),
        data_period_end=_data_period_end(words.running),
        published=_published(family, words),
        source_file=source_file,
        sha256=hashlib.sha256(content).hexdigest(),
        lines=lines,
    )


def _decode(content: bytes, source_file: str) -> tuple[str, ...]:
    if not content.strip():
        raise refusal(source_file, "the file is empty", "file-readable")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal(source_file, "encoded as UTF-16, not UTF-8", "file-encoding")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"byte {content[error.start]:#04x} at position {error.start}"
        binary = b"\x00" in content
        reason = f"a binary file, not text ({byte})" if binary else f"not UTF-8: {byte} ({error.reason})"
        raise refusal(source_file, reason, "file-encoding", found=byte, line=None if binary else line) from error
    # Many searches for one character are faster than one for many.
    holds_any = any(character in text for character in CONTROL_CHARACTERS)
    controls = list(CONTROL_CHARACTER.finditer(text)) if holds_any else []
    if "\x00" in text or len(controls) > MOST_CONTROL_CHARACTERS * len(text):
        control = next((match for match in controls if match.group() == "\x00"), controls[0])
        line = text.count("\n", 0, control.start()) + 1
        found = f"control character {ord(control.group()):#04x}"
        raise refusal(source_file, f"a binary file, not text ({found})", "file-encoding", found=found, line=line)
    # Not str.splitlines: it also splits at form feeds and other marks that editors do not count as line ends.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def _refuse_lost_lines(lines: tuple[str, ...], source_file: str) -> None:
    """Raise SourceError where the lines are no longer those of a page: each stands twice, each is one word, or one
    holds most of the text. Headings, tables and sentences cannot be told apart there, nor whose the numbers are."""
    printed = list(filter(str.strip, lines))
    words = len("\n".join(printed).split())
    if words < 1000:  # too little to tell
        return
    # The reports have four words a line and more, also with one cell of a table on each; the longest line of a web page
    # holds a twelfth of its text.
    if words < 1.5 * len(printed):
        raise refusal(source_file, f"{words} words stand on {len(printed)} lines: the lines are lost", "report-lines")
    longest = max(lines, key=len)
    if len(longest) > sum(map(len, printed)) / 2:
        reason = f"{len(longest)} characters stand on one line: the lines are lost"
        raise refusal(source_file, reason, "report-lines", line=lines.index(longest) + 1)
    doubled = sum(map(eq, printed, printed[1:]))
    # Half of the lines then repeat the line above; in the reports it is one in a hundred.
    if doubled > 0.4 * len(printed):
        raise refusal(source_file, f"{doubled} of {len(printed)} lines repeat the line above", "report-lines")


class _Words:
    """A text with white space folded: in one line, or line by line where a pattern asks for line ends.

    Ligatures, fixed blanks and fixed hyphens, which some extractors keep, are plain letters, blanks and hyphens here.
    """

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.title_page = _by_line(lines[:TITLE_PAGE])
        self.by_line = _by_line(lines)
        self.running = self.by_line.replace("\n", " ")


def _plain(line: str) -> str:
    return line if line.isascii() else unicodedata.normalize("NFKC", line).replace("\u2010", "-")


def _by_line(lines: tuple[str, ...]) -> str:
    # Blank lines are dropped here only: two lines of a title page may have any number of them between.
    return "\n".join([" ".join(_plain(line).split()) for line in lines if line and not line.isspace()])


def _recognise(words: _Words, source_file: str) -> tuple[Family, dict[str, str]]:
    for family in FAMILIES:
        if family.words not in words.running:
            continue
        # A title page is told by its line ends, a sentence must be found across them.
        titled = family.signature.search(words.title_page)
        match = titled if family.on_title_page else titled or family.signature.search(words.running)
        if match:
            facts = {name: value for name, value in match.groupdict().items() if value}
            if "pillar" in facts:
                facts["pillar"] = facts["pillar"].lower()
            return family, facts
    raise refusal(
        source_file,
        "no inspection report: the text names no inspection programme known here",
        "report-recognised",
    )


def _force(family: Family, words: _Words, source_file: str) -> dict[str, str]:
    search = family.force.search
    match = search(words.title_page) or search(words.running) or search(words.by_line)
    if match is None:
        raise refusal(source_file, f"the text does not say which force it is about ({family.name})", "report-force")
    name = match.group("force")
    force = forces_by_name().get(_name_key(name))
    if force is None:
        raise refusal(
            source_file,
            f"no police force of England and Wales is called {name!r}",
            "report-force",
            found=name,
        )
    return force


def _refuse_second_report(family: Family, force: dict[str, str], words: _Words, source_file: str) -> None:
    """Raise SourceError where the text also says that it is a report of another family or on another force: what stands
    in it cannot be given to either. A title of a web page counts only where the text begins: others are links."""
    for other in FAMILIES:
        if other.words not in words.running:
            continue
        signature = other.signature.search
        if other is not family and not (signature(words.by_line) or signature(words.running)):
            continue
        found = (
            match.group("force") for text in (words.by_line, words.running) for match in other.force.finditer(text)
        )
        for name in found:
            second = force_named(name)
            if second and (other is not family or second["force_id"] != force["force_id"]):
                raise refusal(
                    source_file,
                    f"the text holds two reports, one on {force['name_hmic']} ({family.name}) and one on"
                    f" {second['name_hmic']} ({other.name}): put each in a file of its own",
                    "report-single",
                    found=name,
                )


@cache
def forces_by_name() -> dict[str, dict[str, str]]:
    """Rows of the forces table by every name and alias met in texts, in the form of ``_name_key``."""
    names = {}
    for force in load("forces"):
        if force["area_type"] == "police_force_area":
            for name in (
                force["name_hmic"],
                force["name_home_office"],
                force["name_ons"],
                *force["aliases"].split(";"),
            ):
                names[_name_key(name)] = force
    return names


def force_named(name: str) -> dict[str, str] | None:
    """Row of the forces table for a name or alias met in texts; None where no force is called so."""
    return forces_by_name().get(_name_key(name))


def _name_key(name: str) -> str:
    return " ".join(name.replace("&", "and").replace("-", " ").casefold().split())


def _data_period_end(running: str) -> date | None:
    """Last day of the twelve months that the report names most often (the latest of equals)."""
    ends = Counter(end for _, end in twelve_month_periods(running))
    return max(ends, key=lambda end: (ends[end], end), default=None)


def _published(family: Family, words: _Words) -> str | None:
    match = family.published.search(words.by_line) if family.published else None
    return datetime.strptime(" ".join(match.group("month", "year")), "%B %Y").strftime("%Y-%m") if match else None
