"""The catalogue page as text: what it says of a release, and that nothing in a report can be more than text in it."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pytest
from conftest import ROOT

from pipelines.page import page as page_module
from pipelines.page.findings_search import CUT, MOST_CHARACTERS, Names, findings_search, trees
from pipelines.page.page import Checks, Facts, page
from pipelines.page.picture import Picture
from pipelines.page.svg import drawing, text
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, TABLES, Column, Table
from pipelines.versions import VersionEntry

KENT, ESSEX = "kent-2016-effectiveness", "essex-2021-22"
HOSTILE = (
    "<script>window.xss=1</script><img src=x onerror=alert(1)>&quot;'\"</textarea>\u202eesrever\u2066\x1b[31m\x00\u2028"
)
HOSTILE_SHOWN = (
    "<script>window.xss=1</script><img src=x onerror=alert(1)>&quot;'\"</textarea>\ufffdesrever\ufffd\ufffd[31m\ufffd"
)


class Parsed(HTMLParser):
    """A page taken apart as a browser would: elements with their attributes, words, and what stands in scripts."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._open = ""
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            self.scripts.append(data)
        elif self._open == "style":
            self.styles.append(data)
        else:
            self.words.append(data)

    def values(self, attribute: str) -> list[str]:
        return [str(found[attribute]) for _, found in self.elements if attribute in found]

    @cached_property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @cached_property
    def data(self) -> Any:
        return json.loads(self.scripts[1])


def report_row(report_id: str, force: str, **other: Any) -> dict[str, Any]:
    row = {
        "report_id": report_id,
        "programme_id": "peel-2016",
        "pillar": "effectiveness",
        "force_id": force,
        "area_code": {"kent": "E23000032", "essex": "E23000028"}[force],
        "force_name": f"{force.capitalize()} Police",
        "inspectorate": "HMIC",
        "data_period_end": None,
        "published": None,
        "source_file": f"{force}.txt",
        "source_format": "text",
        "sha256": "0" * 64,
        "line_count": 900,
        "extraction": "extracted",
    }
    return {**row, **other}


def finding_row(number: int, words: str, report_id: str = KENT, **other: Any) -> dict[str, Any]:
    row = {
        "report_id": report_id,
        "finding_id": f"{report_id}-afi-{number}",
        "finding_type": "area_for_improvement",
        "question_id": "peel-2016-effectiveness-1",
        "parent_id": None,
        "sequence": number,
        "text": words,
        "line_start": 100 + number,
        "line_end": 101 + number,
        "printed": words,
    }
    return {**row, **other}


def issue_row(number: int, severity: str, message: str = "odd", **other: Any) -> dict[str, Any]:
    row = dict.fromkeys(TABLES["quality_issues"].column_names)
    return {**row, "issue_id": f"{number:016x}", "check_id": "odd", "severity": severity, "message": message, **other}


REPORTS = [
    report_row(KENT, "kent", data_period_end=date(2016, 6, 30)),
    report_row(ESSEX, "essex", programme_id="peel-2021-22", pillar=None, published="2022-11", line_count=1),
]


