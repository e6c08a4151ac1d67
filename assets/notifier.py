"""Who is told when a run fails.

Belongs here: the resource and the default. Does not belong here: when it is called (``automation``), and any one
messenger: name a function of your own in PEEL_NOTIFY.
"""

import logging
import os
from collections.abc import Callable
from importlib import import_module

import dagster as dg

LOG = logging.getLogger("peel")


class Notifier(dg.ConfigurableResource[None]):
    """Tells an operator. ``function``: empty for the log, or ``module:function`` that takes a subject and a message.
    ``watched``: somebody sees the run fail, so that the log need not be told."""

    function: str = ""
    watched: bool = False

    @classmethod
    def from_environment(cls, watched: bool = False) -> "Notifier":
        """What PEEL_NOTIFY says."""
        return cls(function=os.environ.get("PEEL_NOTIFY", ""), watched=watched)

    def notify(self, subject: str, message: str) -> None:
        """Tell the operator; what goes wrong while telling is logged with what was to be told, and stops nothing."""
        if self.watched and not self.function:
            return
        try:
            _function(self.function)(subject, message)
        except Exception as error:  # the messenger must not add a failure of its own
            log(subject, f"{message} (PEEL_NOTIFY {self.function!r} failed: {type(error).__name__}: {error})")


def log(subject: str, message: str) -> None:
    """The default: one line in the log of the process."""
    LOG.error("%s: %s", subject, " ".join(message.split()))


def _function(name: str) -> Callable[[str, str], object]:
    if not name:
        return log
    module, _, function = name.partition(":")
    found: Callable[[str, str], object] = getattr(import_module(module), function)
    return found
