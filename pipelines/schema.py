"""The one definition of every published table: columns, types, units, meanings, keys, warnings.

Belongs here: what a table is. All else is derived from it: the Arrow schema enforced at every write, the
Great Expectations suites, Dagster's column schema, ``datapackage.json`` and ``DICTIONARY.md``.
Does not belong here: how a value is found in a report (``pipelines.extract``) and rules that look across rows or
tables (``expectations.reconcile``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

ENGLAND_AND_WALES = "K04000001"

AREA_CODE_PATTERN = r"^(E23|W15)0000\d\d$|^K04000001$"
FORCE_CODE_PATTERN = r"^(E23|W15)0000\d\d$"
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

    ``allowed`` maps each allowed value to its meaning; ``minimum``/``maximum`` are inclusive.
    """

    name: str
    type: pa.DataType
    description: str
    unit: str | None = None
    nullable: bool = True
    allowed: Mapping[str, str] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    def arrow(self) -> pa.Field:
        """The Arrow field, its meaning in the field metadata."""
        metadata = {"description": self.description}
        if self.unit:
            metadata["unit"] = self.unit
        if self.allowed:
            metadata["allowed_values"] = "; ".join(self.allowed)
        return pa.field(self.name, self.type, nullable=self.nullable, metadata=metadata)


@dataclass(frozen=True)
class Table:
    """One published table. ``key`` names the columns that identify a row and by which rows are sorted."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    group: str
    warnings: tuple[str, ...] = ()
    minimum_rows: int = 0

    @property
    def column_names(self) -> list[str]:
        """Column names in published order."""
        return [column.name for column in self.columns]

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema with the table's meaning in its metadata (no pandas block: it holds versions)."""
        metadata = {"title": self.title, "description": self.description, "primary_key": ",".join(self.key)}
        return pa.schema([column.arrow() for column in self.columns], metadata=metadata)

    def to_arrow(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Rows (mappings) as an Arrow table in key order.

        Raises ValueError for a column too many or missing, a null where none may be, a wrong type, or two rows of
        one key: ``from_pylist`` alone drops unknown columns and fills missing ones in silence.
        """
        rows = [dict(row) for row in rows]
        names = set(self.column_names)
        for row in rows:
            if row.keys() != names:
                extra, missing = sorted(row.keys() - names), sorted(names - row.keys())
                raise ValueError(f"table {self.name}: columns too many {extra}, missing {missing}")
            for column in self.columns:
                if not column.nullable and row[column.name] is None:
                    raise ValueError(f"table {self.name}: {column.name} is null in {row}")
        rows.sort(key=lambda row: tuple((row[k] is None, row[k]) for k in self.key))
        keys = [tuple(row[k] for k in self.key) for row in rows]
        doubles = sorted({str(key) for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
        if doubles:
            raise ValueError(f"table {self.name}: key {self.key} stands twice: {', '.join(doubles[:5])}")
        try:
            return pa.Table.from_pylist(rows, schema=self.arrow_schema())
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise ValueError(f"table {self.name}: {error}") from error

    def to_frame(self, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
        """Rows as a pandas frame with Arrow-backed types, after the same checks as ``to_arrow``."""
        return self.to_arrow(rows).to_pandas(types_mapper=pd.ArrowDtype)


def _text(name: str, description: str, **rules: Any) -> Column:
    return Column(name, pa.string(), description, **rules)


def _count(name: str, description: str, **rules: Any) -> Column:
    return Column(name, pa.int32(), description, **rules)


def _date(name: str, description: str, **rules: Any) -> Column:
    return Column(name, pa.date32(), description, **rules)


REPORT_ID = _text(
    "report_id",
    "Report the row is taken from: force, year and pillar as the report's own text states them; joins to reports",
    nullable=False,
    pattern=SLUG_PATTERN,
)
AREA_CODE = _text(
    "area_code",
    "ONS code of the police force area, or K04000001 for England and Wales; joins to forces",
    nullable=False,
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
        _text("outcome_id", "Row of the table; joins to outcome_types", nullable=False, pattern=SLUG_PATTERN),
        _text("outcome_code", "Home Office outcome type number, or * as printed; null for groups and totals"),
        _text("outcome_label", "Label as printed, wrapped lines joined, footnote marks left out", nullable=False),
        _text("row_type", "What kind of row this is", nullable=False, allowed=ROW_TYPES),
        _text("parent_id", "outcome_id of the row this row is a part of; null at the top"),
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
    description="One row per inspection report that was read and recognised. Who, when and which programme is read from "
    "the report's own text, never from its file name.",
    key=("report_id",),
    group="reports",
    columns=(
        REPORT_ID,
        _text("programme_id", "Inspection programme, such as peel-2016", nullable=False, pattern=SLUG_PATTERN),
        _text(
            "pillar",
            "Pillar of a PEEL report that covers one pillar; null where a report covers all",
            allowed=PILLARS,
        ),
        _text("force_id", "police.uk slug of the force", nullable=False, pattern=SLUG_PATTERN),
        _text(
            "area_code",
            "ONS code of the police force area; joins to forces",
            nullable=False,
            pattern=FORCE_CODE_PATTERN,
        ),
        _text("force_name", "Name of the force as the inspectorate writes it", nullable=False),
        _text(
            "inspectorate",
            "Who inspected",
            nullable=False,
            allowed={
                "HMIC": "Her Majesty's Inspectorate of Constabulary (to July 2017)",
                "HMICFRS": "Her (His) Majesty's Inspectorate of Constabulary and Fire & Rescue Services (from July 2017)",
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
                "registered": "its programme is known, its tables are not yet extracted",
                "failed": "its tables could not be extracted; quality_issues says why",
            },
        ),
    ),
)

FIGURES = Table(
    name="figures",
    title="Numbered figures of the reports",
    description="Every numbered figure of a report, with its caption and whether the text carries its data: many figures are "
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
    description="Figure 4 of a PEEL 2016 effectiveness report: of the offences recorded in twelve months, the share assigned "
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
    description="Figure 8 of a PEEL 2016 effectiveness report: outcomes recorded in twelve months per 100 domestic abuse "
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
    description="Figure 2 of a PEEL 2016 effectiveness report: police-recorded crime per 1,000 population, for a selection of "
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
        _text("group_id", "outcome_id of the group or total this row is a part of"),
        _text("introduced", "When the outcome type was introduced, where verified"),
        _text("note", "What to know before using it"),
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
        QUALITY_ISSUES,
        FORCES,
        OUTCOME_TYPES,
    )
}

# Every table that holds rows taken from reports; the rest are dimensions or the pipeline's own.
REPORT_TABLES: tuple[str, ...] = ("figures", "outcome_proportions", "domestic_abuse_outcomes", "crime_rates")
DIMENSIONS: tuple[str, ...] = ("forces", "outcome_types")
