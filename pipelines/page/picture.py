"""What a picture is: a drawing that says what is seen, whom it leaves out, and the same numbers as a table.

Belongs here: the plain data that pictures are handed over in. Does not belong here: drawing (``svg``) and how the page
shows it (``page``).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """One picture of the page.

    ``id``: unique in the page, a slug. ``kind``: the module it is of, such as outcome_bars. ``subject``: what it is
    picked by: a force_id, or what an outcome picture is of; empty for a picture that is always shown. ``label``: that
    subject in words, as a list to pick from shows it, and ``group`` what stands above it there. ``title`` says what is
    seen, in a sentence; ``subtitle`` the unit, the period and the source. ``svg`` is one whole ``<svg>`` element,
    ``alt`` its alternative text. ``notes`` say what is not shown, and why. ``columns`` and ``rows`` are the data table,
    as it is shown; ``numeric`` names the columns that are set to the right.
    """

    id: str
    kind: str
    subject: str
    label: str
    title: str
    subtitle: str
    svg: str
    alt: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[str, ...] = ()
    group: str = ""
