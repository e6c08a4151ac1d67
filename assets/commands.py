"""What the published tables are asked: reports, issues, one table, releases, what changed between two.

Belongs here: the commands that only read. Each looks the release up once and reads that one, so a build may go on
meanwhile. Does not belong here: building (``build``) and how a table is printed (``terminal``). What a release holds is
taken from its own ``datapackage.json``, so a release of an earlier version is read as well.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.terminal import (
    CommandError,
    Sheet,
    UsageError,
    as_json,
    did_you_mean,
    is_watched,
    print_json_lines,
    print_sheet,
)
from pipelines.catalogue import table_files
from pipelines.plain_text import harmless, one_line
from pipelines.publish import ReleaseError, parquet_table
from pipelines.releases import (
    PREVIOUS,
    Publication,
    Release,
    UnknownReleaseError,
    current_release,
    read_history,
    release_ids,
    release_named,
    release_versions,
)
from pipelines.stores import open_store

Row = dict[str, Any]

PACKAGE = "datapackage.json"
# Rows of a table that a person is shown; the next program gets all.
ROWS_WATCHED = 40
SEVERITIES = ("error", "warning", "note")
# Tables with rows of a report that say again what others say, or that are none of the report's numbers.
NO_ROWS_OF_ITS_OWN = frozenset({"reports", "observations", "quality_issues"})
# Columns that say most of a row, after its key.
MOST_WANTED = ("value", "unit", "value_status", "grade", "text")
FORCE_NAMES = ("area_code", "force_id", "name_hmic", "name_home_office", "name_ons")


@dataclass(frozen=True)
class Published:
    """One release as it is asked: which tables it has, and their rows."""

    release: Release

    @cached_property
    def resources(self) -> dict[str, Row]:
        """What the release says of each of its tables. Raises CommandError."""
        try:
            return table_files(self.content(PACKAGE))
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"release {self.release.id}: {PACKAGE} does not describe a release ({error})") from error

    def content(self, name: str) -> bytes:
        """The bytes of a file. Raises CommandError."""
        with said_in_a_line():
            try:
                return self.release.read(name)
            except FileNotFoundError as error:
                raise CommandError(f"release {self.release.id}: {name} is not there (any more)") from error

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or those of some columns that it has. Raises UsageError for a name there is not, CommandError."""
        if name not in self.resources:
            raise UsageError(f"no table {name!r}{did_you_mean(name, self.resources)}")
        path = self.resources[name]["path"]
        content = self.content(path)
        try:
            table = parquet_table(content, columns)
            table.validate(full=True)
        except (pa.ArrowException, OSError, ValueError) as error:  # OSError: of the bytes, which are in memory
            raise CommandError(f"release {self.release.id}: {path} is damaged ({error})") from error
        return table

    def rows(self, name: str) -> list[Row]:
        """The rows of a table. Raises as ``table``."""
        found: list[Row] = self.table(name).to_pylist()
        return found


def run_reports(options: argparse.Namespace) -> None:
    """``peel reports``: every report of the release, then the files that were refused."""
    published = current(options.warehouse)
    issues = published.rows("quality_issues")
    counts = _rows_by_report(published)
    severities = Counter((issue["report_id"], issue["severity"]) for issue in issues)
    reasons = {issue["report_id"]: issue["message"] for issue in issues if issue["check_id"] == "report-extracted"}
    columns = (
        *("report_id", "force", "programme", "period_end", "file", "lines", "extraction", "rows", "errors", "warnings"),
        "reason",
    )
    rows: list[tuple[Any, ...]] = []
    for report in published.rows("reports"):
        report_id = report["report_id"]
        numbers = (counts[report_id], severities[report_id, "error"], severities[report_id, "warning"])
        about = [report[name] for name in ("force_name", "programme_id", "data_period_end", "source_file")]
        rows.append((report_id, *about, report["line_count"], report["extraction"], *numbers, reasons.get(report_id)))
    refused = [
        (None, None, None, None, issue["source_file"], None, "refused", None, None, None, issue["message"])
        for issue in _refusals(published, issues)
    ]
    known = Sheet(columns, rows, ("report_id", "extraction", "rows", "errors", "warnings", "lines", "programme"))
    everything = Sheet(columns, [*rows, *refused])
    if not _is_for_a_person(options):
        _print(everything, options)
        return
    _print(known, options)
    for row in refused:
        print(f"refused: {one_line(row[-1])}")
    print(f"{len(rows)} reports, {len(refused)} files refused, in release {published.release.id}")


