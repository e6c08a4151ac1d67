"""Web pages of one pillar: against what a person typed, and through other marks, wraps and lost bullets."""

import csv
import hashlib
import html
import re
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import ROOT, golden, real_report, sample_report

from pipelines.extraction import extract_report
from pipelines.families.pillar_web_page import outline_of_web_page, read_pillar_web_page
from pipelines.reports import Report, read_report
from pipelines.schema import TABLES
from tests.report_texts import with_lines
from tests.test_stated_judgments import INVESTIGATE, PREVENT, PROTECT, TACKLE, page

NAME = "west-midlands-2015-effectiveness"
PAGES = ROOT / "tests" / "fixtures" / "pillar_web_page"
INVENTED = sorted(path.stem for path in PAGES.glob("*.txt"))

TITLES = ("Area for improvement", "Areas for improvement", "Cause of concern", "Recommendations")


def is_heading(line: str) -> bool:
    return line.endswith("?") or line in TITLES


def wrapped(lines: list[str], blank: str | None) -> list[str]:
    """Every paragraph wrapped, the later lines of a bullet below its text; with or without blank lines between."""
    wide = [textwrap.wrap(line, 80, subsequent_indent="  " * line.startswith("- ")) or [""] for line in lines]
    return [each for paragraph in wide for each in ([*paragraph, blank] if blank is not None else paragraph)]


def in_html(lines: list[str]) -> list[str]:
    tags = {True: "h3", False: "p"}
    return [
        f"<li>{html.escape(line[2:])}</li>" if line.startswith("- ") else f"<{tag}>{html.escape(line)}</{tag}>"
        for line in lines
        for tag in [tags[is_heading(line)]]
    ]


# The same page as other tools give it; titles of findings and questions keep their words.
Variation = Callable[[list[str]], list[str]]
VARIATIONS: dict[str, Variation] = {
    "as it is": lambda lines: lines,
    "headings of Markdown": lambda lines: [f"## {line}" if is_heading(line) else line for line in lines],
    "bold headings": lambda lines: [f"**{line}**" if is_heading(line) else line for line in lines],
    "underlined headings": lambda lines: [
        each for line in lines for each in ([line, "-" * 20] if is_heading(line) else [line])
    ],
    "stars for bullets": lambda lines: [re.sub(r"^- ", "* ", line) for line in lines],
    "plus for bullets": lambda lines: [re.sub(r"^- ", "+   ", line) for line in lines],
    "dots for bullets": lambda lines: [re.sub(r"^- ", "• ", line) for line in lines],
    "dots without a blank": lambda lines: [re.sub(r"^- ", "•", line) for line in lines],
    "indented bullets": lambda lines: [re.sub(r"^- ", "   - ", line) for line in lines],
    "bullets lost": lambda lines: [line.removeprefix("- ") for line in lines],
    "bullets lost, blank lines between": lambda lines: [
        each for line in lines for each in (line.removeprefix("- "), "")
    ],
    "blank lines between": lambda lines: [each for line in lines for each in (line, "")],
    "two blank lines before headings": lambda lines: [
        each for line in lines for each in (["", "", line] if is_heading(line) else [line])
    ],
    "links of Markdown": lambda lines: [re.sub(r"\bforce\b", "[force](https://x.org/a_b)", line) for line in lines],
    "links of HTML": lambda lines: [re.sub(r"\bforce\b", '<a href="https://x.org">force</a>', line) for line in lines],
    "bold and slanted words": lambda lines: [
        re.sub(r"\brisk\b", "**risk**", re.sub(r"\bcrime\b", "*crime*", line)) for line in lines
    ],
    "numbers for bullets": lambda lines: [re.sub(r"^- ", f"{order}. ", line) for order, line in enumerate(lines, 1)],
    "HTML": in_html,
    "wrapped": lambda lines: wrapped(lines, None),
    "wrapped, blank lines between paragraphs": lambda lines: wrapped(lines, ""),
    "wrapped, a blank line behind every line": lambda lines: [
        each for line in wrapped(lines, None) for each in (line, "")
    ],
    "wrapped, bullets lost": lambda lines: wrapped([line.removeprefix("- ") for line in lines], None),
    "wrapped, bullets lost, blank lines between paragraphs": lambda lines: wrapped(
        [line.removeprefix("- ") for line in lines], ""
    ),
    "blanks at both ends": lambda lines: [f"  {line}   " for line in lines],
    "carriage returns": lambda lines: [f"{line}\r" for line in lines],
}  # fmt: skip


