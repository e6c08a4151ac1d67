"""The views of the DuckDB edition: questions that many ask, answered in plain SQL.

Belongs here: each view's statement, and where the meaning of each of its columns comes from. Does not belong here:
what a table's column means (``schema``), and writing the file (``database``).

The statements keep to SQL that DuckDB 1.2 runs as well, since the file is read by tools that have it built in. A
statement names tables without a schema: the file may be attached under any name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.observations import FACT_TABLES
from pipelines.schema import ENGLAND_AND_WALES, TABLES


@dataclass(frozen=True)
class ViewColumn:
    """A column of a view, with a meaning of its own (``says``), or that of the column of a table (``source``), or both:
    then ``says`` stands before."""

    name: str
    source: tuple[str, str] | None = None
    says: str = ""


@dataclass(frozen=True)
class View:
    """A view: ``sql`` is one SELECT that gives the columns in their order; ``warnings`` are to be read before use."""

    name: str
    title: str
    description: str
    sql: str
    columns: tuple[ViewColumn, ...]
    warnings: tuple[str, ...] = ()


def _taken(table: str, *names: str) -> tuple[ViewColumn, ...]:
    """Columns that a view takes from a table as they are."""
    return tuple(ViewColumn(name, (table, name)) for name in names)


FORCE_NAME = ViewColumn("force_name", ("forces", "name_hmic"))
PROGRAMME = ViewColumn("programme", ("programmes", "name"))
MEASURE = ViewColumn("measure", ("measures", "name"))

# The two tables of outcomes; never compared with each other, so each is a measure of its own.
OUTCOME_TABLES: Mapping[str, str] = {
    table.name: table.measure_id for table in FACT_TABLES if table.category == "outcome_id" and table.measure_id
}


def _outcomes_printed() -> str:
    """Every row of the two tables of outcomes, with its measure and that measure's place."""
    columns = (
        "report_id, area_code, outcome_id, outcome_code, row_type, period_start, period_end, value, unit, decimals, "
        "value_status, line_start, line_end, label_line_start"
    )
    return "\n    UNION ALL ".join(
        f"SELECT '{measure_id}' AS measure_id, {place} AS place, {columns} FROM {table}"
        for place, (table, measure_id) in enumerate(OUTCOME_TABLES.items(), start=1)
    )