def run_issues(options: argparse.Namespace) -> None:
    """``peel issues``: what is wrong, errors first; without notes unless they are asked for."""
    published = current(options.warehouse)
    issues = published.rows("quality_issues")
    tables = [*published.resources, *(issue["table_name"] for issue in issues if issue["table_name"])]
    if options.table not in {None, *tables}:
        raise UsageError(f"--table: no table {options.table!r}{did_you_mean(options.table, tables)}")
    if options.table is not None:
        issues = [issue for issue in issues if issue["table_name"] == options.table]
    if options.report is not None:
        issues = _about(issues, options.report, published)
    shown = [issue for issue in issues if issue["severity"] in _wanted(options.severity)]
    shown.sort(key=_worst_first)
    columns = ("severity", "source_file", "line_start", "line_end", "report_id", "table_name", "check_id", "message")
    sheet = Sheet(columns, [[issue[name] for name in columns] for issue in shown])
    if not _is_for_a_person(options):
        _print(sheet, options)
        return
    for issue in shown:
        print(issue_line(issue))
    counts = Counter(issue["severity"] for issue in issues)
    print(", ".join(f"{counts[name]} {name}s" for name in SEVERITIES), f"in release {published.release.id}")


def run_show(options: argparse.Namespace) -> None:
    """``peel show TABLE``: rows of one table; without one, which tables there are."""
    published = current(options.warehouse)
    if options.table is None:
        _print(_tables(published), options)
        return
    table = published.table(options.table)
    key = (table.schema.metadata or {}).get(b"primary_key", b"").decode().split(",")
    if options.report is not None:
        table = _of_report(table, options, published)
    if options.force is not None:
        table = _of_force(table, options, published)
    limit = options.limit if options.limit is not None else ROWS_WATCHED if _is_for_a_person(options) else 0
    shown = table.slice(0, limit) if limit else table
    if options.columns is not None:
        shown = shown.select(_columns(options.columns, table.column_names))
    rows = list(zip(*(column.to_pylist() for column in shown.columns), strict=True))
    sheet = Sheet(tuple(shown.column_names), rows, (*key, *MOST_WANTED))
    _print(sheet, options, fits=options.columns is None)
    if _is_for_a_person(options):
        part = "" if shown.num_rows == table.num_rows else f"first {shown.num_rows} of "
        print(f"{part}{table.num_rows} rows of {options.table}, release {published.release.id}")


def run_releases(options: argparse.Namespace) -> None:
    """``peel releases``: what was published when, the newest first; whether it is kept, and which is current."""
    with said_in_a_line():
        store = open_store(options.warehouse)
        shown, kept, history = current_release(store), release_ids(store), read_history(store)
        versions = release_versions(store)
    entries = _by_release(history)
    rows: list[tuple[Any, ...]] = []
    for release, builds in reversed(entries):
        first = builds[0]
        state = "kept" if release in kept else "gone"
        changes = [sum(counts[word] for counts in first.changes.values()) for word in ("added", "removed", "changed")]
        numbers = (sum(first.rows.values()), *(changes if first.previous else (None, None, None)))
        rows.append((release, versions.get(release), first.published_at, builds[-1].published_at, *numbers, state))
    # Published before there was a history, or by other means than a build.
    known = {release for release, _ in entries}
    rows += [(release, versions.get(release), *[None] * 6, "kept") for release in kept if release not in known]
    if shown:
        place = next((place for place, row in enumerate(rows) if row[0] == shown.id), None)
        if place is not None:
            rows[place] = (*rows[place][:-1], "current")
    columns = ("release", "version", "published", "last_built", "rows", "added", "removed", "changed", "state")
    _print(Sheet(columns, rows, ("release", "version", "published", "added", "removed", "changed", "state")), options)


