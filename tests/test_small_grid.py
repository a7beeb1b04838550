"""The grid of small formats: functions x methods x formats of 1 to 6 bits x interfaces, each unit read by Icarus.

Icarus keeps to the letter of the standard, and every input is run with random stalls. The whole grid is slow
(``pytest -m slow tests/test_small_grid.py``); some of every method and interface are read in every run.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from icarus_batch import complaints, icarus

from softgate.explore.design import BudgetError, Design, design
from softgate.functions import function_classes
from softgate.methods import method_classes

pytestmark = pytest.mark.tools

BUILDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("comb", {}),
    ("pipeline", {}),
    ("pipeline", {"objective": "fmax"}),
    ("stream", {"stages": 0}),
    ("stream", {"objective": "luts"}),
    ("axis", {"tlast": True}),
    ("axis", {"stages": 3}),
)
"""Interfaces, and where the registers go."""

METHODS: tuple[tuple[str | None, dict[str, Any]], ...] = (
    (None, {}),  # the best there is
    *((method.name, {}) for method in method_classes()),
    ("table", {"folding": "code"}),
    ("taylor", {"degree": 1, "segments": 2}),
    ("classic", {"scheme": "plan"}),
    ("classic", {"scheme": "zhang"}),
)

OUTPUTS = ("SQ2.1", "UQ1.3", "SQ1.5", "UQ0.6", "SQ2.8")


class Case(NamedTuple):
    """A design of the grid."""

    function: str
    method: str | None
    parameters: tuple[tuple[str, Any], ...]
    source: str
    output: str

    def design(self) -> Design | None:
        """Make it, unless the method cannot."""
        try:
            return design(
                self.function, self.source, self.output, method=self.method, saturate=True, **dict(self.parameters)
            )
        except (BudgetError, ValueError):
            return None


def inputs() -> Iterator[str]:
    """Yield formats of every width and sign, with many, some and few integer bits."""
    for width, sign in itertools.product(range(1, 7), "SU"):
        for integers in sorted({width, (width + 1) // 2, int(sign == "S")}):
            yield f"{sign}Q{integers}.{width - integers}"


def grid() -> Iterator[Case]:
    functions = [cls.name for cls in function_classes()]
    places = itertools.cycle(OUTPUTS)
    for function, (method, parameters), source in itertools.product(functions, METHODS, inputs()):
        # Not every output with every input: they take turns.
        yield Case(function, method, tuple(parameters.items()), source, next(places))


CASES = tuple(grid())

STEP = 23
"""Of the designs of a method, every so many is tried in every run: it shares no factor with the number of inputs."""

READ = 4
"""The designs of each method that are read in every run; they take turns at the builds, two each."""


def some() -> Iterator[tuple[Case, Sequence[tuple[str, dict[str, Any]]]]]:
    turns = itertools.cycle(BUILDS)
    for name, parameters in METHODS:
        tried = [case for case in CASES if (case.method, dict(case.parameters)) == (name, parameters)][::STEP]
        for case in itertools.islice((case for case in tried if case.design() is not None), READ):
            yield case, list(itertools.islice(turns, 2))


def read(
    folder: Path, cases: Iterable[tuple[Case, Sequence[tuple[str, dict[str, Any]]]]]
) -> Counter[tuple[str, str | None, str]]:
    """Let Icarus read units of designs, each built so; return how many of each function, method and interface."""
    units, what = {}, {}
    read_of: Counter[tuple[str, str | None, str]] = Counter()
    for case, builds in cases:
        if (found := case.design()) is None:
            continue
        for interface, options in builds:
            name = f"unit{len(units)}"
            manifest = found.emit(folder, name=name, interface=interface, **options)
            units[name] = manifest, (folder / manifest.verilog).read_text()
            what[name] = (case, interface, options)
            read_of[case.function, case.method, interface] += 1
    wrong = {str(what.get(name, name)): complaint for name, complaint in complaints(folder, units).items()}
    assert wrong == {}
    return read_of


@icarus
def test_some_of_every_method_and_interface(tmp_path: Path) -> None:
    read_of = read(tmp_path, some())
    methods, interfaces = {method for method, _ in METHODS}, {interface for interface, _ in BUILDS}
    assert {(method, interface) for _, method, interface in read_of} == set(itertools.product(methods, interfaces))


@icarus
@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS, ids=str)
@pytest.mark.parametrize("function", sorted({case.function for case in CASES}))
def test_the_whole_grid(function: str, method: tuple[str | None, dict[str, Any]], tmp_path: Path) -> None:
    name, parameters = method
    cases = tuple(
        case for case in CASES if (case.function, case.method, dict(case.parameters)) == (function, name, parameters)
    )
    if not read(tmp_path, ((case, BUILDS) for case in cases)):
        pytest.skip("the method makes no unit of the function")