FORCE_AGAINST_ENGLAND_AND_WALES = View(
    name="force_against_england_and_wales",
    title="A force against England and Wales, by outcome",
    description="What a report prints for its force beside what it prints for England and Wales: one row per report, "
    "measure and outcome. The difference is that of the printed numbers; there is none where one of them is missing.",
    sql=f"""
WITH printed AS (
    {_outcomes_printed()}
)
SELECT
    forces.name_hmic AS force_name,
    force.area_code,
    measures.name AS measure,
    force.measure_id,
    force.period_start,
    force.period_end,
    force.outcome_code,
    outcome_types.label AS outcome,
    outcome_groups.label AS outcome_group,
    force.outcome_id,
    force.row_type,
    force.value AS force_value,
    national.value AS england_and_wales_value,
    round(force.value - national.value, greatest(force.decimals, national.decimals)) AS difference,
    force.unit,
    CASE force.unit WHEN 'percent' THEN 'percentage points' ELSE force.unit END AS difference_unit,
    force.value_status AS force_value_status,
    national.value_status AS england_and_wales_value_status,
    force.report_id,
    force.line_start AS force_line_start,
    force.line_end AS force_line_end,
    national.line_start AS england_and_wales_line_start,
    national.line_end AS england_and_wales_line_end
FROM printed AS force
LEFT JOIN printed AS national
    ON national.report_id = force.report_id
    AND national.measure_id = force.measure_id
    AND national.outcome_id = force.outcome_id
    AND national.period_start = force.period_start
    AND national.period_end = force.period_end
    AND national.area_code = '{ENGLAND_AND_WALES}'
LEFT JOIN forces ON forces.area_code = force.area_code
LEFT JOIN measures ON measures.measure_id = force.measure_id
LEFT JOIN outcome_types ON outcome_types.outcome_id = force.outcome_id
LEFT JOIN outcome_types AS outcome_groups ON outcome_groups.outcome_id = outcome_types.group_id
WHERE force.area_code <> '{ENGLAND_AND_WALES}'
ORDER BY forces.name_hmic, force.area_code, force.period_end, force.report_id, force.place,
    force.label_line_start, force.outcome_id
""",
    columns=(
        FORCE_NAME,
        ViewColumn("area_code", ("reports", "area_code")),
        MEASURE,
        ViewColumn("measure_id", ("observations", "measure_id")),
        *_taken("outcome_proportions", "period_start", "period_end", "outcome_code"),
        ViewColumn("outcome", ("outcome_types", "label")),
        ViewColumn("outcome_group", ("outcome_types", "label"), "Of the group or total that outcome is a part of"),
        *_taken("outcome_proportions", "outcome_id", "row_type"),
        ViewColumn("force_value", ("observations", "value"), "Of the force"),
        ViewColumn("england_and_wales_value", ("observations", "value"), "Of England and Wales"),
        ViewColumn(
            "difference",
            says="force_value less england_and_wales_value, both as printed, to the decimals that are printed; null "
            "where either is missing. Both are rounded in print, so the last digit is not certain. Unit: "
            "difference_unit",
        ),
        ViewColumn("unit", ("observations", "unit"), "Of the two values"),
        ViewColumn("difference_unit", says="Unit of difference: percentage points where the values are percent"),
        ViewColumn("force_value_status", ("observations", "value_status"), "Of the force"),
        ViewColumn(
            "england_and_wales_value_status",
            ("observations", "value_status"),
            "Of England and Wales; null where the report has no such row for the same period",
        ),
        ViewColumn("report_id", ("observations", "report_id")),
        ViewColumn("force_line_start", ("observations", "line_start"), "Of the force's value"),
        ViewColumn("force_line_end", ("observations", "line_end"), "Of the force's value"),
        ViewColumn("england_and_wales_line_start", ("observations", "line_start"), "Of England and Wales's value"),
        ViewColumn("england_and_wales_line_end", ("observations", "line_end"), "Of England and Wales's value"),
    ),
    # What both tables warn of is said once, what one of them does under its name.
    warnings=tuple(
        dict.fromkeys(
            f"{measure_id}: {warning}"
            for table, measure_id in OUTCOME_TABLES.items()
            for warning in TABLES[table].warnings
        )
    ),
)

