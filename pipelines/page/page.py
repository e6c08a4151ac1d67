"""The catalogue page, ``index.html``: what a release holds, to look at, search, take and cite.

Belongs here: what the page says, out of the tables and the schema, and putting it into its templates. Does not belong
here: drawing (the other modules), what tables and columns mean (``schema``), the time or the machine of a run.

The page is one file that loads nothing: style, script, drawings and data stand in it, and its own policy lets a browser
run and show these and nothing else. Every text passes ``one_line`` and is escaped on its way into a template, so that
no text of a report can be markup or change the order in which the rest is read.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.catalogue import ATTRIBUTION, DESCRIPTION, FIELD_TYPES, LICENCE, SOURCES, TITLE
from pipelines.comparability import programme_order
from pipelines.page.findings_search import Choice, Names, Search, Tree, findings_search, trees
from pipelines.page.picture import Picture
from pipelines.periods import MONTH_NUMBERS
from pipelines.plain_text import one_line
from pipelines.schema import SEVERITIES, TABLES, VALUE_STATUSES, Column, Table
from pipelines.versions import PRODUCT, VersionEntry, citation

TEMPLATES = Path(__file__).parent / "templates"
# Sections by their place in the page: heading; some have a shorter name in the list of sections.
SECTIONS: Mapping[str, str] = {
    "release": "This release",
    "forces": "A force",
    "outcomes": "An outcome",
    "holdings": "What the reports hold and lack",
    "findings": "Findings",
    "tables": "Tables",
    "checks": "Checks and issues",
    "changes": "What changed",
    "cite": "Citation and licence",
}
SHORT: Mapping[str, str] = {"holdings": "Reports", "checks": "Checks", "cite": "Citation"}
# Pictures that are picked by outcome; all others with a subject are of a force.
OF_OUTCOME = "outcome_bars"
# What is said where a force has no picture of a kind.
ABSENT: Mapping[str, str] = {
    "force_outcomes": "No outcomes of this force are in this release.",
    "grade_tiles": "No grades of this force are in this release.",
}
# The files that hold the whole release: name or folder, title, what it is for; in this order.
WHOLE = (
    ("peel.duckdb", "DuckDB", "One database with every table, ready for SQL"),
    ("peel.xlsx", "Excel", "One workbook, with notes on every table"),
    ("csv/", "CSV", "A file for each table, with its CSVW description: see the tables below"),
    (".parquet", "Parquet", "A file for each table, with types and meanings: see the tables below"),
    ("datapackage.json", "Data package", "Tables, columns, keys and checksums for machines (Frictionless)"),
    ("DICTIONARY.md", "Data dictionary", "Every column, unit and allowed value for people"),
    ("data_docs/", "Checks", "Every rule and what came of it, as pages"),
    ("CHANGELOG.md", "Change log", "What changed from version to version"),
    ("release.json", "Version", "The version and what it holds, for machines"),
    ("SHA256SUMS", "Checksums", "For sha256sum --check SHA256SUMS"),
)
DOCS_INDEX = "data_docs/index.html"
OWN_NAME = "index.html"
FIRST_ROWS = 5
ISSUES_SHOWN = 100
CHANGES_SHOWN = 10
# Characters of a cell and of a message that are shown.
CELL, MESSAGE = 120, 600
LONG_CELL = 40
MONTHS = tuple(MONTH_NUMBERS)

Row = Mapping[str, Any]
Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Checks:
    """How many rules of a table passed, warned and failed."""

    passed: int
    warned: int
    failed: int


@dataclass(frozen=True)
class Facts:
    """What the page says that the tables do not.

    ``version``: of the data, such as 1.2.0. ``changes``: newest first; the first is this version's. ``checks``: by
    table. ``files``: every other file of the release by name, in bytes; only these are linked.
    """

    version: str
    changes: tuple[VersionEntry, ...]
    checks: Mapping[str, Checks]
    files: Mapping[str, int]


@dataclass(frozen=True)
class Download:
    """A link to a file, or to where the files of a folder are linked. ``bytes``: of all of them."""

    title: str
    href: str
    bytes: int
    what: str = ""


def page(tables: Tables, pictures: Sequence[Picture], facts: Facts) -> bytes:
    """The page of this release. ``tables``: those published, by name, in the order they are shown in.

    The same arguments give the same bytes. Raises KeyError for a table that is not in the schema.
    """
    style, script = _source("style.css"), _source("page.js")
    reports = _newest_first(_rows(tables, "reports"))
    findings = _by_report(tables)
    search = findings_search(_all_reports(reports, findings), findings, _names(tables))
    forces = _forces(tables, pictures, reports, findings)
    picked = next((force["slug"] for force in forces if force["reports"]), "")
    content = {
        "about": DESCRIPTION,
        "title": TITLE,
        "name": PRODUCT,
        "sections": SECTIONS,
        "short": {**SECTIONS, **SHORT},
        "style": style,
        "script": script,
        "policy": _policy(style, script),
        "facts": facts,
        "key_figures": _key_figures(tables, search),
        "fresh": _fresh(tables),
        "downloads": _downloads(facts.files),
        "forces": forces,
        "force_groups": _force_groups(forces),
        "picked_force": picked,
        **_outcomes(pictures),
        "always": [one for one in pictures if not one.subject and one.kind != OF_OUTCOME],
        "limits": _limits(tables),
        "findings": search,
        "findings_description": TABLES["findings"].description,
        "findings_file": _file_of("findings", facts.files),
        "groups": _groups(tables, facts.files),
        "checks": _checks(tables, facts),
        "checks_total": _checks_total(facts.checks),
        "docs_index": DOCS_INDEX if DOCS_INDEX in facts.files else None,
        "issues": _issues(tables),
        "issues_file": _file_of("quality_issues", facts.files),
        "changes": [_change(entry) for entry in facts.changes[:CHANGES_SHOWN]],
        "changes_more": max(0, len(facts.changes) - CHANGES_SHOWN),
        "changelog": "CHANGELOG.md" if "CHANGELOG.md" in facts.files else None,
        "citation": citation(facts.version),
        "bibtex": _bibtex(facts.version),
        "attribution": ATTRIBUTION,
        "licence": LICENCE,
        "sources": SOURCES,
    }
    rendered: str = _environment().get_template("page.j2").render(**content)
    return rendered.encode()


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    def shown(value: Any) -> Any:
        """Every text that a template shows: on one line, without characters that a reader's screen would obey."""
        return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=shown
    )
    environment.filters |= {"as_is": Markup, "count_of": _count_of, "number": _number, "size": _size, "lines": _lines}
    return environment


