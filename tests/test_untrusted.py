"""The reports folder is anybody's: names, links, special files, sizes and texts that are meant to do harm.

Nothing of it is followed out of the folder, waited for, run, formatted as a path or a pattern, obeyed by a terminal, or
trusted in HTML and Markdown; and whatever is not read is refused with a word, while the other reports are read.
"""

import ast
import io
import os
import re
import shutil
import signal
import socket
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import ROOT, SAMPLES
from damaged import Built, built
from markdown_it import MarkdownIt
from stubs import contents, registered_text

from assets.cli import main
from assets.markdown import markdown_list, markdown_rows, markdown_table
from expectations.one_report import Task, code_version, extract_bytes, extract_file
from pipelines.batch import FileRead, settled
from pipelines.extracted import Extracted, Records, named
from pipelines.issues import Issue
from pipelines.reference import load
from pipelines.reports import MAXIMUM_BYTES, SourceFile, source_files
from pipelines.stores import LocalStore

GOOD = "Kent Police"
GOOD_ID = "kent-2013-effectiveness"
# What a terminal obeys or hides, and what ends a line.
PACKAGES = ("pipelines", "expectations", "assets")
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(autouse=True)
def not_for_ever() -> Iterator[None]:
    """A test that waits for a pipe ends after five minutes."""

    def give_up(*_: object) -> None:
        raise TimeoutError("it waits for something that never comes")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A reports folder with one good report."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "good.txt").write_text(registered_text(GOOD), encoding="utf-8")
    return folder


def refusals(found: Built) -> dict[str | None, str]:
    """check_id by file of everything that was not read; each is refused once, and says so in one line of plain text."""
    refused = [issue for issue in found.issues if issue.severity == "error" and issue.report_id is None]
    assert len({issue.source_file for issue in refused}) == len(refused)
    for issue in refused:
        assert issue.message.startswith(f"{issue.source_file}: ") or ", line" in issue.message
        assert not UNSHOWN.search(issue.message), issue.message
    assert "good.txt" in found.files
    assert GOOD_ID in found.rows["reports"]
    return {issue.source_file: issue.check_id for issue in refused}


# --- names ------------------------------------------------------------------------------------------------------------

HARMLESS = (
    *("quo\"te's.txt", "<script>alert(1)<script>.txt", "-rf.txt", "--help.txt", "..x.txt", "...txt", ".hidden.txt"),
    *(
        f"{'x' * 251}.txt",
        "  two  blanks .txt",
        "😀.txt",
        "UPPER.TXT",
        "a...b.txt",
        "[2016]*?.txt",
        "{name} %s %(x)d.txt",
    ),
    *(
        "$HOME `id` $(id);&|.txt",
        "back\\slash.txt",
        "a|b_c_*d*.txt",
        "![x](http:x).txt",
        "=1+1,x.txt",
        "s3:.txt",
        "con.txt",
    ),
    *("%2e%2e%2f.txt", "~root.txt", "ｆull.txt", "e\u0301\u0300\u0302.txt"),
)
UNFIT = {
    "two\nlines.txt": "two\\nlines.txt",
    "\x1b[31mred.txt": "\\x1b[31mred.txt",
    "\u202etxt.exe.txt": "\\u202etxt.exe.txt",
    "zero\u200bwidth.txt": "zero\\u200bwidth.txt",
    "tab\t.txt": "tab\\t.txt",
    "unit\x1f.txt": "unit\\x1f.txt",
    os.fsdecode(b"\xff\xfe.txt"): "\\udcff\\udcfe.txt",
}


def forces() -> list[str]:
    return [row["name_hmic"] for row in load("forces") if row["area_type"] == "police_force_area"]


def test_a_report_is_read_whatever_its_file_is_called(folder: Path) -> None:
    others = [force for force in forces() if force != GOOD]
    for name, force in zip(HARMLESS, others, strict=False):
        (folder / name).write_text(registered_text(force), encoding="utf-8")
    found = built(folder)
    assert refusals(found) == {}
    assert found.files == {"good.txt", *HARMLESS}


def test_a_name_that_cannot_be_shown_is_refused_and_shown_so_that_it_can(folder: Path) -> None:
    for name in UNFIT:
        (folder / name).write_text(registered_text("Essex Police"), encoding="utf-8")
    found = built(folder)
    assert refusals(found) == dict.fromkeys(UNFIT.values(), "file-name")
    for issue in found.issues:
        str(issue.row()).encode()  # no half characters, which no file of a release could hold


