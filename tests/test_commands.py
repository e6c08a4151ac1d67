"""The commands that only read: what they print of a release, for a person and for the next program."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from assets import commands
from assets.cli import main, parsers
from pipelines.catalogue import release_files
from pipelines.issues import Issue, issue_rows
from pipelines.publish import parquet_bytes, publish
from pipelines.reference import dimension_rows
from pipelines.releases import Publication, append_history
from pipelines.schema import TABLES
from pipelines.versions import VersionEntry, release_json

KENT, ESSEX = "kent-2016-effectiveness", "essex-2016-effectiveness"
# What a report may hold to deceive who reads a terminal: colours, a title, deletions, text from right to left, markup.
HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2J\b\b[bold]loud[/bold] [/] :smile: \u202elive\u202c \u2066a\u2069\u200f"
HOSTILE += "\r\nforged\tcell"
HARMLESS = "[bold]loud[/bold] [/] :smile:"

Run = Callable[..., tuple[int, str, str]]


def report_row(force: str, code: str, **other: Any) -> dict[str, Any]:
    slug = force.lower()
    row = {
        "report_id": f"{slug}-2016-effectiveness",
        "programme_id": "peel-2016",
        "pillar": "effectiveness",
        "force_id": slug,
        "area_code": code,
        "force_name": f"{force} Police",
        "inspectorate": "HMIC",
        "data_period_end": date(2016, 6, 30),
        "published": None,
        "source_file": f"{slug}.txt",
        "source_format": "text",
        "sha256": "0" * 64,
        "line_count": 900,
        "extraction": "extracted",
    }
    return {**row, **other}


def outcome_row(report: Mapping[str, Any], outcome_id: str, value: float | None, **other: Any) -> dict[str, Any]:
    row = {
        "report_id": report["report_id"],
        "area_code": report["area_code"],
        "outcome_id": outcome_id,
        "outcome_code": "1",
        "outcome_label": "Charged – summonsed",
        "row_type": "type",
        "parent_id": None,
        "period_start": date(2015, 7, 1),
        "period_end": date(2016, 6, 30),
        "value": value,
        "unit": "percent",
        "decimals": None if value is None else 1,
        "value_status": "not_printed" if value is None else "published",
        "line_start": 30,
        "line_end": 30,
        "printed": "Charged 14.2",
        "label_line_start": 30,
        "label_line_end": 30,
    }
    return {**row, **other}


def finding_row(report: Mapping[str, Any], number: int, text: str) -> dict[str, Any]:
    finding = dict.fromkeys(TABLES["findings"].column_names)
    return {
        **finding,
        "report_id": report["report_id"],
        "finding_id": f"{report['report_id']}-str-{number}",
        "finding_type": "strength",
        "sequence": number,
        "text": text,
        "line_start": 50,
        "line_end": 51,
        "printed": text,
    }


KENT_ROW, ESSEX_ROW = report_row("Kent", "E23000032"), report_row("Essex", "E23000028")
ISSUES = (
    Issue("a-note", "note", "by the way", table_name="figures", report_id=KENT, source_file="kent.txt"),
    Issue("odd", "warning", "an odd sum", "outcome_proportions", KENT, "kent.txt", line_start=30, line_end=31),
    Issue("file-text", "error", "zoo.txt: no report", table_name="reports", source_file="zoo.txt"),
    Issue("range", "error", "kent.txt, line 9: too much", "crime_rates", KENT, "kent.txt", line_start=9, line_end=9),
)


def release_of(issues: tuple[Issue, ...] = ISSUES, text: str = "The force – as a whole – listens.") -> dict[str, bytes]:
    """The files of a small release: two reports."""
    rows = {
        "reports": [KENT_ROW, ESSEX_ROW],
        "outcome_proportions": [
            outcome_row(KENT_ROW, "charged_summonsed", 14.2),
            outcome_row(KENT_ROW, "community_resolution", None),
            outcome_row(KENT_ROW, "charged_summonsed", 12.1, area_code="K04000001"),
            outcome_row(ESSEX_ROW, "charged_summonsed", 10.0),
        ],
        "findings": [finding_row(KENT_ROW, 1, text)],
        "quality_issues": issue_rows(issues),
        "forces": dimension_rows("forces"),
    }
    return release_files({name: parquet_bytes(TABLES[name].to_arrow(found)) for name, found in rows.items()})


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a release of two reports, and one before it with other issues; only to be read."""
    folder = tmp_path_factory.mktemp("warehouse")
    publish(release_of(issues=()), folder)
    publish(release_of(), folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose every text is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    issue = Issue("odd", "error", f"{HOSTILE} it is", "reports", source_file=f"{HOSTILE}.txt", found=HOSTILE)
    publish(release_of((issue, *ISSUES), HOSTILE), folder)
    return folder


@pytest.fixture
def run(warehouse: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the warehouse, or on another: exit code, output, errors.

    ``width``: that of the terminal of a person who watches; what rich adds to make letters bold or dim is taken out.
    """

    def run(*arguments: str, on: Path = warehouse, width: int | None = None) -> tuple[int, str, str]:
        with monkeypatch.context() as terminal:
            if width is not None:
                terminal.setattr(sys.stdout, "isatty", lambda: True)
                terminal.setenv("COLUMNS", str(width))
                terminal.setenv("TERM", "xterm-256color")
            code = main([arguments[0], "--warehouse", str(on), *arguments[1:]])
        output, errors = capsys.readouterr()
        return code, re.sub("\x1b\\[[012]m", "", output) if width else output, errors

    return run


def rows_of(output: str) -> list[dict[str, str]]:
    """The rows of tab-separated output."""
    names, *rows = (line.split("\t") for line in output.splitlines())
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_reports_lists_what_was_read_and_then_what_was_refused(run: Run) -> None:
    code, output, errors = run("reports")
    assert (code, errors) == (0, "")
    essex, kent, refused = rows_of(output)
    assert (essex["report_id"], essex["rows"], essex["errors"], essex["warnings"]) == (ESSEX, "1", "0", "0")
    assert (kent["report_id"], kent["force"], kent["programme"]) == (KENT, "Kent Police", "peel-2016")
    assert (kent["period_end"], kent["file"], kent["lines"]) == ("2016-06-30", "kent.txt", "900")
    # Three outcomes and a finding.
    assert (kent["extraction"], kent["rows"], kent["errors"], kent["warnings"]) == ("extracted", "4", "1", "1")
    assert (refused["file"], refused["extraction"], refused["reason"]) == ("zoo.txt", "refused", "zoo.txt: no report")
    assert json.loads(run("reports", "--json")[1].splitlines()[2])["reason"] == "zoo.txt: no report"


def test_a_person_is_told_how_many_reports_and_which_files_were_refused(run: Run) -> None:
    lines = run("reports", width=80)[1].splitlines()
    assert lines[-2] == "refused: zoo.txt: no report"
    assert lines[-1].startswith("2 reports, 1 files refused, in release ")


@pytest.mark.parametrize(
    ("options", "checks"),
    [
        ([], ["range", "file-text", "odd"]),
        (["--severity", "note"], ["a-note"]),
        (["--severity", "error"], ["range", "file-text"]),
        (["--report", KENT], ["range", "odd"]),
        (["--report", "zoo.txt"], ["file-text"]),
        (["--table", "crime_rates"], ["range"]),
        (["--report", ESSEX], []),
    ],
)
def test_issues_come_errors_first_and_only_those_asked_for(run: Run, options: list[str], checks: list[str]) -> None:
    code, output, _ = run("issues", *options)
    assert code == 0
    assert [row["check_id"] for row in rows_of(output)] == checks
    assert [json.loads(line)["check_id"] for line in run("issues", "--json", *options)[1].splitlines()] == checks


def test_an_issue_is_a_line_with_file_and_line_once(run: Run) -> None:
    lines = run("issues", width=80)[1].splitlines()
    assert lines[0] == "error: kent.txt, line 9: too much (range)"
    assert lines[2] == "warning: kent.txt, lines 30-31: an odd sum (odd)"
    assert lines[3].startswith("2 errors, 1 warnings, 1 notes in release ")


def test_show_prints_the_table_as_it_is_published(run: Run) -> None:
    code, output, errors = run("show", "outcome_proportions")
    assert (code, errors) == (0, "")
    rows = rows_of(output)
    assert list(rows[0]) == TABLES["outcome_proportions"].column_names
    values = [(row["report_id"], row["area_code"], row["value"], row["value_status"]) for row in rows]
    assert values == [
        (ESSEX, "E23000028", "10.0", "published"),
        (KENT, "E23000032", "14.2", "published"),
        # Null is empty, and the status tells why.
        (KENT, "E23000032", "", "not_printed"),
        (KENT, "K04000001", "12.1", "published"),
    ]
    third = json.loads(run("show", "outcome_proportions", "--json")[1].splitlines()[2])
    assert (third["value"], third["line_start"], third["period_end"]) == (None, 30, "2016-06-30")


@pytest.mark.parametrize("force", ["kent", "Kent Police", "KENT", "E23000032"])
def test_a_force_is_known_by_slug_name_or_code(run: Run, force: str) -> None:
    rows = rows_of(run("show", "outcome_proportions", "--force", force)[1])
    assert [(row["report_id"], row["area_code"]) for row in rows] == [(KENT, "E23000032")] * 2
    # A table that names no areas: the rows of the force's reports.
    assert [row["report_id"] for row in rows_of(run("show", "findings", "--force", force)[1])] == [KENT]
    assert rows_of(run("show", "findings", "--force", "essex")[1]) == []


def test_rows_of_a_report_columns_in_the_order_asked_and_a_limit(run: Run) -> None:
    options = ("--report", KENT, "--columns", "value, outcome_id", "--limit", "2")
    _, output, _ = run("show", "outcome_proportions", *options)
    assert output == "value\toutcome_id\n14.2\tcharged_summonsed\n\tcommunity_resolution\n"
    assert len(run("show", "forces")[1].splitlines()) == 45
    assert len(run("show", "forces", "--limit", "0")[1].splitlines()) == 45


def test_show_alone_says_which_tables_there_are(run: Run) -> None:
    rows = {row["name"]: row["rows"] for row in rows_of(run("show")[1])}
    assert rows == {"reports": "2", "outcome_proportions": "4", "findings": "1", "quality_issues": "4", "forces": "44"}


@pytest.mark.parametrize("width", [30, 80, 200])
def test_a_table_fits_the_terminal_and_says_what_it_leaves_out(run: Run, width: int) -> None:
    _, output, _ = run("show", "outcome_proportions", width=width)
    lines = output.splitlines()
    assert all(len(line) <= width for line in lines[:-1])
    said = " ".join(output.split())
    table = "\n".join(line for line in lines if "charged" in line or "report_id" in line)
    for name in TABLES["outcome_proportions"].column_names:
        assert name in said, name
    assert ("14.2" in table) is (width > 30)
    assert lines[-1].startswith("4 rows of outcome_proportions, release ")


def test_a_person_is_shown_the_first_rows_and_whole_texts_when_columns_are_named(run: Run) -> None:
    assert run("show", "forces", width=80)[1].splitlines()[-1].startswith("first 40 of 44 rows of forces")
    text = run("show", "findings", "--columns", "text", width=80)[1]
    assert "The force – as a whole – listens." in text
    assert "not shown" not in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "outcome_proportion"], "no table 'outcome_proportion'; did you mean outcome_proportions?"),
        (["show", "zzz"], "no table 'zzz'; there are reports, outcome_proportions, findings"),
        (["show", "reports", "--report", "kent-2016"], f"--report: no report 'kent-2016'; did you mean {KENT}?"),
        (["show", "reports", "--force", "Kant"], "--force: no force 'Kant'; did you mean kent?"),
        (["show", "reports", "--force", ""], "--force: no force ''"),
        (["show", "reports", "--columns", "sha"], "--columns: no column 'sha'; did you mean sha256?"),
        (["show", "forces", "--report", KENT], "--report: table forces holds no rows of reports"),
        (["show", "quality_issues", "--columns", "message,"], "--columns: no column ''"),
        (["show", "reports", "--limit", "-1"], "'-1' is no whole number from 0 on"),
        (["issues", "--table", "reprots"], "--table: no table 'reprots'; did you mean reports?"),
        (["issues", "--report", "zoo"], "--report: no report 'zoo'; did you mean zoo.txt?"),
        (["issues", "--severity", "bad"], "invalid choice: 'bad' (choose from"),
        (["issues", "--tabel", "x"], "unrecognized arguments: --tabel x; did you mean --table"),
        (["reports", "--jsno"], "did you mean --json?"),
        (["report"], "'report' is no command; did you mean reports?"),
        (["--hlp"], "did you mean --help?"),
        ([], "no command; there are build, reports, issues, show, releases, diff"),
    ],
)
def test_wrong_usage_says_what_would_be_right_in_one_line(
    warehouse: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    known = arguments and arguments[0] in parsers()[1]
    assert main([*arguments, "--warehouse", str(warehouse)] if known else arguments) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    (line,) = errors.splitlines()
    assert line.startswith("peel: ")
    assert words in line


@pytest.mark.parametrize("command", ["", *parsers()[1]])
def test_help_fits_one_screen(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as end:
        main([*command.split(), "--help"])
    assert end.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


HOSTILE_COMMANDS = [
    ["issues"],
    ["issues", "--json"],
    ["reports"],
    ["reports", "--json"],
    ["show", "findings"],
    ["show", "findings", "--columns", "text"],
    ["show", "findings", "--json"],
    ["show", "quality_issues", "--columns", "found,message"],
]


@pytest.mark.parametrize("arguments", HOSTILE_COMMANDS, ids=" ".join)
@pytest.mark.parametrize("width", [None, 400])
def test_what_stands_in_a_report_cannot_steer_the_terminal(
    run: Run, hostile: Path, arguments: list[str], width: int | None
) -> None:
    code, output, errors = run(*arguments, on=hostile, width=width)
    assert (code, errors) == (0, "")
    assert HARMLESS in output
    assert [c for c in output if not c.isprintable() and c not in "\n\t"] == []
    if width:
        assert "\t" not in output
    elif "--json" not in arguments:
        assert len({line.count("\t") for line in output.splitlines()}) == 1
    assert not any(line.startswith("forged") for line in output.splitlines())


def test_a_hostile_word_in_an_error_is_one_harmless_line(run: Run, hostile: Path) -> None:
    code, _, errors = run("issues", "--report", f"{HOSTILE}.tx", on=hostile)
    assert code == 2
    (line,) = errors.splitlines()
    assert line.isprintable()


def versioned(files: dict[str, bytes], version: str = "1.1.0") -> dict[str, bytes]:
    """The release with a version."""
    return {**files, "release.json": release_json((VersionEntry(version, None),), {}, {}, files)}


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A warehouse with a history: two releases, the first from before there were versions, the second built twice.

    Their ids.
    """
    folder = tmp_path_factory.mktemp("versions")
    first = publish(release_of(issues=ISSUES[:2]), folder).name
    append_history(folder, Publication.now(first, None, {"reports": 2, "quality_issues": 2}, {}))
    second = publish(versioned(release_of(issues=ISSUES[1:], text="Other words.")), folder).name
    changes = {"quality_issues": {"added": 2, "removed": 1, "changed": 0}}
    for _ in range(2):
        append_history(folder, Publication.now(second, first, {"reports": 2, "quality_issues": 3}, changes, "1.1.0"))
    return folder, first, second


def test_releases_are_listed_with_what_changed_and_which_is_current(run: Run, versions: tuple[Path, str, str]) -> None:
    folder, first, second = versions
    rows = rows_of(run("releases", on=folder)[1])
    columns = ("release", "version", "rows", "added", "removed", "changed", "state")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        (second, "1.1.0", "5", "2", "1", "0", "current"),
        (first, "", "4", "", "", "", "kept"),
    ]
    latest = json.loads(run("releases", "--json", on=folder)[1].splitlines()[0])
    assert datetime.fromisoformat(latest["published"]) <= datetime.now(UTC)
    shutil.rmtree(folder / "releases" / first)
    assert rows_of(run("releases", on=folder)[1])[1]["state"] == "gone"
    # For the tests that come after.
    publish(release_of(issues=ISSUES[:2]), folder)
    publish(versioned(release_of(issues=ISSUES[1:], text="Other words.")), folder)


def test_other_forms_of_a_table_are_no_tables(run: Run, tmp_path: Path) -> None:
    forces = parquet_bytes(TABLES["forces"].to_arrow(dimension_rows("forces")))
    publish(release_files({"forces": forces}, {"csv/forces.csv": b"area_code\r\n", "peel.duckdb": b"DUCK"}), tmp_path)
    assert [(row["name"], row["rows"]) for row in rows_of(run("show", on=tmp_path)[1])] == [("forces", "44")]
    assert len(run("show", "forces", on=tmp_path)[1].splitlines()) == 45


def test_diff_says_what_changed_from_the_last_release_to_the_current_one(
    run: Run, versions: tuple[Path, str, str]
) -> None:
    folder, first, second = versions
    code, output, errors = run("diff", on=folder)
    assert (code, errors) == (0, "")
    lines = output.splitlines()
    assert lines[0] == f"from {first} to 1.1.0 ({second})"
    assert any(line.startswith("quality_issues  2 -> 3 rows: 2 added, 1 removed") for line in lines)
    # The other way round, by the beginning of the names.
    back = json.loads(run("diff", second[:6], first[:6], "--json", on=folder)[1])
    assert (back["before"], back["after"]) == (second, first)
    assert (back["version_before"], back["version_after"]) == ("1.1.0", None)
    assert (back["tables"]["quality_issues"]["added"], back["tables"]["quality_issues"]["removed"]) == (1, 2)
    rows = run("diff", "--table", "findings", on=folder)[1].splitlines()
    assert len(rows) == 1
    assert rows[0].startswith(f'~ report_id="{KENT}"')
    assert "Other words." in rows[0]
    (row,) = run("diff", "--table", "findings", "--json", on=folder)[1].splitlines()
    assert (json.loads(row)["kind"], json.loads(row)["after"]["text"]) == ("changed", "Other words.")


def test_releases_are_shown_and_compared_by_version(run: Run, tmp_path: Path) -> None:
    first, second = (
        publish(versioned(release_of(issues=ISSUES[:number]), version), tmp_path).name
        for number, version in ((2, "1.0.0"), (3, "1.1.0"))
    )
    rows = [json.loads(line) for line in run("releases", "--json", on=tmp_path)[1].splitlines()]
    assert [(row["release"], row["version"]) for row in rows] == [(second, "1.1.0"), (first, "1.0.0")]
    _, watched, _ = run("releases", on=tmp_path, width=80)
    assert all(version in watched for version in ("1.0.0", "1.1.0"))
    _, output, _ = run("diff", "1.1.0", "1.0.0", on=tmp_path)
    assert output.splitlines()[0] == f"from 1.1.0 ({second}) to 1.0.0 ({first})"
    assert "quality_issues  3 -> 2 rows: 1 removed" in output
    code, _, errors = run("diff", "3.0.0", on=tmp_path)
    assert (code, f"there are: {second} (1.1.0), {first} (1.0.0)" in errors) == (2, True)
    # What is wrong with a release.json is no reason not to show what there is.
    (tmp_path / "releases" / first / "release.json").write_text("{}")
    rows = [json.loads(line) for line in run("releases", "--json", on=tmp_path)[1].splitlines()]
    assert [row["version"] for row in rows] == ["1.1.0", None]
    assert run("diff", first, on=tmp_path)[1].splitlines()[0] == f"from {first} to 1.1.0 ({second})"


def test_a_release_that_is_not_there_is_wrong_usage(run: Run, versions: tuple[Path, str, str], tmp_path: Path) -> None:
    code, output, errors = run("diff", "ffff", on=versions[0])
    assert (code, output) == (2, "")
    assert versions[1] in errors
    code, _, errors = run("diff", "--table", "finding", on=versions[0])
    assert (code, "did you mean findings?" in errors) == (2, True)
    publish(release_of(), tmp_path)
    code, _, errors = run("diff", on=tmp_path)
    assert code == 1
    assert "holds one release only" in errors


def test_a_command_reads_one_release_though_another_is_published_meanwhile(tmp_path: Path) -> None:
    publish(release_of(), tmp_path)
    published = commands.current(str(tmp_path))
    publish(release_of(issues=()), tmp_path)
    assert len(published.rows("quality_issues")) == len(ISSUES)
    assert commands.current(str(tmp_path)).rows("quality_issues") == []


def test_no_command_writes(warehouse: Path, run: Run) -> None:
    def state() -> dict[str, int]:
        return {str(path): path.lstat().st_mtime_ns for path in [warehouse, *warehouse.rglob("*")]}

    before = state()
    for arguments in (["reports"], ["issues"], ["show", "forces"], ["releases"], ["diff"]):
        assert run(*arguments)[0] == 0
    assert state() == before


def test_without_a_release_a_command_says_so(run: Run, tmp_path: Path) -> None:
    for command in ("reports", "issues", "show", "diff"):
        code, output, errors = run(command, on=tmp_path)
        assert (code, output) == (1, "")
        assert f"{tmp_path} holds no release" in errors
    code, _, errors = run("reports", on=tmp_path / "nowhere")
    assert code == 1
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_bytes(b"PAR1"), "reports.parquet is damaged"),
        (lambda path: path.write_bytes(path.read_bytes().replace(b"kent", b"\xff" * 4)), "reports.parquet is damaged"),
        (lambda path: path.unlink(), "reports.parquet is not there"),
        (lambda path: path.with_name("datapackage.json").write_text("{}"), "datapackage.json does not describe"),
    ],
)
def test_a_damaged_release_is_one_line(
    warehouse: Path, run: Run, tmp_path: Path, damage: Callable[[Path], object], words: str
) -> None:
    shutil.copytree(warehouse, tmp_path / "copy", symlinks=True)
    damage(tmp_path / "copy" / "published" / "reports.parquet")
    code, output, errors = run("show", "reports", on=tmp_path / "copy")
    assert (code, output) == (1, "")
    assert words in errors
    assert len(errors.splitlines()) == 1


def peel(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEEL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "assets.cli", *map(str, arguments)],
        cwd=ROOT,
        env={**environment, **options.pop("env", {})},
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_a_pipe_that_ends_early_and_a_terminal_without_dashes_are_no_faults(warehouse: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    early = peel("show", "forces", "--warehouse", warehouse, stdout=writer)
    os.close(writer)
    ascii_only = peel(
        *("show", "findings", "--columns", "text", "--warehouse", warehouse),
        stdout=subprocess.PIPE,
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert early.communicate() == (None, "")
    assert early.returncode == 0
    assert ascii_only.communicate() == ("text\nThe force ? as a whole ? listens.\n", "")
    assert ascii_only.returncode == 0


def test_a_command_starts_quickly_and_without_the_orchestrator(warehouse: Path) -> None:
    code = (
        "import sys; from assets.cli import main\n"
        f"assert main(['show', 'reports', '--warehouse', {str(warehouse)!r}]) == 0\n"
        "print([name for name in ('dagster', 'great_expectations', 'pandas', 'pipelines') if name in sys.modules])"
    )
    seconds = []
    for _ in range(2):  # the less disturbed of two, in time of the processor
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert done.stdout.splitlines()[-1] == "['pipelines']"
    assert min(seconds) < 0.8
