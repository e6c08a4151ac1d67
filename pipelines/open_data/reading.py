"""Every file of open data below a folder, what each is, and what two of them both hold.

Belongs here: telling a file by its columns or tables, never by its name. Does not belong here: what the columns mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pipelines.issues import Issue, SourceError
from pipelines.open_data import home_office, ons
from pipelines.open_data.files import Sheet, refusal, sheets
from pipelines.open_data.rows import Counts, OpenData, column_name, merged

# Rows of a sheet among which its columns' names stand.
HEADER_ROWS = 30
# Text that lies beside data and is none.
DOCUMENTATION = frozenset({".md"})


@dataclass(frozen=True)
class _Content:
    counts: Counts
    issues: list[Issue]
    unrated: frozenset[str] = frozenset()


def read_open_data(folder: Path) -> OpenData:
    """Read every file below the folder; a file that cannot be read, or is none of this data, is one issue.

    The folder need not exist: then there is no open data.
    """
    contents: list[_Content] = []
    issues: list[Issue] = []
    files: list[str] = []
    for path in open_data_files(folder):
        try:
            read = _read_file(path, path.relative_to(folder).as_posix())
        except SourceError as error:
            issues.append(error.issue)
            continue
        files.append(path.relative_to(folder).as_posix())
        contents += read
    kinds: dict[str, Counts] = {}
    for what in (home_office.WHAT, ons.CRIME, ons.INCIDENTS, ons.PEOPLE, ons.HOUSEHOLDS):
        kinds[what], twice = merged(what, [each.counts for each in contents if each.counts.what == what])
        issues += twice
    issues += [issue for each in contents for issue in each.issues]
    return OpenData(
        outcomes=kinds[home_office.WHAT],
        crimes=kinds[ons.CRIME],
        incidents=kinds[ons.INCIDENTS],
        population=kinds[ons.PEOPLE],
        households=kinds[ons.HOUSEHOLDS],
        unrated=frozenset(code for each in contents for code in each.unrated),
        files=tuple(files),
        issues=tuple(issues),
    )


def open_data_files(folder: Path) -> list[Path]:
    """Every file below the folder that may be open data, in name order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() not in DOCUMENTATION and not path.name.startswith(".")
    )


def _read_file(path: Path, source_file: str) -> list[_Content]:
    """What a file holds. Raises SourceError where no sheet of it is known, or one is known but lacks a column."""
    contents = []
    for sheet in sheets(path, source_file):
        content = _read_sheet(sheet)
        if content is not None:
            contents.append(content)
            if sheet.ends_within_line:
                message = f"{source_file}: ends without a line end: its last row may be cut"
                content.issues.append(Issue("open-data-file", "warning", message, source_file=source_file))
    if not contents:
        raise refusal(
            source_file,
            "none of the open data known here: no columns of the Home Office's outcomes or of ONS recorded crime, and "
            "no ONS table of population, households or anti-social behaviour by police force area",
        )
    return contents


def _read_sheet(sheet: Sheet) -> _Content | None:
    table = ons.table_title(sheet)
    if table is not None:
        counts, unrated, issues = ons.count_table(sheet, *table)
        return _Content(counts, issues, unrated)
    lacking: str | None = None
    for at, row in enumerate(sheet.head[:HEADER_ROWS]):
        names = [column_name(cell) for cell in row]
        for module, count in ((home_office, home_office.count_outcomes), (ons, ons.count_crimes)):
            places, problem = _places(module, names)
            if problem:
                lacking = lacking or problem
            elif places:
                return _Content(*count(sheet, at, places))
    if lacking:
        raise refusal(sheet.source_file, f"{sheet.place.removeprefix(sheet.source_file + ', ')}: {lacking}")
    return None


def _places(module: ModuleType, names: list[str]) -> tuple[dict[str, int], str | None]:
    """Place of each column; or why not, where more than half of the columns are there, so that it must be this data."""
    columns: Mapping[str, re.Pattern[str]] = module.COLUMNS
    found = {
        name: [at for at, each in enumerate(names) if pattern.fullmatch(each)]
        for name, pattern in {**columns, **module.DETAIL}.items()
    }
    missing = [name for name in columns if not found[name]]
    if 2 * len(missing) >= len(columns):
        return {}, None
    if missing:
        return {}, f"looks like {module.WHAT}, but has no column {' and no column '.join(missing)}"
    doubled = [name for name, at in found.items() if len(at) > 1]
    if doubled:
        return {}, f"looks like {module.WHAT}, but has more than one column {' and '.join(doubled)}"
    return {name: at[0] for name, at in found.items() if at}, None
