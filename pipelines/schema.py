"""The one definition of every published table: columns, types, units, meanings, keys, warnings.

Belongs here: what a table is. All else is derived from it: the Arrow schema enforced at every write, the
Great Expectations suites, Dagster's column schema, ``datapackage.json`` and ``DICTIONARY.md``.
Does not belong here: how a value is found in a report (``pipelines.extract``) and rules that look across rows or
tables (``expectations.reconcile``).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

import pyarrow as pa

ENGLAND_AND_WALES = "K04000001"

AREA_CODE_PATTERN = r"^(?:E23|W15)0000\d\d$|^K04000001$"
FORCE_CODE_PATTERN = r"^(?:E23|W15)0000\d\d$"
SLUG_PATTERN = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"

# What a missing or present number means; CONTRACT: a missing number is null plus one of these, never a guess.
VALUE_STATUSES: Mapping[str, str] = {
    "published": "the number is printed in the source and is given as printed",
    "not_printed": "the row is printed, its number is not",
    "unassigned": "numbers are printed, but which of them belongs to this row cannot be known for certain",
    "excluded_by_source": "the source leaves this area out on purpose",
    "not_available": "the source could not supply the number",
    "derived": "computed by this project, not printed",
}
SEVERITIES: Mapping[str, str] = {
    "error": "something was refused or a blocking check failed; the command exits 1",
    "warning": "published, but to be read with care",
    "note": "said for completeness: nothing is wrong",
}


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, meaning, and the rules that a value must meet.

    ``allowed`` maps each allowed value to its meaning; ``minimum``/``maximum`` are inclusive. ``joins`` names the table
    whose key is one column that holds every value of this one, nulls aside (``reconcile.world`` checks it).
    """

    name: str
    type: pa.DataType
    description: str
    unit: str | None = None
    nullable: bool = True
    joins: str | None = None
    allowed: Mapping[str, str] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    def arrow(self) -> pa.Field:
        """The Arrow field, its meaning in the field metadata."""
        metadata = {"description": self.description}
        if self.unit:
            metadata["unit"] = self.unit
        if self.joins:
            metadata["joins"] = self.joins
        if self.allowed:
            metadata["allowed_values"] = "; ".join(self.allowed)
        return pa.field(self.name, self.type, nullable=self.nullable, metadata=metadata)


