"""Periods as reports print them, to two dates that are both inclusive.

Belongs here: dates, years and twelve-month spans in words. Does not belong here: which sentence a period applies to.
"""

import re
from datetime import date, datetime, timedelta

from pipelines.programmes import MONTHS

# A day in words. Trap: a footnote mark may stick to the year ("1 July 201621"), so the year is exactly four digits
# and what follows is not looked at.
DATE_WORDS = rf"(?P<date>\d{{1,2}} (?:{MONTHS}) (?:19|20)\d\d)"
TWELVE_MONTHS_TO = re.compile(rf"\b(?:12|twelve) months (?:to|ending|ended) {DATE_WORDS}")


def twelve_months_to(end: date) -> tuple[date, date]:
    """First and last day of the twelve months that end on a day: 30 June 2016 gives 2015-07-01 and 2016-06-30."""
    next_day = end + timedelta(days=1)
    if (next_day.month, next_day.day) == (
        2,
        29,
    ):  # the day before has no 29 February: its year began on 1 March
        return date(end.year - 1, 3, 1), end
    return next_day.replace(year=next_day.year - 1), end


def twelve_month_periods(text: str) -> list[tuple[date, date]]:
    """Every 'twelve months to' of the text, in order; a day that is in no calendar (31 June) is no period."""
    periods = []
    for match in TWELVE_MONTHS_TO.finditer(text):
        try:
            periods.append(twelve_months_to(datetime.strptime(match.group("date"), "%d %B %Y").date()))
        except ValueError:  # the day does not exist: nothing can be said of it
            continue
    return periods