def run_diff(options: argparse.Namespace) -> None:
    """``peel diff [A [B]]``: what changed between two releases; by default from the last one to the current one."""
    shown = current(options.warehouse).release
    with said_in_a_line():
        store = open_store(options.warehouse)
        after = release_named(store, options.after) if options.after else shown
        if not options.before and len(release_ids(store)) < 2:
            raise CommandError(f"{options.warehouse} holds one release only: there is nothing to compare it with")
        before = release_named(store, options.before or PREVIOUS)
    # Imported here: the other commands need not wait for it.
    from pipelines.differences import as_json as differences_as_json
    from pipelines.differences import differences, lines, release_tables, row_differences, row_lines

    with said_in_a_line():
        pair = release_tables(before.read), release_tables(after.read)
        if options.table is not None:
            right = {**pair[1].keys, **pair[0].keys}
            if options.table not in right:
                raise UsageError(f"--table: no table {options.table!r}{did_you_mean(options.table, right)}")
            changed = row_differences(options.table, *pair)
            for line in (as_json(asdict(row)) for row in changed) if options.json else row_lines(changed):
                print(line if options.json else one_line(line))
            return
        result = differences(*pair)
    if options.json:
        names = {"before": before.id, "after": after.id}
        versions = {"version_before": before.version(), "version_after": after.version()}
        print(as_json({**names, **versions, **differences_as_json(result)}))
        return
    print(f"from {_named(before)} to {_named(after)}")
    for line in lines(result):
        print(harmless(line))


def current(warehouse: str) -> Published:
    """The release that readers see. Raises CommandError where there is none."""
    with said_in_a_line():
        release = current_release(open_store(warehouse))
    if release is None:
        raise CommandError(f"{warehouse} holds no release: peel build makes one")
    return Published(release)


@contextmanager
def said_in_a_line() -> Iterator[None]:
    """What is wrong with a store or a release, as the errors that a command ends with."""
    try:
        yield
    except UnknownReleaseError as error:
        raise UsageError(str(error)) from error
    except (OSError, ReleaseError, ValueError) as error:
        raise CommandError(str(error)) from error


def issue_line(issue: Row) -> str:
    """One line for a person: severity, file and line, what was found, by which check."""
    place = issue["source_file"] or issue["report_id"] or issue["table_name"] or ""
    if issue["source_file"] and issue["line_start"]:
        first, last = issue["line_start"], issue["line_end"] or issue["line_start"]
        place += f", line {first}" if first == last else f", lines {first}-{last}"
    message = issue["message"]
    # Most messages begin with where it is.
    where = "" if message.startswith((place, str(issue["source_file"]))) or not place else f"{place}: "
    return one_line(f"{issue['severity']}: {where}{message} ({issue['check_id']})")


def _named(release: Release) -> str:
    version = release.version()
    return f"{version} ({release.id})" if version else release.id


def _is_for_a_person(options: argparse.Namespace) -> bool:
    return is_watched(sys.stdout) and not options.json


def _print(sheet: Sheet, options: argparse.Namespace, fits: bool = True) -> None:
    if options.json:
        print_json_lines(sheet, sys.stdout)
    else:
        print_sheet(sheet, sys.stdout, fits)


def _tables(published: Published) -> Sheet:
    columns = ("name", "rows", "title")
    return Sheet(columns, [[each.get(column) for column in columns] for each in published.resources.values()])


def _rows_by_report(published: Published) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name in published.resources.keys() - NO_ROWS_OF_ITS_OWN:
        table = published.table(name, ["report_id"])
        if table.column_names:
            found = pc.value_counts(table["report_id"]).to_pylist()
            counts.update({each["values"]: each["counts"] for each in found})
    return counts