@dataclass(frozen=True)
class Table:
    """One published table. ``key`` names the columns that identify a row and by which rows are sorted.

    ``numbers_unplaced``: there are rows that are printed numbers whose place (area, category) is not known for certain;
    their value_status is unassigned though the number is given. ``mostly_given``: where fewer than half of the values
    are given, reading has likely failed.
    """

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    group: str
    warnings: tuple[str, ...] = ()
    minimum_rows: int = 0
    numbers_unplaced: bool = False
    mostly_given: bool = True

    @property
    def column_names(self) -> list[str]:
        """Column names in published order."""
        return [column.name for column in self.columns]

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema with the table's meaning in its metadata (no pandas block: it holds versions)."""
        return self._schema

    @cached_property
    def _schema(self) -> pa.Schema:
        metadata = {"title": self.title, "description": self.description, "primary_key": ",".join(self.key)}
        return pa.schema([column.arrow() for column in self.columns], metadata=metadata)

    @cached_property
    def _row_type(self) -> pa.StructType:
        return pa.struct(list(self._schema))

    def to_arrow(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Rows (mappings) as an Arrow table in key order.

        Raises ValueError for a column too many or missing, a null where none may be, a wrong type, or two rows of
        one key: ``from_pylist`` alone drops unknown columns and fills missing ones in silence.
        """
        rows = list(rows)
        columns = self._columns(rows)
        keys = list(zip(*(columns[name] for name in self.key), strict=True))
        if len(set(keys)) < len(keys):
            doubles = sorted(str(key) for key, times in Counter(keys).items() if times > 1)
            raise ValueError(f"table {self.name}: key {self.key} stands twice: {', '.join(doubles[:5])}")
        order = sorted(range(len(keys)), key=self._order(keys))
        try:
            # One array of whole rows: an array for each of many columns of a few rows takes three times as long.
            in_order = [row if isinstance(row := rows[n], dict) else dict(row) for n in order]
            whole_rows = pa.array(in_order, self._row_type)
            return pa.Table.from_arrays(whole_rows.flatten(), schema=self.arrow_schema())
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise ValueError(f"table {self.name}: {error}") from error

    @staticmethod
    def _order(keys: Sequence[tuple[Any, ...]]) -> Callable[[int], Any]:
        """What the rows are sorted by: their keys, nulls last. Few keys hold one, and a null compares with nothing."""
        if any(None in key for key in keys):
            return lambda n: [(part is None, part) for part in keys[n]]
        return keys.__getitem__

    def _columns(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Any]]:
        """The values of each column. Raises ValueError for a column too many or missing and a null where none may be.

        Whole columns are looked at, which is many times faster than each value; a fault is then looked for row by row.
        """
        names = self.column_names
        if any(len(row) != len(names) for row in rows):
            raise self._fault(rows)
        try:
            columns: dict[str, Sequence[Any]] = {name: list(map(itemgetter(name), rows)) for name in names}
        except KeyError:
            raise self._fault(rows) from None
        if any(not column.nullable and None in columns[column.name] for column in self.columns):
            raise self._fault(rows)
        return columns

    def _fault(self, rows: Sequence[Mapping[str, Any]]) -> ValueError:
        """What is wrong with the first row that has a column too many, one missing, or a null where none may be."""
        names = set(self.column_names)
        for row in rows:
            if row.keys() != names:
                extra, missing = sorted(row.keys() - names), sorted(names - row.keys())
                return ValueError(f"table {self.name}: columns too many {extra}, missing {missing}")
            for column in self.columns:
                if not column.nullable and row[column.name] is None:
                    return ValueError(f"table {self.name}: {column.name} is null in {row}")
        raise AssertionError("only rows with a fault are asked for it")


def _text(name: str, description: str, **rules: Any) -> Column:
    return Column(name, pa.string(), description, **rules)


def _count(name: str, description: str, **rules: Any) -> Column:
    return Column(name, pa.int32(), description, **rules)


def _date(name: str, description: str, **rules: Any) -> Column:
    return Column(name, pa.date32(), description, **rules)


REPORT_ID = _text(
    "report_id",
    "Report the row is taken from: force, year and pillar as the report's own text states them",
    nullable=False,
    joins="reports",
    pattern=SLUG_PATTERN,
)
PROGRAMME_ID = _text(
    "programme_id",
    "Inspection programme, such as peel-2016",
    nullable=False,
    joins="programmes",
    pattern=SLUG_PATTERN,
)
AREA_CODE = _text(
    "area_code",
    "ONS code of the police force area, or K04000001 for England and Wales",
    nullable=False,
    joins="forces",
    pattern=AREA_CODE_PATTERN,
)
PERIOD = (
    _date("period_start", "First day of the period the value covers (inclusive)", nullable=False),
    _date("period_end", "Last day of the period the value covers (inclusive)", nullable=False),
)
VALUE_STATUS = _text(
    "value_status", "What the presence or absence of a number means", nullable=False, allowed=VALUE_STATUSES
)
DECIMALS = _count(
    "decimals",
    "Decimal places as printed; null where no number is given",
    unit="digits",
    minimum=0,
    maximum=4,
)
PROVENANCE = (
    _count(
        "line_start",
        "First line of the report's text on which the value is printed (1-based)",
        nullable=False,
        minimum=1,
    ),
    _count(
        "line_end",
        "Last line of the report's text on which the value is printed (1-based)",
        nullable=False,
        minimum=1,
    ),
    _text("printed", "What stands on those lines, white space folded", nullable=False),
)
LABEL_LINES = (
    _count("label_line_start", "First line on which the row's label is printed", nullable=False, minimum=1),
    _count("label_line_end", "Last line on which the row's label is printed", nullable=False, minimum=1),
)
ROW_TYPES = {
    "type": "a row with an outcome number (or *) of its own",
    "group": "a heading that sums the types below it",
    "total": "a total, or the offences not yet assigned an outcome that make it up",
}


def _outcome_columns(unit: str, unit_meaning: str, maximum: float | None) -> tuple[Column, ...]:
    return (
        REPORT_ID,
        AREA_CODE,
        _text("outcome_id", "Row of the table", nullable=False, joins="outcome_types", pattern=SLUG_PATTERN),
        _text("outcome_code", "Home Office outcome type number, or * as printed; null for groups and totals"),
        _text("outcome_label", "Label as printed, wrapped lines joined, footnote marks left out", nullable=False),
        _text("row_type", "What kind of row this is", nullable=False, allowed=ROW_TYPES),
        _text("parent_id", "outcome_id of the row this row is a part of; null at the top", joins="outcome_types"),
        *PERIOD,
        Column("value", pa.float64(), unit_meaning, unit=unit, minimum=0, maximum=maximum),
        _text("unit", "Unit of value", nullable=False, allowed={unit: unit_meaning}),
        DECIMALS,
        VALUE_STATUS,
        *PROVENANCE,
        *LABEL_LINES,
    )


PILLARS = {
    "effectiveness": "how well the force keeps people safe and reduces crime",
    "efficiency": "how well the force uses its resources",
    "legitimacy": "how fairly the force treats people",
    "leadership": "how well the force is led",
}

REPORTS = Table(
    name="reports",
    title="Reports read",
    description="One row per inspection report that was read and recognised. "
    "Who, when and which programme is read from "
    "the report's own text, never from its file name.",
    key=("report_id",),
    group="reports",
    minimum_rows=1,
    columns=(
        replace(REPORT_ID, joins=None),
        replace(
            PROGRAMME_ID,
            description="Inspection programme, such as peel-2016; in programmes unless extraction is registered",
            joins=None,
        ),
        _text(
            "pillar",
            "Pillar of a PEEL report that covers one pillar; null where a report covers all",
            allowed=PILLARS,
        ),
        _text("force_id", "police.uk slug of the force", nullable=False, pattern=SLUG_PATTERN),
        _text(
            "area_code",
            "ONS code of the police force area",
            nullable=False,
            joins="forces",
            pattern=FORCE_CODE_PATTERN,
        ),
        _text("force_name", "Name of the force as the inspectorate writes it", nullable=False),
        _text(
            "inspectorate",
            "Who inspected",
            nullable=False,
            allowed={
                "HMIC": "Her Majesty's Inspectorate of Constabulary (to July 2017)",
                "HMICFRS": "Her (His) Majesty's Inspectorate of Constabulary and Fire & "
                "Rescue Services (from July 2017)",
            },
        ),
        _date("data_period_end", "Last day of the main data period, where the report's figures state one"),
        _text(
            "published",
            "Month of publication as the text prints it, YYYY-MM; null where the text does not say",
            pattern=r"^\d{4}-\d\d$",
        ),
        _text("source_file", "File the text was read from, relative to the reports folder", nullable=False),
        _text("source_format", "Form of the source file", nullable=False, allowed={"text": "plain text, UTF-8"}),
        _text("sha256", "SHA-256 of the file's bytes", nullable=False, pattern=r"^[0-9a-f]{64}$"),
        _count("line_count", "Lines in the file", unit="lines", nullable=False, minimum=1),
        _text(
            "extraction",
            "How far the report's tables are extracted",
            nullable=False,
            allowed={
                "extracted": "its tables are in this release",
                "registered": "its kind is known, its programme is not: nothing of it is extracted",
                "failed": "its tables could not be extracted; quality_issues says why",
            },
        ),
    ),
)

FIGURES = Table(
    name="figures",
    title="Numbered figures of the reports",
    description="Every numbered figure of a report, with its caption and "
    "whether the text carries its data: many figures are "
    "pictures whose numbers were lost when the text was taken out of the PDF.",
    key=("report_id", "figure"),
    group="reports",
    columns=(
        REPORT_ID,
        _count("figure", "Number of the figure in the report", nullable=False, minimum=1),
        _text("caption", "Caption, wrapped lines joined, footnote marks left out", nullable=False),
        _text(
            "data_status",
            "Whether the text carries the figure's data",
            nullable=False,
            allowed={
                "table": "every row of the figure's table is in the text, and its numbers are assigned to rows",
                "partial": "some numbers are there, but not all can be assigned to a row",
                "not_in_text": "the text carries no numbers for this figure",
            },
        ),
        _text("published_source", "Source as printed with the figure; null where the text prints none"),
        *PROVENANCE,
    ),
)

OUTCOME_PROPORTIONS = Table(
    name="outcome_proportions",
    title="Proportion of outcomes assigned to offences recorded",
    description="Figure 4 of a PEEL 2016 effectiveness report: of the "
    "offences recorded in twelve months, the share assigned "
    "each outcome, for the force and for England and Wales.",
    key=("report_id", "area_code", "outcome_id"),
    group="outcomes",
    columns=_outcome_columns(
        "percent", "Percent of offences recorded in the period that were assigned this outcome", 100
    ),
    warnings=(
        "Not comparable with domestic_abuse_outcomes: here each outcome is linked to the offence it was assigned to "
        "(annex A, figures 4 and 8).",
        "Outcomes depend on the mix of crime in a force area: a low or high share is no measure of quality by itself.",
        "Printed parts need not add to the printed total: all are rounded, and none is repaired here.",
        "England and Wales leaves out the forces that annex A names for this figure.",
        "Two rows print the label 'Suspect identified': join on outcome_id or outcome_code, never on the label.",
    ),
)

DOMESTIC_ABUSE_OUTCOMES = Table(
    name="domestic_abuse_outcomes",
    title="Rate of outcomes recorded for domestic-related offences",
    description="Figure 8 of a PEEL 2016 effectiveness report: outcomes "
    "recorded in twelve months per 100 domestic abuse "
    "offences recorded in the same twelve months, for the force and for England and Wales.",
    key=("report_id", "area_code", "outcome_id"),
    group="outcomes",
    columns=_outcome_columns(
        "per 100 domestic abuse offences",
        "Outcomes recorded in the period per 100 domestic abuse offences recorded in the period",
        None,
    ),
    warnings=(
        "Not comparable with outcome_proportions: outcomes and offences of the period are counted independently "
        "(annex A, figure 8), so rows do not add to 100 and one may exceed it.",
        "Only the most common outcomes are printed: the rows are not all outcomes.",
        "England and Wales leaves out the forces that annex A names for this figure.",
    ),
)

CRIME_RATES = Table(
    name="crime_rates",
    title="Police-recorded crime rates",
    description="Figure 2 of a PEEL 2016 effectiveness report: "
    "police-recorded crime per 1,000 population, for a selection of "
    "crime types, for the force and for England and Wales. Burglary in a dwelling is per 1,000 households.",
    key=("report_id", "area_code", "crime_type_id"),
    group="crime",
    columns=(
        REPORT_ID,
        AREA_CODE,
        _text("crime_type_id", "Crime type", nullable=False, pattern=SLUG_PATTERN),
        _text(
            "crime_type_label",
            "Label as printed, wrapped lines joined, footnote marks left out",
            nullable=False,
        ),
        *PERIOD,
        Column(
            "value",
            pa.float64(),
            "Crimes recorded in the period per 1,000 of unit",
            unit="see column unit",
            minimum=0,
            maximum=1000,
        ),
        _text(
            "unit",
            "What the rate is per",
            nullable=False,
            allowed={
                "per 1,000 population": "crimes per 1,000 people living in the area",
                "per 1,000 households": "crimes per 1,000 households in the area",
            },
        ),
        DECIMALS,
        VALUE_STATUS,
        *PROVENANCE,
        *LABEL_LINES,
    ),
    warnings=(
        "Rates of burglary in a dwelling are per 1,000 households: never add them to the others.",
        "Crime types overlap (sexual offences are victim-based crime): rows do not add up.",
        "Recorded crime reflects recording practice as well as crime.",
    ),
)

RULE_TYPES = {
    "exclusion": "a force (or another body) is left out of a chart, of the England and Wales value, or of both",
    "not_supplied": "a force could not supply the data; what it is left out of is not said",
    "partial_data": "data do not cover the whole period or everything that happened in it",
    "estimate": "part of a force's data is estimated",
    "correction": "a force sent its data again, and the corrected data are used",
    "combined_forces": "forces are shown as one, with counts and population combined",
    "pilot": "a pilot makes a force's values unlike those of other forces",
    "denominator": "what a rate is divided by",
    "comparator_method": "how the England and Wales value is made",
    "ranking": "how forces are ranked and which of them are called highest and lowest",
    "comparability": "what must not be compared, or is to be read with care",
    "revision": "values will change",
    "definition": "what is counted, and what marks and labels mean",
}
ANNEX_RULES = Table(
    name="annex_rules",
    title="Rules of annex A and the figure footnotes",
    description="How a report's figures were made, as annex A and the notes below the figures say: which forces are "
    "left out of a chart or of the England and Wales value, whose data are partial, estimated, corrected or combined, "
    "what rates are divided by, how forces are ranked, what must not be compared. One row per rule, figure and force.",
    key=("report_id", "rule_id", "area_code"),
    group="methodology",
    columns=(
        REPORT_ID,
        _text(
            "rule_id",
            "Figure, kind of rule and where it stands; the same for the same rule in every report of a release",
            nullable=False,
            pattern=SLUG_PATTERN,
        ),
        _text(
            "area_code",
            "ONS code of the force the rule names; empty for a rule that names no force of the forces table (a general "
            "rule, or one about British Transport Police)",
            nullable=False,
            pattern=rf"{FORCE_CODE_PATTERN}|^$",
        ),
        _count("figure", "Figure the rule binds; null where it is tied to no numbered figure", minimum=1),
        _text("rule_type", "What kind of rule it is", nullable=False, allowed=RULE_TYPES),
        Column(
            "in_force_chart",
            pa.bool_(),
            "Whether the force is shown in the figure's chart or table, as all rules of the report on this force and "
            "figure together say; null for a rule that names no force, and where the report leaves it open",
        ),
        Column(
            "in_england_and_wales",
            pa.bool_(),
            "Whether the force counts towards the figure's England and Wales value, as all rules of the report on this "
            "force and figure together say; null for a rule that names no force, and where the report leaves it open",
        ),
        _text("statement", "What the rule says, in short words of our own", nullable=False),
        _text(
            "section",
            "Where the rule stands: footnote (any note below a figure), or the section of annex A",
            nullable=False,
            pattern=SLUG_PATTERN,
        ),
        *PROVENANCE,
    ),
    warnings=(
        "A rule binds the force it names, whichever force's report prints it.",
        "A force without a row for a figure is not left out of it; a row alone does not leave it out: see the two "
        "booleans.",
        "The same rule often stands in a footnote and in annex A: count forces, not rows.",
        "Which figures a rule binds is read from references such as 'Please see … above' and from captions.",
        "Rules belong to the round whose reports print them.",
    ),
)

ORGANISED_CRIME_GROUPS = Table(
    name="organised_crime_groups",
    title="Organised crime groups by predominant crime type",
    description="Figure 10 of a PEEL 2016 effectiveness report: of the active organised crime groups, the share of "
    "each predominant crime type, for the force and for England and Wales. Two pie charts of which only loose numbers "
    "are left.",
    key=("report_id", "row"),
    group="crime",
    columns=(
        REPORT_ID,
        _count("row", "Number of the printed percentage, in the order of the text", nullable=False, minimum=1),
        _text(
            "area_code",
            "ONS code of the area whose share it is; null where the text does not say for certain",
            joins="forces",
            pattern=AREA_CODE_PATTERN,
        ),
        _text(
            "crime_type_id",
            "Predominant crime type; null where the text does not say for certain",
            pattern=SLUG_PATTERN,
        ),
        _date("period_start", "Day the groups were counted; null where the caption names none"),
        _date("period_end", "The same day"),
        Column(
            "value",
            pa.float64(),
            "Percent of the area's active organised crime groups, as printed",
            unit="percent",
            nullable=False,
            minimum=0,
            maximum=100,
        ),
        _text("unit", "Unit of value", nullable=False, allowed={"percent": "percent of organised crime groups"}),
        DECIMALS,
        VALUE_STATUS,
        *PROVENANCE,
    ),
    warnings=(
        "Here an unassigned row has its number: what is not known for certain is its area, its crime type, or both.",
        "The order of the rows is the order of the text, not of the charts.",
        "Percentages may not add to 100 because of rounding, and slices without a printed number are missing.",
    ),
    numbers_unplaced=True,
)

QUESTION_ID = _text(
    "question_id",
    "Question of the inspection programme, such as peel-2016-effectiveness-1 or peel-2016-effectiveness-overall",
    joins="questions",
    pattern=SLUG_PATTERN,
)
GRADES = {
    "Outstanding": "best grade of the scales oqri4 and ogari5",
    "Excellent": "best grade of the scale efgp4 (to 2007)",
    "Good": "second grade of every scale",
    "Adequate": "third grade of the scale ogari5 (from 2021/22)",
    "Fair": "third grade of the scale efgp4: an acceptable service, not the same as requires improvement",
    "Requires improvement": "third grade of the scale oqri4, fourth of ogari5",
    "Inadequate": "worst grade of the scales oqri4 and ogari5",
    "Poor": "worst grade of the scale efgp4",
}
SCALES = {
    "efgp4": "excellent, good, fair, poor (to 2007)",
    "oqri4": "outstanding, good, requires improvement, inadequate (PEEL 2014 to 2018/19)",
    "ogari5": "outstanding, good, adequate, requires improvement, inadequate (PEEL from 2021/22)",
}

JUDGMENT_STATUSES = {
    "graded": "a grade is printed",
    "ungraded": "the report says that this question is not graded",
    "not_stated": "no grade is printed, or what is printed contradicts itself (quality_issues says which)",
    "carried_forward": "the grade is that of an earlier inspection, which the report says still stands",
}

JUDGMENTS = Table(
    name="judgments",
    title="Judgments",
    description="The grade that a report gives its force for each question of the programme. A grade is printed in the "
    "overview's list and again in the question's own section; it is published only where what is printed agrees.",
    key=("report_id", "question_id"),
    group="judgments",
    columns=(
        REPORT_ID,
        replace(QUESTION_ID, nullable=False),
        _text("question", "The question as the report prints it, wrapped lines joined", nullable=False),
        _text("scale_id", "Scale the grade is taken from; null where no grade is given", allowed=SCALES),
        _text(
            "grade",
            "Grade as printed; null unless one is printed: as a label, or on web pages in a sentence that states the "
            "judgment of the whole question. A tone is not a judgment",
            allowed=GRADES,
        ),
        _count("grade_rank", "Place of the grade on its scale, 1 the best; null where no grade is given", minimum=1),
        _text(
            "judgment_status",
            "What the presence or absence of a grade means",
            nullable=False,
            allowed=JUDGMENT_STATUSES,
        ),
        _count("summary_line", "First line of the label in the overview; null where it has none", minimum=1),
        _count(
            "section_line", "First line of the label in the question's own section; null where it has none", minimum=1
        ),
        *PROVENANCE,
    ),
    warnings=(
        "Grades of different programmes must not be compared before "
        "reading programmes.comparability_note: the same word "
        "stands for different things (Good is second of four grades to 2018/19 and second of five from 2021/22).",
        "The overall judgment is HMIC's own, no average of the questions.",
        "A null grade is no bad grade: read judgment_status.",
        "Where prose beside a label gives another grade, the label is published and quality_issues holds a warning.",
    ),
)

FINDINGS = Table(
    name="findings",
    title="Areas for improvement, causes of concern and recommendations",
    description="Every finding that a report sets in a box, complete and in "
    "order. Bullets below a text are rows of their own "
    "under it.",
    key=("report_id", "finding_id"),
    group="judgments",
    columns=(
        REPORT_ID,
        _text(
            "finding_id",
            "Identifier within the release: report, type and order (…-afi-2), and below it the bullet (…-afi-2-1)",
            nullable=False,
            pattern=SLUG_PATTERN,
        ),
        _text(
            "finding_type",
            "What kind of finding it is; a bullet is of its text's kind",
            nullable=False,
            allowed={
                "area_for_improvement": "something the force should do better",
                "cause_of_concern": "a serious or enduring failing; recommendations follow it",
                "recommendation": "what the force must do about a cause of concern",
                "innovative_practice": "a new way of working worth copying (PEEL from 2021/22)",
                "strength": "something done well (to 2007)",
                "work_in_progress": "something under way (to 2007)",
                "developing_practice": "a new way of working that others may learn from (to 2007)",
                "national_recommendation_progress": "how far a national recommendation has been met",
            },
        ),
        QUESTION_ID,
        _text(
            "parent_id",
            "finding_id of the text a bullet stands below, or of the cause of concern a recommendation answers",
            pattern=SLUG_PATTERN,
        ),
        _count("sequence", "Order in the report, from 1, bullets included", nullable=False, minimum=1),
        _text(
            "text", "Complete text: line breaks, page ends and hyphens mended, footnote marks left out", nullable=False
        ),
        *PROVENANCE,
    ),
    warnings=(
        "Count findings by rows without parent_id, or recommendations and bullets are counted with their parents.",
        "Running text that mentions an area for improvement or a cause of concern is not a finding and has no row.",
        "A text that introduces bullets may go on below them: its row holds both parts, its bullets their own.",
    ),
)

MEASURE_ID = _text("measure_id", "What is measured", nullable=False, joins="measures", pattern=SLUG_PATTERN)
MEASURE_KINDS = {
    "level": "a rate, share or amount",
    "change": "how much a level changed between two periods; direction says which way",
    "count": "a number of things or people",
    "lowest": "the lowest level among the forces of England and Wales; which force has it is not printed",
    "highest": "the highest level among the forces of England and Wales; which force has it is not printed",
    "in_words": "compared with other forces in words only (band_statements), without a number",
}
HIGHER_IS = {
    "better": "a higher value is the better result",
    "worse": "a higher value is the worse result",
    "neither": "neither by itself: it may show more crime, more recording or more effort",
}

STATISTICS = Table(
    name="statistics",
    title="Figures stated in prose",
    description="Every figure of performance that a report states in its "
    "sentences about the force or England and Wales: what, "
    "whose, how much, of which period and, for a change, compared with which. A figure said twice has two rows.",
    key=("report_id", "line_start", "measure_id", "area_code", "row"),
    group="observations",
    columns=(
        REPORT_ID,
        MEASURE_ID,
        _text(
            "area_code",
            "ONS code of the police force area, or K04000001 for England and Wales; the lowest and highest force of a "
            "range stand under England and Wales too, since their names are not printed",
            nullable=False,
            joins="forces",
            pattern=AREA_CODE_PATTERN,
        ),
        _count(
            "row",
            "Number of the row among those of one line, measure and area",
            nullable=False,
            minimum=1,
        ),
        _text(
            "area_label",
            "Whose number it is, in words: the force, England and Wales, "
            "or 'lowest force' and 'highest force' of a range",
            nullable=False,
        ),
        _date(
            "period_start",
            "First day of the period the value covers (inclusive); null where none is stated for certain",
        ),
        _date(
            "period_end", "Last day of the period the value covers (inclusive); null where none is stated for certain"
        ),
        _date("compared_with_start", "First day of the period a change is compared with; null for what is no change"),
        _date("compared_with_end", "Last day of the period a change is compared with; null for what is no change"),
        Column("value", pa.float64(), "The number as printed; a change has no sign", unit="see column unit", minimum=0),
        _text("unit", "Unit of value", nullable=False),
        DECIMALS,
        _text(
            "direction",
            "Which way a change went; null for what is no change",
            allowed={"increase": "the value grew by the number given", "decrease": "it fell by the number given"},
        ),
        VALUE_STATUS,
        _text(
            "not_exact",
            "How the words before the number say that it is not exact; null where it is printed as exact",
            allowed={
                "about": "about, around, approximately, some, an estimated ...",
                "more_than": "over, more than, in excess of, at least ...",
                "less_than": "almost, nearly, under, up to ...",
            },
        ),
        Column(
            "interval_lower",
            pa.float64(),
            "Lower limit of the confidence interval: as printed, or value less interval_margin where that is printed",
            unit="see column unit",
        ),
        Column(
            "interval_upper",
            pa.float64(),
            "Upper limit of the confidence interval: as printed, or value plus interval_margin where that is printed",
            unit="see column unit",
        ),
        Column(
            "interval_margin",
            pa.float64(),
            "Margin of the confidence interval as printed ('+/- 3.4 percent', meaning percentage points); null where "
            "none or the limits are printed. Where it is given, the two limits are computed",
            unit="see column unit",
        ),
        Column(
            "numerator",
            pa.int64(),
            "For cases counted out of others (187 of the 194) the count, 187, which is value too; for a share said in "
            "words (two thirds) the 2; null for every other number",
        ),
        Column(
            "denominator",
            pa.int64(),
            "What the numerator is out of: 194, or the 3 of two thirds. A sample's size may stand in a sentence before",
        ),
        replace(QUESTION_ID, description="Core question whose section states it; null outside the five", pattern=None),
        *PROVENANCE,
    ),
    warnings=(
        "A change without its direction says nothing: value has no sign.",
        "Survey values rest on small samples (331 to 429 people a "
        "force in 2016) that are no random samples: an indication "
        "only. The text says percent where it may mean percentage points.",
        "The same figure may be said twice with another precision (21 and 20.6 incidents per 1,000): decimals tells.",
        "Rates of organised crime groups of forces that work in an alliance are combined ones: see annex_rules.",
        "domestic_abuse_change compares twelve months with twelve "
        "months that ended fifteen months earlier, as printed.",
        "A year alone (2015) is given as its first and last day; the survey it refers to took less.",
        "A share said in words (two thirds) has no value, but numerator and denominator; a count said in words (three) "
        "has value_status derived, since its digits are not printed.",
        "Cases counted by the inspectorate (numerator and denominator) are small samples: no rate of the force.",
        "A measure whose name ends in _earlier is of an earlier inspection or of before a change.",
        "A missing period means that the text states none for certain, not that it is the report's main period.",
    ),
)

BAND_STATEMENTS = Table(
    name="band_statements",
    title="Published comparisons with other forces",
    description="Where a report says in words that the force is among the "
    "highest or lowest, in line with, above or below other "
    "forces or England and Wales, and the outcome or measure it speaks of.",
    key=("report_id", "line_start", "row"),
    group="observations",
    columns=(
        REPORT_ID,
        _count("row", "Number of the row among those that begin on one line", nullable=False, minimum=1),
        _text("table_name", "Table that holds the numbers compared; null where the comparison is in words alone"),
        _text("outcome_id", "Outcome compared; null where it is no outcome, or all of them", joins="outcome_types"),
        replace(MEASURE_ID, description="Measure compared"),
        _text(
            "band",
            "How the force compares, as printed",
            nullable=False,
            allowed={
                "highest": "among the highest, or one of the highest",
                "lowest": "among the lowest, or one of the lowest",
                "in_line": "in line with, similar to, as often as",
                "above": "above, higher or more than",
                "below": "below, lower or less than",
            },
        ),
        Column(
            "is_quartile_statement",
            pa.bool_(),
            "Whether it states the result of ranking the forces by "
            "figure 4 or 8 (annex A: highest and lowest 25 percent)",
            nullable=False,
        ),
        *PROVENANCE,
    ),
    warnings=(
        "Only rows with is_quartile_statement follow the ranking "
        "rule of annex A; the other words have no defined limits.",
        "Above and below say nothing of better or worse: see higher_is in measures.",
        "Comparisons that name no measure or outcome ('more successful than other forces') are no rows.",
    ),
)

MEASURES = Table(
    name="measures",
    title="Measures",
    description="Dimension: what each measure_id of statistics, band_statements and observations means.",
    key=("measure_id",),
    group="reference",
    minimum_rows=1,
    columns=(
        replace(MEASURE_ID, joins=None),
        _text("name", "Name of the measure", nullable=False),
        _text("meaning", "What it says", nullable=False),
        _text("kind", "What kind of number it is", nullable=False, allowed=MEASURE_KINDS),
        _text("unit", "Its usual unit; null for what is compared in words only"),
        _text("other_units", "Other units it is printed in, separated by semicolons"),
        _text("higher_is", "Whether a higher value is better or worse", nullable=False, allowed=HIGHER_IS),
        _text("table_name", "Table that holds it", nullable=False),
        Column(
            "plausible_minimum",
            pa.float64(),
            "Least value that any force can have, inclusive; null: none is set",
            unit="see column unit",
        ),
        Column(
            "plausible_maximum",
            pa.float64(),
            "Highest value that any force can have, inclusive; null: none is set",
            unit="see column unit",
        ),
        _text("plausible_reason", "What the two bounds rest on"),
    ),
    warnings=(
        "A measure of kind change is always read with its direction.",
        "The plausible bounds find misprints: they are wide enough for every force and set no standard.",
    ),
)

QUALITY_ISSUES = Table(
    name="quality_issues",
    title="What the checks found",
    description="Everything that was refused, doubted or worth saying about this release: one row per thing found.",
    key=("issue_id",),
    group="quality",
    columns=(
        _text(
            "issue_id",
            "Stable identifier, made from what was found and where",
            nullable=False,
            pattern=r"^[0-9a-f]{16}$",
        ),
        _text("check_id", "Check that found it", nullable=False, pattern=SLUG_PATTERN),
        _text("severity", "How much it matters", nullable=False, allowed=SEVERITIES),
        _text("table_name", "Table concerned; null where a whole file is"),
        _text("report_id", "Report concerned; null where the file was refused before it was known"),
        _text("source_file", "File concerned, relative to the reports folder; null where no one file is"),
        _text("row_key", "Row concerned, as column=value pairs"),
        _text("expected", "What should have been"),
        _text("found", "What was found"),
        _text("message", "One sentence for a person to read", nullable=False),
        _count("line_start", "First line concerned", minimum=1),
        _count("line_end", "Last line concerned", minimum=1),
    ),
)

OBSERVATIONS = Table(
    name="observations",
    title="Every published number, in long form",
    description="The union of the fact tables taken from reports (see table_name): one row per number or missing "
    "number, with what it measures, of what, where and when.",
    key=("report_id", "table_name", "row_key"),
    group="observations",
    columns=(
        REPORT_ID,
        _text("table_name", "Table that the row is taken from, and that says more of it", nullable=False),
        _text(
            "row_key",
            "Key of the row in its own table as column=value pairs, written as in quality_issues",
            nullable=False,
        ),
        MEASURE_ID,
        _text("category_id", "Of what: the outcome_id or crime_type_id; null where the measure has no categories"),
        _text(
            "area_code",
            "ONS code of the area; null where the source names none for certain",
            joins="forces",
            pattern=AREA_CODE_PATTERN,
        ),
        _date("period_start", "First day of the period (inclusive); null where the source does not date the value"),
        _date("period_end", "Last day of the period (inclusive); null where the source does not date the value"),
        Column("value", pa.float64(), "The number as printed", unit="see column unit"),
        _text("unit", "Unit of value", nullable=False),
        DECIMALS,
        _text(
            "direction",
            "Which way a change went; null for what is no change: a change's value has no sign",
            allowed={"increase": "the value grew by the number given", "decrease": "it fell by the number given"},
        ),
        VALUE_STATUS,
        *PROVENANCE,
    ),
    warnings=(
        "Never add or average values of different measures or units.",
        "A change without its direction says nothing: read value and direction together.",
        "The same fact may be printed in a table and again in prose, also less precisely: it then has a row for each.",
        "The warnings of the table that a row is taken from hold for the row.",
    ),
    numbers_unplaced=True,
)

FORCES = Table(
    name="forces",
    title="Police force areas of England and Wales",
    description="Dimension: the 43 territorial police forces, and England and Wales as a whole.",
    key=("area_code",),
    group="reference",
    minimum_rows=44,
    columns=(
        _text(
            "area_code",
            "ONS code of the police force area; K04000001 is England and Wales",
            nullable=False,
            pattern=AREA_CODE_PATTERN,
        ),
        _text("force_id", "police.uk slug; null for England and Wales", pattern=SLUG_PATTERN),
        _text(
            "area_type",
            "What the row is",
            nullable=False,
            allowed={
                "police_force_area": "area of one territorial police force",
                "country_group": "England and Wales together",
            },
        ),
        _text("name_hmic", "Name as the inspectorate writes it", nullable=False),
        _text("name_home_office", "Name as the Home Office's open data writes it", nullable=False),
        _text("name_ons", "Name as ONS writes the police force area", nullable=False),
        _text(
            "country",
            "England or Wales; null for both together",
            allowed={"England": "England", "Wales": "Wales"},
        ),
        _text("region", "Region of England, or Wales; a region may share its name with a force"),
        _text("region_code", "ONS code of the region"),
        _text("aliases", "Other names met in texts, separated by semicolons"),
    ),
    warnings=("'West Midlands' is a force (E23000014) and a region (E12000005): join on codes.",),
)

OUTCOME_TYPES = Table(
    name="outcome_types",
    title="Outcomes, groups and totals of the outcome tables",
    description="Dimension: what each outcome_id means, its Home Office number, and the group it belongs to in the "
    "inspectorate's 2016 tables.",
    key=("outcome_id",),
    group="reference",
    minimum_rows=1,
    columns=(
        _text("outcome_id", "Row of an outcome table", nullable=False, pattern=SLUG_PATTERN),
        _text(
            "outcome_code",
            "Home Office outcome type number, or * for the types the 2016 tables print as one row",
        ),
        _text(
            "label",
            "Label of the inspectorate's figure 4, or the Home Office's where it is not printed there",
            nullable=False,
        ),
        _text("official_name", "Name in the Home Office outcomes framework; null for groups and totals"),
        _text("row_type", "What kind of row this is", nullable=False, allowed=ROW_TYPES),
        _text("group_id", "outcome_id of the group or total this row is a part of", joins="outcome_types"),
        _text("introduced", "When the outcome type was introduced, where verified"),
        _text("note", "What to know before using it"),
    ),
)

CERTAINTY = _text(
    "certainty",
    "How far the row is verified",
    nullable=False,
    allowed={
        "verified": "seen in a publication of the inspectorate",
        "label_verified": "the heading was seen, the wording of the question was not",
        "secondary": "taken from a publication of somebody else",
        "part": "only what is given was seen",
    },
)

QUESTIONS = Table(
    name="questions",
    title="Questions of the inspection programmes",
    description="Dimension: what each programme asked. Questions whose wording was not seen are left out: PEEL 2016 "
    "efficiency, legitimacy and leadership, some of PEEL 2014, 2015 and 2018/19, and all but the first of PEEL 2023-25 "
    "and 2025-27.",
    key=("question_id",),
    group="reference",
    minimum_rows=1,
    columns=(
        replace(QUESTION_ID, nullable=False, joins=None),
        PROGRAMME_ID,
        _text("pillar", "Pillar the question belongs to; null where a report covers all", allowed=PILLARS),
        _text("question_no", "Number of the question in its programme and pillar, or overall", nullable=False),
        _text("question", "The question or area as the programme words it; null where only its heading was seen"),
        _text("section_heading", "Heading of its section in a report, where it is another and was seen"),
        Column("is_graded", pa.bool_(), "Whether the programme grades it; null where that was not seen"),
        _text("scale_id", "Scale of its grades; null where it is not graded or the scale was not seen", allowed=SCALES),
        CERTAINTY,
        _text(
            "continues_question_id",
            "Question of an earlier programme that this one asks again in the same words, where the two programmes are "
            "comparable for matching questions (programme_comparability); null: none is known",
            joins="questions",
            pattern=SLUG_PATTERN,
        ),
    ),
    warnings=("Questions of the same number in two programmes need not ask the same: compare their words.",),
)

PROGRAMMES = Table(
    name="programmes",
    title="Inspection programmes",
    description="Dimension: inspection programmes since 2004, what they graded, on which scale, and what may be "
    "compared. Facts that were not seen in a source are null.",
    key=("programme_id",),
    group="reference",
    minimum_rows=1,
    columns=(
        replace(PROGRAMME_ID, joins=None),
        _text("name", "Name of the programme", nullable=False),
        _text("inspectorate", "Who inspected", nullable=False),
        _text("scale_id", "Scale of its grades; null where it has none or it was not seen", allowed=SCALES),
        _text("grades", "Grades of the scale, best first, separated by semicolons"),
        _text("what_is_graded", "What carries a grade"),
        _text(
            "overall_grade",
            "Whether there is one grade for everything",
            allowed={"none": "no", "efficiency": "for efficiency only", "per pillar": "one for each pillar"},
        ),
        _text("unit_of_report", "What one report is about"),
        _text(
            "comparable_with",
            "programme_ids whose grades may be compared, separated by semicolons; null: none or not known",
        ),
        _text("comparability_note", "How far grades may be compared, and why not further"),
        CERTAINTY,
    ),
    warnings=(
        "Grades of two programmes may be compared only where "
        "comparable_with names the other, as comparability_note says.",
        "No PEEL was run in 2020: a gap in a series is no missing data.",
    ),
)

GRADE_DISTRIBUTIONS = Table(
    name="grade_distributions",
    title="How many forces were given each grade",
    description="National distributions of grades that a report prints beside its force's own grade: for each area "
    "inspected and each grade of the scale, the number of forces that were given it.",
    key=("report_id", "question_id", "grade"),
    group="judgments",
    columns=(
        REPORT_ID,
        replace(QUESTION_ID, nullable=False),
        _text("grade", "Grade of the programme's scale", nullable=False, allowed=GRADES),
        _count("forces", "Forces given this grade, as printed", unit="forces", nullable=False, minimum=0, maximum=43),
        _count("summary_line", "Line of the number in the report's summary table; null where it has none", minimum=1),
        _count("section_line", "Line of the number in the area's own section; null where it has none", minimum=1),
        *PROVENANCE,
    ),
    warnings=(
        "Forces of one question add up to the forces inspected (43 in 2007): a sum that does not is an issue.",
        "A number that the summary and the section print differently has no row: quality_issues says which.",
    ),
)

COMPARABLE = {
    "yes": "grades may be compared",
    "with_care": "grades may be compared as far as the note says",
    "no": "grades must not be compared",
}

PROGRAMME_COMPARABILITY = Table(
    name="programme_comparability",
    title="Which programmes may be compared",
    description="Dimension: for each pair of inspection programmes whether their grades may be compared, in whose "
    "words that is so, and how far. Each pair stands once, the later programme first.",
    key=("programme_id", "other_programme_id"),
    group="reference",
    minimum_rows=1,
    columns=(
        replace(PROGRAMME_ID, description="The later programme"),
        replace(PROGRAMME_ID, name="other_programme_id", description="The earlier programme"),
        _text(
            "comparable",
            "Whether grades of the two may be compared",
            nullable=False,
            allowed={**COMPARABLE, "not_known": "nobody is known to have said: do not compare"},
        ),
        _text(
            "stated_by",
            "In whose words it is so; null where nobody is known to have said",
            allowed={
                "HMIC": "the inspectorate says so (to July 2017)",
                "HMICFRS": "the inspectorate says so (from July 2017)",
                "definition": "the inspectorate's own definition of its grades leaves no other reading",
                "other": "a publication of somebody else says so",
            },
        ),
        _text("source", "Where it is said; null where nobody is known to have said"),
        _text("note", "How far they may be compared, or why not; null where nobody is known to have said"),
        replace(CERTAINTY, nullable=True, description="How far the row is verified; null where there is nothing to"),
    ),
    warnings=(
        "not_known is no permission: two programmes of which nobody spoke are not comparable until somebody says so.",
        "The same words on two scales are not the same grades: good is second of four to 2018/19 and of five after.",
    ),
)

GRADE_HISTORY = Table(
    name="grade_history",
    title="A force's grades over the years",
    description="Every judgment of every report read, in the order of the programmes, each with the scale it stands on "
    "and whether it may be compared with the force's programme before it. Computed from judgments; a grade keeps its "
    "own scale, and none is converted.",
    key=("area_code", "programme_order", "question_id", "report_id"),
    group="judgments",
    columns=(
        replace(AREA_CODE, pattern=FORCE_CODE_PATTERN, description="ONS code of the force"),
        _count("programme_order", "Place of the programme in time, 1 the first", nullable=False, minimum=1),
        PROGRAMME_ID,
        _text("pillar", "Pillar of the report; null where a report covers all", allowed=PILLARS),
        replace(QUESTION_ID, nullable=False),
        REPORT_ID,
        _text("question", "The question or area as the report prints it", nullable=False),
        _date("data_period_end", "Last day of the report's main data period; null where it states none"),
        _text("published", "Month of publication, YYYY-MM; null where the text does not say", pattern=r"^\d{4}-\d\d$"),
        _text(
            "judgment_status",
            "What the presence or absence of a grade means; as in judgments",
            nullable=False,
            allowed=JUDGMENT_STATUSES,
        ),
        _text("scale_id", "Scale the grade is taken from; null where no grade is given", allowed=SCALES),
        _text("grade", "Grade as printed; null where none is", allowed=GRADES),
        _count("grade_rank", "Place of the grade on its scale, 1 the best; null where no grade is given", minimum=1),
        _count("grades_in_scale", "How many grades the scale has; null where no grade is given", minimum=2),
        _text(
            "previous_programme_id",
            "The latest earlier programme in this force's record that judges the pillar or the whole force; null: none",
            joins="programmes",
            pattern=SLUG_PATTERN,
        ),
        _text(
            "comparable_with_previous",
            "Whether grades of the two programmes may be compared; null where there is none before or it is not known",
            allowed=COMPARABLE,
        ),
        _text(
            "continues_question_id",
            "Question of an earlier programme asked again in the same words; null: none is known",
            joins="questions",
            pattern=SLUG_PATTERN,
        ),
    ),
    warnings=(
        "Never draw a line through grades of two scales, or rank a force by them: read comparable_with_previous first.",
        "comparable_with_previous speaks of the programmes: compare only questions that ask the same.",
        "A missing programme is a report that was not read, or a year without inspection (no PEEL was run in 2020).",
        "A null grade is no bad grade: read judgment_status.",
    ),
)

RULES_PROGRAMME = _text(
    "rules_programme_id",
    "Inspection round whose annex A says which forces count; null where no rules were used and every force counts",
    joins="programmes",
    pattern=SLUG_PATTERN,
)
SOURCE = _text(
    "source",
    "Where the values come from",
    nullable=False,
    allowed={
        "reports": "printed in the inspection reports of this release, ranked as printed",
        "home_office": "Home Office crime outcomes open data, unrounded",
        "ons": "ONS recorded crime and anti-social behaviour, over ONS population, unrounded",
    },
)
CATEGORY = _text(
    "outcome_id",
    "Of what: outcome_id of outcome_types, or crime_type_id where the measure is a crime rate; 'all' where the measure "
    "has no categories",
    nullable=False,
    pattern=SLUG_PATTERN,
)
NO_LEAGUE_TABLE = (
    "No league table: outcomes depend on the mix of crime in a force area, so a high or low share is no measure of "
    "quality by itself, and ranks of different outcomes must not be added up.",
    "Figure 4 (outcome_proportion) and figure 8 (domestic_abuse_outcome_rate) are not comparable: the first follows "
    "each offence to its outcome, the second sets outcomes recorded in a year against offences recorded in it.",
)

FORCE_OUTCOMES = Table(
    name="force_outcomes",
    title="Outcomes by force, from open data",
    description="For each of the 43 forces, each row of the inspectorate's figure 4 (outcome types, groups and totals) "
    "and each twelve months that the open data covers: the offences recorded in the period that were assigned the "
    "outcome, and their share of all offences recorded. Computed from the Home Office's open data, not taken from "
    "reports.",
    key=("area_code", "outcome_id", "period_start", "period_end"),
    group="open_data",
    columns=(
        replace(AREA_CODE, pattern=FORCE_CODE_PATTERN, description="ONS code of the police force area"),
        _text("outcome_id", "Row of figure 4", nullable=False, joins="outcome_types", pattern=SLUG_PATTERN),
        _text("outcome_code", "Home Office outcome type number; null for groups and totals"),
        _text("row_type", "What kind of row this is", nullable=False, allowed=ROW_TYPES),
        _text("parent_id", "outcome_id of the row this row is a part of; null at the top", joins="outcome_types"),
        *PERIOD,
        Column(
            "offences",
            pa.int64(),
            "Offences recorded in the period that were assigned this outcome; null where a quarter is missing",
            unit="offences",
        ),
        Column(
            "offences_recorded",
            pa.int64(),
            "All offences recorded in the period, assigned an outcome or not: what value is a percentage of",
            unit="offences",
            minimum=0,
        ),
        Column("value", pa.float64(), "Percent of offences recorded in the period, unrounded", unit="percent"),
        Column(
            "value_as_printed",
            pa.float64(),
            "value rounded to one decimal, as figure 4 would print it; for show only",
            unit="percent",
        ),
        _text("unit", "Unit of value", nullable=False, allowed={"percent": "of offences recorded in the period"}),
        VALUE_STATUS,
        _text("source_file", "Open data files it is computed from, separated by semicolons", nullable=False),
    ),
    warnings=(
        *NO_LEAGUE_TABLE,
        "Fraud and British Transport Police are left out, as in the inspectorate's figures.",
        "The Home Office revises its counts: a value need not equal what a report printed from an earlier release.",
        "Groups are the inspectorate's of 2016; what they do not name (type 10, and types introduced later) stands in "
        "not_printed_in_2016.",
        "Offences not yet assigned an outcome are the Home Office's remainder: where a force assigned more outcomes "
        "than it recorded offences, it is below 0, and the total assigned above 100.",
    ),
)

FORCE_CRIME_RATES = Table(
    name="force_crime_rates",
    title="Recorded crime by force, from open data",
    description="Recorded crime (without fraud) and anti-social behaviour incidents of each force per 1,000 "
    "population, computed from ONS counts and ONS mid-year population, beside what a report of this release prints for "
    "the same force and period.",
    key=("area_code", "crime_type_id", "period_end"),
    group="open_data",
    columns=(
        AREA_CODE,
        _text(
            "crime_type_id",
            "What is counted; as in crime_rates, and anti_social_behaviour for incidents of it",
            nullable=False,
            pattern=SLUG_PATTERN,
        ),
        *PERIOD,
        Column("offences", pa.int64(), "Offences or incidents recorded in the period", unit="offences", minimum=0),
        Column("population", pa.int64(), "Population, or households, that the rate is taken of", minimum=0),
        _date(
            "population_date",
            "Day of the estimate: the mid-year of the calendar year before the one in which the period ends, the most "
            "recent there is when the period's figures are first published; a year earlier where the data ends before",
        ),
        Column("value", pa.float64(), "Offences per 1,000, unrounded", unit="see column unit", minimum=0),
        _text(
            "unit",
            "Unit of value",
            nullable=False,
            allowed={
                "per 1,000 population": "residents of the police force area",
                "per 1,000 households": "households of the police force area (burglary in a dwelling)",
            },
        ),
        Column("published_value", pa.float64(), "The rate that a report prints for the force and period; null: none"),
        Column("difference", pa.float64(), "value less published_value; shown, never tuned away"),
        VALUE_STATUS,
        _text("source_file", "Open data files it is computed from, separated by semicolons", nullable=False),
    ),
    warnings=(
        "ONS revises counts and population: a rate need not equal what a report printed from an earlier release.",
        "England and Wales (K04000001) is the sum of the 43 forces, without British Transport Police.",
        "No rate where ONS gives none (excluded_by_source): few live in the area against those who come in.",
        "The inspectorate's rates of England and Wales hold British Transport Police's offences: theirs is higher.",
    ),
)

QUARTILE_RANKS = Table(
    name="quartile_ranks",
    title="Ranks and quartile bands of the forces",
    description="For each measure, outcome and period: every force's value, its rank among the forces that count, and "
    "whether it is among the highest or lowest quarter, by the rule of annex A. A force is highest when it and every "
    "force with the same or a higher value are together at most a quarter of the forces ranked, rounded down; lowest "
    "likewise from below; else in line.",
    key=("source", "measure", "period_end", "outcome_id", "area_code"),
    group="methodology",
    # Few reports give no ranks, and that is right.
    mostly_given=False,
    columns=(
        SOURCE,
        _text("measure", "What is ranked", nullable=False, joins="measures", pattern=SLUG_PATTERN),
        CATEGORY,
        replace(AREA_CODE, pattern=FORCE_CODE_PATTERN, description="ONS code of the police force area"),
        *PERIOD,
        Column(
            "value",
            pa.float64(),
            "The value ranked; null where the force is not ranked: the table it comes from has it",
            unit="see column unit",
        ),
        _text("unit", "Unit of value", nullable=False),
        _count(
            "rank",
            "1 for the highest value; forces with one value share the better rank; null: not ranked",
            minimum=1,
            maximum=43,
        ),
        _count(
            "forces_ranked", "Forces that count and have a value", unit="forces", nullable=False, minimum=0, maximum=43
        ),
        _text(
            "band",
            "Quarter that the force is in; null where no band is given",
            allowed={
                "highest": "in the highest quarter of the forces ranked",
                "lowest": "in the lowest quarter of the forces ranked",
                "in_line": "in neither",
            },
        ),
        VALUE_STATUS,
        _text("reason", "Why the force has no rank or no band; null where it has both"),
        RULES_PROGRAMME,
    ),
    warnings=(
        *NO_LEAGUE_TABLE,
        "Bands are given only where at least 30 forces are ranked.",
        "The rules of an annex belong to its round; rules_programme_id says whether a row uses any.",
    ),
)

COMPARATORS = Table(
    name="comparators",
    title="England and Wales, printed and recomputed",
    description="The England and Wales value that the reports of a round print, beside the same value computed here "
    "from the forces that count by the round's annex A: from sums, but victim satisfaction as the plain mean of the "
    "forces' rates.",
    key=("source", "measure", "period_end", "outcome_id"),
    group="methodology",
    columns=(
        SOURCE,
        _text("measure", "What is compared", nullable=False, joins="measures", pattern=SLUG_PATTERN),
        CATEGORY,
        *PERIOD,
        Column(
            "published_value",
            pa.float64(),
            "As printed in the reports; null: none printed for this period, or the reports differ",
        ),
        Column("computed_value", pa.float64(), "Computed here, unrounded; null: the forces' values are not there"),
        Column("difference", pa.float64(), "computed_value less published_value; shown, never tuned away"),
        _text("unit", "Unit of the values", nullable=False),
        _count("forces_used", "Forces in computed_value", unit="forces", nullable=False, minimum=0, maximum=43),
        _text("exclusions", "area_code of each force left out and why, separated by semicolons; null: none"),
        _text(
            "method",
            "How computed_value is made",
            nullable=False,
            allowed={
                "from_sums": "the forces' counts added up, then divided",
                "mean_of_forces": "the plain mean of the forces' rates",
            },
        ),
        replace(
            VALUE_STATUS,
            description="derived where computed_value is given; else published where published_value is given; else "
            "why neither is",
        ),
        _text("reason", "Why a value is missing; null where both are there"),
        RULES_PROGRAMME,
    ),
    warnings=(
        "Releases are revised: a difference is shown and explained by nothing else than that unless an issue says so.",
        "An average of the forces' percentages is not the England and Wales percentage.",
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        REPORTS,
        FIGURES,
        OUTCOME_PROPORTIONS,
        DOMESTIC_ABUSE_OUTCOMES,
        CRIME_RATES,
        ORGANISED_CRIME_GROUPS,
        ANNEX_RULES,
        STATISTICS,
        BAND_STATEMENTS,
        OBSERVATIONS,
        JUDGMENTS,
        GRADE_DISTRIBUTIONS,
        FINDINGS,
        FORCE_OUTCOMES,
        FORCE_CRIME_RATES,
        QUARTILE_RANKS,
        COMPARATORS,
        GRADE_HISTORY,
        QUALITY_ISSUES,
        FORCES,
        OUTCOME_TYPES,
        QUESTIONS,
        PROGRAMMES,
        PROGRAMME_COMPARABILITY,
        MEASURES,
    )
}

# Every table that holds rows taken from reports; the rest are dimensions or the pipeline's own.
REPORT_TABLES: tuple[str, ...] = (
    "figures",
    "outcome_proportions",
    "domestic_abuse_outcomes",
    "crime_rates",
    "organised_crime_groups",
    "annex_rules",
    "statistics",
    "band_statements",
    "observations",
    "judgments",
    "grade_distributions",
    "findings",
)
DIMENSIONS: tuple[str, ...] = (
    "forces",
    "outcome_types",
    "questions",
    "programmes",
    "programme_comparability",
    "measures",
)
# Tables that are computed here, from open data and from the tables above.
COMPUTED_TABLES: tuple[str, ...] = (
    "force_outcomes",
    "force_crime_rates",
    "quartile_ranks",
    "comparators",
    "grade_history",
)