def test_what_is_no_report_by_its_name_is_left_alone(folder: Path) -> None:
    for name in (".txt.swp", "notes.md", "txt", "a.txt~", "a.txt.gz"):
        (folder / name).write_text(registered_text("Essex Police"), encoding="utf-8")
    found = built(folder)
    assert (refusals(found), found.files) == ({}, {"good.txt"})


# --- links and what is no file ----------------------------------------------------------------------------------------


def test_a_link_out_of_the_folder_is_refused_and_not_followed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "raw-of-others"  # begins as the folder does
    secret.mkdir()
    (secret / "secret.txt").write_text(registered_text("Essex Police"), encoding="utf-8")
    (folder / "a.txt").symlink_to(secret / "secret.txt")
    (folder / "b.txt").symlink_to("../raw-of-others/secret.txt")
    (folder / "c.txt").symlink_to("/dev/zero")
    (folder / "d").symlink_to(secret)
    (folder / "e").symlink_to("d")
    (folder / "notes.pdf").symlink_to(secret / "secret.txt")
    opened: list[str] = []
    really = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *rest, **named: opened.append(str(path)) or really(path, *rest, **named)
    )
    found = built(folder)
    assert refusals(found) == dict.fromkeys(("a.txt", "b.txt", "c.txt", "d/", "e/"), "file-inside")
    assert found.files == {"good.txt"}
    assert any(path.endswith("good.txt") for path in opened)
    assert not [path for path in opened if "secret" in path or "zero" in path]


def test_links_within_the_folder_are_read_once_and_circles_and_dead_ends_are_refused(folder: Path) -> None:
    (folder / "circle.txt").symlink_to("circle.txt")
    (folder / "one.txt").symlink_to("two.txt")
    (folder / "two.txt").symlink_to("one.txt")
    (folder / "dead.txt").symlink_to("nothing")
    (folder / "same.txt").symlink_to("good.txt")
    (folder / "round").symlink_to(".")
    found = built(folder)
    dead = dict.fromkeys(("circle.txt", "one.txt", "two.txt", "dead.txt"), "file-readable")
    assert refusals(found) == {**dead, "same.txt": "report-unique"}


