"""Data Docs: what was checked and what came of it, as static pages that open from a file share without a network.

Belongs here: results of rules as HTML, rendered by Great Expectations' own renderers inside our page template. Does
not belong here: running rules (``run``), which rules there are (``suites``, ``reconcile``), where pages are put.

Great Expectations' own page template loads scripts and styles from eight other hosts, holds the time of the run and
made-up identifiers; ours (``templates``) does none of this, so that the same results give the same bytes.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from expectations.reconcile import Outcome
from expectations.run import RuleResult
from expectations.validation import expectation
from pipelines.schema import TABLES, Table

FOLDER = "data_docs"
TEMPLATES = Path(__file__).parent / "templates"
# The renderer's marks, which it draws with an icon font from another host. The words beside them say the same.
ICONS: Mapping[str, tuple[str, str]] = {
    "text-success": ("good", "passed"),
    "text-danger": ("bad", "failed"),
    "text-warning": ("warn", "not run"),
}
ICON = re.compile(r'<i class="[^"]*\b(?P<kind>text-(?:success|danger|warning))\b[^"]*"[^>]*></i>')
BLANK_LINES = re.compile(r"\n\s*\n")
# Behaviour of scripts that our pages do not have.
SCRIPT_HOOKS = re.compile(r' data-(?:toggle|search|icon-size|sortable)="[^"]*"')


@dataclass(frozen=True)
class Page:
    """One table's page and what the index says of it."""

    table: str
    passed: int
    warned: int
    failed: int
    html: str


def page(table: Table, results: Sequence[RuleResult], outcomes: Sequence[Outcome], rows: int) -> Page:
    """The page of one table: every rule of its suite and across rows, with severity, description and what was found."""
    everything: list[RuleResult | Outcome] = [*results, *outcomes]
    passed = sum(one.passed for one in everything)
    failed = sum(one.blocks for one in everything)
    warned = len(everything) - passed - failed
    rendered = _render(
        "page.j2",
        table=table,
        rows=rows,
        passed=passed,
        warned=warned,
        failed=failed,
        outcomes=outcomes,
        rules=_rules(table, results),
    )
    return Page(table.name, passed, warned, failed, rendered)


def data_docs(pages: Sequence[Page]) -> dict[str, bytes]:
    """Every file of the Data Docs by its name below the release: a page a table, the index and the style sheet."""
    files = {f"{FOLDER}/{one.table}.html": one.html.encode() for one in pages}
    index = _render("index.j2", pages=pages, tables=TABLES)
    style = (TEMPLATES / "style.css").read_bytes()
    return {**files, f"{FOLDER}/index.html": index.encode(), f"{FOLDER}/style.css": style}


def _render(template: str, **content: Any) -> str:
    rendered: str = _environment().get_template(template).render(**content)
    return BLANK_LINES.sub("\n", rendered)


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _rules(table: Table, results: Sequence[RuleResult]) -> str:
    """The rules as Great Expectations renders them: table-level ones first, then column by column."""
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.render.renderer import ValidationResultsPageRenderer

    if not results:
        return ""
    found = ExpectationSuiteValidationResult(
        success=all(result.passed for result in results),
        results=[_validation_result(result) for result in results],
        suite_name=table.name,
        suite_parameters={},
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": sum(result.passed for result in results),
            "unsuccessful_expectations": sum(not result.passed for result in results),
            "success_percent": None,
        },
        # The renderer asks for them; our template leaves them out.
        meta={"run_id": {"run_name": "release", "run_time": "2000-01-01T00:00:00"}},
    )
    document = ValidationResultsPageRenderer().render(found)
    return _plain(_view().render(document, template="sections.j2"))


def _validation_result(result: RuleResult) -> Any:
    from great_expectations.core import ExpectationValidationResult

    # How to ask a frame for the rows again is of no use to a reader of the page.
    found = {name: one for name, one in result.found.items() if name != "unexpected_index_query"}
    if result.passed and result.rule.columns and "mostly" not in result.rule.arguments:
        found = {"unexpected_percent": 0}  # that is what passing means: nothing was counted
    description = f"{result.rule.description} ({result.rule.severity})"
    config = expectation(result.rule, _escaped(description)).configuration
    raised = {
        "raised_exception": bool(result.raised),
        "exception_message": result.raised,
        "exception_traceback": "",
    }
    return ExpectationValidationResult(
        success=result.passed, expectation_config=config, result=_escaped(found), exception_info=raised
    )


def _escaped(content: Any) -> Any:
    """The same with every text in it as text for a page: the renderer puts values in as they are (though not messages),
    and they may come out of a report."""
    if isinstance(content, str):
        return html.escape(content)
    if isinstance(content, Mapping):
        return {name: _escaped(one) for name, one in content.items()}
    return [_escaped(one) for one in content] if isinstance(content, list | tuple) else content


@cache
def _view() -> Any:
    from great_expectations.render.view import DefaultJinjaPageView

    view = DefaultJinjaPageView(custom_views_directory=str(TEMPLATES))
    # Identifiers are unique in a page by their place: random ones would make other bytes at every run.
    view.env.filters["generate_html_element_uuid"] = str
    return view


def _plain(rendered: str) -> str:
    """The renderer's HTML without what needs scripts or fonts from elsewhere."""

    def mark(match: re.Match[str]) -> str:
        css, word = ICONS[match.group("kind")]
        return f'<span class="mark {css}">{word}</span>'

    # What passed was not counted; the renderer says that of a share as "unknown".
    return SCRIPT_HOOKS.sub("", ICON.sub(mark, rendered)).replace("unknown % not null", "as required")