GRADE_HISTORY_WITH_SCALE = View(
    name="grade_history_with_scale",
    title="A force's grades over the years, with their scales",
    description="grade_history with names, with every grade of the scale spelled out, with how far the grade may be "
    "compared with the force's programme before it, and with the lines it is printed on.",
    sql="""
SELECT
    forces.name_hmic AS force_name,
    history.area_code,
    history.programme_order,
    programmes.name AS programme,
    history.programme_id,
    history.pillar,
    history.question_id,
    history.question,
    history.grade,
    history.judgment_status,
    history.grade_rank,
    history.grades_in_scale,
    CASE WHEN programmes.scale_id = history.scale_id THEN programmes.grades END AS scale,
    history.scale_id,
    previous.name AS previous_programme,
    history.previous_programme_id,
    history.comparable_with_previous,
    pair.note AS comparability_note,
    continued.question AS continues_question,
    history.continues_question_id,
    history.data_period_end,
    history.published,
    history.report_id,
    judgments.line_start,
    judgments.line_end
FROM grade_history AS history
LEFT JOIN forces ON forces.area_code = history.area_code
LEFT JOIN programmes ON programmes.programme_id = history.programme_id
LEFT JOIN programmes AS previous ON previous.programme_id = history.previous_programme_id
LEFT JOIN programme_comparability AS pair
    ON pair.programme_id = history.programme_id AND pair.other_programme_id = history.previous_programme_id
LEFT JOIN questions AS continued ON continued.question_id = history.continues_question_id
LEFT JOIN judgments ON judgments.report_id = history.report_id AND judgments.question_id = history.question_id
ORDER BY forces.name_hmic, history.area_code, history.programme_order, history.report_id, judgments.line_start,
    history.question_id
""",
    columns=(
        FORCE_NAME,
        *_taken("grade_history", "area_code", "programme_order"),
        PROGRAMME,
        *_taken(
            "grade_history",
            "programme_id",
            "pillar",
            "question_id",
            "question",
            "grade",
            "judgment_status",
            "grade_rank",
            "grades_in_scale",
        ),
        ViewColumn(
            "scale", ("programmes", "grades"), "Of the scale that the grade is taken from; null: no grade given"
        ),
        *_taken("grade_history", "scale_id"),
        ViewColumn("previous_programme", ("programmes", "name"), "Of previous_programme_id"),
        *_taken("grade_history", "previous_programme_id", "comparable_with_previous"),
        ViewColumn("comparability_note", ("programme_comparability", "note")),
        ViewColumn("continues_question", ("questions", "question"), "Of continues_question_id"),
        *_taken("grade_history", "continues_question_id", "data_period_end", "published", "report_id"),
        *_taken("judgments", "line_start", "line_end"),
    ),
    warnings=TABLES["grade_history"].warnings,
)

OPEN_AREAS_FOR_IMPROVEMENT = View(
    name="open_areas_for_improvement",
    title="Areas for improvement not known to be closed, by force and question",
    description="The areas for improvement of each force's latest reports in this release. A report is left out where "
    "this release holds a later one of the force on the same pillar or on the whole force; which of two is later is "
    "told by their programmes, and within one programme by the months of publication. One row per area for "
    "improvement; the points listed below it stand with it.",
    sql="""
WITH RECURSIVE extracted AS (
    SELECT * FROM reports WHERE extraction = 'extracted'
),
followed AS (
    SELECT report.report_id
    FROM extracted AS report
    JOIN extracted AS later
        ON later.area_code = report.area_code
        AND (later.pillar IS NULL OR later.pillar = report.pillar)
    LEFT JOIN programme_comparability AS pair
        ON pair.programme_id = later.programme_id AND pair.other_programme_id = report.programme_id
    WHERE pair.programme_id IS NOT NULL
    OR (later.programme_id = report.programme_id AND later.published > report.published)
),
latest AS (
    SELECT * FROM extracted WHERE report_id NOT IN (SELECT report_id FROM followed)
),
listed AS (
    SELECT report_id, finding_id AS top_id, finding_id, 0 AS depth, sequence, text, line_end
    FROM findings
    WHERE finding_type = 'area_for_improvement' AND parent_id IS NULL
    UNION ALL
    SELECT below.report_id, listed.top_id, below.finding_id, listed.depth + 1, below.sequence, below.text,
        below.line_end
    FROM listed
    JOIN findings AS below ON below.report_id = listed.report_id AND below.parent_id = listed.finding_id
),
points AS (
    SELECT
        report_id,
        top_id,
        string_agg(repeat('  ', depth - 1) || '- ' || text, chr(10) ORDER BY sequence) FILTER (WHERE depth > 0)
            AS points,
        count(*) FILTER (WHERE depth > 0) AS point_count,
        max(line_end) AS line_end
    FROM listed
    GROUP BY report_id, top_id
)
SELECT
    forces.name_hmic AS force_name,
    latest.area_code,
    programmes.name AS programme,
    latest.programme_id,
    latest.pillar,
    finding.question_id,
    coalesce(judgments.question, questions.question) AS question,
    finding.finding_id,
    finding.sequence,
    finding.text,
    points.points,
    points.point_count,
    latest.published,
    finding.report_id,
    finding.line_start,
    points.line_end
FROM findings AS finding
JOIN latest ON latest.report_id = finding.report_id
JOIN points ON points.report_id = finding.report_id AND points.top_id = finding.finding_id
LEFT JOIN forces ON forces.area_code = latest.area_code
LEFT JOIN programmes ON programmes.programme_id = latest.programme_id
LEFT JOIN questions ON questions.question_id = finding.question_id
LEFT JOIN judgments ON judgments.report_id = finding.report_id AND judgments.question_id = finding.question_id
ORDER BY forces.name_hmic, latest.area_code, finding.report_id, finding.sequence
""",
    columns=(
        FORCE_NAME,
        *_taken("reports", "area_code"),
        PROGRAMME,
        *_taken("reports", "programme_id", "pillar"),
        *_taken("findings", "question_id"),
        ViewColumn("question", ("judgments", "question"), "Where it is judged; else as its programme words it"),
        *_taken("findings", "finding_id", "sequence", "text"),
        ViewColumn(
            "points",
            says="The texts of the points listed below it, in order, one a line, each with a dash before it; null "
            "where it has none",
        ),
        ViewColumn("point_count", says="How many points are listed below it"),
        *_taken("reports", "published"),
        *_taken("findings", "report_id", "line_start"),
        ViewColumn("line_end", ("findings", "line_end"), "Its points included"),
    ),
    warnings=(
        "Reports do not say which areas for improvement were closed since: these are not known to be closed, no more.",
        "What is left out because a later report was read is not known to be closed either: see findings.",
        "A force without a row has no report in this release, none that sets an area for improvement in a box, or its "
        "findings are withheld: see quality_issues.",
    ),
)