def _by_release(history: Iterable[Publication]) -> list[tuple[str, list[Publication]]]:
    """Each release with the builds that gave it one after another: a build without changes is no new release."""
    return [(release, list(builds)) for release, builds in groupby(history, key=lambda one: one.release)]


def _refusals(published: Published, issues: Iterable[Row]) -> list[Row]:
    """The issues of files that are no report of the release: one a file."""
    read = set(published.table("reports", ["source_file"])["source_file"].to_pylist())
    errors = (issue for issue in issues if issue["severity"] == "error" and issue["table_name"] == "reports")
    found = [issue for issue in errors if issue["source_file"] not in {None, *read}]
    return list({issue["source_file"]: issue for issue in sorted(found, key=_worst_first)}.values())


def _wanted(severity: str | None) -> tuple[str, ...]:
    return (severity,) if severity else ("error", "warning")


def _worst_first(issue: Row) -> tuple[Any, ...]:
    place = (issue["source_file"] or "", issue["line_start"] or 0)
    return SEVERITIES.index(issue["severity"]), *place, issue["check_id"], issue["message"]


def _about(issues: list[Row], asked: str, published: Published) -> list[Row]:
    """The issues of a report, or of a file that was refused."""
    reports = published.rows("reports")
    files = {issue["source_file"] for issue in issues if issue["source_file"]}
    known = {report["report_id"] for report in reports} | {issue["report_id"] for issue in issues if issue["report_id"]}
    if asked not in known | files | {report["source_file"] for report in reports}:
        raise UsageError(f"--report: no report {asked!r}{did_you_mean(asked, sorted(known) + sorted(files))}")
    return [issue for issue in issues if asked in (issue["report_id"], issue["source_file"])]


def _of_report(table: pa.Table, options: argparse.Namespace, published: Published) -> pa.Table:
    if "report_id" not in table.column_names:
        raise UsageError(f"--report: table {options.table} holds no rows of reports")
    known = published.table("reports", ["report_id"])["report_id"].to_pylist()
    if options.report not in known:
        raise UsageError(f"--report: no report {options.report!r}{did_you_mean(options.report, known)}")
    return table.filter(pc.equal(table["report_id"], options.report))


def _of_force(table: pa.Table, options: argparse.Namespace, published: Published) -> pa.Table:
    """The rows on a force: those of its area; where a row names no area, those of its reports."""
    area_code = _area_code(options.force, published)
    reports = published.table("reports", ["report_id", "area_code"])
    own = reports.filter(pc.equal(reports["area_code"], area_code))["report_id"]
    of_its_reports = (
        pc.is_in(table["report_id"], value_set=own.combine_chunks()) if "report_id" in table.column_names else None
    )
    if "area_code" in table.column_names:
        of_its_area = pc.equal(table["area_code"], area_code)
        unnamed = of_its_reports if of_its_reports is not None else pa.scalar(False)
        return table.filter(pc.if_else(pc.is_null(table["area_code"]), unnamed, of_its_area))
    if of_its_reports is None:
        raise UsageError(f"--force: table {options.table} holds no rows of forces")
    return table.filter(of_its_reports)


def _area_code(asked: str, published: Published) -> str:
    """The ONS code of a force by its code, slug, name or another name of it."""
    names: dict[str, str] = {}
    forces = published.rows("forces")
    for force in forces:
        others = (force["aliases"] or "").split(";")
        for name in (*(force[column] for column in FORCE_NAMES), *others):
            names.setdefault((name or "").strip().casefold(), force["area_code"])
    code = names.get(asked.strip().casefold()) if asked.strip() else None
    if code is None:
        right = [name for column in ("force_id", "name_hmic", "area_code") for f in forces if (name := f[column])]
        raise UsageError(f"--force: no force {asked!r}{did_you_mean(asked, right)}")
    return code


def _columns(asked: str, right: Sequence[str]) -> list[str]:
    names = [name.strip() for name in asked.split(",")]
    for name in names:
        if name not in right:
            raise UsageError(f"--columns: no column {name!r}{did_you_mean(name, right)}")
    return list(dict.fromkeys(names))
