"""The catalogue page in a browser: what a reader does with it, with a mouse, a keyboard, a telephone or without script.

Skipped where no Chromium is installed (Debian's package chromium).
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import ROOT, SAMPLES
from test_page import HOSTILE_SHOWN, hostile_release, release

from pipelines.batch import extract_checked
from pipelines.comparability import grade_history_rows
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.issues import issue_rows
from pipelines.methodology import comparator_rows, quartile_rank_rows
from pipelines.open_data import force_crime_rate_rows, force_outcome_rows, read_open_data
from pipelines.page.force_outcomes import force_pictures
from pipelines.page.grade_tiles import grade_pictures
from pipelines.page.holdings import holdings_pictures
from pipelines.page.outcome_bars import outcome_pictures
from pipelines.page.page import Checks, Facts, page
from pipelines.reference import dimension_rows
from pipelines.reports import read_report
from pipelines.schema import DIMENSIONS, TABLES
from pipelines.versions import VersionEntry

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")

TELEPHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# All that axe knows, also what it asks only where it is told to; AAA asks for 7:1, which is more than we promise.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


def sample_tables() -> dict[str, pa.Table]:
    """The tables of the sample release, without its checks: made in this process, which takes a second."""
    parts = [extract_checked(read_report(path, SAMPLES)) for path in sorted(SAMPLES.glob("*.txt"))]
    rows: dict[str, list[dict[str, Any]]] = {
        name: [row for part in parts for row in part.rows[name]] for name in TABLES_OF_A_REPORT
    }
    rows |= {name: dimension_rows(name) for name in DIMENSIONS}
    data = read_open_data(ROOT / "warehouse" / "open_data")
    rows["force_outcomes"], found = force_outcome_rows(data)
    rows["force_crime_rates"], more = force_crime_rate_rows(data, rows["crime_rates"], rows["statistics"])
    rows["quartile_ranks"], _ = quartile_rank_rows(rows)
    rows["comparators"], _ = comparator_rows(rows)
    rows["grade_history"] = grade_history_rows(rows)
    issues = [issue for part in parts for issue in part.issues]
    rows["quality_issues"] = issue_rows([*issues, *data.issues, *found, *more])
    return {name: TABLES[name].to_arrow(rows[name]) for name in TABLES}


@dataclass(frozen=True)
class Site:
    """A page in a file, and the tables it is made of."""

    path: Path
    tables: Mapping[str, pa.Table] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The page of the sample release. Of its pictures every eighth and those of the forces with a report: a browser
    takes a second to open all."""
    tables = sample_tables()
    kinds = (force_pictures, grade_pictures, outcome_pictures, holdings_pictures)
    drawn = [picture for draw in kinds for picture in draw(tables)]
    with_report = set(tables["reports"]["force_id"].to_pylist())
    pictures = [one for n, one in enumerate(drawn) if n % 8 == 0 or one.subject in {"", *with_report}]
    changes = (
        VersionEntry("1.1.0", "1.0.0", {"findings": {"added": 3, "removed": 0, "changed": 1}}),
        VersionEntry("1.0.0", None),
    )
    files = {"peel.duckdb": 12_000_000, "csv/findings.csv": 40_000, "findings.parquet": 30_000}
    facts = Facts("1.1.0", changes, {name: Checks(30, 1, 0) for name in tables}, files)
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_bytes(page(tables, pictures, facts))
    return Site(path, tables)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A page whose every text is hostile, and long."""
    tables, pictures, facts = hostile_release()
    word = "x" * 10_000
    for name, column in (("findings", "text"), ("reports", "source_file"), ("quality_issues", "message")):
        rows = [{**row, column: row[column] + word} for row in tables[name].to_pylist()]
        tables[name] = TABLES[name].to_arrow(rows)
    path = tmp_path_factory.mktemp("hostile") / "index.html"
    path.write_bytes(page(tables, pictures, facts))
    return Site(path, tables)


class Opener:
    """Opens pages, and keeps what the browser complains of, asks for beside the page, or is asked to show.

    One window serves all tests, and one without script: to open another takes as long as a test.
    """

    def __init__(self, browser: Any) -> None:
        self.said: list[str] = []
        self.url = ""
        self.windows = {script: self._window(browser, script) for script in (True, False)}

    def _window(self, browser: Any, script: bool) -> Any:
        window = browser.new_context(java_script_enabled=script, reduced_motion="reduce").new_page()
        window.on("console", lambda message: self.said.append(f"console: {message.text}"))
        window.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        window.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        window.on("request", lambda asked: asked.url.split("#")[0] == self.url or self.said.append(asked.url))
        return window

    def __call__(self, site: Site, at: str = "", size: Mapping[str, int] = SCREEN, script: bool = True) -> Any:
        window = self.windows[script]
        window.set_viewport_size(size)
        # Another place of the page that is open would not open it anew.
        self.url = "about:blank"
        window.goto(self.url)
        self.url = site.url
        window.goto(site.url + at, wait_until="domcontentloaded")
        return window


@pytest.fixture(scope="module")
def opener(browser: Any) -> Opener:
    return Opener(browser)


@pytest.fixture
def open_page(opener: Opener) -> Iterator[Opener]:
    """Open a page at a place in it; the test fails if there is anything to be said of it."""
    opener.said.clear()
    yield opener
    assert opener.said == []


def press(opened: Any, *keys: str) -> None:
    for key in keys:
        opened.keyboard.press(key)


def tab_to(opened: Any, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        if opened.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        opened.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def shown(opened: Any, selector: str) -> list[str]:
    """The words of each such element that is seen."""
    words: list[str] = opened.evaluate(
        "selector => [...document.querySelectorAll(selector)]"
        "  .filter(one => one.checkVisibility()).map(one => one.innerText || one.textContent)",
        selector,
    )
    return words


def counted(opened: Any, words: str) -> None:
    """Wait until the live region says it."""
    opened.locator("#count", has_text=words).wait_for(timeout=2000)
    assert opened.locator("#count").inner_text() == words


def test_a_force_is_picked_with_the_keyboard_and_picked_out_among_all(open_page: Opener, site: Site) -> None:
    opened = open_page(site, "#forces")
    figures = "#forces .subject.picked figure"
    before = shown(opened, f"{figures} .title")
    assert before
    assert all("Warwickshire" in title for title in before)
    tab_to(opened, "#force")
    press(opened, "ArrowDown")
    assert opened.locator("#force").input_value() == "west-midlands"
    assert all("West Midlands" in title for title in shown(opened, f"{figures} .title"))
    assert len(shown(opened, f"{figures} svg")) == len(before)
    bars = opened.evaluate("[...document.querySelectorAll('.bar.picked')].map(bar => bar.dataset.force)")
    assert set(bars) == {"west-midlands"}
    seen = opened.locator("#outcomes .subject.picked .bar.picked rect").first
    assert seen.evaluate("bar => bar.checkVisibility() && getComputedStyle(bar).fill") == "rgb(18, 67, 109)"
    assert shown(opened, ".picked-force") == ["West Midlands Police"]
    # Letters pick, too; what is not there is said.
    opened.keyboard.type("Gwent")
    assert shown(opened, "#forces .picked .absent")[0] == "No report of this force is in this release."
    opened.wait_for_url("**/index.html#force=gwent")


def test_another_outcome_shows_another_picture(open_page: Opener, site: Site) -> None:
    opened = open_page(site, "#outcomes")
    before = shown(opened, "#outcomes figure .title")
    tab_to(opened, "#outcome")
    press(opened, "ArrowDown")
    after = shown(opened, "#outcomes figure .title")
    assert len(before) == len(after) == 1
    assert before != after
    opened.wait_for_url("**#outcome=*")


def test_a_force_that_a_picture_leaves_out_is_said_to_have_no_bar(open_page: Opener, site: Site) -> None:
    opened = open_page(site, "#force=gwent")
    values = opened.evaluate("[...document.querySelector('#outcome').options].map(option => option.value)")
    has_bar = set()
    for value in values:
        opened.select_option("#outcome", value)
        bars = opened.locator("#outcomes .subject.picked .bar.picked").count()
        assert opened.locator("#not-drawn").is_visible() == (bars == 0)
        has_bar.add(bars > 0)
    assert has_bar == {True, False}


def test_findings_are_filtered_with_the_keyboard_alone(open_page: Opener, site: Site) -> None:
    rows = site.tables["findings"].to_pylist()
    roots = [row for row in rows if row["parent_id"] is None]
    opened = open_page(site, "#findings")
    counted(opened, f"{len(roots)} findings")
    assert len(shown(opened, ".finding")) == 25
    tab_to(opened, "#q")
    opened.keyboard.type("VICTIMS")
    texts = {row["finding_id"]: row["text"].lower() for row in roots}
    for row in rows:
        if row["parent_id"] in texts:
            texts[row["parent_id"]] += row["text"].lower()
    hits = [row for row in roots if "victims" in texts[row["finding_id"]]]
    assert 0 < len(hits) < 25
    counted(opened, f"{len(hits)} of {len(roots)} findings")
    assert len(shown(opened, ".finding")) == len(hits)
    assert all("victims" in words.lower() for words in shown(opened, ".finding mark"))
    press(opened, "Tab", "ArrowDown")
    reports = {row["report_id"]: row["force_id"] for row in site.tables["reports"].to_pylist()}
    force = opened.locator("#findings-force").input_value()
    of_force = [row for row in hits if reports[row["report_id"]] == force]
    counted(opened, f"{len(of_force)} of {len(roots)} findings")
    opened.wait_for_url(f"**#q=VICTIMS&findings-force={force}")
    tab_to(opened, "#clear")
    press(opened, "Enter")
    counted(opened, f"{len(roots)} findings")
    assert opened.evaluate("document.activeElement.id") == "q"
    assert "#" not in opened.url


def test_more_findings_follow_and_the_focus_goes_to_the_first_of_them(open_page: Opener, site: Site) -> None:
    opened = open_page(site, "#findings")
    tab_to(opened, "#more")
    press(opened, "Enter")
    assert opened.locator(".finding").count() == 50
    assert opened.evaluate("[...document.querySelectorAll('.finding')].indexOf(document.activeElement)") == 25


def test_a_link_opens_the_view_it_was_made_of(open_page: Opener, site: Site) -> None:
    rows = site.tables["findings"].to_pylist()
    question = next(row["question_id"] for row in rows if row["parent_id"] is None and row["question_id"])
    asked = [row for row in rows if row["parent_id"] is None and row["question_id"] == question]
    roots = sum(row["parent_id"] is None for row in rows)
    opened = open_page(site, f"#force=gwent&question={question}&kind=nonsense")
    counted(opened, f"{len(asked)} of {roots} findings")
    assert opened.locator("#force").input_value() == "gwent"
    assert opened.locator("#kind").input_value() == ""
    first, last = asked[0]["line_start"], asked[0]["line_end"]
    trace = shown(opened, ".finding .trace")[0]
    assert trace.startswith(f"Line{'s' if last > first else ''} {first}")
    assert f" of {asked[0]['report_id']}, file " in trace
    opened.evaluate("location.hash = '#table-findings'")
    opened.locator("#table-findings .meanings").wait_for(timeout=2000)


def test_the_page_does_not_scroll_sideways_on_a_telephone(open_page: Opener, site: Site, hostile: Site) -> None:
    for one in (site, hostile):
        opened = open_page(one, size=TELEPHONE)
        opened.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert opened.evaluate(SIDEWAYS) == 0


def test_axe_finds_nothing(open_page: Opener, site: Site) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = open_page(site, "#q=victims", TELEPHONE)
    # What readers open, one of each kind. Axe looks only at what is seen, but takes twenty seconds to find out what
    # that is among fifty thousand elements: what is closed is taken away.
    opened.evaluate(
        "for (const one of ['#table-findings', '.picked figure details', '#checks details'])"
        "  document.querySelector(one).open = true;"
        "const closed = '.subject:not(.picked), details:not([open]) > :not(summary)';"
        "for (const one of document.querySelectorAll(closed)) one.remove()"
    )
    assert len(shown(opened, ".finding")) > 0
    for size in (TELEPHONE, SCREEN):
        opened.set_viewport_size(size)
        found = Axe().run(opened, options=AXE).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_without_script_all_of_it_is_there(open_page: Opener, site: Site) -> None:
    opened = open_page(site, script=False)
    assert len(shown(opened, "#forces .subject > summary")) == 43
    assert shown(opened, ".picker") == []
    assert "To search the findings here takes script." in opened.locator("#findings").inner_text()
    assert not opened.locator("#force-outcomes-kent, #forces figure").first.is_visible()
    opened.locator("#forces .subject > summary").first.click()
    assert opened.locator("#forces figure svg").first.is_visible()
    opened.locator("#table-reports > summary").click()
    assert opened.locator("#table-reports .rows tbody tr").first.is_visible()


def test_nothing_that_a_report_holds_is_run(open_page: Opener, hostile: Site) -> None:
    opened = open_page(hostile, "#findings")
    opened.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    tab_to(opened, "#q")
    opened.keyboard.type("<script>")
    counted(opened, "3 findings")
    assert HOSTILE_SHOWN in opened.locator(".finding .said").first.inner_text()
    assert opened.evaluate("window.xss") is None
    assert open_page.said == []
    # A script that got into the page would not run: the page's policy does not name it, which the browser says.
    opened.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.xss = 2'}))")
    assert opened.evaluate("window.xss") is None
    refused = open_page.said.pop()
    assert "Content Security Policy" in refused


def test_a_page_without_findings_pictures_and_reports_works(open_page: Opener, tmp_path: Path) -> None:
    tables = release(reports=())
    path = tmp_path / "index.html"
    path.write_bytes(page(tables, [], Facts("1.0.0", (), {}, {})))
    opened = open_page(Site(path))
    assert opened.locator("#force").input_value() == "avon-and-somerset"
    assert shown(opened, "#forces .picked .absent")[0] == "No report of this force is in this release."