def release(**rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """All tables: dimensions as they ship, two reports, and these rows."""
    dimensions = {name: dimension_rows(name) for name in DIMENSIONS}
    found = {"reports": REPORTS, **dimensions, **rows}
    return {name: TABLES[name].to_arrow(found.get(name, ())) for name in TABLES}


def picture(kind: str = "force_outcomes", subject: str = "kent", **other: Any) -> Picture:
    made = Picture(
        id=f"{kind}-{subject}".replace("_", "-"),
        kind=kind,
        subject=subject,
        label=subject.capitalize(),
        title=f"Title of {kind} {subject}",
        subtitle="Percent",
        svg=drawing(20, "A drawing", [text(0, 10, "words")]),
        alt="A drawing",
        notes=("Nobody is left out.",),
        columns=("Outcome", "Value"),
        rows=(("Charged", "14.2"),),
        numeric=("Value",),
    )
    return replace(made, **other)


FACTS = Facts(version="1.2.0", changes=(), checks={}, files={})


def parsed(tables: Mapping[str, pa.Table], pictures: Sequence[Picture] = (), facts: Facts = FACTS) -> Parsed:
    return Parsed(page(tables, pictures, facts))


def test_it_says_how_much_there_is_and_how_fresh_it_is() -> None:
    findings = [
        finding_row(1, "Do better:"),
        finding_row(2, "at once", parent_id=f"{KENT}-afi-1"),
        finding_row(3, "So"),
    ]
    said = parsed(release(findings=findings)).text
    assert "Reports 2 Forces with a report 2 of 43 Programmes 2 of 13 Findings 2 Tables 25 Rows" in said
    assert "Latest data period of a report 30 June 2016 (1 of 2 reports)" in said
    assert "Latest report published November 2022 (1 of 2 reports)" in said
    assert "Latest open data period no open data" in said
    assert "Peel Warehouse · version 1.2.0" in said


def test_a_release_without_rows_pictures_or_files_says_what_is_not_there() -> None:
    content = page({name: table.arrow_schema().empty_table() for name, table in TABLES.items()}, [], FACTS)
    empty = Parsed(content)
    assert "Reports 0 Forces with a report 0 Programmes 0 Findings 0 Tables 25 Rows 0" in empty.text
    for said in (
        "Latest data period of a report no report states one",
        "The table forces has no rows in this release.",
        "There are no outcomes of forces in this release.",
        "There are no findings in this release.",
        "No files were named beside this page.",
        "No change log was handed over with this release.",
        "The checks found nothing to say of this release.",
    ):
        assert said in empty.text
    assert empty.text.count("This table has no rows in this release.") == 25
    assert not [href for href in empty.values("href") if not href.startswith(("#", "https://", "data:,"))]


def test_every_table_shows_its_columns_warnings_values_and_first_rows() -> None:
    tables = release(quality_issues=[issue_row(n, "note", f"message {n}") for n in range(7)])
    shown = parsed(tables)
    ids = shown.values("id")
    for name, table in TABLES.items():
        assert f"table-{name}" in ids
        for words in (table.title, table.description, *table.warnings):
            assert words in shown.text
        for column in table.columns:
            assert column.description in shown.text
            assert all(f"{value} : {meaning}" in shown.text for value, meaning in (column.allowed or {}).items())
    first_rows = shown.text[shown.text.index("First rows issue_id") : shown.text.index("forces Police force areas")]
    assert [n for n in range(7) if f"message {n}" in first_rows] == [0, 1, 2, 3, 4]


def test_a_new_table_shows_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    zoo = Table(
        name="zoo",
        title="Animals",
        description="One row per animal.",
        key=("animal",),
        columns=(
            Column("animal", pa.string(), "What it is", nullable=False),
            Column("legs", pa.int32(), "How many", unit="legs", minimum=0, maximum=1000),
        ),
        group="wild_life",
    )
    monkeypatch.setitem(TABLES, "zoo", zoo)
    shown = parsed({**release(), "zoo": zoo.to_arrow([{"animal": "ant", "legs": None}])})
    assert "Wild life zoo Animals 1 row One row per animal." in shown.text
    assert "legs integer, may be null legs How many. From 0 to 1,000." in shown.text
    assert "First rows animal legs ant null" in shown.text


def test_only_files_that_are_there_are_linked_and_none_is_left_out() -> None:
    files = {
        "peel.duckdb": 1_234_567,
        "reports.parquet": 999,
        "findings.parquet": 1,
        "csv/reports.csv": 5_000,
        "csv/reports.csv-metadata.json": 5_500,
        "data_docs/index.html": 10_000,
        "data_docs/reports.html": 20_400,
        "SHA256SUMS": 2_000_000_000,
        "a file?.txt": 7,
        "index.html": 3,
    }
    shown = parsed(release(), facts=replace(FACTS, files=files))
    links = {unquote(href) for href in shown.values("href") if not href.startswith(("#", "https://", "data:,"))}
    assert links == files.keys() - {"index.html"}
    assert "DuckDB 1.2 MB One database" in shown.text
    assert "CSV 10 kB A file for each table" in shown.text
    assert "Parquet 1.0 kB A file" in shown.text
    assert "Parquet 999 bytes" in shown.text
    assert "Checks 30 kB Every rule" in shown.text
    assert "Checksums 2.0 GB" in shown.text
    assert "a file?.txt 7 bytes" in shown.text
    assert "Parquet 1 byte" in shown.text


def test_a_force_shows_its_pictures_and_reports_and_says_what_is_not_there() -> None:
    shown = parsed(release(findings=[finding_row(1, "Do better")]), [picture(), picture("grade_tiles", "surrey")])
    assert (
        "Kent Police 1 report Region: South East, England; ONS code E23000032 Title of force_outcomes kent"
        in shown.text
    )
    assert (
        "No grades of this force are in this release. Its report , with 1 finding "
        "PEEL 2016, effectiveness data to 30 June 2016; kent.txt, 900 lines"
    ) in shown.text
    assert "PEEL 2021/22 published November 2022; essex.txt, 1 line" in shown.text
    gwent = shown.text[shown.text.index("Gwent Police 0 reports") :]
    assert gwent.startswith(
        "Gwent Police 0 reports Region: Wales; ONS code W15000002 No report of this force is in this release. "
        "No outcomes of this force are in this release. Hampshire"
    )
    forces = [found["value"] for tag, found in shown.elements if tag == "option"][:43]
    # Those with a report come first; the first of them is picked.
    assert forces[:3] == ["essex", "kent", "avon-and-somerset"]
    assert [found["value"] for tag, found in shown.elements if tag == "option" and "selected" in found] == ["essex"]


def test_outcomes_are_picked_by_subject_and_other_pictures_are_always_shown() -> None:
    pictures = [
        picture("outcome_bars", "charged", id="one", label="Charged"),
        picture("outcome_bars", "cautioned", id="two", label="Cautioned"),
        picture("outcome_bars", "charged", id="three", label="Charged"),
        picture("holdings", "", id="four", title="What is there"),
    ]
    shown = parsed(release(), pictures)
    subjects = [str(found["data-subject"]) for _, found in shown.elements if "data-subject" in found]
    assert subjects[-2:] == ["charged", "cautioned"]
    figures = [found["id"] for tag, found in shown.elements if tag == "figure"]
    assert figures == ["one", "three", "two", "four"]
    assert [tag for tag, _ in shown.elements].count("svg") == 4
    assert "Nobody is left out. The numbers as a table Outcome Value Charged 14.2" in shown.text


def test_outcomes_to_pick_stand_below_their_source_and_period() -> None:
    pictures = [
        picture("outcome_bars", "a", id="one", group="One source"),
        picture("outcome_bars", "b", id="two", group="Another source"),
        picture("outcome_bars", "c", id="three", group="One source"),
        picture("outcome_bars", "d", id="four"),
    ]
    shown = parsed(release(), pictures)
    listed = [
        found.get("label") or found.get("value") for tag, found in shown.elements if tag in ("optgroup", "option")
    ]
    first = listed.index("One source")
    assert listed[first : first + 6] == ["One source", "a", "c", "Another source", "b", "d"]
    # Without a script each says so itself.
    assert "A: One source" in shown.text


def test_findings_are_trees_with_names_lines_and_reports_the_newest_first() -> None:
    rows = [
        finding_row(1, "A failing", finding_type="cause_of_concern"),
        finding_row(2, "Mend it:", finding_type="recommendation", parent_id=f"{KENT}-afi-1"),
        finding_row(3, "at once", finding_type="recommendation", parent_id=f"{KENT}-afi-2"),
        finding_row(1, "Well done", ESSEX, finding_type="innovative_practice", question_id=None),
    ]
    shown = parsed(release(findings=rows)).data
    assert shown["reports"] == [[ESSEX, 0, 0, None, "essex.txt"], [KENT, 1, 1, "effectiveness", "kent.txt"]]
    assert shown["forces"] == [["essex", "Essex Police"], ["kent", "Kent Police"]]
    assert shown["programmes"] == [["peel-2021-22", "PEEL 2021/22"], ["peel-2016", "PEEL 2016"]]
    assert [kind for _, kind in shown["kinds"]] == ["Innovative practice", "Cause of concern", "Recommendation"]
    assert shown["findings"] == [
        [0, "Well done", 101, 102, [], 0, -1],
        [1, "A failing", 101, 102, [[2, "Mend it:", 102, 103, [[2, "at once", 103, 104, []]]]], 1, 0],
    ]
    question = "How effective is the force at preventing crime, tackling anti-social behaviour and keeping people safe?"
    assert shown["questions"] == [["peel-2016-effectiveness-1", question]]


def test_no_finding_is_lost_whatever_its_parent() -> None:
    ids = [("a", "z"), ("b", "c"), ("c", "b"), ("d", "d"), ("e", "b"), ("f", "a")]
    roots = trees([{"finding_id": one, "parent_id": parent} for one, parent in ids])
    assert [(row["finding_id"], [child["finding_id"] for child, _ in below]) for row, below in roots] == [
        ("a", ["f"]),
        ("b", []),
        ("c", []),
        ("d", []),
        ("e", []),
    ]


def test_findings_that_do_not_fit_are_said_to_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [finding_row(n, "x" * 1000) for n in range(1, 10)]
    tables, facts = release(findings=rows), replace(FACTS, files={"csv/findings.csv": 1})
    monkeypatch.setattr(page_module, "findings_search", partial(findings_search, most_bytes=4500))
    shown = parsed(tables, facts=facts)
    assert len(shown.data["findings"]) == 4
    assert "The search covers the newest 4 of 9 findings; all are in csv/findings.csv" in shown.text
    monkeypatch.setattr(page_module, "findings_search", partial(findings_search, most_bytes=500))
    assert (
        "The findings are too long to be searched here; all are in csv/findings.csv" in parsed(tables, facts=facts).text
    )
    long = findings_search(REPORTS, {KENT: trees([finding_row(1, "y" * 100_000)])}, Names({}, {}, {}))
    assert json.loads(long.data)["findings"][0][1] == "y" * MOST_CHARACTERS + CUT


def test_limits_are_counted_by_what_they_mean() -> None:
    reports = [REPORTS[0], {**REPORTS[1], "extraction": "registered"}]
    observation = dict.fromkeys(TABLES["observations"].column_names) | {
        "report_id": KENT,
        "table_name": "statistics",
        "measure_id": "victim_satisfaction_whole_experience",
        "unit": "percent",
        "line_start": 1,
        "line_end": 1,
        "printed": "x",
    }
    statuses = ("published", "not_printed", "unassigned", "not_printed")
    rows = [{**observation, "row_key": f"row={n}", "value_status": one} for n, one in enumerate(statuses)]
    said = parsed(release(reports=reports, observations=rows)).text
    assert (
        "Limits 1 of 2 reports: its kind is known, its programme is not: nothing of it is extracted (registered). "
        "2 of 4 numbers: the row is printed, its number is not (not_printed). 1 of 4 numbers: numbers are printed"
    ) in said


def test_issues_come_errors_first_and_what_is_not_shown_is_counted() -> None:
    issues = [issue_row(n, "note", f"note {n}.") for n in range(150)]
    issues += [
        issue_row(200, "warning", "a warning", source_file="b.txt", line_start=3, line_end=4),
        issue_row(201, "error", "an error", source_file="a.txt", line_start=9, line_end=9),
    ]
    shown = parsed(release(quality_issues=issues)).text
    assert "1 error : something was refused" in shown
    assert "150 notes : said for completeness" in shown
    assert "error an error a.txt, line 9 warning a warning b.txt, lines 3–4 note note 0." in shown
    assert "52 more are in the table quality_issues." in shown


def test_checks_and_changes_are_said_by_table_and_version() -> None:
    changes = [VersionEntry(f"1.{n}.0", f"1.{n - 1}.0") for n in range(12, 0, -1)]
    changes[0] = VersionEntry(
        "1.12.0",
        "1.11.0",
        {"findings": {"added": 1200, "removed": 0, "changed": 3}, "figures": {"added": 0, "removed": 0, "changed": 0}},
        ("reports has a new column",),
    )
    checks = {"figures": Checks(30, 1, 0), "reports": Checks(1200, 0, 2)}
    facts = Facts("1.12.0", (*changes, VersionEntry("1.0.0", None)), checks, {})
    shown = parsed(release(), facts=facts).text
    assert "1,230 rules passed, 1 warned, 2 failed." in shown
    assert "Table Passed Warned Failed reports 1,200 0 2 figures 30 1 0" in shown
    assert (
        "1.12.0 Against 1.11.0: reports has a new column findings: rows 1,200 added, 3 changed figures: its columns "
        "1.11.0 Nothing in the tables differs from 1.10.0."
    ) in shown
    assert "1.3.0 Nothing" in shown
    assert "1.2.0 Nothing" not in shown
    assert "3 earlier versions not shown." in shown
    first = parsed(release(), facts=replace(FACTS, changes=(VersionEntry("1.0.0", None),))).text
    assert "1.0.0 The first version." in first


def test_it_says_how_to_cite_it_and_under_which_licence() -> None:
    said = parsed(release()).text
    assert (
        "Peel Warehouse. Police inspection reports of England and Wales as tables. Version 1.2.0 [data set]. "
        "Contains public sector information licensed under the Open Government Licence v3.0. Accessed on [your date]."
    ) in said
    assert "@misc{peel_warehouse_1_2_0, author = {{Peel Warehouse}}," in said
    assert "licensed under the Open Government Licence v3.0. Read the Open Government Licence v3.0" in said


def hostile_release() -> tuple[dict[str, pa.Table], list[Picture], Facts]:
    """Every text of a table that no rule binds is hostile, and so is every text of a picture and every file's name."""
    plain = release(
        findings=[finding_row(n, "x") for n in range(1, 4)],
        quality_issues=[issue_row(1, "error"), issue_row(2, "note")],
    )
    tables = {}
    for name, table in plain.items():
        free = {
            column.name
            for column in TABLES[name].columns
            if column.type == pa.string() and not (column.allowed or column.pattern or column.joins)
        } - {"check_id"}
        rows = [{key: HOSTILE if key in free else value for key, value in row.items()} for row in table.to_pylist()]
        tables[name] = pa.Table.from_pylist(rows, table.schema)
    words = dict.fromkeys(("label", "title", "subtitle", "alt"), HOSTILE)
    drawn = drawing(20, HOSTILE, [text(0, 10, HOSTILE)])
    table_of = {"notes": (HOSTILE,), "columns": (HOSTILE, "b"), "rows": ((HOSTILE, HOSTILE),), "numeric": (HOSTILE,)}
    kinds = (("force_outcomes", "kent"), ("outcome_bars", HOSTILE), ("holdings", ""), ("new_kind", HOSTILE))
    pictures = [
        picture(kind, subject, id=f"p{n}", svg=drawn, **words, **table_of) for n, (kind, subject) in enumerate(kinds)
    ]
    entry = VersionEntry(HOSTILE, HOSTILE, {HOSTILE: {HOSTILE: 1}}, (HOSTILE,))
    return tables, pictures, Facts(HOSTILE, (entry,), {HOSTILE: Checks(1, 1, 1)}, {HOSTILE: 1, f"csv/{HOSTILE}": 1})


def test_hostile_text_comes_out_as_text_wherever_it_stands() -> None:
    tables, pictures, facts = hostile_release()
    content = page(tables, pictures, facts)
    shown = Parsed(content)
    tags = [tag for tag, _ in shown.elements]
    assert tags.count("script") == 2
    assert not {"img", "iframe", "object", "embed", "base", "textarea"} & set(tags)
    assert not [
        name for _, found in shown.elements for name in found if name.startswith("on") or name in ("style", "src")
    ]
    hrefs = shown.values("href")
    assert not [href for href in hrefs if re.match(r"\s*(javascript|vbscript|data:[^,])", href, re.IGNORECASE)]
    assert HOSTILE_SHOWN in shown.text
    assert shown.data["findings"][0][1] == HOSTILE_SHOWN
    # What turns the order of reading around, ends a line or speaks to a terminal is nowhere in the page.
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029\x00-\x09\x0b-\x1f]", content.decode())