def _excluded_values() -> Iterable[str]:
    """For each table that can say excluded_by_source of an area: which values of it the source leaves out."""
    measures = {table.name: table.measure_id for table in FACT_TABLES}
    for name, table in TABLES.items():
        names = table.column_names
        # The union of other tables says nothing that they do not.
        if name == "observations" or not {"area_code", "value_status"} <= set(names):
            continue
        measure = next((f"held.{column}" for column in ("measure", "measure_id") if column in names), None)
        if measure is None:
            measure = f"'{measures[name]}'" if measures.get(name) else "CAST(NULL AS VARCHAR)"
        taken = "report_id" in names
        programme = "reports.programme_id" if taken else "held.rules_programme_id"
        yield f"""SELECT
        held.area_code,
        '{name}' AS table_name,
        {measure} AS measure_id,
        {programme if taken or "rules_programme_id" in names else "CAST(NULL AS VARCHAR)"} AS programme_id,
        CAST(NULL AS INTEGER) AS figure,
        held.period_start,
        held.period_end,
        CAST(NULL AS BOOLEAN) AS in_force_chart,
        CAST(NULL AS BOOLEAN) AS in_england_and_wales,
        {"held.reason" if "reason" in names else "CAST(NULL AS VARCHAR)"} AS statement,
        {"held.report_id" if taken else "CAST(NULL AS VARCHAR)"} AS report_id,
        {"held.line_start" if taken else "CAST(NULL AS INTEGER)"} AS line_start,
        {"held.line_end" if taken else "CAST(NULL AS INTEGER)"} AS line_end
    FROM {name} AS held
    {"LEFT JOIN reports ON reports.report_id = held.report_id" if taken else ""}
    WHERE held.value_status = 'excluded_by_source'"""


