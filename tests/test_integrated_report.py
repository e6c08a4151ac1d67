"""Reports on all areas at once: against what a person typed, other forces and programmes, each trap of the shape."""

import re
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import golden, real_report, sample_report

from pipelines.families import Contents
from pipelines.families.integrated_outline import outline_of_integrated_report
from pipelines.families.integrated_report import read_integrated_report
from pipelines.families.judgment_matrix import read_matrix
from pipelines.reports import Report, read_report, report_from_bytes
from tests.report_texts import CHARACTERS, VARIATIONS, made, with_lines
from tests.test_findings import fingerprint

NAME = "west-midlands-2021-22"
INVENTED = Path(__file__).resolve().parent / "fixtures" / "integrated_report"
AFI, INN, COC, REC = "area_for_improvement", "innovative_practice", "cause_of_concern", "recommendation"
NRP = "national_recommendation_progress"


def invented(name: str) -> Report:
    return read_report(INVENTED / f"{name}.txt", INVENTED)


def judged(contents: Contents) -> list[tuple[str, str | None, str, int | None, int | None]]:
    """Number of the question, grade, status, and the lines of the grade in overview and section."""
    return [
        (
            row["question_id"].split("-", 3)[-1],
            row["grade"],
            row["judgment_status"],
            row["summary_line"],
            row["section_line"],
        )
        for row in contents.rows["judgments"]
    ]


def findings(contents: Contents) -> list[tuple[str, str | None, str, str]]:
    """Type, number of the question, identifier of the parent without the report's own, and text."""
    return [
        (
            row["finding_type"],
            row["question_id"] and row["question_id"].split("-", 3)[-1],
            (row["parent_id"] or "").removeprefix(f"{row['report_id']}-"),
            row["text"],
        )
        for row in contents.rows["findings"]
    ]


def said(contents: Contents) -> list[tuple[str, str]]:
    return [(issue.severity, issue.check_id) for issue in contents.issues]


# --- the real report ------------------------------------------------------------------------------------------------


def wrapped(width: int) -> Callable[[list[str]], list[str]]:
    """Lines as a PDF breaks them; the rows of the matrix stay whole."""

    def wrap(lines: list[str]) -> list[str]:
        return [
            part
            for line in lines
            for part in (
                [line]
                if "\t" in line or len(line) <= width
                else textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
            )
        ]

    return wrap


def marked_down(lines: list[str]) -> list[str]:
    """Labels, headings and grades marked as headings or as bold."""
    short = {line for line in lines if lines.count(line) > 1 and line.strip()} | {"Overall summary", "Good", "Adequate"}
    return [
        f"## {line}" if line in short and at % 2 and at > 60 else f"**{line}**" if line in short and at > 60 else line
        for at, line in enumerate(lines)
    ]