def varied(report: Report, name: str) -> Report:
    return with_lines(report, VARIATIONS[name](list(report.lines)))


def judgments(report: Report) -> list[tuple[str, str, str]]:
    rows = read_pillar_web_page(report).rows["judgments"]
    return [(row["question_id"].rsplit("-", 1)[1], row["grade"] or "", row["judgment_status"]) for row in rows]


def findings(report: Report) -> list[tuple[str, ...]]:
    """Findings in the form of the golden tables: fingerprints for texts."""
    rows = read_pillar_web_page(report).rows["findings"]
    order = {row["finding_id"]: str(row["sequence"]) for row in rows}
    return [
        (
            str(row["sequence"]),
            row["finding_type"],
            (row["question_id"] or "").rsplit("-", 1)[-1],
            order.get(row["parent_id"], ""),
            str(len(row["text"].split())),
            " ".join(row["text"].split()[:4]),
            " ".join(row["text"].split()[-3:]),
            hashlib.sha256(row["text"].encode()).hexdigest(),
        )
        for row in rows
    ]


FINDING = ("sequence", "finding_type", "question_no", "parent_sequence", "words", "begins", "ends", "sha256")


@pytest.mark.parametrize("variation", VARIATIONS)
def test_the_real_page_says_what_a_person_typed(variation: str) -> None:
    report = varied(real_report(NAME), variation)
    typed = golden(NAME, "judgments")
    assert judgments(report) == [(row["question_no"], row["grade"], row["judgment_status"]) for row in typed]
    assert findings(report) == [tuple(row[name] for name in FINDING) for row in golden(NAME, "findings")]


def test_the_rows_of_the_real_page_stand_on_the_lines_a_person_noted() -> None:
    report = real_report(NAME)
    contents = read_pillar_web_page(report)
    for row, typed in zip(contents.rows["judgments"], golden(NAME, "judgments"), strict=True):
        assert row["question"] == typed["question"]
        assert str(row["section_line"] or "") == typed["section_line"]
        assert (row["summary_line"], row["scale_id"]) == (None, "oqri4" if typed["grade"] else None)
    expected = golden(NAME, "findings")
    below = {row["parent_sequence"] for row in expected}
    for row, typed in zip(contents.rows["findings"], expected, strict=True):
        assert row["line_start"] == int(typed["line_start"])
        # A text with bullets below it is cited with them; the person noted only its own lines.
        assert row["line_end"] == int(typed["line_end"]) or typed["sequence"] in below
        assert row["printed"] == report.printed(row["line_start"], row["line_end"])
    assert [(issue.check_id, issue.severity, issue.row_key) for issue in contents.issues] == [
        ("judgment-stated", "note", f"question_id=peel-2015-effectiveness-{number}") for number in (2, 3)
    ]


@pytest.mark.parametrize("variation", VARIATIONS)
def test_the_sample_has_the_judgments_and_as_many_findings_as_the_page(variation: str) -> None:
    report = varied(sample_report(NAME), variation)
    typed = golden(NAME, "judgments")
    assert judgments(report) == [(row["question_no"], row["grade"], row["judgment_status"]) for row in typed]
    assert [row[:4] for row in findings(report)] == [
        tuple(row[name] for name in FINDING[:4]) for row in golden(NAME, "findings")
    ]
    assert findings(report) == findings(sample_report(NAME))


# --- invented pages of other forces ---------------------------------------------------------------------------------


