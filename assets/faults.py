"""Faults that pass: a step that meets one is tried again, with growing waits.

Belongs here: which faults of the surroundings a step survives. Does not belong here: faults of the input, which are
issues (``pipelines.issues``), and single reads of a store, which are tried again where they happen (``stores``).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.stores import TRANSIENT

# Tries after the first, and the seconds before the first of them; each wait is four times the one before.
TRIES = 3
FIRST_WAIT = 2.0


@contextmanager
def tried_again(context: dg.AssetExecutionContext) -> Iterator[None]:
    """Ask Dagster to run the step again where a share or store was away for a moment; every other fault stays
    itself."""
    try:
        yield
    except OSError as error:
        if error.errno not in TRANSIENT:
            raise
        wait = FIRST_WAIT * 4**context.retry_number
        context.log.warning(f"{error}; the step is tried again in {wait:g} seconds")
        raise dg.RetryRequested(max_retries=TRIES, seconds_to_wait=wait) from error