LAYOUTS = {
    **VARIATIONS,
    "broken after 100 characters": wrapped(100),
    "broken after 76 characters": wrapped(76),
    "broken, and a blank line behind every line": lambda lines: [
        each for line in wrapped(76)(lines) for each in (line, "")
    ],
    "no blank lines": lambda lines: [line for line in lines if line.strip()],
    "no bullets": lambda lines: [re.sub(r"^- ", "", line) for line in lines],
    "dots for bullets": lambda lines: [re.sub(r"^- ", "• ", line) for line in lines],
    "contents with blanks for tabs": lambda lines: [line.replace("\t", " ") for line in lines[:51]] + lines[51:],
    "contents with pages on their own lines": lambda lines: [
        *(each for line in lines[:51] for each in line.split("\t")),
        *lines[51:],
    ],
    "no contents": lambda lines: lines[:8] + lines[51:],
    "page numbers": lambda lines: [
        each
        for at, line in enumerate(lines)
        for each in ([line, "", str(at // 30), ""] if at > 70 and at % 30 == 0 and line[:1] != "-" else [line])
    ],
    "heads of pages": lambda lines: [
        each
        for at, line in enumerate(lines)
        for each in ([line, "", f"PEEL 2021/22 – An inspection {at}"] if at > 70 and at % 30 == 0 else [line])
    ],
    "Markdown": marked_down,
}


@pytest.mark.parametrize("layout", [None, *LAYOUTS])
def test_the_real_report_holds_the_findings_a_person_typed(layout: str | None) -> None:
    report = real_report(NAME)
    if layout:
        report = with_lines(report, LAYOUTS[layout](list(report.lines)))
    contents = read_integrated_report(report)
    rows = contents.rows["findings"]
    order = {row["finding_id"]: str(row["sequence"]) for row in rows}
    names = ("sequence", "finding_type", "question_no", "parent_sequence", "words", "begins", "ends", "sha256")
    assert [
        (
            str(row["sequence"]),
            row["finding_type"],
            row["question_id"].rsplit("-", 1)[-1],
            order.get(row["parent_id"], ""),
            *fingerprint(row["text"]),
        )
        for row in rows
    ] == [tuple(row[name] for name in names) for row in golden(NAME, "findings")]
    assert contents.issues == ()


@pytest.mark.parametrize("layout", [None, *LAYOUTS])
def test_the_real_report_holds_the_judgments_a_person_typed(layout: str | None) -> None:
    report = real_report(NAME)
    if layout:
        report = with_lines(report, LAYOUTS[layout](list(report.lines)))
    contents = read_integrated_report(report)
    expected = golden(NAME, "judgments")
    assert [row[:3] for row in judged(contents)] == [
        (row["question_no"], row["grade"] or None, row["judgment_status"]) for row in expected
    ]
    assert [row["question"] for row in contents.rows["judgments"]] == [row["question"] for row in expected]


def test_where_lines_are_broken_without_blank_lines_findings_are_doubted() -> None:
    report = real_report(NAME)
    lines = [line for line in wrapped(90)(list(report.lines)) if line.strip()]
    contents = read_integrated_report(with_lines(report, lines))
    assert [row[:3] for row in judged(contents)] == [
        (row["question_no"], row["grade"] or None, row["judgment_status"]) for row in golden(NAME, "judgments")
    ]
    assert ("warning", "finding-paragraphs") in said(contents)
    whole = {row["sha256"] for row in golden(NAME, "findings")}
    assert sum(fingerprint(text)[-1] in whole for *_, text in findings(contents)) >= 20


def test_the_real_report_prints_them_on_the_lines_a_person_noted() -> None:
    contents = read_integrated_report(real_report(NAME))
    assert [row[3:] for row in judged(contents)] == [
        (int(row["summary_line"]), int(row["section_line"])) for row in golden(NAME, "judgments")
    ]
    typed = golden(NAME, "findings")
    below = {row["parent_sequence"] for row in typed}
    for row, expected in zip(contents.rows["findings"], typed, strict=True):
        assert row["line_start"] == int(expected["line_start"])
        # A text with bullets below it is cited with them; the person noted only its own lines.
        assert row["line_end"] == int(expected["line_end"]) or expected["sequence"] in below
    wrapped_grade = next(row for row in contents.rows["judgments"] if row["question_id"] == "peel-2021-22-5")
    assert (wrapped_grade["line_start"], wrapped_grade["line_end"]) == (384, 385)
    assert wrapped_grade["printed"] == "Requires improvement"


@pytest.mark.parametrize("characters", CHARACTERS)
def test_characters_that_only_look_like_others_change_nothing(characters: str) -> None:
    report = real_report(NAME)
    other = with_lines(report, CHARACTERS[characters]("\n".join(report.lines)).split("\n"))
    assert judged(read_integrated_report(other)) == judged(read_integrated_report(report))
    assert len(read_integrated_report(other).rows["findings"]) == len(golden(NAME, "findings"))


def test_no_mark_of_markdown_and_no_contents_in_the_real_report_s_sentences() -> None:
    outline = outline_of_integrated_report(real_report(NAME))
    assert min(sentence.line_start for sentence in outline.sentences) == 56
    assert not [each.text for each in outline.sentences if re.search(r"\]\(|\[|\\|\*\*|\t|©", each.text)]
    assert not [each for each in outline.sentences if each.text in ("Good", "Adequate", "Main findings", "Requires")]
    # Page ends cut these paragraphs; the sentence goes on behind the blank line.
    spans = {(each.line_start, each.line_end) for each in outline.sentences}
    assert {(73, 75), (103, 105), (174, 176), (271, 273), (328, 330), (453, 455), (582, 584), (726, 728)} <= spans


def test_sentences_know_their_area() -> None:
    outline = outline_of_integrated_report(real_report(NAME))
    at = {each.line_start: each for each in outline.sentences}
    assert [at[line].question_no for line in (81, 165, 188, 194, 221, 358, 590, 785)] == [
        *(None, None, "1a", "1b", "1a", "4", "9", "12")
    ]
    assert [at[line].place for line in (81, 165, 188, 200, 221)] == ["summary", "body", "summary", "box", "body"]


# --- the sample -----------------------------------------------------------------------------------------------------


def test_the_sample_holds_what_its_report_holds() -> None:
    contents = read_integrated_report(sample_report(NAME))
    expected = golden(NAME, "judgments")
    assert [row[:3] for row in judged(contents)] == [
        (row["question_no"], row["grade"] or None, row["judgment_status"]) for row in expected
    ]
    top = [(kind, number) for kind, number, parent, _ in findings(contents) if not parent]
    assert top == [
        (row["finding_type"], row["question_no"]) for row in golden(NAME, "findings") if not row["parent_sequence"]
    ]
    assert contents.issues == ()


def test_a_finding_of_the_sample_goes_on_behind_its_bullets() -> None:
    rows = findings(read_integrated_report(sample_report(NAME)))
    texts = [text for kind, number, _, text in rows if (kind, number) == (AFI, "7")]
    assert texts == [
        "The force should find out whether it can keep sex offenders from doing more harm That means to look for new "
        "offences without waiting for a report. It should look into: Other forces ask the courts for more orders. The "
        "digital forensic unit helps, but it has few tools. Managers investigate what they were never trained for.",
        "what new equipment can do;",
        "how phones are examined;",
        "what sex offender managers (SOMs) have to learn; and",
        "who cares for those who must look at the images.",
    ]


def test_no_other_grade_in_a_section_is_ever_published() -> None:
    report = sample_report(NAME)
    typed = {row["question_no"]: row["grade"] for row in golden(NAME, "judgments") if row["grade"]}
    changed = 0
    for row in read_integrated_report(report).rows["judgments"]:
        number = row["question_id"].rsplit("-", 1)[-1]
        for grade in ("Outstanding", "Good", "Adequate", "Requires improvement", "Inadequate"):
            if typed.get(number) in (None, grade):
                continue
            lines = list(report.lines)
            lines[row["section_line"] - 1 : row["line_end"]] = [grade] + [""] * (row["line_end"] - row["line_start"])
            contents = read_integrated_report(with_lines(report, lines))
            assert {each[0]: each[1] for each in judged(contents) if each[1]} == {
                other: one for other, one in typed.items() if other != number
            }
            assert [issue.check_id for issue in contents.issues if issue.severity == "error"] == ["judgment-agrees"]
            changed += 1
    assert changed == 44


# --- reports of other forces and programmes -------------------------------------------------------------------------


def test_another_force_with_wrapped_columns() -> None:
    contents = read_integrated_report(invented("kent-2021-22"))
    assert judged(contents) == [
        ("1a", "Adequate", "graded", 41, 67),
        ("1b", "Outstanding", "graded", 39, 73),
        ("2", "Good", "graded", 41, 87),
        ("3", "Good", "graded", 39, 111),
        ("4", "Requires improvement", "graded", 39, 140),
        ("5", "Adequate", "graded", 43, 153),
        ("6", "Inadequate", "graded", 39, 165),
        ("7", "Adequate", "graded", 39, 204),
        ("8", "Adequate", "graded", 45, 216),
        ("9", None, "ungraded", 48, 228),
        ("10", None, "ungraded", 48, None),
        ("11", "Requires improvement", "graded", 41, 247),
        ("12", "Good", "graded", 43, 264),
    ]
    assert findings(contents) == [
        (
            *(INN, "2", ""),
            "A bus brings officers to villages that have no police station The bus stops in eleven villages each week. "
            "People talk to officers there about what worries them, as we say in the section on Preventing crime and "
            "anti-social behaviour.",
        ),
        (INN, "2", "", "Young people choose what the cadets learn Cadets vote on their lessons once a term."),
        (AFI, "3", "", "The force should make sure that its problem solving is reviewed. It should:"),
        (AFI, "3", "afi-1", "write down what was tried;"),
        (AFI, "3", "afi-1", "ask partners what they saw; and"),
        (AFI, "3", "afi-1", "keep what worked:"),
        (AFI, "3", "afi-1-3", "for a year in the team; and"),
        (AFI, "3", "afi-1-3", "for good in the library."),
        (
            *(AFI, "3", ""),
            "The force should tell its neighbourhood teams what the research says They hear of it too late, and from "
            'each other. We have called this an area for improvement before. One officer said "Area for improvement" '
            "was all that anyone remembered of our last report.",
        ),
        (
            *(COC, "6", ""),
            "Kent Police leaves victims of domestic abuse waiting, and does not know how many Each night, calls wait "
            "for hours without anyone looking at them again. That is not safe. The queue was 240 calls long when we "
            "visited.",
        ),
        (REC, "6", "coc-1", "Within three months, Kent Police should:"),
        (REC, "6", "rec-1", "look at every waiting call once an hour, and note:"),
        (REC, "6", "rec-1-1", "who looked; and"),
        (REC, "6", "rec-1-1", "what was decided; and"),
        (REC, "6", "rec-1", "send an officer to each address where a child lives."),
        (REC, "6", "coc-1", "By 31 March 2022, Kent Police should make sure that supervisors approve each delay."),
        (
            *(AFI, "6", ""),
            "The force should share what it knows with schools by the next morning. Schools learn of an incident after "
            "three days. By then the child has been in class.",
        ),
        (
            *(NRP, "11", ""),
            "In 2019 we asked every force to vet its people. Kent Police has vetted 97 percent of them.",
        ),
    ]
    # The section on armed threats says nothing of grades; only the overview does.
    assert said(contents) == [("warning", "judgment-printed-twice")]


def test_a_later_programme_whose_areas_are_not_known() -> None:
    contents = read_integrated_report(invented("cumbria-2023-25"))
    assert judged(contents) == [("1", None, "ungraded", 28, 36)]
    assert findings(contents) == [
        (
            *(AFI, "1", ""),
            "The constabulary should explain decisions to victims. Victims were told late, or not at all.",
        ),
        (
            *(AFI, None, ""),
            "The constabulary should look at more body-worn video. It looked at 40 clips in a year. For each one it "
            "should note: Nobody has been told to do this.",
        ),
        (AFI, None, "afi-2", "the place;"),
        (AFI, None, "afi-2-1", "by parish; and"),
        (AFI, None, "afi-2-1", "by street;"),
        (AFI, None, "afi-2", "the hour; and"),
        (AFI, None, "afi-2", "the outcome."),
        (
            *(AFI, None, ""),
            "The constabulary should search its systems for misuse. It cannot see who looked up whom.",
        ),
    ]
    unknown = [issue.found for issue in contents.issues if issue.check_id == "judgment-question"]
    assert unknown == [
        "Police powers and public treatment",
        "Responding to the public",
        "Leadership and force management",
        "Investigating crime",
        "Police powers and treating the public fairly and respectfully",
    ]
    assert [issue.found for issue in contents.issues if issue.check_id == "finding-type"] == ["Promising practice"]
    assert {issue.severity for issue in contents.issues} == {"warning"}


def test_an_earlier_programme_of_three_pillars_and_four_grades() -> None:
    contents = read_integrated_report(invented("dorset-2018-19"))
    assert judged(contents) == [
        ("effectiveness-1", "Outstanding", "carried_forward", 27, 44),
        ("effectiveness-2", "Requires improvement", "graded", 28, 50),
        ("effectiveness-3", "Good", "graded", 29, 70),
        # Overview and section differ: none is published.
        ("effectiveness-4", None, "not_stated", 30, 84),
        ("effectiveness-5", None, "ungraded", None, 94),
    ]
    assert {(row["scale_id"], row["grade_rank"]) for row in contents.rows["judgments"]} == {
        *(("oqri4", 1), ("oqri4", 3), ("oqri4", 2), (None, None))
    }
    assert [(number, parent, text) for _, number, parent, text in findings(contents)] == [
        ("effectiveness-2", "", "The force should make sure that every investigation has a plan."),
        ("effectiveness-2", "", "The force should improve how its supervisors:"),
        ("effectiveness-2", "afi-2", "read the plan; and"),
        ("effectiveness-2", "afi-2", "write down what they changed."),
        ("effectiveness-2", "", "The force should keep victims informed."),
        ("effectiveness-3", "", "The force should answer letters from other forces."),
        (None, "", "The force should check more of its records."),
    ]
    assert [issue.check_id for issue in contents.issues if issue.severity == "error"] == ["judgment-agrees"]
    unknown = [issue.found for issue in contents.issues if issue.check_id == "judgment-question" and issue.found]
    assert unknown == ["Effectiveness", "Legitimacy", "Fair treatment of the public"]


@pytest.mark.parametrize(
    "opening",
    [
        "PEEL 2021/22\n\nPolice effectiveness\n\nAn inspection of Kent Police\n",
        "PEEL 2021/22 – An inspection of Kent Police\n",
        "# PEEL 2021/22: An inspection of Kent Police\n",
        "# **PEEL 2021–22**\n\n**An inspection of Kent Police**\n",
    ],
)
def test_title_pages(opening: str) -> None:
    report = report_from_bytes(opening.encode(), "some.txt")
    assert (report.report_id, report.family) == ("kent-2021-22", "peel-integrated-report")


def test_no_report_of_this_family_has_an_overall_grade() -> None:
    reports = [invented(path.stem) for path in sorted(INVENTED.glob("*.txt"))]
    assert len(reports) == 3
    for report in [*reports, sample_report(NAME)]:
        rows = read_integrated_report(report).rows["judgments"]
        assert rows
        assert not [row["question_id"] for row in rows if "overall" in row["question_id"]]


# --- made reports: each trap by itself ------------------------------------------------------------------------------

PROSE = "We set out our findings below, one area after the other, and say what we saw in each of them."
HEAD = ["PEEL 2021/22", "", "An inspection of Kent Police", "", "Overall summary", "", "Our judgments", "", PROSE, ""]


def report_of(*lines: str, matrix: tuple[str, ...] = ()) -> Report:
    """A report of Kent with this matrix and these lines behind the overview."""
    made_up = made("\n".join([*HEAD, *matrix, "", PROSE, "", *lines]))
    return replace(
        made_up,
        report_id="kent-2021-22",
        family="peel-integrated-report",
        programme_id="peel-2021-22",
        pillar=None,
    )


def section(heading: str, grade: str, *lines: str) -> list[str]:
    return [heading, "", *grade.split("\n"), "", "Kent Police is what it is at this.", "", *lines, ""]


def graded(contents: Contents, number: str) -> tuple[str | None, str]:
    """Grade and status of one area."""
    row = next(row for row in contents.rows["judgments"] if row["question_id"] == f"peel-2021-22-{number}")
    return row["grade"], row["judgment_status"]


MATRIX = (
    "Outstanding\tGood\tAdequate\tRequires improvement\tInadequate",
    "\tPreventing crime\tInvestigating crime\tSupporting victims\t",
)


def issues_of(contents: Contents, number: str) -> list[tuple[str, str]]:
    return [
        (issue.severity, issue.check_id)
        for issue in contents.issues
        if issue.row_key == f"question_id=peel-2021-22-{number}"
    ]


def test_a_grade_in_matrix_and_section() -> None:
    contents = read_integrated_report(report_of(*section("Investigating crime", "Adequate"), matrix=MATRIX))
    assert graded(contents, "5") == ("Adequate", "graded")
    assert issues_of(contents, "5") == []


def test_another_grade_in_the_section_publishes_none() -> None:
    contents = read_integrated_report(report_of(*section("Investigating crime", "Inadequate"), matrix=MATRIX))
    assert graded(contents, "5") == (None, "not_stated")
    assert issues_of(contents, "5") == [("error", "judgment-agrees")]


@pytest.mark.parametrize("row", ["\tInvestigating crime\t\t\t", "\t\tInvestigating crime\t\t"])
def test_an_area_named_twice_in_the_matrix(row: str) -> None:
    contents = read_integrated_report(report_of(*section("Investigating crime", "Adequate"), matrix=(*MATRIX, row)))
    same = row.startswith("\t\t")
    assert graded(contents, "5") == (("Adequate", "graded") if same else (None, "not_stated"))
    assert ("warning", "judgment-named-twice") in said(contents)


def test_an_area_in_the_matrix_only_and_one_in_its_section_only() -> None:
    contents = read_integrated_report(report_of(*section("Responding to the public", "Good"), matrix=MATRIX))
    assert graded(contents, "5") == ("Adequate", "graded")
    assert graded(contents, "4") == ("Good", "graded")
    assert issues_of(contents, "5") == issues_of(contents, "4") == [("warning", "judgment-printed-twice")]


def test_a_report_without_a_matrix() -> None:
    lines = [*section("Investigating crime", "Adequate"), *section("Responding to the public", "Requires\nimprovement")]
    contents = read_integrated_report(report_of(*lines))
    assert (graded(contents, "5"), graded(contents, "4")) == (
        ("Adequate", "graded"),
        ("Requires improvement", "graded"),
    )
    assert issues_of(contents, "5") == issues_of(contents, "4") == [("warning", "judgment-printed-twice")]


def test_prose_makes_no_grade() -> None:
    lines = ["Investigating crime", "", "Kent Police is good at investigating crime, and adequate at worst.", ""]
    contents = read_integrated_report(report_of(*lines))
    assert graded(contents, "5") == (None, "not_stated")
    assert issues_of(contents, "5") == [("error", "judgment-stated")]


def test_prose_that_contradicts_the_label_is_said() -> None:
    lines = ["Investigating crime", "", "Adequate", "", "Kent Police is good at investigating crime.", ""]
    contents = read_integrated_report(report_of(*lines, matrix=MATRIX))
    assert graded(contents, "5") == ("Adequate", "graded")
    assert issues_of(contents, "5") == [("warning", "judgment-prose")]


def test_a_word_that_is_no_grade_of_the_programme() -> None:
    contents = read_integrated_report(report_of(*section("Investigating crime", "Fair")))
    assert graded(contents, "5") == (None, "not_stated")
    assert issues_of(contents, "5") == [("error", "judgment-scale")]


def test_an_area_that_the_programme_does_not_grade_needs_the_report_to_say_so() -> None:
    heading = "Protecting the public against armed threats"
    silent = read_integrated_report(report_of(heading, "", "Armed officers are ready for what may come.", ""))
    assert graded(silent, "10") == (None, "not_stated")
    assert issues_of(silent, "10") == [("note", "judgment-stated")]
    for words in ("We don't grade forces on this question.", "We don’t grade this.", "This area is not graded."):
        contents = read_integrated_report(report_of(heading, "", words, ""))
        assert graded(contents, "10") == (None, "ungraded")
    for words in ("The force doesn't grade its calls.", "We did not find that officers grade what they see."):
        contents = read_integrated_report(report_of(heading, "", words, ""))
        assert graded(contents, "10") == (None, "not_stated")


def test_a_heading_that_is_wrapped_over_two_lines() -> None:
    lines = section("Strategic planning, organisational management and\nvalue for money", "Good")
    contents = read_integrated_report(report_of(*"\n".join(lines).split("\n")))
    assert graded(contents, "12") == ("Good", "graded")


def test_a_heading_and_its_grade_on_one_line() -> None:
    contents = read_integrated_report(report_of("Investigating crime: Adequate", "", PROSE, "", matrix=MATRIX))
    assert graded(contents, "5") == ("Adequate", "graded")
    assert issues_of(contents, "5") == []


def test_a_title_with_the_words_of_an_area_in_another_section_begins_no_section() -> None:
    lines = section("Responding to the public", "Good", "Main findings", "", "Investigating crime", "", PROSE, "")
    report = report_of(*lines, *section("Investigating crime", "Adequate"))
    contents = read_integrated_report(report)
    assert graded(contents, "5") == ("Adequate", "graded")
    below = [each for each in outline_of_integrated_report(report).sentences if each.heading == "Investigating crime"]
    assert [each.question_no for each in below if each.text == PROSE] == ["4"]


def test_a_list_of_contents_whose_first_heading_is_lost_takes_no_text_with_it() -> None:
    contents = ["Contents", "Foreword 1", "Overall summary 2", "Investigating crime 7", ""]
    report = report_of(*section("Investigating crime", "Adequate"), "Foreword", "", PROSE, matrix=MATRIX)
    report = with_lines(report, [*report.lines[:4], *contents, *report.lines[4:]])
    assert graded(read_integrated_report(report), "5") == ("Adequate", "graded")


def test_the_heading_of_another_section_ends_the_one_above() -> None:
    box = ("Area for improvement", "", "The force should read.", "", "Main findings", "", PROSE)
    contents = read_integrated_report(
        report_of(*section("Investigating crime", "Adequate"), *section("Cyber crime", "Good", *box))
    )
    assert [(number, text) for _, number, _, text in findings(contents)] == [(None, "The force should read.")]
    assert [issue.found for issue in contents.issues if issue.found and issue.table_name == "judgments"] == [
        "Cyber crime"
    ]


@pytest.mark.parametrize(("nested", "number"), [("Crime data integrity", "1a"), ("Recording data about crime", "1b")])
def test_labels_behind_crime_data_integrity_are_those_of_its_section(nested: str, number: str) -> None:
    """A section of its own ("Recording data about crime") keeps its labels."""
    box = ("Area for improvement", "", "The force should read.", "", "Main findings", "", PROSE)
    lines = section("Providing a service to the victims of crime", "Good")
    contents = read_integrated_report(report_of(*lines, *section(nested, "Adequate", *box)))
    assert (graded(contents, "1a"), graded(contents, "1b")) == (("Good", "graded"), ("Adequate", "graded"))
    assert [(found, text) for _, found, _, text in findings(contents)] == [(number, "The force should read.")]


def box_of(*lines: str, label: str = "Area for improvement", end: str = "Main findings") -> Contents:
    """A box of the section on investigations."""
    return read_integrated_report(
        report_of(*section("Investigating crime", "Adequate", label, "", *lines, "", end, "", PROSE), matrix=MATRIX)
    )


def texts(contents: Contents) -> list[tuple[str, str]]:
    return [(parent, text) for _, _, parent, text in findings(contents)]


def test_running_text_that_mentions_an_area_for_improvement_is_no_finding() -> None:
    lines = ["This is an area for improvement that the report of last year had named, and in it we said that an"]
    lines += ["Area for improvement", "was due. Its cause of concern remains.", "", "Area for improvement."]
    contents = read_integrated_report(report_of(*section("Investigating crime", "Adequate", *lines), matrix=MATRIX))
    assert findings(contents) == []


def test_a_title_that_is_a_sentence_and_one_that_is_none() -> None:
    assert texts(box_of("The force should read.", "", "It does not.", "", "And it must.")) == [
        ("", "The force should read. It does not. And it must.")
    ]
    assert texts(box_of("The force should read", "", "It does not.", "", "It should write", "", "It cannot.")) == [
        ("", "The force should read It does not."),
        ("", "It should write It cannot."),
    ]


def test_areas_for_improvement_of_one_sentence_each() -> None:
    lines = ("The force should read.", "", "Kent Police must write.", "", "It needs to count.")
    assert texts(box_of(*lines, label="Areas for improvement")) == [
        ("", "The force should read."),
        ("", "Kent Police must write."),
        ("", "It needs to count."),
    ]
    assert texts(box_of(*lines)) == [("", "The force should read. Kent Police must write. It needs to count.")]


def test_a_box_whose_end_is_lost_gives_its_first_finding_and_says_so() -> None:
    lines = ("The force should read", "", "It does not.", "", "Officers write well", "", "They do.")
    contents = box_of(*lines, end="Their hand is neat")
    assert texts(contents) == [("", "The force should read It does not.")]
    assert ("warning", "finding-end") in said(contents)


def test_a_box_behind_main_findings_ends_with_its_finding() -> None:
    lines = ["Main findings", "", "Officers write well", "", "They do.", "", "Area for improvement", ""]
    lines += ["The force should read", "", "It does not.", "", "Officers count well", "", "They do.", ""]
    lines += [
        "Innovative practice",
        "",
        "Cadets read to officers",
        "",
        "It helps.",
        "",
        "Their hand is neat",
        "",
        PROSE,
    ]
    contents = read_integrated_report(report_of(*section("Investigating crime", "Adequate", *lines), matrix=MATRIX))
    assert texts(contents) == [
        ("", "The force should read It does not."),
        ("", "Cadets read to officers It helps."),
    ]
    assert [issue for issue in said(contents) if issue[1] == "finding-end"] == [("warning", "finding-end")] * 2


def test_a_paragraph_that_lost_its_stop_is_no_title_at_the_end_of_a_box() -> None:
    contents = box_of("The force should read.", "", "It does not", "")
    assert texts(contents) == [("", "The force should read. It does not")]
    assert ("warning", "finding-complete") in said(contents)


def test_bullets_below_bullets() -> None:
    lines = ["The force should:", "", "- read:", "  - novels; and", "  - letters; and", "- write.", "", "It does not."]
    expected = [
        ("", "The force should: It does not."),
        ("afi-1", "read:"),
        ("afi-1-1", "novels; and"),
        ("afi-1-1", "letters; and"),
        ("afi-1", "write."),
    ]
    assert texts(box_of(*lines)) == expected
    assert texts(box_of(*(line.replace("  -", "–") for line in lines))) == expected
    assert texts(box_of(*(line.replace("- ", "• ") for line in lines))) == expected


def test_bullets_of_one_kind_below_a_colon_go_on_to_the_full_stop() -> None:
    assert texts(box_of("The force should:", "", "• read:", "• novels; and", "• letters.", "• write.")) == [
        ("", "The force should:"),
        ("afi-1", "read:"),
        ("afi-1-1", "novels; and"),
        ("afi-1-1", "letters."),
        ("afi-1", "write."),
    ]


def test_numbered_and_lettered_lists() -> None:
    assert texts(box_of("The force should:", "", "1. read:", "a) novels; and", "b) letters; and", "2. write.")) == [
        ("", "The force should:"),
        ("afi-1", "read:"),
        ("afi-1-1", "novels; and"),
        ("afi-1-1", "letters; and"),
        ("afi-1", "write."),
    ]


def test_links_bold_marks_and_page_numbers_stay_out_of_findings() -> None:
    lines = ['**The force should [read \\(all of it\\)](https://example.org/a_(b) "c") more.**', "", "It *never*"]
    lines += ["", "12", "", "reads [and", "writes](#d) ![a picture](e.png) alone."]
    assert texts(box_of(*lines)) == [("", "The force should read (all of it) more. It never reads and writes alone.")]


def test_recommendations_belong_to_the_cause_of_concern_above() -> None:
    lines = ["Cause of concern", "", "The force forgets", "", "It does.", "", "Recommendations", ""]
    lines += ["The force should remember.", "", "By May it should also:", "", "- read; and", "- write."]
    contents = read_integrated_report(
        report_of(*section("Investigating crime", "Adequate", *lines, "", "Main findings", "", PROSE), matrix=MATRIX)
    )
    assert texts(contents) == [
        ("", "The force forgets It does."),
        ("coc-1", "The force should remember."),
        ("coc-1", "By May it should also:"),
        ("rec-2", "read; and"),
        ("rec-2", "write."),
    ]


def test_an_empty_box_is_said() -> None:
    contents = box_of("")
    assert findings(contents) == []
    assert ("warning", "finding-text") in said(contents)


# --- the matrix -----------------------------------------------------------------------------------------------------

SCALE = ("outstanding", "good", "adequate", "requires improvement", "inadequate")
AREAS = {"preventingcrime", "investigatingcrime", "supportingvictims", "respondingtothepublic"}
TOLD = {"Preventing crime": "good", "Investigating crime": "adequate", "Supporting victims": "inadequate"}
UNTOLD = dict.fromkeys(TOLD)
HEADS = "Outstanding\tGood\tAdequate\tRequires improvement\tInadequate"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([HEADS, "\tPreventing crime\tInvestigating crime\t\tSupporting victims"], TOLD),
        ([HEADS, "\tPreventing crime\tInvestigating crime", "\t\t\t\tSupporting victims"], TOLD),
        # All that is blank is cut off at both ends: where the cells stood is lost.
        ([HEADS, "Preventing crime\tInvestigating crime\t\tSupporting victims"], UNTOLD),
        (["| " + HEADS.replace("\t", " | ") + " |", "|---|---|---|---|---|",
          "|  | Preventing crime | Investigating crime |  | Supporting victims |"], TOLD),
        (["Outstanding   Good              Adequate             Requires     Inadequate",
          "                                                     improvement",
          "              Preventing crime  Investigating crime               Supporting",
          "                                                                  victims"], TOLD),
        (["Outstanding", "Good", "Preventing crime", "Adequate", "Investigating", "crime",
          "Requires", "improvement", "Inadequate", "Supporting victims"], TOLD),
        # The head row first, then one cell a line: the columns are lost.
        (["Outstanding", "Good", "Adequate", "Requires improvement", "Inadequate", *TOLD], UNTOLD),
        ([HEADS, *TOLD], UNTOLD),
        # Tabs and blanks between cells are lost.
        ([HEADS.replace("\t", " "), "Preventing crime Investigating crime Supporting victims"], UNTOLD),
        ([HEADS, "Preventing crime Investigating crime", "\t\t\t\tSupporting victims"],
         {**UNTOLD, "Supporting victims": "inadequate"}),
        ([f"{area} {grade.capitalize()}" for area, grade in TOLD.items()], TOLD),
        # Grades below a heading stand in the order of the scale, or which is a heading cannot be known.
        (["Inadequate", "Supporting victims", "Good", "Preventing crime", "Adequate", "Investigating crime"], UNTOLD),
        ([each for area, grade in TOLD.items() for each in (area, grade.capitalize())], TOLD),
        (["Preventing crime", "Investigating crime", "Good", "Adequate", "Supporting victims", "Inadequate"], UNTOLD),
        ([f"{area}\t{grade.capitalize()}" for area, grade in TOLD.items()], TOLD),
        ([f"{area}: {grade.capitalize()}" for area, grade in TOLD.items()], TOLD),
        ([f"- **{area}** – {grade.capitalize()}" for area, grade in TOLD.items()], TOLD),
        ([f"{grade.capitalize()}\t{area}" for area, grade in TOLD.items()], TOLD),
    ],
)  # fmt: skip
def test_the_matrix_through_other_extractors(lines: list[str], expected: dict[str, str | None]) -> None:
    cells = read_matrix(list(enumerate(lines, start=1)), AREAS, SCALE)
    assert {cell.text: cell.grade for cell in cells} == expected
    for cell in cells:
        printed = " ".join(lines[cell.line_start - 1 : cell.line_end])
        assert all(word in printed for word in cell.text.split())


def test_an_area_that_is_not_known_stays_a_cell() -> None:
    cells = read_matrix([(7, HEADS), (8, "\tCyber crime\t\t\tSupporting victims")], AREAS, SCALE)
    assert [(cell.text, cell.grade, cell.line_start) for cell in cells] == [
        ("Cyber crime", "good", 8),
        ("Supporting victims", "inadequate", 8),
    ]


def test_where_columns_are_lost_the_section_s_grade_is_published_with_a_warning() -> None:
    cells = ("Outstanding", "Good", "Adequate", "Requires improvement", "Inadequate")
    matrix = (*cells, "Preventing crime", "Investigating crime", "Supporting victims")
    contents = read_integrated_report(report_of(*section("Investigating crime", "Adequate"), matrix=matrix))
    assert graded(contents, "5") == ("Adequate", "graded")
    assert issues_of(contents, "5") == [("warning", "judgment-printed-twice")]
    assert graded(contents, "3") == (None, "not_stated")
    assert issues_of(contents, "3") == [("error", "judgment-stated")]


# --- hostile lines --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        *("[" * 60_000, "[](" * 20_000, "[](a(b)" * 20_000, "*a " * 20_000, "not " * 20_000, "| " * 20_000),
        *("Good  " * 5_000, " " * 60_000 + "x", "The " * 20_000 + "should", "judgment " * 10_000, "1. " * 20_000),
    ],
)
def test_hostile_lines_take_no_more_than_their_length(line: str) -> None:
    report = sample_report(NAME)
    lines = list(report.lines)
    for at in (57, 153):
        begun = time.process_time()
        read_integrated_report(with_lines(report, [*lines[:at], line, *lines[at:]]))
        assert time.process_time() - begun < 5


