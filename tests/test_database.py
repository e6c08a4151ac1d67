"""The DuckDB edition: nothing lost, everything explained, the same bytes always, and open to an older DuckDB."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.batch import extract_checked
from pipelines.comparability import grade_history_rows
from pipelines.editions.database import _settings, column_comment, database, table_comment
from pipelines.editions.views import VIEWS
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, ENGLAND_AND_WALES, TABLES, Column
from tests.conftest import ROOT, sample_report

Row = dict[str, Any]

OLD_PYTHON = ROOT / ".venv" / "duckdb-1.2" / "bin" / "python"
KENT, ESSEX = "E23000032", "E23000028"
JULY_2015, JUNE_2016 = date(2015, 7, 1), date(2016, 6, 30)
HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("x")\'; DROP TABLE findings; --',
    "\"; \\' $$x$$ [a](javascript:x) {{x}} %s ?",
    "\u202edefaced\x00\x01\x1b[31m\r\n\ttab",
    "+1",
    "@x",
    "x" * 10_000,
    "é😀\u202e" * 33_334,
)
# Everything in a file that a reader can see, as JSON; the same script runs in both DuckDBs.
READ_ALL = """
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
def rows(sql):
    return connection.execute(sql).fetchall()
names = rows("SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal")
print(json.dumps({
    "version": duckdb.__version__,
    "rows": {name: rows(f'SELECT * FROM "{name}"') for name, in names},
    "comments": {
        "tables": dict(rows("SELECT table_name, comment FROM duckdb_tables()")),
        "views": dict(rows("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal")),
        "columns": rows(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        ),
    },
    "found by key": rows("SELECT name_hmic FROM forces WHERE area_code = 'E23000014'"),
}, default=str))
"""
# A release made up for this test, and how long a name its hash gets.
MAKE_AGAIN = """
import hashlib, sys
from pipelines.editions.database import database
from tests.test_database import with_everything
print(hashlib.sha256(database(with_everything())).hexdigest())
"""


def row(table: str, **given: Any) -> Row:
    """A row: what is given, null where that may be, and anything that fits for the rest."""
    unknown = given.keys() - set(TABLES[table].column_names)
    assert not unknown, unknown
    return {column.name: given.get(column.name, _anything(column)) for column in TABLES[table].columns}


def _anything(column: Column) -> Any:
    if column.nullable:
        return None
    if column.joins in DIMENSIONS:
        return dimension(column.joins).column(TABLES[column.joins].key[0])[0].as_py()
    values = {pa.string(): "x", pa.date32(): JUNE_2016, pa.bool_(): False, pa.float64(): 1.0}
    return next(iter(column.allowed)) if column.allowed else values.get(column.type, 1)


@cache
def dimension(name: str) -> pa.Table:
    return TABLES[name].to_arrow(dimension_rows(name))


def tables(**rows: list[Row]) -> dict[str, pa.Table]:
    """A release: these rows, the real dimensions, and every other table without rows."""
    return {
        name: dimension(name) if name in DIMENSIONS and name not in rows else TABLES[name].to_arrow(rows.get(name, []))
        for name in TABLES
    }


def with_everything() -> dict[str, pa.Table]:
    """Rows in every table that is no dimension: one with nulls wherever they may be, one with hostile text."""
    rows = {name: [row(name), row(name, **_hostile(name))] for name in TABLES.keys() - set(DIMENSIONS)}
    rows["findings"] += [row("findings", finding_id=f"f-{n}", text=text) for n, text in enumerate(HOSTILE)]
    rows["judgments"].append(row("judgments", question_id="no-such-question"))
    # Enough text to fill a block of any size.
    rows["quality_issues"] += [
        row("quality_issues", issue_id=f"{n:016x}", message="m" * (n % 301)) for n in range(3000)
    ]
    return tables(**rows)


def _hostile(name: str) -> Row:
    free = [column for column in TABLES[name].columns if not (column.allowed or column.joins in DIMENSIONS)]
    words = {column.name: "".join(HOSTILE[:6]) for column in free if column.type == pa.string()}
    numbers = {column.name: 0.1 + 0.2 for column in free if column.type == pa.float64()}
    days = {column.name: date(1999, 12, 31) for column in free if column.type == pa.date32()}
    return {**words, **numbers, **days}


@cache
def everything() -> bytes:
    return database(with_everything())


@contextmanager
def opened(content: bytes) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "under-another-name.duckdb"
        path.write_bytes(content)
        with closing(duckdb.connect(str(path), read_only=True)) as connection:
            yield connection


def answer(view: str, columns: str, rows: Mapping[str, pa.Table], where: str = "true") -> list[tuple[Any, ...]]:
    """What a view of these tables says, in its own order."""
    with closing(duckdb.connect(config={"threads": 1})) as connection:
        for name, table in rows.items():
            connection.register(name, table)
        return connection.execute(f"SELECT {columns} FROM ({VIEWS[view].sql}) WHERE {where}").fetchall()


# The tables


def test_every_table_has_its_columns_types_nulls_and_key() -> None:
    with opened(everything()) as connection:
        found = connection.execute(
            "SELECT table_name, list((column_name, data_type, is_nullable) ORDER BY column_index) "
            "FROM duckdb_columns() WHERE NOT internal GROUP BY 1"
        ).fetchall()
        keys = dict(
            connection.execute(
                "SELECT table_name, constraint_column_names FROM duckdb_constraints() "
                "WHERE constraint_type = 'PRIMARY KEY'"
            ).fetchall()
        )
    columns = {name: [tuple(column) for column in listed] for name, listed in found}
    assert columns.keys() == TABLES.keys() | VIEWS.keys()
    assert columns["grade_distributions"] == [
        ("report_id", "VARCHAR", False),
        ("question_id", "VARCHAR", False),
        ("grade", "VARCHAR", False),
        ("forces", "INTEGER", False),
        ("summary_line", "INTEGER", True),
        ("section_line", "INTEGER", True),
        ("line_start", "INTEGER", False),
        ("line_end", "INTEGER", False),
        ("printed", "VARCHAR", False),
    ]
    types = {kind for name in TABLES for _, kind, _ in columns[name]}
    assert types == {"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "DATE", "BOOLEAN"}
    for name, table in TABLES.items():
        assert [(column, null) for column, _, null in columns[name]] == [
            (column.name, column.nullable) for column in table.columns
        ]
    assert keys == {name: list(table.key) for name, table in TABLES.items()}


def test_every_value_comes_back_as_it_went_in_and_in_its_order() -> None:
    with opened(everything()) as connection:
        for name, table in with_everything().items():
            back = connection.sql(f'SELECT * FROM "{name}"').to_arrow_table()
            assert back.cast(table.schema).equals(table), name


def test_hostile_text_comes_out_as_text() -> None:
    with opened(everything()) as connection:
        found = connection.execute(
            "SELECT text FROM findings WHERE finding_id LIKE 'f-%' ORDER BY finding_id"
        ).fetchall()
    assert [text for (text,) in found] == list(HOSTILE)


def test_tables_without_rows_make_a_file_whose_views_answer_nothing() -> None:
    with opened(database({name: table.to_arrow([]) for name, table in TABLES.items()})) as connection:
        for name in (*TABLES, *VIEWS):
            assert connection.execute(f'SELECT * FROM "{name}"').fetchall() == [], name


def test_codes_are_foreign_keys_to_their_dimensions_where_every_code_is_known() -> None:
    with opened(everything()) as connection:
        found = connection.execute(
            "SELECT table_name, constraint_column_names[1], referenced_table FROM duckdb_constraints() "
            "WHERE constraint_type = 'FOREIGN KEY'"
        ).fetchall()
        asked = connection.execute("SELECT question_id FROM judgments ORDER BY 1").fetchall()
    assert ("statistics", "question_id", "questions") in found
    assert ("crime_rates", "area_code", "forces") in found
    # A report may be withheld, so nothing may depend on its row.
    assert {table for _, _, table in found} == {"forces", "outcome_types", "questions", "programmes", "measures"}
    # An unknown code takes its foreign key away, and never the file.
    assert ("no-such-question",) in asked
    assert "judgments" not in {table for table, _, _ in found}


def test_two_rows_of_one_key_are_refused_and_nothing_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = tables(findings=[row("findings")])
    made["findings"] = pa.concat_tables([made["findings"], made["findings"]])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(duckdb.ConstraintException, match="duplicate key"):
        database(made)
    assert not list(tmp_path.iterdir())


def test_a_table_that_is_not_in_the_schema_is_refused() -> None:
    with pytest.raises(KeyError, match="no_such_table"):
        database({"no_such_table": dimension("forces")})


# The comments


def test_every_table_view_and_column_says_what_it_is() -> None:
    with opened(everything()) as connection:
        said = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        of_views = "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
        said |= dict(connection.execute(of_views).fetchall())
        columns = {
            (table, column): comment
            for table, column, comment in connection.execute(
                "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
            ).fetchall()
        }
    assert said.keys() == TABLES.keys() | VIEWS.keys()
    assert all(said.values())
    assert not [name for name, comment in columns.items() if not comment]
    assert said["grade_distributions"] == (
        "How many forces were given each grade. National distributions of grades that a report prints beside its "
        "force's own grade: for each area inspected and each grade of the scale, the number of forces that were given "
        "it.\n"
        "Key: report_id, question_id, grade.\n"
        "Before you use it:\n"
        "- Forces of one question add up to the forces inspected (43 in 2007): a sum that does not is an issue.\n"
        "- A number that the summary and the section print differently has no row: quality_issues says which.\n"
        "Contains public sector information licensed under the Open Government Licence v3.0."
    )
    assert columns["statistics", "direction"] == (
        "Which way a change went; null for what is no change.\n"
        "Values:\n"
        "- increase: the value grew by the number given\n"
        "- decrease: it fell by the number given"
    )
    assert columns["outcome_proportions", "outcome_id"] == "Row of the table.\nJoins outcome_types.outcome_id."
    assert columns["outcome_proportions", "decimals"] == (
        "Decimal places as printed; null where no number is given.\nUnit: digits."
    )
    # A view's column says what the column that it comes from says.
    assert columns["force_against_england_and_wales", "force_value"] == (
        "Of the force. The number as printed.\nUnit: see column unit."
    )
    assert columns["grade_history_with_scale", "grade"] == columns["grade_history", "grade"]


def test_hostile_words_in_the_schema_are_only_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "".join(HOSTILE)
    table = TABLES["figures"]
    columns = (replace(table.columns[0], description=words, allowed={words: words}, joins=None), *table.columns[1:])
    hostile = replace(table, title=words, warnings=(words,), columns=columns)
    monkeypatch.setitem(TABLES, "figures", hostile)  # type: ignore[arg-type]
    with opened(database(tables())) as connection:
        ((comment,),) = connection.execute(
            "SELECT comment FROM duckdb_tables() WHERE table_name = 'figures'"
        ).fetchall()
        ((of_column,),) = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'figures' AND column_name = 'report_id'"
        ).fetchall()
    assert comment == table_comment(hostile)
    assert words in comment
    assert of_column == column_comment(columns[0])
    assert f"- {words}: {words}" in of_column


def test_the_columns_of_every_view_are_those_it_declares() -> None:
    with opened(everything()) as connection:
        for view in VIEWS.values():
            given = [one[0] for one in connection.execute(f"SELECT * FROM {view.name}").description or ()]
            assert given == [column.name for column in view.columns]


# The bytes


def test_the_same_tables_give_the_same_bytes_whatever_memory_held_before(tmp_path: Path) -> None:
    # DuckDB's allocator then fills what it hands out: a byte that nobody wrote would show.
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TMPDIR": str(tmp_path), "DUCKDB_JE_MALLOC_CONF": "junk:true"}
    environment |= {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-c", MAKE_AGAIN], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(everything()).hexdigest()
    assert not list(tmp_path.iterdir())


def test_one_thread_writes() -> None:
    # Two write what they finish first.
    assert _settings("folder")["threads"] == 1


# The views


def printed(report_id: str, area_code: str, outcome_id: str, value: float | None, decimals: int, line: int) -> Row:
    return row(
        "outcome_proportions",
        report_id=report_id,
        area_code=area_code,
        outcome_id=outcome_id,
        period_start=JULY_2015,
        value=value,
        decimals=None if value is None else decimals,
        value_status="not_printed" if value is None else "published",
        line_start=line,
        line_end=line,
        label_line_start=line,
    )


def test_a_force_stands_beside_england_and_wales_with_the_difference_of_what_is_printed() -> None:
    both = [
        printed("kent", KENT, "charged_summonsed", 14.2, 1, 10),
        printed("kent", ENGLAND_AND_WALES, "charged_summonsed", 14.1, 1, 11),
        printed("kent", KENT, "community_resolution", 8.0, 1, 20),
        printed("kent", ENGLAND_AND_WALES, "community_resolution", 8.25, 2, 21),
        printed("kent", KENT, "no_suspect_identified", None, 1, 30),
        printed("kent", ENGLAND_AND_WALES, "no_suspect_identified", 47.4, 1, 31),
        printed("kent", KENT, "total", 100.0, 2, 40),
        # England and Wales of another report and of another period are no comparison.
        printed("essex", ENGLAND_AND_WALES, "total", 100.0, 2, 50),
        {**printed("kent", ENGLAND_AND_WALES, "total", 100.0, 2, 41), "period_end": date(2016, 3, 31)},
    ]
    abuse = {**printed("kent", KENT, "charged_summonsed", 30.5, 1, 60), "unit": "per 100 domestic abuse offences"}
    other = {**abuse, "area_code": ENGLAND_AND_WALES, "value": 20.0, "line_start": 61, "line_end": 62}
    columns = (
        "force_name, measure_id, area_code, outcome, outcome_group, force_value, england_and_wales_value, difference, "
        "difference_unit, force_value_status, england_and_wales_value_status, force_line_start, "
        "england_and_wales_line_start, england_and_wales_line_end"
    )
    rows = tables(outcome_proportions=both, domestic_abuse_outcomes=[abuse, other])
    points, rate = "percentage points", "per 100 domestic abuse offences"
    figure_4, figure_8, given = "outcome_proportion", "domestic_abuse_outcome_rate", "published"
    all_assigned, charged = "Total offences assigned an outcome", "Charged/Summonsed"
    assert answer("force_against_england_and_wales", columns, rows) == [
        ("Kent Police", figure_4, KENT, charged, all_assigned, 14.2, 14.1, 0.1, points, given, given, 10, 11, 11),
        (
            *("Kent Police", figure_4, KENT, "Community Resolution", "Out-of-court (informal)"),
            *(8.0, 8.25, -0.25, points, given, given, 20, 21, 21),
        ),
        (
            *("Kent Police", figure_4, KENT, "Investigation complete – no suspect identified", all_assigned),
            *(None, 47.4, None, points, "not_printed", given, 30, 31, 31),
        ),
        ("Kent Police", figure_4, KENT, "Total", None, 100.0, None, None, points, given, None, 40, None, None),
        ("Kent Police", figure_8, KENT, charged, all_assigned, 30.5, 20.0, 10.5, rate, given, given, 60, 61, 62),
    ]


def report(report_id: str, programme_id: str, pillar: str | None = None, **other: Any) -> Row:
    given = {"area_code": KENT, "extraction": "extracted", **other}
    return row("reports", report_id=report_id, programme_id=programme_id, pillar=pillar, **given)


def test_grades_stand_with_their_scale_and_how_far_they_may_be_compared() -> None:
    reports = [report("kent-16", "peel-2016", "effectiveness"), report("kent-21", "peel-2021-22")]
    judged = {"scale_id": "oqri4", "grade": "Good", "grade_rank": 2, "line_start": 70, "line_end": 71}
    not_graded = {"judgment_status": "ungraded", "line_start": 90, "line_end": 90}
    judgments = [
        row("judgments", report_id="kent-16", question_id="peel-2016-effectiveness-1", question="Q 1?", **judged),
        row("judgments", report_id="kent-21", question_id="peel-2021-22-9", question="Q 9", **not_graded),
    ]
    source = {
        "reports": reports,
        "judgments": judgments,
        "questions": dimension_rows("questions"),
        "programmes": dimension_rows("programmes"),
    }
    columns = (
        "force_name, programme, question, grade, judgment_status, grades_in_scale, scale, previous_programme, "
        "comparable_with_previous, line_start, line_end"
    )
    rows = tables(reports=reports, judgments=judgments, grade_history=grade_history_rows(source))
    assert answer("grade_history_with_scale", columns, rows) == [
        (
            *("Kent Police", "PEEL 2016", "Q 1?", "Good", "graded", 4),
            *("outstanding; good; requires improvement; inadequate", None, None, 70, 71),
        ),
        ("Kent Police", "PEEL 2021/22", "Q 9", None, "ungraded", None, None, "PEEL 2016", "no", 90, 90),
    ]
    ((note,),) = answer("grade_history_with_scale", "comparability_note", rows, "comparability_note IS NOT NULL")
    assert note.startswith("Direct comparisons are not possible")


def area(report_id: str, number: str, sequence: int, parent: str | None = None, **other: Any) -> Row:
    return row(
        "findings",
        report_id=report_id,
        finding_id=f"{report_id}-afi-{number}",
        finding_type="area_for_improvement",
        parent_id=f"{report_id}-afi-{parent}" if parent else None,
        sequence=sequence,
        text=f"text {number}",
        line_start=sequence * 10,
        line_end=sequence * 10 + 1,
        **other,
    )


OPEN = "open_areas_for_improvement"


def test_an_area_for_improvement_stands_once_with_all_its_points_in_order() -> None:
    findings = [
        area("kent", "1", 12, question_id="peel-2016-effectiveness-3"),
        area("kent", "1-1", 13, "1"),
        area("kent", "1-1-1", 14, "1-1"),
        # The tenth point comes after the second, whatever their names sort like.
        area("kent", "1-10", 16, "1"),
        area("kent", "1-2", 15, "1"),
        area("kent", "2", 9),
        {**area("kent", "9", 30), "finding_type": "cause_of_concern"},
    ]
    rows = tables(reports=[report("kent", "peel-2016", "effectiveness")], findings=findings)
    columns = (
        "force_name, programme, question_id, question IS NULL, finding_id, points, point_count, line_start, line_end"
    )
    points = "- text 1-1\n  - text 1-1-1\n- text 1-2\n- text 1-10"
    assert answer(OPEN, columns, rows) == [
        ("Kent Police", "PEEL 2016", None, True, "kent-afi-2", None, 0, 90, 91),
        ("Kent Police", "PEEL 2016", "peel-2016-effectiveness-3", False, "kent-afi-1", points, 4, 120, 161),
    ]


@pytest.mark.parametrize(
    ("later", "shown"),
    [
        (report("later", "peel-2017", "effectiveness"), {"later"}),
        (report("later", "peel-2021-22"), {"later"}),
        # What does not follow it: another pillar, another force, an earlier programme, a text of which nothing is read.
        (report("later", "peel-2017", "legitimacy"), {"first", "later"}),
        (report("later", "peel-2021-22", area_code=ESSEX), {"first", "later"}),
        (report("later", "peel-2015", "effectiveness"), {"first"}),
        (report("later", "peel-2021-22", extraction="registered"), {"first"}),
        # Of one programme, the month of publication tells; where one is not known, both stay.
        (report("later", "peel-2016", "effectiveness", published="2017-05"), {"later"}),
        (report("later", "peel-2016", "effectiveness"), {"first", "later"}),
    ],
)
def test_only_a_later_report_on_the_same_takes_the_place_of_a_report(later: Row, shown: set[str]) -> None:
    first = report("first", "peel-2016", "effectiveness", published="2017-03")
    rows = tables(reports=[first, later], findings=[area("first", "1", 1), area("later", "1", 1)])
    assert {report_id for (report_id,) in answer(OPEN, "report_id", rows)} == shown


def test_a_report_on_one_pillar_does_not_take_the_place_of_one_on_the_whole_force() -> None:
    reports = [report("whole", "peel-2018-19"), report("pillar", "peel-2023-25", "leadership")]
    rows = tables(reports=reports, findings=[area("whole", "1", 1)])
    assert answer(OPEN, "report_id", rows) == [("whole",)]


def test_what_is_left_out_is_said_once_with_who_says_so() -> None:
    reports = [report("kent", "peel-2016"), report("essex", "peel-2016", area_code=ESSEX)]
    left_out = {"area_code": ESSEX, "figure": 4, "in_force_chart": True, "in_england_and_wales": False}
    counted = {**left_out, "in_england_and_wales": True}
    rules = [
        row("annex_rules", report_id="kent", rule_id="a", statement="is out", line_start=8, line_end=9, **left_out),
        row("annex_rules", report_id="kent", rule_id="b", statement="is out", line_start=5, line_end=6, **left_out),
        row("annex_rules", report_id="essex", rule_id="a", statement="is out", line_start=7, line_end=7, **left_out),
        row("annex_rules", report_id="kent", rule_id="c", statement="is partial", **counted),
        row("annex_rules", report_id="kent", rule_id="d", area_code="", statement="a general rule"),
    ]
    rank = {
        "measure": "crime_rate",
        "area_code": KENT,
        "period_start": JULY_2015,
        "value_status": "excluded_by_source",
        "reason": "no rate",
    }
    ranks = [
        row("quartile_ranks", outcome_id="one", **rank),
        row("quartile_ranks", outcome_id="two", **{**rank, "period_end": date(2017, 6, 30)}),
        row("quartile_ranks", outcome_id="three", **{**rank, "value_status": "not_available"}),
    ]
    # Measures of its own, of its table, and of none.
    status = {"area_code": KENT, "period_start": JULY_2015, "value_status": "excluded_by_source"}
    rate = row("crime_rates", report_id="kent", line_start=3, line_end=4, **status)
    count = row("force_outcomes", outcome_id="total", **status)
    rows = tables(reports=reports, annex_rules=rules, quartile_ranks=ranks, crime_rates=[rate], force_outcomes=[count])
    columns = (
        "force_name, table_name, measure_id, programme, figure, period_start, period_end, period_count, "
        "in_force_chart, in_england_and_wales, statement, row_count, report_count, report_id, line_start, line_end"
    )
    year, none = (JULY_2015, JUNE_2016, 1), (None, None)
    assert answer("excluded", columns, rows) == [
        (
            *("Essex Police", "annex_rules", None, "PEEL 2016", 4, None, None, 0, True, False, "is out", 3, 2),
            *("essex", 7, 7),
        ),
        ("Kent Police", "crime_rates", "crime_rate", "PEEL 2016", None, *year, *none, None, 1, 1, "kent", 3, 4),
        ("Kent Police", "force_outcomes", None, None, None, *year, *none, None, 1, 0, None, None, None),
        (
            *("Kent Police", "quartile_ranks", "crime_rate", None, None, JULY_2015, date(2017, 6, 30), 2),
            *(None, None, "no rate", 2, 0, None, None, None),
        ),
    ]


# The sample reports, and an older DuckDB


@cache
def sample_tables() -> dict[str, pa.Table]:
    """Three sample reports, two of them on one force, and a hostile area for improvement."""
    ids = ("warwickshire-2016-effectiveness", "west-midlands-2016-effectiveness", "west-midlands-2021-22")
    rows: dict[str, list[Row]] = {}
    for report_id in ids:
        for name, of_report in extract_checked(sample_report(report_id)).rows.items():
            rows.setdefault(name, []).extend(of_report)
    hostile = {"report_id": ids[2], "finding_id": "hostile", "sequence": 99, "text": "".join(HOSTILE)}
    rows["findings"].append(row("findings", finding_type="area_for_improvement", **hostile))
    dimensions = {name: dimension_rows(name) for name in ("questions", "programmes")}
    rows["grade_history"] = grade_history_rows({**rows, **dimensions})
    return tables(**rows)


def test_the_views_say_what_the_sample_reports_print() -> None:
    def found(view: str, columns: str, where: str) -> list[tuple[Any, ...]]:
        return answer(view, columns, sample_tables(), where)

    values = "force_value, england_and_wales_value, difference, force_line_start, england_and_wales_line_start"
    where = "force_name = '{}' AND outcome_id = '{}' AND measure_id = '{}'"
    view = "force_against_england_and_wales"
    for force, outcome, measure, expected in (
        ("Warwickshire Police", "charged_summonsed", "outcome_proportion", (10.7, 12.1, -1.4, 194, 196)),
        ("West Midlands Police", "charged_summonsed", "outcome_proportion", (14.2, 12.1, 2.1, 257, 257)),
        (
            *("Warwickshire Police", "evidential_victim_does_not_support", "domestic_abuse_outcome_rate"),
            (53.7, 35.4, 18.3, 555, 557),
        ),
        # The row is printed, without a number.
        (
            *("West Midlands Police", "evidential_victim_supports", "outcome_proportion"),
            (None, None, None, 277, 277),
        ),
    ):
        assert found(view, values, where.format(force, outcome, measure)) == [expected]
    areas = found(OPEN, "report_id, question, line_start, line_end, point_count", "true")
    assert [areas[n] for n in (4, 6)] == [
        (
            "warwickshire-2016-effectiveness",
            "How effective is the force at protecting those who are vulnerable from harm, and supporting victims?",
            *(590, 612, 3),
        ),
        ("west-midlands-2021-22", "Managing offenders", 306, 315, 4),
    ]
    # Its report of 2016 is followed by one on the whole force.
    assert [report_id for report_id, *_ in areas].count("west-midlands-2021-22") == 4 + 1  # the hostile one
    assert "west-midlands-2016-effectiveness" not in {report_id for report_id, *_ in areas}
    left_out = found("excluded", "figure, line_start, line_end", "force_name = 'Nottinghamshire Police'")
    assert (8, 862, 866) in left_out
    grades = found(
        "grade_history_with_scale",
        "grade, grade_rank, scale, comparable_with_previous",
        "question_id = 'peel-2021-22-7'",
    )
    assert grades == [
        ("Adequate", 3, "outstanding; good; adequate; requires improvement; inadequate", "no"),
    ]


def test_an_older_duckdb_reads_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not OLD_PYTHON.exists():
        pytest.skip(f"no DuckDB 1.2 in {OLD_PYTHON.parent.parent}: make test sets it up")
    path = tmp_path / "peel.duckdb"
    path.write_bytes(database(sample_tables()))
    done = subprocess.run([OLD_PYTHON, "-c", READ_ALL, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    monkeypatch.setattr(sys, "argv", ["", str(path)])
    exec(READ_ALL, {})
    old, new = json.loads(done.stdout), json.loads(capsys.readouterr().out)
    assert old.pop("version").startswith("1.")  # 1.2, or the oldest there is for a later Python
    assert new.pop("version") == duckdb.__version__
    assert old == new
    assert old["rows"].keys() == TABLES.keys() | VIEWS.keys()
    assert all(old["rows"][view] for view in VIEWS)
    assert old["found by key"] == [["West Midlands Police"]]
    assert "Never draw a line through grades of two scales" in old["comments"]["views"]["grade_history_with_scale"]