def test_pipes_sockets_devices_and_folders_called_as_reports_are_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "to-pipe.txt").symlink_to("pipe.txt")
    (folder / "folder.txt").mkdir()
    (folder / "folder.txt" / "in.txt").write_text(registered_text("Essex Police"), encoding="utf-8")
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("socket.txt")
        os.chdir(here)
        try:
            os.mknod(folder / "device.txt", 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
            made = {"device.txt"}
        except PermissionError:  # only root makes devices
            made = set()
        found = built(folder)
    assert refusals(found) == dict.fromkeys({"pipe.txt", "to-pipe.txt", "socket.txt", *made}, "file-readable")
    assert found.files == {"good.txt", "folder.txt/in.txt"}


@pytest.fixture
def nested(folder: Path) -> Iterator[Path]:
    """A reports folder with folders nested deeper than Python's calls and than a path may be long; removed one by one,
    since what removes whole trees cannot."""
    here = os.open(".", os.O_RDONLY)
    depth = 0
    os.chdir(folder)
    try:
        while depth < 2500:
            os.mkdir("d")
            os.chdir("d")
            depth += 1
        os.fchdir(here)
        yield folder
    finally:
        os.chdir(folder)
        for _ in range(depth):
            os.chdir("d")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.fchdir(here)
        os.close(here)


def test_folders_nested_deeper_than_calls_and_paths_can_be_stop_nothing(nested: Path) -> None:
    found = built(nested)
    (name,) = {issue.source_file for issue in found.issues if issue.check_id == "file-readable"}
    assert str(name).endswith("/d/d/")
    assert set(refusals(found)) == {name}


# --- sizes and numbers ------------------------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_refused_unread(folder: Path) -> None:
    with (folder / "large.txt").open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    (folder / "sub").mkdir()
    with (folder / "sub" / "huge.txt").open("wb") as file:
        file.truncate(2**40)
    start = time.process_time()
    found = built(folder)
    assert refusals(found) == dict.fromkeys(("large.txt", "sub/huge.txt"), "file-readable")
    assert time.process_time() - start < 2


def test_ten_thousand_copies_of_a_report_cost_no_more_than_each_once(folder: Path) -> None:
    def copies(number: int) -> list[FileRead]:
        record = Extracted("0" * 64, GOOD_ID, "1" * 64, ())
        return [FileRead(SourceFile(f"{at:06}.txt", "0" * 64), record) for at in range(number)]

    start = time.process_time()
    kept, issues = settled(copies(10_000))
    assert time.process_time() - start < 2
    assert ([one.file.name for one in kept], len(issues)) == (["000000.txt"], 9_999)
    assert max(len(issue.message) for issue in issues) < 200
    assert issues[0].message.endswith("as 000000.txt, 000002.txt, 000003.txt and 9996 more")
    different = [replace(one, record=replace(one.record, lines_sha256=one.file.name)) for one in copies(3)]
    kept, issues = settled(different)
    assert kept == []
    assert [issue.message.split(" as ")[1] for issue in issues] == [
        "000001.txt, 000002.txt, with different text: neither is read",
        "000000.txt, 000002.txt, with different text: neither is read",
        "000000.txt, 000001.txt, with different text: neither is read",
    ]


def test_ten_thousand_files_are_looked_at_in_time_that_grows_with_their_number(folder: Path) -> None:
    for number in range(10_000):
        (folder / f"{number}.txt").touch()
    start = time.process_time()
    files, issues = source_files(LocalStore(folder))
    assert time.process_time() - start < 5  # measured: 0.5
    assert (len(files), issues) == (10_001, [])


# --- during the run ---------------------------------------------------------------------------------------------------


@pytest.fixture
def task(folder: Path, tmp_path: Path) -> Task:
    ((file,), issues) = source_files(LocalStore(folder))
    assert issues == []
    return Task(file, str(folder), str(tmp_path / "records"), code_version())


def grown(path: Path) -> None:
    path.write_text(registered_text(GOOD) + "One line more.\n", encoding="utf-8")


def gone(path: Path) -> None:
    path.unlink()


def linked_away(path: Path) -> None:
    shutil.copy(path, path.parent.parent / "elsewhere.txt")
    path.unlink()
    path.symlink_to("../elsewhere.txt")


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "check_id"),
    [
        *((grown, "file-unchanged"), (gone, "file-readable"), (linked_away, "file-readable")),
        *((a_pipe, "file-readable"), (a_folder, "file-readable")),
    ],
)
def test_a_file_that_changes_during_the_run_is_refused(folder: Path, task: Task, change: Any, check_id: str) -> None:
    change(folder / "good.txt")
    issue = extract_file(task).issue
    assert issue is not None
    assert (issue.check_id, issue.source_file) == (check_id, "good.txt")
    assert Records(LocalStore(Path(task.records)), task.code).read(task.file.sha256) is None


# --- what stands in a text --------------------------------------------------------------------------------------------

