"""Open data of the Home Office and ONS, to counts by force, and from those to published tables.

Belongs here: reading the files, what is left out and why, outcomes and crime rates by force. Does not belong here:
anything printed in a report, and ranks or comparators made from these rows (``pipelines.methodology``).

files.py        a file (csv, csv.gz, xlsx, ods) to sheets of cells, or one reason why it is not read
rows.py         columns of a large sheet to numbers, and the rows of it that say nothing certain
home_office.py  crime outcomes by force, quarter and outcome type, and table ``force_outcomes``
ons.py          recorded crime, anti-social behaviour, population and households by force, and ``force_crime_rates``
reading.py      every file below a folder, what each is, and what two of them both hold
"""

from pipelines.open_data.home_office import force_outcome_rows
from pipelines.open_data.ons import force_crime_rate_rows
from pipelines.open_data.reading import open_data_files, read_open_data
from pipelines.open_data.rows import OpenData

__all__ = ["OpenData", "force_crime_rate_rows", "force_outcome_rows", "open_data_files", "read_open_data"]