def test_lists_inside_lists_without_end_raise_nothing() -> None:
    deep = ["  " * at + "- and:" for at in range(2_000)]
    assert len(findings(box_of("The force should:", "", *deep))) == 2_001


@pytest.mark.parametrize("text", ["", "\n", "Good", "Contents", "Contents\n1", "|", "-", "Our judgments\nGood\tGood"])
def test_next_to_nothing_raises_nothing(text: str) -> None:
    contents = read_integrated_report(with_lines(report_of(), text.split("\n")))
    assert contents.rows["judgments"] == contents.rows["findings"] == []


# --- headings, labels and bullets in other shapes ---------------------------------------------------------------------

BOXED = ("Area for improvement", "", "The force should read.", "", "Main findings", "", PROSE)


@pytest.mark.parametrize("shape", ["3. {}", "3 {}", "3.1 {}", "• {}", "<h2>{}</h2>", "### **{}**", "{}[4]"])
def test_a_heading_with_a_number_a_bullet_or_marks(shape: str) -> None:
    lines = section(shape.format("Investigating crime"), "Adequate", *BOXED)
    lines += section(shape.format("Responding to the public"), "Good", *BOXED)
    contents = read_integrated_report(report_of(*lines))
    assert (graded(contents, "5")[0], graded(contents, "4")[0]) == ("Adequate", "Good")
    assert [(number, text) for _, number, _, text in findings(contents)] == [
        ("5", "The force should read."),
        ("4", "The force should read."),
    ]


