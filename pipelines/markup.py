"""What stands in a text from the web that is no word of it: Markdown, HTML, lone bullets, heads and feet of pages.

Belongs here: taking such marks out of lines, each of which stays on its line, and telling page furniture of texts
without figures and tables from prose. Does not belong here: characters that only look like others (``structure``),
footnote marks inside prose (``sentences``), and what a line is (``families``).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from pipelines.issues import Issue
from pipelines.reports import Report
from pipelines.sentences import BULLET
from pipelines.structure import BOX_TITLES, FINDING_BOXES, Box
from pipelines.vocabulary import letters

# "[words](address)", "[words][reference]"; an address may hold brackets, and a title behind it. Words may break over
# one line end. Trap: prose in brackets behind a bracket is no address, since it holds blanks. Each part ends at the
# next bracket, and possessive repeats give nothing back: the time is linear.
LINK = re.compile(
    r"!?\[([^\[\]\n]*+(?:\n[^\[\]\n]*+)?)\]"
    r'(?:\((?:[^()\s]|\([^()\s]*+\))*+(?:[ \t]++"[^"\n]*+")?[ \t]*+\)|\[[^\[\]\n]{0,80}\])'
)
# A mark that leads to a footnote: raised, or a link that shows its number alone.
FOOTNOTE_LINK = re.compile(r"<sup\b[^<>]{0,100}>[^<>]{0,20}</sup>|\[\\?\[?\d{1,3}\\?\]?\]\([^()\s]{0,200}\)")
# What Markdown puts before punctuation that it would read as a mark: "\(IOM\)".
ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
HTML_ITEM = re.compile(r"<li\b[^<>]{0,100}>[ \t]*", re.IGNORECASE)
HTML_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{0,300}>")
# Where one cell of a table in HTML ends and the next begins.
HTML_CELL = re.compile(r"</t[dh]>[ \t]*<t[dh]\b[^<>]{0,100}>", re.IGNORECASE)
# Tags that may stand inside a word; any other stands between two.
INLINE_TAGS = frozenset({"a", "abbr", "b", "em", "i", "mark", "span", "strong", "sub", "sup", "u"})
# Bold and italics. Traps: a bullet "* " has a blank behind it, and "some_name" letters on both sides.
EMPHASIS = re.compile(r"\*\*|__|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])|(?<=[^\s_])_(?!\w)")
HEADING_MARK = re.compile(r"^(?:[#>]+\s*)+")
# A line all of whose words are a heading or bold.
STRONG = re.compile(r"^\s*(?:#|\*\*[^*]++\*\*\s*$|__[^_]++__\s*$|<(?:h\d|b|strong)\b)", re.IGNORECASE)
# "---" and "===" alone on a line: a rule, or the underlining of a heading.
RULE = re.compile(r"^(?:-\s?){3,}$|^[=_~]{3,}$|^=+$|^(?:\*\s?){3,}$")
# A bullet that some extractors leave alone on the line before its item.
LONE_BULLET = re.compile(r"^[•●▪■◦‣∙·\uf0b7\uf0a7*o–-]$")
# The number before a heading: "1. ", "2) ", "3.1 ", "4 ". Trap: a line that says no heading behind it keeps its number.
HEADING_NUMBER = re.compile(r"^\(?\d{1,2}(?:\.\d{1,2})?[.):]?\s+(?=[A-Z])")

PAGE_NUMBER = re.compile(r"^(?:\d{1,3}|[Pp]age \d{1,3}(?: of \d{1,3})?)$")
# A short line that stands this often in a text is the head or foot of its pages.
REPEATED, LONGEST_HEAD = 4, 100
OF_A_HEAD = ("peel", "hmic", "aninspectionof")

# "Area for improvement: The force should ...": a label and what it is about on one line.
LABEL_AND_TEXT = re.compile(r"^([A-Za-z][A-Za-z ]{10,24}[a-z]) ?(?::|[–—-](?= ))\s*(?=[A-Z‘'“\"])")
LEAST_BEHIND_LABEL = 20
# What a finding says soon after it begins: what its force should do; one that is none: "We found none".
OUGHT = re.compile(r"^[^.;:?!]{0,150}\b(?:should|must|needs? to|recommends?)\b")
NONE = re.compile(r"^(?:We|None|No|There|Not)\b")
# "Area for improvement (AFI)".
ABBREVIATION = re.compile(r"\s\([A-Z]{2,5}s?\)$")

# A word that a line end parts behind its hyphen, or at a hyphen that it has only there.
PARTED = re.compile(r"(?<![A-Za-z])([A-Za-z]+)-[ \t\r\f]*\n\s*([a-z]+)")


def without_marks(text: str, keep: Collection[str] = ()) -> str:
    """The text without links and HTML, with its cells parted by tabs and its items behind bullets; every line stays on
    its line. ``keep``: names of tags to leave, in lower case."""

    def between(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name in keep:
            return match[0]
        return ("" if name in INLINE_TAGS else " ") + _line_ends(match)

    if "](" in text or "][" in text:
        text = LINK.sub(_words_of_link, FOOTNOTE_LINK.sub(_line_ends, text))
    if "<" in text:
        text = HTML_TAG.sub(between, HTML_CELL.sub("\t", HTML_ITEM.sub("• ", FOOTNOTE_LINK.sub(_line_ends, text))))
    return ESCAPE.sub("", text) if "\\" in text else text


def _words_of_link(match: re.Match[str]) -> str:
    """The words of a link, on as many lines as they stood; an image has none."""
    return match[1] if match[0][0] != "!" else _line_ends(match)


def _line_ends(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def without_emphasis(line: str) -> str:
    """The line without the marks of bold and italics."""
    return EMPHASIS.sub("", line) if "*" in line or "_" in line else line


def page_heads(lines: Iterable[str], force_name: str) -> frozenset[str]:
    """Heads and feet of pages, in letters: short lines that name the programme, the inspectorate or the force again
    and again."""
    count = Counter(letters(line) for line in lines if len(line) <= LONGEST_HEAD)
    force = letters(force_name)
    return frozenset(
        key
        for key, times in count.items()
        if times >= REPEATED and (key == force or any(word in key for word in OF_A_HEAD))
    )


def is_page_furniture(line: str, heads: frozenset[str]) -> bool:
    """Whether a line is a page number or one of the heads and feet of pages."""
    return bool(PAGE_NUMBER.match(line)) or (len(line) <= LONGEST_HEAD and letters(line) in heads)


def label_key(text: str) -> str:
    """A label in letters, without its abbreviation."""
    return letters(ABBREVIATION.sub("", text))


def label_and_text(line: str) -> tuple[str, str] | None:
    """A label of findings and the finding behind it on the same line; None where the line is not both."""
    both = _label_and_text(line)
    if both is None or len(both[1]) < LEAST_BEHIND_LABEL or NONE.match(both[1]):
        return None
    # Trap: "Areas for improvement: Kent has two of them" says of findings what a finding does not.
    duty = BOX_TITLES[label_key(both[0])] in ("area_for_improvement", "recommendation")
    return both if not duty or OUGHT.match(both[1]) else None


def _label_and_text(line: str) -> tuple[str, str] | None:
    """Trap: the entry of a list of contents ends with its page."""
    plain = BULLET.sub("", line)
    match = LABEL_AND_TEXT.match(plain)
    if not match or BOX_TITLES.get(label_key(match[1])) not in FINDING_BOXES or plain[-1].isdigit():
        return None
    return match[1], plain[match.end() :]


def label_issues(report: Report) -> Iterator[Issue]:
    """Notes on lines that begin with a label of findings, but are not read as one."""
    for number, line in enumerate(report.lines, start=1):
        plain = without_emphasis(" ".join(line.split()))
        if ":" in plain and _label_and_text(plain) and not label_and_text(plain):
            message = "a label of findings with text behind it that is taken for running text"
            yield _note(report, "finding-label", message, plain, number, number)


def hyphen_issues(report: Report, boxes: Iterable[Box]) -> Iterator[Issue]:
    """Notes on findings in which a line end stands behind a hyphen, as in "call-" and "ers": the text keeps the hyphen
    where the report prints no such word inside a line, since only a dictionary could tell."""
    for box in boxes:
        for item in box.items:
            printed = "\n".join(report.lines[item.line_start - 1 : item.line_end])
            for parted in PARTED.finditer(printed):
                word = f"{parted[1]}-{parted[2]}"
                if any(word.lower() in line.lower() for line in report.lines):
                    continue
                line = item.line_start + printed.count("\n", 0, parted.start())
                message = f"a line ends inside {word!r}: whether the word has a hyphen cannot be told, and it keeps it"
                yield _note(report, "finding-hyphen", message, word, line, item.line_end)


def _note(report: Report, check_id: str, message: str, found: str, line_start: int, line_end: int) -> Issue:
    return Issue(
        check_id,
        "note",
        f"{report.source_file}, line {line_start}: {message}",
        table_name="findings",
        report_id=report.report_id,
        source_file=report.source_file,
        found=found,
        line_start=line_start,
        line_end=line_end,
    )