EXCLUDED = View(
    name="excluded",
    title="What is left out, of what, and why",
    description="Forces that the rules of a report leave out of a figure or of its England and Wales value "
    "(annex_rules), and values that a table lacks because the source leaves the force out (excluded_by_source). What "
    "is said in the same words more than once, or of several outcomes or periods, is one row that counts them.",
    sql=f"""
WITH said AS (
    SELECT
        rule.area_code,
        'annex_rules' AS table_name,
        CAST(NULL AS VARCHAR) AS measure_id,
        reports.programme_id,
        rule.figure,
        CAST(NULL AS DATE) AS period_start,
        CAST(NULL AS DATE) AS period_end,
        rule.in_force_chart,
        rule.in_england_and_wales,
        rule.statement,
        rule.report_id,
        rule.line_start,
        rule.line_end
    FROM annex_rules AS rule
    LEFT JOIN reports ON reports.report_id = rule.report_id
    WHERE rule.area_code <> '' AND (NOT rule.in_force_chart OR NOT rule.in_england_and_wales)
    UNION ALL {"    UNION ALL ".join(part + chr(10) for part in _excluded_values())})
SELECT
    forces.name_hmic AS force_name,
    said.area_code,
    said.table_name,
    measures.name AS measure,
    said.measure_id,
    programmes.name AS programme,
    said.programme_id,
    said.figure,
    min(said.period_start) AS period_start,
    max(said.period_end) AS period_end,
    count(DISTINCT said.period_end) AS period_count,
    said.in_force_chart,
    said.in_england_and_wales,
    said.statement,
    count(*) AS row_count,
    count(DISTINCT said.report_id) AS report_count,
    first(said.report_id ORDER BY said.report_id, said.line_start, said.line_end) AS report_id,
    first(said.line_start ORDER BY said.report_id, said.line_start, said.line_end) AS line_start,
    first(said.line_end ORDER BY said.report_id, said.line_start, said.line_end) AS line_end
FROM said
LEFT JOIN forces ON forces.area_code = said.area_code
LEFT JOIN measures ON measures.measure_id = said.measure_id
LEFT JOIN programmes ON programmes.programme_id = said.programme_id
GROUP BY
    forces.name_hmic, said.area_code, said.table_name, measures.name, said.measure_id, programmes.name,
    said.programme_id, said.figure, said.in_force_chart, said.in_england_and_wales, said.statement
ORDER BY
    forces.name_hmic, said.area_code, said.table_name, said.programme_id, said.figure, said.measure_id,
    said.statement, said.in_force_chart, said.in_england_and_wales
""",
    columns=(
        FORCE_NAME,
        ViewColumn("area_code", ("observations", "area_code")),
        ViewColumn("table_name", says="Table that says so, and that says more of it"),
        MEASURE,
        ViewColumn(
            "measure_id",
            ("observations", "measure_id"),
            "Null for a rule of annex_rules, which binds a figure, and where the table is of no measure",
        ),
        PROGRAMME,
        ViewColumn("programme_id", ("reports", "programme_id"), "Whose reports or rules say so; null: no report does"),
        *_taken("annex_rules", "figure"),
        ViewColumn("period_start", says="First day of the earliest period whose value is missing; null for a rule"),
        ViewColumn("period_end", says="Last day of the latest period whose value is missing; null for a rule"),
        ViewColumn("period_count", says="Periods whose value is missing: those between the two days need not all be"),
        *_taken("annex_rules", "in_force_chart", "in_england_and_wales"),
        ViewColumn(
            "statement",
            says="What the rule says, or why the value is missing, in short words of our own; null where the table "
            "gives no reason",
        ),
        ViewColumn("row_count", says="Rows of the table that say so"),
        ViewColumn("report_count", says="Reports that say so; 0 where it does not come out of reports"),
        ViewColumn("report_id", ("observations", "report_id"), "The first of the reports; null: none"),
        ViewColumn("line_start", ("observations", "line_start"), "In that report"),
        ViewColumn("line_end", ("observations", "line_end"), "In that report"),
    ),
    warnings=(
        "A rule may leave a force out of a figure's chart and still count it in England and Wales, or the other way: "
        "see the two booleans.",
        "A force without a row may still be missing: not_available and not_printed are no exclusions.",
        "The same rule often stands in a footnote and in annex A: count forces, not rows.",
    ),
)

VIEWS: Mapping[str, View] = {
    view.name: view
    for view in (FORCE_AGAINST_ENGLAND_AND_WALES, GRADE_HISTORY_WITH_SCALE, OPEN_AREAS_FOR_IMPROVEMENT, EXCLUDED)
}