SAMPLE = (SAMPLES / "west-midlands-2016-effectiveness.txt").read_bytes()
MIDDLE = SAMPLE.index(b"\n", len(SAMPLE) // 2)
LONG = {
    "a line of 10,000 characters": (b" " + b"<b>=1+1 " * 1_250, True),
    "a line of 1,000,000 characters": (b" " + b"the 1 of " * 111_111, False),
    "100,000 empty lines": (b"\n" * 100_000, True),
    "1,000,000 blanks": (b" " * 1_000_000, False),
    "a NUL": (b"\x00", False),
    "100,000 form feeds": (b"\n\f" * 100_000, True),
}


@pytest.mark.parametrize("kind", LONG)
def test_a_text_with_something_very_long_is_read_or_refused_at_once(kind: str) -> None:
    long, is_read = LONG[kind]
    start = time.process_time()
    record = extract_bytes(SAMPLE[:MIDDLE] + long + SAMPLE[MIDDLE:])
    assert time.process_time() - start < 4  # measured: 0.3
    assert (record.report_id is not None) == is_read
    assert record.extraction in ("extracted", None)


@pytest.mark.parametrize(
    "force", ["<b>Kent</b> Police", "../../Kent Police", "{Kent} Police", "Kent\x1b[31m Police", "K" * 9999]
)
def test_who_a_report_is_about_comes_from_a_list_and_not_from_the_text(force: str) -> None:
    record = extract_bytes(registered_text(force).encode())
    assert record.report_id is None
    (issue,) = named(record.issues, "a.txt")
    assert issue.check_id in ("report-force", "file-encoding", "report-recognised")
    assert len(issue.message) < 300
    assert not UNSHOWN.search(issue.message)


def obeyed(content: bytes, random: Random) -> bytes:
    """The text with what a terminal would obey after many of its characters, as many as a text may have."""
    text = content.decode()
    places = set(random.sample(range(len(text)), len(text) // 250))
    marks = ("\x1b[31m", "\u202e", "\u2066", "\x08")
    return "".join(c + random.choice(marks) if at in places and c != "\n" else c for at, c in enumerate(text)).encode()


def test_no_message_holds_what_a_terminal_would_obey() -> None:
    random = Random(20161)
    messages = []
    for path in sorted(SAMPLES.glob("*2016*.txt")):
        for _ in range(4):
            record = extract_bytes(obeyed(path.read_bytes(), random))
            messages += [issue.message for issue in named(record.issues, path.name)]
    assert len(messages) > 20
    assert [message for message in messages if UNSHOWN.search(message)] == []
    (issue,) = named([Issue("a-check", "note", "\x00: says \x1b[31m\u202e\nmore")], "a.txt")
    assert issue.message == "a.txt: says \ufffd[31m\ufffd\ufffdmore"


# --- Markdown, HTML and the terminal ----------------------------------------------------------------------------------

HARMFUL = (
    *(
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "![x](http://e.example/x.png)",
        "[x](javascript:1)",
    ),
    *(
        "a | b\n| c",
        "</td></tr></table><h1>",
        "`a` ``b",
        "<http://e.example>",
        "\\<b>",
        "\\|",
        "&lt;b&gt;",
        "# head\n\n- x",
    ),
    *(
        "say <b>it</b>",
        "[x]: http://e.example",
        "[x][x]",
        "***",
        "\x1b[31m",
        "__init__",
        "1. <b>",
        "    code",
        "> quote",
        "a  \nb",
    ),
)
# What a table or a list of plain text is made of.
PLAIN = {
    *("table", "thead", "tbody", "tr", "th", "td", "inline", "text", "bullet_list", "list_item", "paragraph"),
    *("blockquote", "ordered_list", "hr"),  # an item that begins like one: it looks odd and leads nowhere
}


def kinds(markdown: str) -> set[str]:
    """What a reader of Markdown that lets HTML through makes of the text."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    everything = [child for token in tokens for child in (token, *(token.children or ()))]
    return {token.type.removesuffix("_open").removesuffix("_close") for token in everything}


def test_the_reader_of_markdown_would_find_what_is_looked_for() -> None:
    raw = "\n\n".join(HARMFUL)
    assert {"html_inline", "html_block", "image", "link", "code_inline", "heading"} <= kinds(raw)


@pytest.mark.parametrize("harmful", HARMFUL)
def test_texts_and_names_of_files_stay_texts_in_what_dagster_shows(harmful: str) -> None:
    for shown in (
        markdown_table(("file", "lines"), [("a.txt", 1), (harmful, 2), (f"x{harmful}", 3)]),
        markdown_rows([{"printed": harmful, "value": 1.5}, {"printed": f"x{harmful}", "value": None}]),
        markdown_list([harmful, "a.txt: the file is empty", f"x{harmful}: the file is empty"]),
    ):
        assert kinds(str(shown.value)) <= PLAIN
        assert not UNSHOWN.search(str(shown.value).replace("\n", ""))
    rows = str(markdown_table(("file", "lines"), [(harmful, 2)]).value).splitlines()
    assert len(rows) == 3


@cache
def used() -> Mapping[str, set[str]]:
    """Modules of the project by the names of what they call, and by "import" and the name of what they import."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))):
        module = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found[str(getattr(node.func, "attr", getattr(node.func, "id", "")))].add(module)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    found[f"import {alias.name}"].add(module)
            elif isinstance(node, ast.ImportFrom):
                found[f"import {node.module}"].add(module)
    return found


def test_markdown_and_html_are_made_in_one_place_each() -> None:
    assert used()["md"] == {"assets/markdown.py"}
    # Lines of code, each escaped, with line ends between; and the filter that the next lines look for.
    assert used()["Markup"] == {"pipelines/page/page.py"}
    unescaped = [
        f"{path.name}: {line.strip()}"
        for path in sorted((ROOT / "expectations" / "templates").glob("*"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "safe }}" in line
    ]
    assert unescaped == ["page.j2: {{ rules | safe }}"]  # made by the renderer, of values that were escaped before
    as_is = {
        found.group(1)
        for path in sorted((ROOT / "pipelines" / "page" / "templates").glob("*.j2"))
        for found in re.finditer(r"\{\{ (\S+) \| as_is \}\}", path.read_text(encoding="utf-8"))
    }
    # Our own style and script; JSON without a character that ends its element; drawings that a library wrote as XML.
    assert as_is == {"style", "script", "findings.data", "picture.svg"}


def test_nothing_is_run() -> None:
    assert used()["import re"]  # they were looked at
    for name in (
        "eval",
        "exec",
        "system",
        "popen",
        "unsafe_load",
        "import subprocess",
        "import marshal",
        "import shelve",
    ):
        assert used()[name] == set(), name
    # Between the processes of one run only, and whether a task can be handed over at all.
    assert used()["import pickle"] <= {"pipelines/mapper.py"}


def test_a_build_of_a_hostile_folder_shows_and_publishes_plain_text(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PEEL_REPORTS", "PEEL_OPEN_DATA", "PEEL_WAREHOUSE", "PEEL_RULES", "PEEL_MAPPER", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    hostile = SAMPLE.replace(b"Charged/Summonsed", b"Charged<script>alert(1)</script>Summonsed")
    hostile = hostile.replace(b"Cannabis warnings", b"Cannabis \x1b[31m warnings").replace(
        b"Caution ", b"Caution\xe2\x80\xae"
    )
    (folder / "<script>alert(2)<script>.txt").write_bytes(hostile)
    (folder / "![x](http:x).txt").write_text(registered_text("Essex"), encoding="utf-8")
    (folder / "=HYPERLINK(1).txt").write_bytes(b"\x1b[2J" * 100)
    for name in UNFIT:
        (folder / name).write_bytes(b"x")
    os.mkfifo(folder / "pipe.txt")
    (folder / "passwords.txt").symlink_to("/etc/passwd")
    (tmp_path / "open_data").mkdir()
    options = {"--reports": folder, "--open-data": tmp_path / "open_data", "--warehouse": tmp_path / "warehouse"}
    assert main(["build", "--editions", "all", *(str(each) for option in options.items() for each in option)]) == 1
    output, errors = capfd.readouterr()
    for line in [*output.splitlines(), *errors.splitlines()]:
        assert not UNSHOWN.search(line), line
        assert "Traceback" not in line
    assert "passwords.txt: a link that leads out of the reports folder" in errors
    assert "root:" not in output + errors
    published = contents(tmp_path / "warehouse" / "published")
    with zipfile.ZipFile(io.BytesIO(published["peel.xlsx"])) as workbook:
        sheets = [workbook.read(name) for name in workbook.namelist()]
    assert [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet] == []
    assert any(b"=HYPERLINK(1).txt" in sheet for sheet in sheets)
    assert b'"\'=HYPERLINK(1).txt"' in published["csv/quality_issues.csv"]
    pages = {name: page.decode() for name, page in published.items() if name.endswith((".html", ".md", ".json"))}
    assert len(pages) > 20
    # The catalogue page has a script of its own, and one element of data; Markdown is nothing to it.
    catalogue = pages.pop("index.html")
    assert catalogue.count("<script") == 2
    assert "=HYPERLINK(1).txt" in catalogue
    assert [harm for harm in ("alert(1)</", "\x1b", "\u202e") if harm in catalogue] == []
    for name, page in pages.items():
        for harm in ("<script", "alert(1)</", "\x1b", "\u202e", "![x]("):
            assert harm not in page, f"{harm} in {name}"


# --- the webserver ----------------------------------------------------------------------------------------------------

SERVES = re.compile(r"(?:dagster dev|dagster-webserver|dagit|http\.server|uvicorn|docsify|mkdocs serve)\b(?!\.)")


def test_whatever_serves_pages_listens_to_this_machine_only() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    recipes = [line for line in makefile.splitlines() if line.startswith("\t") and SERVES.search(line)]
    assert recipes
    assert [line for line in recipes if "--host 127.0.0.1" not in line] == []


def test_nothing_that_ships_listens_to_every_machine() -> None:
    everywhere = re.compile(r"""0\.0\.0\.0|--host[ =]['"]?(?:\*|::(?!1))""")
    ours = [ROOT / name for name in ("Makefile", "README.md", "pyproject.toml", ".ci/run")]
    for package in (*PACKAGES, "docs", "deploy"):
        ours += [
            path
            for path in sorted((ROOT / package).rglob("*"))
            if path.suffix in (".py", ".md", ".yaml", ".toml", ".j2")
        ]
    found = []
    for path in ours:
        lines = path.read_text(encoding="utf-8").splitlines()
        for above, line in pairwise(["", *lines]):
            if everywhere.search(line) and "loopback" not in above:
                found.append(f"{path.relative_to(ROOT)}: {line.strip()}")
    assert found == []
    assert everywhere.search("dagster-webserver --host 0.0.0.0")
