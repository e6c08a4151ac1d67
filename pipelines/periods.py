"""Periods as reports print them, to two dates that are both inclusive.

Belongs here: dates, years and twelve-month spans in words. Does not belong here: which sentence a period applies to.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.programmes import MONTHS

MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS.split("|"), 1)}

# A day in words. Trap: a footnote mark may stick to the year ("1 July 201621"), so the year is exactly four digits
# and what follows is not looked at.
DATE_WORDS = rf"(?P<date>\d{{1,2}} (?:{MONTHS}) (?:19|20)\d\d)"
# Written to begin with a fixed word, which is found many times faster; "12" or "twelve" is looked for before it.
MONTHS_TO = re.compile(rf"months (?:to|ending|ended) {DATE_WORDS}")
TWELVE = ("12 ", "twelve ", "Twelve ")


def _day(words: str) -> date:
    """The day of "30 June 2016"; ValueError where no calendar has it. Much faster than ``datetime.strptime``."""
    day, month, year = words.split()
    return date(int(year), MONTH_NUMBERS[month], int(day))


def twelve_months_to(end: date) -> tuple[date, date]:
    """First and last day of the twelve months that end on a day: 30 June 2016 gives 2015-07-01 and 2016-06-30."""
    next_day = end + timedelta(days=1)
    if (next_day.month, next_day.day) == (2, 29):
        return date(end.year - 1, 3, 1), end  # the year before has no 29 February
    return next_day.replace(year=next_day.year - 1), end


def twelve_month_periods(text: str) -> list[tuple[date, date]]:
    """Every 'twelve months to' of the text, in order; a day that is in no calendar (31 June) is no period."""
    periods = []
    for match in MONTHS_TO.finditer(text):
        if not text.endswith(TWELVE, 0, match.start()):
            continue
        try:
            periods.append(twelve_months_to(_day(match.group("date"))))
        except ValueError:  # the day does not exist: nothing can be said of it
            continue
    return periods


class Period(NamedTuple):
    """Two days, both inclusive; a point in time has the same day twice."""

    first: date
    last: date

    def year_before(self) -> "Period":
        """The same days one year earlier."""
        return Period(_shifted(self.first, -1), _shifted(self.last, -1))

    def ending_in(self, year: int) -> "Period":
        """The same days of the year so that the last day is in ``year``."""
        years = year - self.last.year
        return Period(_shifted(self.first, years), _shifted(self.last, years))

    @property
    def is_year(self) -> bool:
        """Whether it is exactly twelve months."""
        return (self.first, self.last) == twelve_months_to(self.last)


class PrintedPeriod(NamedTuple):
    """A period and where it stands in a text. ``bare_year``: nothing but a year ("2015") is printed."""

    start: int
    end: int
    period: Period
    bare_year: bool = False


# "from 30 September and 30th" and "twelve months period up to the on 30th September" are the longest.
BEFORE_A_YEAR = 60
# The year itself, a mark or a second year behind it, and what may not follow.
AND_BEHIND = 16
# Years end after four digits. Trap: a footnote mark may stick to them, with or without a full stop before it ("2015.4",
# "201615"): it is swallowed here, so that it is no number of its own.
_YEAR = r"(?:19|20)\d\d"
FOUR_DIGITS = re.compile(_YEAR)
_MARK = r"(?:\.\d{1,2}(?!\d)|\d{1,2}(?!\d))?"
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s)?(?:{MONTHS})\s{_YEAR}"
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_COUNTS = {"three": 3, "six": 6, "nine": 9, "twelve": 12}
PERIOD_WORDS = re.compile(
    # No period begins with anything else: most places of a text are done with, and then all but a few.
    rf"(?=[\dA-Zbdfinsty])(?=[\dA-Z]|\b[bdfiy]|(?:{'|'.join(_COUNTS)})[\s-])(?:"
    # "12 months to 30 June 2016", "the year ending 30 June 2016", "the 2 months to 30 June 2016"
    rf"(?:(?P<months>\d{{1,2}}|{'|'.join(_COUNTS)})[\s-]months?(?:\speriod)?|(?P<a_year>\byear))"
    rf"\s(?:to|ending|ended|up\sto)(?:\sthe)?(?:\son)?\s(?P<to>{_DAY}){_MARK}"
    # "between July and August 2016", "in July and August 2016", "from 1 January to 31 March 2016"
    rf"|\b(?:between|from|in|during)\s(?P<from>(?:\d{{1,2}}\s)?(?:{MONTHS})(?:\s{_YEAR})?)\s(?:and|to)\s(?P<until>{_DAY}){_MARK}"
    # "30 June 2016", "October 2016"
    rf"|\b(?P<day>{_DAY}){_MARK}"
    # "2015/16", "2014-15": a financial year. Trap: "2015-2016" and "2015/18" are none.
    rf"|\b(?P<financial>{_YEAR}[/–-]\d\d)(?!\d)"
    rf"|\b(?P<year>{_YEAR}){_MARK}(?!\d|,\d|[/–-]\d))"
)


def printed_periods(text: str) -> list[PrintedPeriod]:
    """Every period that a text names in words, in order; a day that is in no calendar is no period."""
    found: list[PrintedPeriod] = []
    # Every period has its year, and at most so many characters before and behind it.
    years = [match.start() for match in FOUR_DIGITS.finditer(text)]
    if not years:
        return found
    for match in PERIOD_WORDS.finditer(text, max(0, years[0] - BEFORE_A_YEAR), years[-1] + AND_BEHIND):
        try:
            period = _period(match)
        except ValueError:  # 31 June, or an end before its start
            continue
        if period is not None:
            found.append(PrintedPeriod(match.start(), match.end(), period, match["year"] is not None))
    return found


def _period(match: re.Match[str]) -> Period | None:
    if match["to"]:
        last = _last_day(match["to"])
        words = match["months"]
        months = 12 if match["a_year"] else _COUNTS.get(words) or int(words)
        return Period(*twelve_months_to(last)) if months == 12 else Period(_months_to(last, months), last)
    if match["until"]:
        last = _last_day(match["until"])
        start = match["from"] if re.search(_YEAR, match["from"]) else f"{match['from']} {last.year}"
        first = _first_day(start)
        return Period(first, last) if first <= last else None
    if match["day"]:
        return Period(_first_day(match["day"]), _last_day(match["day"]))
    if match["financial"]:
        first_year, last_two = int(match["financial"][:4]), int(match["financial"][-2:])
        if (first_year + 1) % 100 != last_two:
            return None
        return Period(date(first_year, 4, 1), date(first_year + 1, 3, 31))
    year = int(match["year"])
    return Period(date(year, 1, 1), date(year, 12, 31))


def _first_day(words: str) -> date:
    """The day that is named, or the first of the month that is."""
    words = ORDINAL.sub("", words)
    return _day(words if words[0].isdigit() else f"1 {words}")


def _last_day(words: str) -> date:
    """The day that is named, or the last of the month that is."""
    first = _first_day(words)
    if words.strip()[0].isdigit():
        return first
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _months_to(last: date, months: int) -> date:
    following = last + timedelta(days=1)
    month = following.year * 12 + following.month - 1 - months
    return date(month // 12, month % 12 + 1, following.day)


def _shifted(day: date, years: int) -> date:
    """The same day of another year; the end of February stays the end of February."""
    if (day + timedelta(days=1)).day == 1:
        return (date(day.year + years, day.month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day.replace(year=day.year + years)
