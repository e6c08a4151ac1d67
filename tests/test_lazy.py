"""Imports that wait until the module is used."""

import importlib
import sys

import pytest

from expectations.lazy import import_when_used


def test_a_module_is_loaded_when_something_of_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # A small module of the standard library that nothing here uses.
    monkeypatch.delitem(sys.modules, "wsgiref.headers", raising=False)
    import_when_used("wsgiref.headers")
    from wsgiref import headers

    assert "Headers" not in object.__getattribute__(headers, "__dict__")
    assert headers.Headers([("a", "b")])["a"] == "b"
    assert "Headers" in object.__getattribute__(headers, "__dict__")
    assert sys.modules["wsgiref.headers"] is headers


def test_a_module_that_is_there_stays_and_one_that_is_not_installed_fails_where_it_is_imported() -> None:
    before = sys.modules["sys"]
    import_when_used("sys")
    assert sys.modules["sys"] is before
    import_when_used("no_such_module_here")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module_here")
