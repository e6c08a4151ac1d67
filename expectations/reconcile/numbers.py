"""Printed numbers as exact intervals: what the true value may have been before it was rounded for print.

Belongs here: arithmetic of rounding and of numbers said roughly. Does not belong here: which numbers must agree. Values
are taken as decimals from their shortest form (14.2 is 14.2, not 14.199999…), so sums and differences are exact.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from expectations.reconcile.rule import Row

HALF = Decimal("0.5")
NO_END = Decimal("Infinity")
FIVE = 5
MORE, LESS = "more_than", "less_than"


@dataclass(frozen=True)
class Printed:
    """A number as printed, with its decimal places: the true value is at most half of the last digit away.

    ``not_exact`` as in ``statistics``. A number said to be "about" is rounded to its last digit that is not nought
    (5,600 to hundreds; 45 to fives; 407 to ones, like any other); "more than" has no upper end, "less than" no lower
    one.
    """

    value: Decimal
    decimals: int
    not_exact: str | None = None

    @property
    def last_place(self) -> int:
        """The power of ten of the last digit that is not nought."""
        return int(self.value.normalize().as_tuple().exponent)

    @property
    def half(self) -> Decimal:
        """Half of the step that the number is rounded to: of the last printed digit, or as "about" says."""
        if self.not_exact != "about":
            return HALF.scaleb(-self.decimals)
        last = self.value.normalize().as_tuple().digits[-1]
        return HALF.scaleb(self.last_place) * (FIVE if last == FIVE else 1)

    @property
    def low(self) -> Decimal:
        """The least that the true value can be."""
        return -NO_END if self.not_exact == LESS else self.value - self.half

    @property
    def high(self) -> Decimal:
        """The most that the true value can be."""
        return NO_END if self.not_exact == MORE else self.value + self.half

    def is_printed_as(self, other: "Printed") -> bool:
        """Whether both are rounded alike; two that have only one end: in the same words and to the same place."""
        if {MORE, LESS} & {self.not_exact, other.not_exact}:
            return (self.not_exact, self.last_place) == (other.not_exact, other.last_place)
        return self.half == other.half

    def agrees_with(self, other: "Printed") -> bool:
        """Whether both can be the same number: equal where printed alike, else within rounding."""
        if self.is_printed_as(other):
            return self.value == other.value
        return self.low <= other.high and other.low <= self.high

    def is_below(self, other: "Printed") -> bool:
        """Whether this number must be less than the other, as printed where they are printed alike."""
        return self.value < other.value if self.is_printed_as(other) else self.high < other.low

    def can_be_below(self, other: "Printed") -> bool:
        """Whether this number may be less than the other, as printed where they are printed alike."""
        return self.value < other.value if self.is_printed_as(other) else self.low < other.high

    def __str__(self) -> str:
        """As printed."""
        return f"{self.value:f}"


def exact(value: Any) -> Decimal:
    """A number of a table as a decimal."""
    return Decimal(str(value))


def printed(row: Row) -> Printed | None:
    """The number of a row as printed (columns ``value``, ``decimals``, ``not_exact``); None where it has none."""
    if row["value"] is None:
        return None
    return _printed(row["value"], row.get("decimals"), row.get("not_exact"))


# A release prints the same few thousand numbers over and over.
@lru_cache(maxsize=10_000)
def _printed(number: float, decimals: int | None, not_exact: str | None) -> Printed:
    value = exact(number)
    if decimals is None:
        decimals = max(0, -int(value.normalize().as_tuple().exponent))
    return Printed(value.quantize(Decimal(1).scaleb(-decimals)), decimals, not_exact)