@pytest.mark.parametrize("shape", ["{}: {}", "{} – {}", "{} ({})", "2. {}: {}"])
def test_a_heading_with_its_grade_on_its_line_begins_its_section(shape: str) -> None:
    lines = []
    for heading, grade in (("Investigating crime", "Adequate"), ("Responding to the public", "Good")):
        lines += [shape.format(heading, grade), "", *BOXED, ""]
    contents = read_integrated_report(report_of(*lines))
    assert (graded(contents, "5")[0], graded(contents, "4")[0]) == ("Adequate", "Good")
    assert [number for _, number, _, _ in findings(contents)] == ["5", "4"]


def test_a_grade_whose_heading_is_lost_ends_the_section_above() -> None:
    lines = [*section("Investigating crime", "Adequate", *BOXED), "Inadequate", "", PROSE, "", *BOXED]
    contents = read_integrated_report(report_of(*lines))
    assert graded(contents, "5") == ("Adequate", "graded")
    assert [number for _, number, _, _ in findings(contents)] == ["5", None]
    assert ("warning", "judgment-label") in said(contents)


@pytest.mark.parametrize("label", ["Area for improvement (AFI)", "AREA FOR IMPROVEMENT", "<b>Area for improvement</b>"])
def test_a_label_in_other_shapes(label: str) -> None:
    assert texts(box_of("The force should read.", label=label)) == [("", "The force should read.")]