def expected(name: str, table: str) -> list[dict[str, str]]:
    with (PAGES / f"{name}.{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_three_invented_pages() -> None:
    assert len(INVENTED) == 3


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_page_gives_its_judgments(name: str) -> None:
    report = read_report(PAGES / f"{name}.txt", PAGES)
    assert report.report_id == name
    rows = read_pillar_web_page(report).rows["judgments"]
    names = ("question_id", "grade", "judgment_status", "summary_line", "section_line")
    given = [tuple(str(row[name] or "") for name in names) for row in rows]
    assert given == [tuple(row[name] for name in names) for row in expected(name, "judgments")]


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_page_gives_its_findings(name: str) -> None:
    rows = read_pillar_web_page(read_report(PAGES / f"{name}.txt", PAGES)).rows["findings"]
    order = {row["finding_id"]: str(row["sequence"]) for row in rows}
    given = [
        {
            "sequence": str(row["sequence"]),
            "finding_type": row["finding_type"],
            "question_id": row["question_id"] or "",
            "parent_sequence": order.get(row["parent_id"], ""),
            "line_start": str(row["line_start"]),
            "line_end": str(row["line_end"]),
            "text": row["text"],
        }
        for row in rows
    ]
    assert given == expected(name, "findings")


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_page_says_what_it_could_not_place(name: str) -> None:
    issues = read_pillar_web_page(read_report(PAGES / f"{name}.txt", PAGES)).issues
    given = [(issue.check_id, issue.severity, str(issue.line_start or "")) for issue in issues]
    assert given == [(row["check_id"], row["severity"], row["line_start"]) for row in expected(name, "issues")]


def test_one_report_of_each_page_meets_the_schema() -> None:
    for name in INVENTED:
        for table, rows in extract_report(read_report(PAGES / f"{name}.txt", PAGES)).rows.items():
            assert TABLES[table].to_arrow(rows).num_rows == len(rows)


# --- what stands where ----------------------------------------------------------------------------------------------


def texts(*lines: str) -> list[tuple[str, str | None, str]]:
    """Identifier, question and text of the findings of a page with these lines."""
    rows = read_pillar_web_page(page(*lines)).rows["findings"]
    return [
        (row["finding_id"].split("effectiveness-", 1)[1], (row["question_id"] or "")[-1:] or None, row["text"])
        for row in rows
    ]


def test_a_page_of_an_unknown_programme_gives_one_note_and_no_rows() -> None:
    for year in (2009, 2013, 2019):
        lines = [PREVENT, "Good", "Text.", "Areas for improvement", "- The force should plan."]
        extraction = extract_report(page(*lines, year=year))
        assert extraction.rows.keys() == {"reports"}
        (note,) = extraction.issues
        assert (note.severity, note.check_id) == ("note", "report-extracted")
        assert f"peel-{year} is no programme known here" in note.message


def test_a_pillar_whose_questions_are_not_known_keeps_its_findings_without_a_question() -> None:
    report = page("How well is the force led?", "Text.", "Area for improvement", "- The force should plan.", year=2014)
    report = replace(report, pillar="legitimacy")
    contents = read_pillar_web_page(report)
    (row,) = contents.rows["findings"]
    assert (row["question_id"], row["text"]) == (None, "The force should plan.")
    assert contents.rows["judgments"] == []
    assert [(issue.check_id, issue.severity) for issue in contents.issues] == [("question-known", "note")] * 2


def test_below_a_question_that_is_not_known_findings_do_not_belong_to_the_one_before() -> None:
    lines = ["How well does the force work with its neighbours?", "Text.", "Area for improvement", "- It must plan."]
    assert texts(PREVENT, "Text.", *lines, INVESTIGATE, "Text.", *lines[2:]) == [
        ("afi-1", None, "It must plan."),
        ("afi-2", "2", "It must plan."),
    ]


def test_a_question_in_prose_is_no_heading() -> None:
    lines = ["How is this done? The force plans.", "How many?", "Area for improvement", "- It must plan."]
    assert texts(PREVENT, *lines) == [("afi-1", "1", "It must plan.")]


def test_a_question_with_a_number_or_a_plural_is_the_same_question() -> None:
    outline = outline_of_web_page(page(f"1. {PREVENT}", "Text.", TACKLE.replace("arrangement for", "arrangements for")))
    assert [(part.question_no, part.kind) for part in outline.parts if part.question_no] == [
        ("1", "core_question"),
        ("4", "core_question"),
    ]


def test_a_wrapped_question_is_one_heading() -> None:
    half = PROTECT.index(" those")
    outline = outline_of_web_page(page(PROTECT[:half], PROTECT[half + 1 :], "Text."))
    assert outline.questions == (("3", PROTECT),)
    assert [(part.line_start, part.line_end) for part in outline.of_kind("core_question")] == [(3, 4)]


def test_running_text_that_mentions_a_title_is_no_box() -> None:
    assert texts(PREVENT, "It found several of the", "Areas for improvement", "in this. Recommendations follow.") == []


def test_prose_behind_the_bullets_of_a_box_is_running_text_and_said() -> None:
    report = page(PREVENT, "Areas for improvement", "- The force should plan.", "Officers know their towns.")
    contents = read_pillar_web_page(report)
    assert [row["text"] for row in contents.rows["findings"]] == ["The force should plan."]
    assert [issue.severity for issue in contents.issues if issue.check_id == "finding-box"] == ["warning"]
    assert outline_of_web_page(report).sentences[-1].place == "body"


def test_a_grade_that_stands_below_no_question_is_said() -> None:
    contents = read_pillar_web_page(page(PREVENT, "Read the full report", "Good", "The force plans."))
    assert [row["grade"] for row in contents.rows["judgments"]] == [None]
    found = [(issue.severity, issue.found) for issue in contents.issues if issue.check_id == "judgment-label"]
    assert found == [("warning", "Good")]


def test_a_list_of_contents_does_not_hide_the_sections() -> None:
    lines = [PREVENT, INVESTIGATE, PREVENT, "Text.", "Area for improvement", "- It must plan.", INVESTIGATE, "Text."]
    outline = outline_of_web_page(page(*lines))
    assert [part.kind for part in outline.parts if part.question_no and part.kind != "box_title"] == [
        "summary_question",
        "summary_question",
        "core_question",
        "core_question",
    ]
    assert texts(*lines) == [("afi-1", "1", "It must plan.")]


def test_a_heading_ends_a_box() -> None:
    lines = ["Cause of concern", "Risk is not found.", "It is late.", "What comes next", "HMIC will look again."]
    assert texts(PROTECT, *lines) == [("coc-1", "3", "Risk is not found. It is late.")]


def test_bullets_below_a_bullet_belong_to_it_until_one_ends_with_a_full_stop() -> None:
    lines = ["- The force should:", "- plan; and", "- act.", "- The force should learn."]
    assert texts(PREVENT, "Areas for improvement", *lines) == [
        ("afi-1", "1", "The force should:"),
        ("afi-1-1", "1", "plan; and"),
        ("afi-1-2", "1", "act."),
        ("afi-2", "1", "The force should learn."),
    ]


def test_a_recommendation_belongs_to_the_cause_of_concern_above_it() -> None:
    rows = read_pillar_web_page(
        page(PROTECT, "Cause of concern", "Risk is not found.", "Recommendation", "The force should find it.",
             INVESTIGATE, "Recommendations", "- The force should plan.")
    ).rows["findings"]  # fmt: skip
    assert [(row["finding_type"], row["parent_id"] and row["parent_id"][-5:]) for row in rows] == [
        ("cause_of_concern", None),
        ("recommendation", "coc-1"),
        ("recommendation", None),
    ]


def test_links_and_marks_are_mended_over_line_ends() -> None:
    report = page(
        PREVENT,
        "Areas for improvement",
        "- The force should publish [what it",
        'plans](https://example.org/a_(b) "Plan") and <em>say</em> &ldquo;why&rdquo;; see ![picture](x.png)',
        "its *own* __page__ on snake_case<sup>4</sup>,[5](#note5) and<br>so on&#10;now.",
    )
    (row,) = read_pillar_web_page(report).rows["findings"]
    assert (
        row["text"]
        == "The force should publish what it plans and say “why”; see its own page on snake_case, and so on now."
    )
    assert (row["line_start"], row["line_end"]) == (5, 7)


def test_sentences_know_their_question_place_heading_and_lines() -> None:
    sentences = outline_of_web_page(
        page("Kent is a county.", PREVENT, "What we found", "Crime fell.", "Area for improvement", "- It must", "plan.")
    ).sentences
    assert [(each.text, each.question_no, each.place, each.heading) for each in sentences] == [
        ("Kent is a county.", None, "summary", "Effectiveness"),
        ("Crime fell.", "1", "body", "What we found"),
        ("It must plan.", "1", "box", "Area for improvement"),
    ]
    assert [(each.line_start, each.line_end) for each in sentences] == [(3, 3), (6, 6), (8, 9)]


@pytest.mark.parametrize(
    "line",
    [
        "[" * 50_000,
        "[a](" * 20_000,
        "<a " * 50_000,
        "*a" * 50_000,
        "_a " * 50_000,
        "# " * 50_000,
        "- " * 50_000,
        "1. " * 50_000,
        "How effective is the force at " * 5_000 + "?",
        "The force should " * 10_000,
    ],
)
def test_hostile_lines_take_linear_time(line: str) -> None:
    report = page(PREVENT, "Text.", "Areas for improvement")
    # Put in behind the checks of a whole file.
    more = (line, *["- a;", "- b;"] * 1_000, *[f"{line[:20]}", "b"] * 1_000)
    report = replace(report, lines=(*report.lines, *more))
    before = time.process_time()
    read_pillar_web_page(report)
    assert time.process_time() - before < 5


# --- page ends, lone bullets, labels on one line ----------------------------------------------------------------------

PLAN = "The force should plan its patrols by what it knows of crime."


def test_page_numbers_and_the_title_at_page_ends_are_no_text() -> None:
    page_end = ["", "4", "\fKent PEEL 2015", ""]
    begins, ends = INVESTIGATE.split(" crime ")
    lines = ["Areas for improvement", *page_end, f"- {PLAN}", *page_end, begins, *page_end, f"crime {ends}"]
    assert texts(PREVENT, "Text.", *lines, "Text.", "Area for improvement", "- It must", *page_end, "plan.") == [
        ("afi-1", "1", PLAN),
        ("afi-2", "2", "It must plan."),
    ]


def test_a_bullet_alone_on_its_line_belongs_to_the_next() -> None:
    lines = ["Areas for improvement", "-", "It must plan by:", "-", PLAN, "•", "It must act."]
    assert [text for _, _, text in texts(PREVENT, "Text.", *lines)] == ["It must plan by:", PLAN, "It must act."]


def test_a_label_and_its_finding_on_one_line() -> None:
    lines = [f"Area for improvement: {PLAN}", f"**Area for improvement:** {PLAN[:-1]} and harm."]
    assert texts(PREVENT, "Text.", *lines, INVESTIGATE, "Text.") == [
        ("afi-1", "1", PLAN),
        ("afi-2", "1", f"{PLAN[:-1]} and harm."),
    ]


@pytest.mark.parametrize("mark", ["3", "[3]", " [12]"])
def test_a_footnote_mark_behind_a_question(mark: str) -> None:
    lines = ["Text.", "Area for improvement", "- It must plan."]
    assert texts(PREVENT + mark, *lines, INVESTIGATE + mark, *lines) == [
        ("afi-1", "1", "It must plan."),
        ("afi-2", "2", "It must plan."),
    ]


def test_the_page_of_another_pillar_behind_the_last_question_is_not_read() -> None:
    box = ["Area for improvement", "- It must plan."]
    other = "How legitimate is the force at keeping people safe and reducing crime?"
    report = page(PREVENT, "Text.", *box, "Legitimacy", other, *box)
    contents = read_pillar_web_page(report)
    assert [row["line_start"] for row in contents.rows["findings"]] == [6]
    assert [(issue.line_start, issue.line_end) for issue in contents.issues if issue.check_id == "page-single"] == [
        (8, 10)
    ]


def test_an_abbreviation_behind_a_label() -> None:
    assert texts(PREVENT, "Text.", "Area for improvement (AFI)", f"- {PLAN}") == [("afi-1", "1", PLAN)]
