"""Everything docs/use-it.md shows works: its blocks are taken from the page and run on a release of the samples.

Answers are typed from the sample reports and, for the ranks, from the sample of open data. What cannot be run here
(Power BI, Stata, Qlik) must name nothing that is not there.
"""

import contextlib
import csv
import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pytest
from use_it import (
    TEXT,
    Block,
    blocks,
    headings,
    inline_code,
    link_targets,
    sample_tables,
    unbalanced,
    without_strings,
    write_release,
)

from assets.editions import DATABASE, PAGE, WORKBOOK
from pipelines.catalogue import CSV_RULES, csv_path, dictionary
from pipelines.editions.views import VIEWS
from pipelines.schema import TABLES
from pipelines.versions import CHANGE_LOG, CHECKSUMS, RELEASE_JSON

TOOLS = ("pandas", "polars", "R", "DuckDB", "Power BI", "Tableau", "Excel", "Stata", "Qlik")
BLOCKS = {block.name: block for block in blocks()}
FORCE, NATION = "West Midlands Police", "England and Wales"

# Figure 4 of the West Midlands' report of 2016: the force, then England and Wales; by number of the outcome where the
# report prints one.
FIGURE_4: Mapping[str, tuple[float | None, float | None]] = {
    "charged_summonsed": (14.2, 12.1),
    "taken_into_consideration": (0.1, 0.2),
    "out_of_court_formal": (2.7, 3.2),
    "caution_youths": (0.4, 0.4),
    "caution_adults": (1.9, 2.3),
    "penalty_notices_for_disorder": (0.4, 0.6),
    "out_of_court_informal": (3.8, 3.6),
    "cannabis_khat_warning": (0.4, 0.9),
    "community_resolution": (3.5, 2.8),
    "prosecution_prevented": (0.4, 1.8),
    "evidential_victim_supports": (None, None),
    "evidential_suspect_identified_victim_supports": (7.8, 8.3),
    "evidential_victim_does_not_support": (9.1, 13.8),
    "evidential_suspect_identified_victim_does_not_support": (8.0, 10.6),
    "evidential_suspect_not_identified": (1.1, 3.2),
    "no_suspect_identified": (56.1, 47.4),
    "action_by_another_body": (0.8, 0.6),
    "further_investigation_not_in_public_interest": (0.1, 0.1),
    "total_assigned": (95.0, 91.3),
    "not_yet_assigned": (5.0, 8.7),
    "total": (100.0, 100.0),
}
# The force's numbers less those of England and Wales, worked out by hand.
DIFFERENCES = {
    "charged_summonsed": 2.1,
    "no_suspect_identified": 8.7,
    "prosecution_prevented": -1.4,
    "caution_youths": 0.0,
}
# The grades of the West Midlands' four inspections, as the reports print them.
GRADES = {
    ("sgc-2007", "Excellent"): 2,
    ("sgc-2007", "Good"): 1,
    ("sgc-2007", "Fair"): 3,
    ("peel-2015", "Good"): 2,
    ("peel-2016", "Good"): 4,
    ("peel-2016", "Requires improvement"): 1,
    ("peel-2021-22", "Good"): 5,
    ("peel-2021-22", "Adequate"): 3,
    ("peel-2021-22", "Requires improvement"): 3,
}
# Type 1 of all outcomes of 2017/18, added up from the Home Office's file; a quarter of 43 forces, rounded down, is ten.
HIGHEST_FOR_CHARGING = (
    "Cumbria",
    "Cleveland",
    "South Wales",
    "Norfolk",
    "Lincolnshire",
    "Derbyshire",
    "North Wales",
    "Cheshire",
    "Dyfed-Powys",
    "Dorset",
)
# Both reports of 2016 print one row without its two numbers.
MISSING = {("outcome_proportions", "not_printed"): 4}