def test_a_label_and_its_finding_on_one_line() -> None:
    lines = section("Investigating crime", "Adequate", "Area for improvement: The force should read more.", "", PROSE)
    contents = read_integrated_report(report_of(*lines, "Main findings", "", PROSE))
    assert texts(contents) == [("", f"The force should read more. {PROSE}")]
    none = "Areas for improvement: We set none for this area of policing."
    contents = read_integrated_report(report_of(*section("Investigating crime", "Adequate", none)))
    assert findings(contents) == []
    assert ("note", "finding-label") in said(contents)


def test_a_bullet_alone_on_its_line_belongs_to_the_next() -> None:
    contents = box_of("The force should:", "", "•", "read; and", "", "•", "write.")
    assert [text for _, text in texts(contents)] == ["The force should:", "read; and", "write."]


def test_a_head_that_lost_a_grade_leaves_no_column_certain() -> None:
    """A head that lost its first grade with the cell stands one column beside its cells."""
    cells = read_matrix([(1, HEADS.split("\t", 1)[1]), (2, "\tPreventing crime\tInvestigating crime")], AREAS, SCALE)
    assert [cell.grade for cell in cells] == [None, None]


def test_a_matrix_in_html() -> None:
    rows = ["<tr><td>" + row.replace("\t", "</td><td>") + "</td></tr>" for row in MATRIX]
    contents = read_integrated_report(report_of(*section("Investigating crime", ""), matrix=tuple(rows)))
    assert graded(contents, "5") == ("Adequate", "graded")
