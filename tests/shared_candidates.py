"""Candidates of methods, made once by a process of tests: most designs that tests ask for differ in little else.

To find candidates takes most of the time of `design`, and depends on the method, the specification and the method's
parameters alone. A test that patches anything beneath (see `patched`) gets candidates of its own.
"""

import os
import sys
from collections import OrderedDict
from collections.abc import Iterator
from threading import RLock
from types import ModuleType
from typing import Any

import pytest

from softgate.explore.choose import left_out

_KEPT = 64
"""Searches whose candidates are kept, the last that were asked for."""

_BENEATH = tuple(f"softgate.{room}" for room in ("accuracy", "functions", "methods", "plan", "support.registry"))
"""The modules that candidates may depend on."""

_ASIDE = {"efforts", "with_blocks", "with_interval"}
"""What a method says to the chooser: which candidates are asked for, and not which there are."""

_searches: OrderedDict[Any, "_Search"] = OrderedDict()
_lock = RLock()
_patched: list[bool] = []


class _Search:
    """The candidates of a search that goes as far as anybody has asked for."""

    def __init__(self, candidates: Iterator[Any]) -> None:
        self._left = candidates
        self._found: list[Any] = []
        self._lock = RLock()

    def __iter__(self) -> Iterator[Any]:
        number = 0
        while True:
            with self._lock:
                if number == len(self._found):
                    try:
                        self._found.append(next(self._left))
                    except StopIteration:
                        return
            yield self._found[number]
            number += 1


def install(patch: pytest.MonkeyPatch) -> None:
    """Share candidates among all designs of this process."""
    make = left_out.candidates

    def shared(method: Any, specification: Any, given: Any) -> Iterator[Any]:
        if _patched:
            yield from make(method, specification, given)
            return
        key = (method, specification, repr(sorted(given.items())))
        with _lock:
            if key not in _searches:
                _searches[key] = _Search(make(method, specification, given))
                if len(_searches) > _KEPT:
                    _searches.popitem(last=False)
            _searches.move_to_end(key)
            search = _searches[key]
        try:
            yield from search
        except Exception:  # a generator that has raised goes on as if it were at its end
            with _lock:
                _searches.pop(key, None)
            raise

    patch.setattr(left_out, "candidates", shared)
    _watch(patch)


def begin() -> None:
    """Share again: a test begins, and whatever another patched is as it was."""
    _patched.clear()


def _watch(patch: pytest.MonkeyPatch) -> None:
    """Note when a test patches what candidates may depend on."""
    setattr_, setitem_ = pytest.MonkeyPatch.setattr, pytest.MonkeyPatch.setitem

    def setattr(self: pytest.MonkeyPatch, target: Any, *arguments: Any, **options: Any) -> None:
        if _home(target).startswith(_BENEATH) and not _ASIDE.intersection(arguments[:1]):
            _patched[:] = [True]
        setattr_(self, target, *arguments, **options)

    def setitem(self: pytest.MonkeyPatch, dictionary: Any, *arguments: Any) -> None:
        if dictionary is not os.environ and dictionary is not sys.modules:  # of another nobody can tell whose it is
            _patched[:] = [True]
        setitem_(self, dictionary, *arguments)

    patch.setattr(pytest.MonkeyPatch, "setattr", setattr)
    patch.setattr(pytest.MonkeyPatch, "setitem", setitem)


def _home(target: Any) -> str:
    """Return the module that a patch changes."""
    if isinstance(target, str):
        return target
    if isinstance(target, ModuleType):
        return target.__name__
    return str(getattr(target, "__module__", None) or type(target).__module__)