# Blocks that are not run here, each with the reason.
NOT_RUN = {
    ("Use it", "powershell", 1): "needs PowerShell",
    ("R", "r", 3): "needs R's package arrow, which Debian does not have; parsed",
    ("R", "r", 4): "needs R's package duckdb, which Debian does not have; parsed, and its SQL is run",
    ("Power BI", "powerquery", 1): "needs Power BI; names and brackets are checked",
    ("Power BI", "dax", 1): "needs Power BI; names and brackets are checked",
    ("Stata", "stata", 1): "needs Stata; names and brackets are checked",
    ("Qlik", "qlik", 1): "needs Qlik; names and brackets are checked",
    ("Qlik", "qlik", 2): "needs Qlik; names and brackets are checked",
}
RUN = {
    ("Use it", "sh", 1),
    *(("pandas", "python", number) for number in (1, 2)),
    *(("polars", "python", number) for number in (1, 2)),
    *(("R", "r", number) for number in (1, 2)),
    *(("DuckDB", "sql", number) for number in (1, 2, 3)),
    ("Tableau", "python", 1),
    *(("Excel", "excel", number) for number in (1, 2)),
}
# Words of the languages that cannot be run here, and names that the blocks give themselves.
WORDS = {
    "powerquery": """let in each Parquet Document File Contents Table SelectRows SelectColumns Pivot
        Folder Outcomes OneReport Values Answer""",
    "dax": "VAR RETURN AVERAGE CALCULATE REMOVEFILTERS IF NOT ISBLANK Difference Here There",
    "stata": """import delimited using clear varnames case preserve encoding bindquotes strict maxquotedrows unlimited
        stringcols _all destring replace keep if reshape wide i j string generate list tabulate missing difference 1
        valueE23000014 valueK04000001""",
    "qlik": "QUALIFY UNQUALIFY LOAD FROM WHERE parquet txt codepage is 65001 embedded labels delimiter msq 1",
}
QUOTES = {"powerquery": '"', "dax": '"', "stata": '"', "qlik": "'"}
# Texts in quotes that are neither files, columns nor cells.
TEXTS = {"C:\\peel\\published\\", "utf-8", ","}
RELEASE_FILES = {
    *(f"{name}.parquet" for name in TABLES),
    *(csv_path(name) for name in TABLES),
    *("datapackage.json", "DICTIONARY.md", DATABASE, WORKBOOK, PAGE, CHANGE_LOG, CHECKSUMS, RELEASE_JSON),
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return sample_tables()


@pytest.fixture(scope="module")
def release(tables: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds ``published``, as the page supposes."""
    folder = tmp_path_factory.mktemp("use_it")
    write_release(folder / "published", tables)
    return folder


@pytest.fixture
def here(release: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(release)
    return release


def block(section: str, language: str, number: int = 1) -> Block:
    return BLOCKS[section, language, number]


def python_answers(section: str) -> list[Any]:
    """What each block of the section leaves in ``answer``: one goes on where the one before ended."""
    names: dict[str, Any] = {}
    answers = []
    for one in BLOCKS.values():
        if (one.section, one.language) == (section, "python"):
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(one.text, f"use-it.md, {one.section} {one.number}", "exec"), names)
            assert printed.getvalue().strip()
            answers.append(names.pop("answer"))
    return answers


def given(value: Any) -> float | None:
    """A number, or None for what a tool says of a null."""
    return None if value is None or value != value or value == "" else float(value)


# The page itself


def test_every_tool_has_a_section_in_the_order_of_the_list() -> None:
    assert [heading for heading in headings() if heading in TOOLS] == list(TOOLS)


def test_every_block_is_run_or_says_why_not() -> None:
    assert set(BLOCKS) == RUN | set(NOT_RUN)
    assert not RUN & set(NOT_RUN)


def test_a_block_that_is_new_on_the_page_is_noticed() -> None:
    more = {one.name for one in blocks(TEXT + "\n```sql\nSELECT 1\n```\n")}
    assert more - RUN - set(NOT_RUN)


def test_every_link_leads_to_a_heading() -> None:
    anchors = {"#" + heading.lower().replace(" ", "-") for heading in headings()}
    assert set(link_targets()) <= anchors
    assert {"#" + tool.lower().replace(" ", "-") for tool in TOOLS} <= set(link_targets())


def test_every_file_of_the_page_is_in_a_release() -> None:
    plain = TEXT.replace("<table>", "reports")
    named = set(re.findall(r"(?:csv/)?[\w-]+\.(?:parquet|csv|duckdb|xlsx|json|html|md)\b(?!\()", plain)) | {CHECKSUMS}
    assert len(named) > 10
    assert named - RELEASE_FILES == set()


def test_what_the_page_says_in_code_is_there() -> None:
    known = set(TABLES) | set(VIEWS) | {column.name for table in TABLES.values() for column in table.columns}
    known |= {"published", "peel", "foreignKeys", "merge", "aggregate", "destring", "tabulate", "NA"}
    names = [code for code in inline_code() if re.fullmatch(r"[A-Za-z_]+", code)]
    assert len(names) > 20
    assert [name for name in names if name not in known] == []


def test_the_relationships_of_power_bi_are_those_of_the_schema() -> None:
    pairs = re.findall(r"^\| `(\w+)\[(\w+)\]` \| `(\w+)\[(\w+)\]` \|$", TEXT, re.MULTILINE)
    assert len(pairs) == 5
    for table, column, other, key in pairs:
        (joined,) = [one for one in TABLES[table].columns if one.name == column]
        assert (joined.joins, (key,)) == (other, TABLES[other].key)


def test_the_dictionary_says_how_to_take_the_apostrophe_off() -> None:
    text = dictionary(TABLES.values(), {csv_path(name): b"" for name in TABLES}).decode()
    assert CSV_RULES
    assert [rule for rule in CSV_RULES if rule not in text] == []


# What runs here


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not here")
def test_the_checksums_tell_a_whole_release_from_a_damaged_one(release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "published"
    copy.mkdir()
    sums = (release / "published" / CHECKSUMS).read_text().splitlines(keepends=True)
    (copy / CHECKSUMS).write_text("".join(line for line in sums if line.endswith("  forces.parquet\n")))
    whole = (release / "published" / "forces.parquet").read_bytes()
    for content, status in ((whole, 0), (whole[:-1], 1)):
        (copy / "forces.parquet").write_bytes(content)
        ran = subprocess.run(["sh", "-c", block("Use it", "sh").text], cwd=copy, capture_output=True, text=True)
        assert ran.returncode == status
        assert bool(ran.stdout) == bool(status)
    assert len(sums) == len(TABLES) + 2 * len(TABLES) + 3


def test_pandas(here: Path) -> None:
    compared, missing = python_answers("pandas")
    assert list(compared.columns) == [NATION, FORCE]
    assert {row.Index: (given(row[2]), given(row[1])) for row in compared.itertuples()} == FIGURE_4
    assert missing.to_dict() == MISSING


def test_polars(here: Path) -> None:
    compared, highest = python_answers("polars")
    assert {row["outcome_id"]: (row[FORCE], row[NATION]) for row in compared.to_dicts()} == FIGURE_4
    ranked = highest.to_dicts()
    assert [(row["rank"], row["forces_ranked"]) for row in ranked] == [(place, 43) for place in range(1, 11)]
    assert all(row["name_hmic"].startswith(force) for row, force in zip(ranked, HIGHEST_FOR_CHARGING, strict=True))


def test_tableau_gets_an_extract_of_every_table(here: Path) -> None:
    (answer,) = python_answers("Tableau")
    assert {outcome: (force, nation) for outcome, force, nation in answer} == FIGURE_4
    assert (here / "peel.hyper").stat().st_size > 0


@pytest.fixture(scope="module")
def peel(release: Path) -> Any:
    connection = duckdb.connect(str(release / "published" / "peel.duckdb"), read_only=True)
    yield connection
    connection.close()


def sql_rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
    return rows


def test_duckdb_answers_by_a_view(peel: Any) -> None:
    rows = sql_rows(peel, block("DuckDB", "sql").text)
    assert {row[0]: (row[1], row[2]) for row in rows} == FIGURE_4
    assert {row[0]: row[3] for row in rows if row[0] in DIFFERENCES} == DIFFERENCES
    assert [row[3:] for row in rows if row[0] == "evidential_victim_supports"] == [(None, "not_printed")]


def test_duckdb_says_who_is_left_out(peel: Any) -> None:
    assert {row[0] for row in sql_rows(peel, block("DuckDB", "sql", 2).text)} == {"Dorset Police"}


def test_duckdb_reads_the_parquet_files(here: Path) -> None:
    with duckdb.connect() as connection:
        rows = sql_rows(connection, block("DuckDB", "sql", 3).text)
    assert sorted(rows) == [(NATION, 12.1), (FORCE, 14.2)]


def test_the_page_names_every_view(peel: Any) -> None:
    assert {name for name in VIEWS if f"`{name}`" in TEXT or f"FROM {name}" in TEXT} == set(VIEWS)


@pytest.fixture(scope="module")
def r_answers(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the blocks of R leave in ``answer``, as CSV; those that need packages are only parsed. R is started once."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed here")
    folder = tmp_path_factory.mktemp("r")
    lines = ["options(warn = 2)"]
    for one in BLOCKS.values():
        if one.language == "r":
            path = folder / f"{one.number}.R"
            path.write_text(one.text, encoding="utf-8")
            if one.name in RUN:
                lines.append(f'names <- new.env(); source("{path}", local = names, encoding = "UTF-8")')
                lines.append(f'write.csv(names$answer, "{folder}/{one.number}.csv", na = "", row.names = FALSE)')
            else:
                lines.append(
                    f'invisible(parse("{path}", encoding = "UTF-8")); file.create("{folder}/{one.number}.parsed")'
                )
    # What the page says of aggregate.
    lines.append('stopifnot(nrow(aggregate(value ~ id, data.frame(id = c("a", "b"), value = c(1, NA)), mean)) == 1)')
    (folder / "all.R").write_text("\n".join(lines), encoding="utf-8")
    ran = subprocess.run(["Rscript", "--vanilla", folder / "all.R"], cwd=release, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return folder


def r_rows(folder: Path, number: int) -> list[dict[str, str]]:
    with (folder / f"{number}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_r_sets_a_force_against_england_and_wales(r_answers: Path) -> None:
    rows = r_rows(r_answers, 1)
    assert {row["outcome_id"]: (given(row["value"]), given(row["value_england_and_wales"])) for row in rows} == FIGURE_4
    assert {row["outcome_id"] for row in rows if row["value_status"] != "published"} == {"evidential_victim_supports"}


def test_r_shows_the_grades(r_answers: Path) -> None:
    rows = r_rows(r_answers, 2)
    assert Counter((row["programme_id"], row["grade"]) for row in rows) == GRADES
    assert {row["grades_in_scale"] for row in rows if row["programme_id"] == "peel-2021-22"} == {"5"}


def test_r_parses_what_needs_packages(r_answers: Path) -> None:
    assert {path.stem for path in r_answers.glob("*.parsed")} == {"3", "4"}


def test_the_sql_within_r_runs(peel: Any) -> None:
    (statement,) = re.findall(r'dbGetQuery\(peel, "([^"]+)"\)', block("R", "r", 4).text)
    assert (FORCE, "Charged/Summonsed", 2.1) in sql_rows(peel, statement)


FILTER = re.compile(r'=FILTER\((?P<table>\w+)\[(?P<column>\w+)\], (?P<tests>\(.+\)), "(?P<otherwise>[^"]*)"\)')
TEST = re.compile(r'\((?P<table>\w+)\[(?P<column>\w+)\]="(?P<value>[^"]*)"\)')


@pytest.fixture(scope="module")
def excel_tables(release: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each Excel table of the workbook by the table's name, which formulas use."""
    book = openpyxl.load_workbook(release / "published" / "peel.xlsx")
    found = {}
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            heading, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
            found[table.name] = [dict(zip(heading, row, strict=True)) for row in rows]
    return found


def filtered(formula: str, excel_tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Any]:
    """What Excel's FILTER gives for conditions that are all multiplied. Raises ValueError for another formula."""
    found = FILTER.fullmatch(formula.strip())
    if not found or TEST.sub("", found["tests"]).strip("*"):
        raise ValueError(f"no such formula: {formula}")
    tests = [test.groupdict() for test in TEST.finditer(found["tests"])]
    assert {test["table"] for test in tests} == {found["table"]}
    rows = [row for row in excel_tables[found["table"]] if all(row[test["column"]] == test["value"] for test in tests)]
    return [row[found["column"]] for row in rows] or [found["otherwise"]]


def test_excel_finds_a_number(excel_tables: dict[str, list[dict[str, Any]]]) -> None:
    formula = block("Excel", "excel").text
    assert filtered(formula, excel_tables) == [12.1]
    assert filtered(formula.replace("charged_summonsed", "evidential_victim_supports"), excel_tables) == ["[x]"]
    assert filtered(formula.replace("charged_summonsed", "none_such"), excel_tables) == ["no such row"]


def test_excel_lists_causes_of_concern(excel_tables: dict[str, list[dict[str, Any]]]) -> None:
    domestic_abuse, children = filtered(block("Excel", "excel", 2).text, excel_tables)
    assert "domestic abuse" in domestic_abuse
    assert "missing and absent children" in children


# What cannot be run here


def named_wrongly(text: str, language: str, tables: Mapping[str, pa.Table]) -> list[str]:
    """Words, files and texts in quotes of the block that nothing in a release answers to, and brackets left open."""
    bare = without_strings(text, QUOTES[language])
    quoted = re.findall(rf"{QUOTES[language]}([^{QUOTES[language]}]*){QUOTES[language]}", text)
    files = re.findall(r"(?:published|lib://peel)/([\w./]+)", text) + [
        one for one in quoted if one.endswith(".parquet")
    ]
    used = [name for name in TABLES if re.search(rf"\b{name}\b", text)]
    columns = {column for name in used for column in TABLES[name].column_names}
    cells = {
        cell
        for name in used
        for column in tables[name].columns
        if column.type == pa.string()
        for cell in column.to_pylist()
    }
    known = {*WORDS[language].split(), *used, *columns}
    faults = [f"file {file}" for file in files if file not in RELEASE_FILES]
    faults += [
        f"text {one}"
        for one in quoted
        if not ({one} & (TEXTS | columns | cells) or one.removeprefix("published/") in RELEASE_FILES)
    ]
    words = re.findall(r"\w+", re.sub(r"\[lib://[^\]]*\]", "", bare))
    faults += [f"word {word}" for word in words if word not in known]
    if unbalanced(bare):
        faults.append(f"bracket {unbalanced(bare)}")
    return faults


UNRUN = [BLOCKS[name] for name in NOT_RUN if name[1] in WORDS]


@pytest.mark.parametrize("one", UNRUN, ids=lambda one: f"{one.section} {one.language} {one.number}")
def test_what_cannot_be_run_names_only_what_is_there(one: Block, tables: dict[str, pa.Table]) -> None:
    assert named_wrongly(one.text, one.language, tables) == []


@pytest.mark.parametrize(
    ("section", "language", "right", "wrong", "fault"),
    [
        (
            "Power BI",
            "powerquery",
            "outcome_proportions.parquet",
            "outcome_proportion.parquet",
            "file outcome_proportion.parquet",
        ),
        ("Power BI", "powerquery", "[report_id]", "[reportid]", "word reportid"),
        ("Power BI", "powerquery", '"area_code", "value"', '"area", "value"', "text area"),
        ("Power BI", "dax", "forces[area_code]", "forces[code]", "word code"),
        ("Stata", "stata", "csv/outcome_proportions.csv", "outcome_proportions.csv", "file outcome_proportions.csv"),
        ("Stata", "stata", "west-midlands-2016-effectiveness", "west-midlands", "text west-midlands"),
        ("Qlik", "qlik", "name_hmic FROM", "name FROM", "word name"),
        ("Qlik", "qlik", "(parquet)", "(parquet", "bracket ((("),
    ],
)
def test_a_wrong_name_is_noticed(
    section: str, language: str, right: str, wrong: str, fault: str, tables: dict[str, pa.Table]
) -> None:
    text = block(section, language).text
    assert right in text
    assert fault in named_wrongly(text.replace(right, wrong), language, tables)


def test_what_powershell_reads_balances() -> None:
    text = block("Use it", "powershell").text
    assert unbalanced(without_strings(text, '"')) == ""
    assert CHECKSUMS in text