def test_data_cannot_end_the_script_it_stands_in() -> None:
    words = "</script><script>window.xss=1</script><!-- ]]> \u2028 &lt;"
    content = page(release(findings=[finding_row(1, words)]), [], FACTS)
    raw = re.search(r'id="findings-data">(.*?)</script>', content.decode(), re.DOTALL)
    assert raw
    assert not set(raw[1]) & set("<>&\u2028\u2029")
    assert Parsed(content).data["findings"][0][1] == "</script><script>window.xss=1</script><!-- ]]> &lt;"


def test_a_browser_may_run_only_the_style_and_the_script_of_the_page() -> None:
    shown = parsed(release())
    policy = next(found["content"] or "" for tag, found in shown.elements if tag == "meta" and "http-equiv" in found)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for name, content in (("style-src", shown.styles[0]), ("script-src", shown.scripts[0])):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|innerHTML|eval\(", shown.styles[0] + shown.scripts[0])


def test_links_within_the_page_lead_somewhere_and_headings_go_down_by_one() -> None:
    pictures = [picture(), picture("outcome_bars", "charged"), picture("holdings", "")]
    shown = parsed(release(findings=[finding_row(1, "Do better")], quality_issues=[issue_row(1, "error")]), pictures)
    ids = shown.values("id")
    assert len(ids) == len(set(ids))
    assert not [
        href for href in shown.values("href") if href.startswith("#") and "=" not in href and href[1:] not in ids
    ]
    assert not [name for name in shown.values("for") + shown.values("aria-labelledby") if name not in ids]
    levels = [int(tag[1]) for tag, _ in shown.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2, 3}


MAKE = """
import hashlib, sys
sys.path.insert(0, "tests")
from test_page import FACTS, finding_row, page, picture, release
print(hashlib.sha256(page(release(findings=[finding_row(1, "Do better")]), [picture()], FACTS)).hexdigest())
"""


def test_the_same_release_gives_the_same_bytes_in_every_process() -> None:
    arguments = release(findings=[finding_row(1, "Do better")]), [picture()], FACTS
    content = page(*arguments)
    assert page(*arguments) == content
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    other = subprocess.run(
        [sys.executable, "-c", MAKE], capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    assert other.stdout.strip() == hashlib.sha256(content).hexdigest()


def test_the_page_asks_no_clock() -> None:
    code = Path(page_module.__file__).read_text(encoding="utf-8") + (page_module.TEMPLATES / "page.js").read_text(
        "utf-8"
    )
    assert not re.search(r"\bnow\(|\btoday\(|\btime\b\.|new Date|Date\.now", code)
