"""Judgments that a report states in a sentence, or as a label below its question, to ``judgments``.

A sentence states the judgment of a question only if it says, in the present tense and of the whole force, that it has a
grade of the programme's scale at what the question asks: "... is good at <subject>", "... requires improvement in how
it <subject>", "The force’s overall response to <subject> is good". A tone is not a grade, and neither is an earlier
year's grade, another force's, a part of the subject, or a grade that is hedged, hoped for or denied. Where nothing is
stated the question stays ``not_stated`` and a note says so; where two places differ none is published.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipelines.force_names import forces_named
from pipelines.issues import Issue
from pipelines.questions import Question, grades_best_to_worst, questions_of
from pipelines.reports import Report
from pipelines.sentences import Sentence
from pipelines.structure import Outline, Part

UNGRADED = frozenset({"ungraded", "not graded"})

# --- what a question asks -------------------------------------------------------------------------------------------

WORD = re.compile(r"[A-Za-z]+")
ENDING = re.compile(r"(?<=..)(?:ing|ers?|ed|es|s|e)$")
# Read as one word, or half of it would be taken for the whole.
ANTI_SOCIAL_BEHAVIOUR = re.compile(r"\banti-?\s?social behaviour\b|\bASB\b", re.IGNORECASE)
_COMMON = (
    "how effective effectively well what extent does do the force forces is are at in to and or of its it their a an "
    "for from those who that they them which both"
)
COMMON_WORDS = frozenset(_COMMON.split())
# Of a question's words, these may be left out and others of these be said instead: "vulnerable people".
_LOOSE = "people person harm group public community resident activity"


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """A word without its ending, cut short: "investigating", "investigates" and "investigations" are one."""
    return ENDING.sub("", word.lower())[:5]


LOOSE_STEMS = frozenset(_stem(word) for word in _LOOSE.split())


def subject_words(question: str, report: Report) -> tuple[str, ...]:
    """Stems of what a question asks about, in order; what it includes besides ("..., including ...") is left out."""
    head = question.split(", including", 1)[0].replace(report.force_name, " ")
    return tuple(stem for _, _, stem in _content_words(head))


def _content_words(text: str) -> list[tuple[int, int, str]]:
    """Start, end and stem of each word that says what a text is about."""
    # The replacement is as long as what it stands for, so that offsets stay.
    text = ANTI_SOCIAL_BEHAVIOUR.sub(lambda match: "asb".ljust(len(match.group())), text)
    return [
        (match.start(), match.end(), _stem(match.group()))
        for match in WORD.finditer(text)
        if len(match.group()) > 1 and match.group().lower() not in COMMON_WORDS
    ]


# --- sentences that state a judgment --------------------------------------------------------------------------------

# Words that change nothing. Trap: "generally", "not yet" and "becoming" do.
ADVERBS = r"(?:,?\s(?:overall|also|still|now|again|therefore|currently|both)\b,?)*"
JUDGED = r"(?:judged|graded|assessed|rated)(?:\s(?:as|to be))?"
# What may be graded in place of the force itself. Trap: its "support for ..." is a part of what it does.
WORK = r"(?:approach|response|effectiveness|performance|work)"
# Between the grade and the subject: "at", "in how it", "in its overall approach to".
AT = (
    r"(?:at|in|for|in terms of|in relation to)\s(?:how (?:well |effectively )?(?:it|the force)\s|"
    rf"the way (?:in which |that )?(?:it|the force)\s|its (?:overall )?{WORK} (?:to|at|in|for|on) )?"
)
# What may stand before the force: nothing, who judges, or a clause that does not say who else or when.
BEFORE = re.compile(
    r"(?:(?:HMIC|HMICFRS|We|(?:Our i|I)nspectors) (?:(?:has|have) )?(?:find|found|judge|consider|conclude)[sd]? that |"
    r"(?:Our|This|HMIC['’]s|HMICFRS['’]s) (?:overall )?(?:judge?ment|assessment|conclusion) is that |"
    r"In (?:our|HMIC['’]s|HMICFRS['’]s) (?:judge?ment|view),? |"
    r"(?:Our|This|HMIC['’]s|HMICFRS['’]s) inspection (?:has )?(?:found|finds|shows|concluded) that |"
    r"(?:Overall|Again|However|Nevertheless|In general|In summary|In conclusion|In terms of|Although|Though|"
    r"Even though|Whilst?|Despite)\b(?:[^.;:?!]{0,250})?, |Overall |This year,? )?(?:[Oo]verall,? )?"
)
# Where the clause ends that says at what the force has its grade.
CLAUSE_END = re.compile(
    r"[.;:!?(–—]|,?\s(?:but|although|however|though|yet|while|whilst|despite|which|because|since|as|nevertheless)\b"
)
# What makes the subject less than the question's: "managing offenders in custody" ...
NARROWED = re.compile(
    r"\s(?:in|within|at|for|by|through|when|where|if|during|on|among|only|under|except|apart|unless|until|once|after|"
    r"before|using|against|to|from|locally|partly|largely|mostly|mainly|sometimes|no)\b"
)
# ... unless it says the whole force again, or when it was inspected.
WHOLE_FORCE = (
    r"\s(?:(?:in|across|throughout|within|for) (?:(?:the|its|all of its) (?:whole |local |force )?(?:force|area|county|"
    r"counties|communities|community)\b|general\b|{area})|at (?:present|the time of our inspection)\b)"
)


# Further before a judgment nothing is looked at.
FAR = 400
# Words of somebody else, behind what they say.
OTHERS_SAY = re.compile(r"\baccording to\b|\b(?:says?|said|believes?|claims?|thinks?|argues?)[.’”\"']*$")


@dataclass(frozen=True)
class Statement:
    """A grade that a sentence or label gives. ``is_whole``: for all that the question asks, not for a part of it."""

    grade: str
    line_start: int
    line_end: int
    is_summary: bool
    is_whole: bool
    text: str


@dataclass(frozen=True)
class _Wording:
    """How sentences give the force of one report a grade of its programme.

    ``at``: "the force is good at ..."; ``work``: "its overall approach to ... is good"; ``further``: ", outstanding at
    ..." behind another grade; ``whole_force``: "in its area" behind a subject.
    """

    at: re.Pattern[str]
    work: re.Pattern[str]
    further: re.Pattern[str]
    whole_force: re.Pattern[str]


@lru_cache(maxsize=256)
def _wording(force_name: str, programme_id: str) -> _Wording:
    known = [grade for grade in grades_best_to_worst(programme_id) if not grade.startswith("requires ")]
    grade = rf"(?P<grade>{'|'.join((*known, 'requiring improvement'))})"
    being = rf"(?:(?:is|remains){ADVERBS}(?:\s{JUDGED})?|has been{ADVERBS}\s{JUDGED})"
    verb = rf"(?:{being}{ADVERBS}\s{grade}|(?P<requires>requires improvement))"
    name = re.escape(force_name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", "[- ]")
    # "Kent Police (KP)": where it first names the force, a report may say how it calls it from then on.
    force = rf"(?:(?:the )?{name}(?: \([A-Z]{{2,8}}\))?|the force|the constabulary)"
    judges = "(?:HMIC|HMICFRS|we) (?:(?:has|have) (?:judged|graded|assessed|rated)|judges?|grades?)"
    area = re.escape(re.sub(r" (?:Police|Constabulary)\b.*$", "", force_name)) + r"\b"
    return _Wording(
        at=re.compile(
            rf"(?i:\b(?:(?P<who>{force}|it)(?:\shas improved,?\sand)?{ADVERBS}\s{verb}|"
            rf"{judges} {force} (?:as|to be) (?P<judged>{'|'.join(known)})){ADVERBS}\s{AT})"
        ),
        work=re.compile(
            rf"(?i:\b(?:(?P<who>{force}['’]s?|its)\s(?P<overall>overall )?{WORK}|"
            rf"the (?P<total>overall )?{WORK} of {force}) (?:to|at|in|for|on) "
            rf"(?P<subject>[^.;:?!]{{3,200}}?){ADVERBS}\s{verb}{ADVERBS}"
            r"(?=[.,;:]|$|\s(?:but|although|however|and)\b))"
        ),
        further=re.compile(
            rf"(?i:(?:,|\s(?:and|but)\b)(?:\s(?:and|but|it|the force|is|also)){{0,6}}\s"
            rf"(?:{grade}|(?P<requires>requires improvement))\s{AT})"
        ),
        whole_force=re.compile(rf"(?i:{WHOLE_FORCE.format(area=area)})"),
    )


def _statements(report: Report, outline: Outline, question: Question) -> Iterator[Statement]:
    """Labels of a question and sentences that state its judgment, or that of a part of it, in line order."""
    above = ""
    for part in outline.parts:
        if part.kind == "grade" and part.question_no == question.number:
            is_summary = above in ("summary_question", "pillar_question")
            yield Statement(part.text.lower(), part.line_start, part.line_end, is_summary, True, part.text)
        elif part.kind != "sub_heading":
            above = part.kind
    before: Sentence | None = None
    for sentence in outline.sentences:
        if sentence.place == "summary" or (sentence.place == "body" and sentence.question_no == question.number):
            told = before.text if before and before.heading == sentence.heading and before.place != "box" else ""
            yield from _stated_by(report, question, sentence, told)
        before = sentence


def _stated_by(report: Report, question: Question, sentence: Sentence, before: str) -> Iterator[Statement]:
    text = sentence.text
    if text.endswith("?") or OTHERS_SAY.search(text):
        return
    asked = subject_words(question.text, report)
    wording = _wording(report.force_name, report.programme_id)
    match = _first_of_the_force(report, wording.at, text, before)
    if match:
        said = [match, *wording.further.finditer(text, match.end())]
        ends = [further.start() for further in said[1:]] + [len(text)]
        for grade, end in zip(said, ends, strict=True):
            share = _share(text[grade.end() : end], report, asked)
            if share:
                yield _statement(sentence, grade, share, (match.start(), end))
    match = _first_of_the_force(report, wording.work, text, before)
    if match:
        # A response to crime is a response to tackling crime.
        share = _share(
            match.group("subject"),
            report,
            asked,
            asked[:1],
            missing=1 if match.group("overall") or match.group("total") else 0,
        )
        if share:
            yield _statement(sentence, match, share, match.span())


def _statement(sentence: Sentence, match: re.Match[str], share: str, span: tuple[int, int]) -> Statement:
    groups = match.groupdict()
    said = (groups.get("grade") or groups.get("judged") or "").lower()
    grade = "requires improvement" if groups.get("requires") or said == "requiring improvement" else said
    return Statement(grade, *sentence.lines(*span), sentence.place == "summary", share == "whole", sentence.text)


def _first_of_the_force(report: Report, pattern: re.Pattern[str], text: str, before: str) -> re.Match[str] | None:
    """The first match before which nothing makes it other than a judgment of today on this force; "it" and "the force"
    must not follow the name of another force."""
    for match in pattern.finditer(text):
        near = max(0, match.start() - FAR)
        clause = text.rfind("; ", near, match.start())
        if BEFORE.fullmatch(text, clause + 2 if clause >= 0 else 0, match.start()):
            who = match.group("who")
            if who and report.force_name.lower() in who.lower():
                return match
            others = {force.area_code for force in forces_named(text[near : match.start()])} - {report.area_code}
            named = {force.area_code for force in forces_named(before)}
            if not others and (not named or report.area_code in named):
                return match
    return None


def _share(clause: str, report: Report, asked: Sequence[str], implied: Sequence[str] = (), missing: int = 0) -> str:
    """How much of what a question asks a clause speaks of: "whole", "part", or "" where it speaks of something else.

    Words that are ``implied`` may be left out, and of the others as many as are ``missing``: an overall response to
    "organised crime" is one to "tackling serious and organised crime".
    """
    end = CLAUSE_END.search(clause)
    clause = clause[: end.start()] if end else clause
    needed, known = set(asked) - LOOSE_STEMS - set(implied), LOOSE_STEMS.union(asked)
    told: set[str] = set()
    last = 0
    for _, stop, stem in _content_words(clause):
        if stem not in known or (needed <= told and NARROWED.match(clause, last)):
            break
        told.add(stem)
        last = stop
    if not told & needed:
        return ""
    if len(needed - told) > missing:
        return "part"
    whole_force = _wording(report.force_name, report.programme_id).whole_force
    return "part" if NARROWED.match(clause, last) and not whole_force.match(clause, last) else "whole"


# --- rows -----------------------------------------------------------------------------------------------------------


def stated_judgment_rows(report: Report, outline: Outline) -> tuple[list[dict[str, Any]], list[Issue]]:
    """One row per question of the programme that the page prints (``schema.JUDGMENTS``), and what is wrong with
    them."""
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    headings = ("core_question", "pillar_question", "summary_question")
    for question in questions_of(report.programme_id, report.pillar):
        places = [part for kind in headings for part in outline.of_kind(kind) if part.question_no == question.number]
        if not places:
            message = "the page does not print this question"
            issues.append(_issue(report, question, "judgment-question", "warning", message))
            continue
        found = list(_statements(report, outline, question))
        whole = [statement for statement in found if statement.is_whole]
        problem = _problem(report, question, found, whole)
        if problem:
            issues.append(problem)
            whole = [] if problem.severity == "error" else whole
        rows.append(_row(report, question, places[0], whole))
    issues += _unplaced_labels(report, outline)
    return rows, issues


def _problem(
    report: Report, question: Question, found: Sequence[Statement], whole: Sequence[Statement]
) -> Issue | None:
    """Why no grade is published, or what to know of the one that is; None where all is clear."""
    known = grades_best_to_worst(report.programme_id)
    strange = next((each for each in whole if each.grade not in known and each.grade not in UNGRADED), None)
    if strange:
        message = f"{strange.grade!r} is no grade of {report.programme_id}"
        return _issue(report, question, "judgment-scale", "error", message, strange)
    grades = list(dict.fromkeys(statement.grade for statement in whole))
    if len(grades) > 1:
        places = " and ".join(f"{each.grade} (line {each.line_start})" for each in whole)
        message = f"the page does not say the same everywhere: {places}; none is published"
        return _issue(report, question, "judgment-agrees", "error", message, whole[0])
    if whole:
        return None
    if found:
        message = f"no grade: a sentence calls the force {found[0].grade} at a part of what the question asks only"
        return _issue(report, question, "judgment-stated", "note", message, found[0])
    message = "no sentence states the grade of this question"
    return _issue(report, question, "judgment-stated", "note", message)


def _unplaced_labels(report: Report, outline: Outline) -> Iterator[Issue]:
    for part in outline.of_kind("grade"):
        if part.question_no is None:
            message = (
                f"{report.source_file}, line {part.line_start}: the grade {part.text!r} stands below no question that "
                f"{report.programme_id} is known to ask: it is not published"
            )
            yield Issue(
                "judgment-question",
                "note",
                message,
                table_name="judgments",
                report_id=report.report_id,
                source_file=report.source_file,
                found=part.text,
                line_start=part.line_start,
                line_end=part.line_end,
            )


def _row(report: Report, question: Question, place: Part, whole: Sequence[Statement]) -> dict[str, Any]:
    summary = [statement for statement in whole if statement.is_summary]
    section = [statement for statement in whole if not statement.is_summary]
    cited = next(iter((*section, *summary)), None)
    grade = cited.grade if cited and cited.grade not in UNGRADED else None
    lines = (cited.line_start, cited.line_end) if cited else (place.line_start, place.line_end)
    return {
        "report_id": report.report_id,
        "question_id": question.question_id,
        "question": place.text,
        "scale_id": question.scale_id if grade else None,
        "grade": grade.capitalize() if grade else None,
        "grade_rank": grades_best_to_worst(report.programme_id).index(grade) + 1 if grade else None,
        "judgment_status": "graded" if grade else "ungraded" if cited else "not_stated",
        "summary_line": summary[0].line_start if summary else None,
        "section_line": section[0].line_start if section else None,
        "line_start": lines[0],
        "line_end": lines[1],
        "printed": report.printed(*lines),
    }


def _issue(
    report: Report, question: Question, check_id: str, severity: str, message: str, at: Statement | None = None
) -> Issue:
    place = f", line {at.line_start}" if at else ""
    return Issue(
        check_id,
        severity,
        f"{report.source_file}{place}: {question.question_id}: {message}",
        table_name="judgments",
        report_id=report.report_id,
        source_file=report.source_file,
        row_key=f"question_id={question.question_id}",
        found=at.text if at else None,
        line_start=at.line_start if at else None,
        line_end=at.line_end if at else None,
    )