@cache
def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """What a browser may load and run: the page's own style and script, told by their checksums, and nothing else."""

    def source(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    rules = ("default-src 'none'", f"style-src {source(style)}", f"script-src {source(script)}")
    # An empty icon, or browsers ask the server for one.
    return "; ".join((*rules, "img-src data:", "base-uri 'none'", "form-action 'none'"))


def _rows(tables: Tables, name: str, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Rows of a table; none where it is not there."""
    if name not in tables:
        return []
    table = tables[name]
    rows: list[dict[str, Any]] = (table.select(list(columns)) if columns else table).to_pylist()
    return rows


# What is shown in words.


def _number(value: int) -> str:
    return f"{value:,}"


def _count_of(value: int, thing: str) -> str:
    return f"{value:,} {thing}" + ("" if value == 1 else "s")


def _size(size: int) -> str:
    """Bytes in decimal units: 999 bytes, 1.2 kB, 34 MB."""
    for unit, its in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= its:
            value = size / its
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
    return _count_of(size, "byte")


def _lines(lines: Iterable[str]) -> Any:
    """Lines that stay lines, such as those of code."""
    from markupsafe import Markup, escape

    return Markup("\n").join(escape(_indented(line)) for line in lines)


def _indented(line: str) -> str:
    """A line whose indentation stays."""
    return " " * (len(line) - len(line.lstrip(" "))) + one_line(line)


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _month(month: str | None) -> str | None:
    return None if month is None else f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def _words(slug: str) -> str:
    return slug.replace("_", " ").capitalize()


# Reports, forces, findings.


def _newest_first(reports: Iterable[Row]) -> list[Row]:
    order = programme_order()

    def age(report: Row) -> tuple[int, str]:
        return order.get(report["programme_id"], 0), str(report["published"] or report["data_period_end"] or "")

    return sorted(sorted(reports, key=lambda one: str(one["report_id"])), key=age, reverse=True)


def _by_report(tables: Tables) -> dict[str, list[Tree]]:
    """The findings of each report in their order, as trees."""
    columns = ("report_id", "finding_id", "finding_type", "question_id", "parent_id", "sequence", "text")
    found: dict[str, list[Row]] = {}
    for row in _rows(tables, "findings", (*columns, "line_start", "line_end")):
        found.setdefault(row["report_id"], []).append(row)
    return {report_id: trees(sorted(rows, key=lambda row: row["sequence"])) for report_id, rows in found.items()}


def _all_reports(reports: Sequence[Row], findings: Mapping[str, Sequence[Tree]]) -> list[Row]:
    """The reports, and behind them one without facts for each that only findings name."""
    unknown = sorted(findings.keys() - {report["report_id"] for report in reports})
    bare = dict.fromkeys(("force_id", "programme_id", "pillar", "source_file"))
    return [*reports, *({**bare, "report_id": report_id} for report_id in unknown)]


def _names(tables: Tables) -> Names:
    reports = {row["force_id"]: row["force_name"] for row in _rows(tables, "reports", ("force_id", "force_name"))}
    forces = {row["force_id"]: row["name_hmic"] for row in _rows(tables, "forces") if row["force_id"]}
    questions = {
        row["question_id"]: (row["programme_id"], row["question"] or row["section_heading"] or row["question_id"])
        for row in _rows(tables, "questions")
    }
    return Names({**reports, **forces}, _programme_names(tables), questions)


def _programme_names(tables: Tables) -> dict[str, str]:
    return {row["programme_id"]: row["name"] for row in _rows(tables, "programmes", ("programme_id", "name"))}


def _forces(
    tables: Tables, pictures: Sequence[Picture], reports: Sequence[Row], findings: Mapping[str, Sequence[Tree]]
) -> list[dict[str, Any]]:
    """Every force by name: pictures, reports, and what is not there. One that no dimension names stands there, too, if
    anything is of it."""
    programmes = _programme_names(tables)
    drawn: dict[str, list[Picture]] = {}
    for picture in pictures:
        if picture.subject and picture.kind != OF_OUTCOME:
            drawn.setdefault(picture.subject, []).append(picture)
    of_force: dict[str, list[Row]] = {}
    for report in reports:
        of_force.setdefault(report["force_id"], []).append(report)
    known = {row["force_id"]: row for row in _rows(tables, "forces") if row["force_id"]}
    forces = []
    for slug in {**known, **drawn, **of_force}:
        own, kinds = of_force.get(slug, []), {picture.kind for picture in drawn.get(slug, ())}
        absent = [] if own else ["No report of this force is in this release."]
        absent += [said for kind, said in ABSENT.items() if kind not in kinds and (own or kind != "grade_tiles")]
        row = known.get(slug, {})
        names = [row.get("name_hmic"), *(one["force_name"] for one in own), *(one.label for one in drawn.get(slug, ()))]
        forces.append(
            {
                "slug": slug,
                "name": next(name for name in (*names, slug) if name),
                "where": _where(row),
                "pictures": drawn.get(slug, []),
                "absent": absent,
                "reports": [_report(report, programmes) for report in own],
                "findings": sum(len(findings.get(one["report_id"], ())) for one in own),
            }
        )
    return sorted(forces, key=lambda force: (str(force["name"]), str(force["slug"])))


def _where(force: Row) -> str:
    """Region, country and code; Wales is both of the first."""
    area = ", ".join(dict.fromkeys(filter(None, (force.get("region"), force.get("country")))))
    said = [f"Region: {area}"] if area else []
    return "; ".join([*said, f"ONS code {force['area_code']}"] if force else said)


def _report(report: Row, programmes: Mapping[str, str]) -> dict[str, str]:
    """A report in the list of its force."""
    name = programmes.get(report["programme_id"], report["programme_id"])
    said = (
        report["data_period_end"] and f"data to {_day(report['data_period_end'])}",
        report["published"] and f"published {_month(report['published'])}",
        f"{report['source_file']}, {_count_of(report['line_count'], 'line')}",
        None if report["extraction"] == "extracted" else _allowed("reports", "extraction")[report["extraction"]],
    )
    return {
        "title": f"{name}, {report['pillar']}" if report["pillar"] else name,
        "facts": "; ".join(filter(None, said)),
    }


def _force_groups(forces: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Choice]]]:
    choices = [(bool(force["reports"]), Choice(force["slug"], force["name"])) for force in forces]
    groups = (
        ("With a report in this release", [choice for has_report, choice in choices if has_report]),
        ("Without a report in this release", [choice for has_report, choice in choices if not has_report]),
    )
    return [group for group in groups if group[1]]


def _outcomes(pictures: Sequence[Picture]) -> dict[str, Any]:
    """The pictures of each outcome, in the order they were handed over in."""
    subjects: dict[str, list[Picture]] = {}
    for picture in pictures:
        if picture.kind == OF_OUTCOME:
            subjects.setdefault(picture.subject, []).append(picture)
    groups: dict[str, list[Choice]] = {}
    for subject, (first, *_) in subjects.items():
        groups.setdefault(first.group, []).append(Choice(subject, first.label))
    outcomes = [
        {"subject": one, "label": ": ".join(filter(None, (of[0].label, of[0].group))), "pictures": of}
        for one, of in subjects.items()
    ]
    return {"outcomes": outcomes, "outcome_groups": list(groups.items())}


# What the release is.


def _key_figures(tables: Tables, search: Search) -> list[dict[str, str]]:
    reports = _rows(tables, "reports", ("force_id", "programme_id"))
    forces = sum(row["force_id"] is not None for row in _rows(tables, "forces", ("force_id",)))
    programmes = len(_programme_names(tables))

    def figure(label: str, value: int, of: int | None = None) -> dict[str, str]:
        return {"label": label, "value": _number(value), "of": f"of {_number(of)}" if of else ""}

    return [
        figure("Reports", len(reports)),
        figure("Forces with a report", len({row["force_id"] for row in reports}), forces),
        figure("Programmes", len({row["programme_id"] for row in reports}), programmes),
        figure("Findings", search.total),
        figure("Tables", len(tables)),
        figure("Rows", sum(table.num_rows for table in tables.values())),
    ]


def _fresh(tables: Tables) -> list[tuple[str, str]]:
    """How fresh it is, by the data and never by the clock."""
    reports = _rows(tables, "reports", ("data_period_end", "published"))
    dated = [row["data_period_end"] for row in reports if row["data_period_end"]]
    published = [row["published"] for row in reports if row["published"]]
    open_data = [_latest(tables[name]) for name in tables if TABLES[name].group == "open_data"]

    def of_reports(value: str | None, having: int, what: str) -> str:
        if value is None:
            return f"no report {what}"
        return value if having == len(reports) else f"{value} ({having} of {len(reports)} reports)"

    return [
        ("Latest data period of a report", of_reports(_day(max(dated, default=None)), len(dated), "states one")),
        ("Latest report published", of_reports(_month(max(published, default=None)), len(published), "says when")),
        ("Latest open data period", _day(max(filter(None, open_data), default=None)) or "no open data"),
    ]


def _latest(table: pa.Table) -> date | None:
    latest: date | None = pc.max(table["period_end"]).as_py() if "period_end" in table.column_names else None
    return latest


def _downloads(files: Mapping[str, int]) -> list[Download]:
    """The whole forms of the release, then files that this page knows nothing of."""
    found, told = [], {OWN_NAME}
    for name, title, what in WHOLE:
        members = [file for file in files if _belongs(file, name)]
        told.update(members)
        if not members:
            continue
        href = DOCS_INDEX if DOCS_INDEX in members else quote(name) if name in files else "#tables"
        found.append(Download(title, href, sum(files[file] for file in members), what))
    return [*found, *(Download(name, quote(name), files[name]) for name in sorted(files.keys() - told))]


def _belongs(file: str, name: str) -> bool:
    if name.startswith("."):
        return file.endswith(name) and "/" not in file
    return file.startswith(name) if name.endswith("/") else file == name


def _file_of(table: str, files: Mapping[str, int]) -> str | None:
    """The file to point to for all rows of a table; null where none is there."""
    return next((name for name in (f"csv/{table}.csv", f"{table}.parquet") if name in files), None)


def _limits(tables: Tables) -> list[str]:
    """Reports that were not extracted, and numbers that are missing or not printed, counted. What becomes of figures is
    drawn (``holdings``)."""

    def said(name: str, column: str, thing: str, usual: str, meanings: Mapping[str, str]) -> list[str]:
        counts = _value_counts(tables, name, column)
        total = _count_of(counts.total(), thing)
        return [
            f"{_number(counts[value])} of {total}: {meaning} ({value})."
            for value, meaning in meanings.items()
            if value != usual and counts[value]
        ]

    return [
        *said("reports", "extraction", "report", "extracted", _allowed("reports", "extraction")),
        *said("observations", "value_status", "number", "published", VALUE_STATUSES),
    ]


def _value_counts(tables: Tables, name: str, column: str) -> Counter[str]:
    if name not in tables:
        return Counter()
    return Counter({one["values"]: one["counts"] for one in pc.value_counts(tables[name][column]).to_pylist()})


def _allowed(table: str, column: str) -> Mapping[str, str]:
    return next(one.allowed or {} for one in TABLES[table].columns if one.name == column)


# The tables.


def _groups(tables: Tables, files: Mapping[str, int]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, rows in tables.items():
        groups.setdefault(_words(TABLES[name].group), []).append(_table(TABLES[name], rows, files))
    return list(groups.items())


def _table(table: Table, rows: pa.Table, files: Mapping[str, int]) -> dict[str, Any]:
    names = (
        ("Parquet", f"{table.name}.parquet"),
        ("CSV", f"csv/{table.name}.csv"),
        ("CSVW", f"csv/{table.name}.csv-metadata.json"),
        ("Checks", f"data_docs/{table.name}.html"),
    )
    first = rows.slice(0, FIRST_ROWS).select(table.column_names).to_pylist()
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "warnings": table.warnings,
        "rows": rows.num_rows,
        "files": [Download(title, quote(name), files[name]) for title, name in names if name in files],
        "columns": [_column(column, table) for column in table.columns],
        "first": [[_cell(row[name]) for name in table.column_names] for row in first],
    }


def _column(column: Column, table: Table) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": FIELD_TYPES[column.type],
        "unit": column.unit or "",
        "nullable": column.nullable,
        "description": column.description if column.description.endswith(".") else f"{column.description}.",
        "is_key": column.name in table.key,
        "is_number": FIELD_TYPES[column.type] in ("integer", "number"),
        "joins": column.joins,
        "bounds": _bounds(column),
        "allowed": column.allowed,
    }


def _bounds(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f"From {column.minimum:,g} to {column.maximum:,g}."
    if column.minimum is not None:
        return f"At least {column.minimum:,g}."
    return "" if column.maximum is None else f"At most {column.maximum:,g}."


def _cell(value: Any) -> dict[str, str | None]:
    if value is None:
        return {"text": None, "css": ""}
    if isinstance(value, bool):
        return {"text": "true" if value else "false", "css": ""}
    if isinstance(value, int | float):
        return {"text": str(value), "css": "n"}
    text = _clipped(one_line(str(value)), CELL)
    return {"text": text, "css": "text" if len(text) > LONG_CELL else "nowrap"}


# Checks, issues and changes.


def _checks(tables: Tables, facts: Facts) -> list[dict[str, Any]]:
    """Checks by table, in the order of the tables."""
    order = [*(name for name in tables if name in facts.checks), *sorted(facts.checks.keys() - tables.keys())]
    return [
        {
            "table": name,
            "passed": facts.checks[name].passed,
            "warned": facts.checks[name].warned,
            "failed": facts.checks[name].failed,
            "href": quote(f"data_docs/{name}.html") if f"data_docs/{name}.html" in facts.files else None,
        }
        for name in order
    ]


def _checks_total(checks: Mapping[str, Checks]) -> Checks:
    every = checks.values()
    return Checks(sum(one.passed for one in every), sum(one.warned for one in every), sum(one.failed for one in every))


def _issues(tables: Tables) -> dict[str, Any]:
    columns = ("severity", "message", "source_file", "line_start", "line_end", "issue_id")
    css = dict(zip(SEVERITIES, ("bad", "warn", "soft"), strict=True))
    order = list(SEVERITIES)
    rows = sorted(
        _rows(tables, "quality_issues", columns),
        key=lambda row: (
            order.index(row["severity"]),
            row["source_file"] or "",
            row["line_start"] or 0,
            row["message"],
            row["issue_id"],
        ),
    )
    counts = Counter(row["severity"] for row in rows)
    return {
        "counts": [
            {"name": one, "rows": counts[one], "meaning": SEVERITIES[one], "css": css[one]}
            for one in order
            if counts[one]
        ],
        "shown": [
            {
                "severity": row["severity"],
                "css": css[row["severity"]],
                "message": _clipped(one_line(row["message"]), MESSAGE),
                "where": _place(row),
            }
            for row in rows[:ISSUES_SHOWN]
        ],
        "more": max(0, len(rows) - ISSUES_SHOWN),
        "has_errors": bool(counts["error"]),
    }


def _place(issue: Row) -> str:
    first, last = issue["line_start"], issue["line_end"]
    lines = "" if first is None else f"line {first}" if last in (None, first) else f"lines {first}–{last}"
    return ", ".join(filter(None, (issue["source_file"], lines)))


def _change(entry: VersionEntry) -> dict[str, Any]:
    """What a version changed, a line a table."""
    lines = []
    for name, counts in entry.tables.items():
        rows = ", ".join(f"{_number(count)} {what}" for what, count in counts.items() if count)
        lines.append(f"{name}: rows {rows}" if rows else f"{name}: its columns")
    return {
        "version": entry.version,
        "first": entry.previous is None and not entry.follows_unknown,
        "previous": entry.previous,
        "lines": [*entry.schema, *lines],
    }


def _bibtex(version: str) -> list[str]:
    key = re.sub(r"[^A-Za-z0-9]+", "_", f"{PRODUCT} {version}").strip("_").lower()
    return [
        f"@misc{{{key},",
        f"  author = {{{{{PRODUCT}}}}},",
        f"  title = {{{{{TITLE}}}}},",
        f"  version = {{{version}}},",
        "  note = {Data set; " + ATTRIBUTION.rstrip(".") + "},",
        "  urldate = {the day you took it},",
        "}",
    ]
