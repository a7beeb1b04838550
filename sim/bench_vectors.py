"""Stimulus and expectation of the cocotb bench, and its reports of mismatches."""

from __future__ import annotations

import os
import shlex
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, NoReturn

import cocotb
import numpy as np

from ..hdl.interfaces import Ports
from ..hdl.manifest import Manifest
from ..plan.formats import FixedFormat
from .driven import Driven, answered
from .golden.model import golden
from .stimulus import stimulus_codes
from .transfers import input_words, output_words

__all__ = ["Bench", "Codes", "Driving", "test_for"]

Codes = tuple[int, ...]
"""One code for each input of the plan, or one bit pattern for each input port."""


class Driving(ABC):
    """Transfers to drive into a unit or a composite, and what must come out.

    Parameters
    ----------
    path
        Its manifest.
    seed
        Seed of the stalls, and of what fills padding.
    ports, latency
        Those of the manifest.
    transfers
        The transfers, on both sides.

    Attributes
    ----------
    words : list
        The inputs as bit patterns.
    decoys : list
        For each input one that differs in every bit of its code, to drive while the unit must ignore its inputs.
    expected : list
        The expected bits of all output ports, concatenated, transfer by transfer.

    """

    def __init__(self, path: Path, seed: int, ports: Ports, latency: int, transfers: Driven) -> None:
        self.path, self.seed, self.ports, self.latency = path, seed, ports, latency
        self.held = 1
        sent, received = transfers
        self.words: list[Codes] = list(input_words(ports, sent, seed))
        self.decoys: list[Codes] = list(input_words(ports, [~column for column in sent], seed))
        widths = [port.width for port in ports.outputs]
        self.expected = [
            "".join(f"{word:0{width}b}" for word, width in zip(words, widths, strict=True))
            for words in output_words(ports, received)
        ]

    def gate(self, salt: int) -> Iterator[int]:
        """Yield 0s and 1s without end, in bursts of up to 64 clocks, each of a density between 1/8 and 1."""
        random = np.random.default_rng((self.seed, salt))
        densities = np.repeat(random.integers(1, 9, 2048), random.integers(1, 65, 2048))
        return cycle((random.integers(0, 8, densities.size) < densities).astype(int).tolist())

    @abstractmethod
    def fail(self, complaint: str, index: int, got: str, *, alone: bool) -> NoReturn:
        """Report that output `index` was `got`; `alone` says that nothing was stalled."""

    @abstractmethod
    def complain(self, complaint: str) -> NoReturn:
        """Report a fault and the command that reproduces it."""


class Bench(Driving):
    """Stimulus and expectation of a unit: inputs to drive, the outputs that answer them, and reports of mismatches.

    Parameters
    ----------
    path
        The unit's manifest.
    seed
        Seed of the sample, of the order and of the stalls.
    only
        Inputs to drive instead of the usual ones.
    shuffled
        Whether inputs come in random order: neighbours then differ, so that an exchange of two is noticed.

    Attributes
    ----------
    codes : list
        The inputs as codes; `Driving` has the other attributes.

    """

    def __init__(self, path: Path, seed: int = 1, only: Sequence[Codes] = (), *, shuffled: bool = False) -> None:
        manifest = Manifest.load(path)
        self.plan = manifest.plan
        self._golden = golden(self.plan)
        columns = np.array(only, dtype=object).T if only else stimulus_codes(self.plan, seed)
        if shuffled:
            columns = np.random.default_rng(seed).permutation(columns, axis=1)
        super().__init__(path, seed, manifest.ports, manifest.latency, answered(manifest, columns, seed))
        self.held, self.interval = manifest.held, manifest.interval
        self.codes: list[Codes] = list(zip(*np.repeat(columns, self.held, axis=1).tolist(), strict=True))

    def fail(self, complaint: str, index: int, got: str, *, alone: bool) -> NoReturn:
        """Report that the output for input `index` was `got`.

        `alone` says that the input reproduces the fault by itself, without any stalls.
        """
        codes, plan = self.codes[index], self.plan
        lines = [f"{complaint}, at input {index + 1} of {len(self.codes)}"]
        lines += [f"  {name} = {_code(code, fmt)}" for (name, fmt), code in zip(plan.inputs, codes, strict=True)]
        formats = [output.format for output in plan.outputs]
        start = 0
        for port in self.ports.outputs:
            start += port.width
            for field in port.fields:
                bits = slice(start - field.low - field.width, start - field.low)
                fmt = formats.pop(0) if port.role == "data" else None  # tlast is not an output of the plan
                for word, all_bits in (("expected:", self.expected[index]), ("got:     ", got)):
                    lines.append(f"  {field.label} {word} {_bits(all_bits[bits], fmt) if fmt else all_bits[bits]}")
        if not alone:
            lines += self._resemblance(index, got)
        lines += ["the plan's steps at this input:", *self._trace(codes)]
        self.complain("\n".join(lines), codes if alone else None)

    def complain(self, complaint: str, codes: Codes | None = None) -> NoReturn:
        """Report a fault and the command that reproduces it; if `codes` are given, they are the only input driven."""
        command = f"softgate simulate {shlex.quote(str(self.path))} --simulator {cocotb.SIM_NAME.split()[0].lower()}"
        option = f"--seed {self.seed}" if codes is None else f"--only {','.join(map(str, codes))}"
        raise AssertionError(f"{complaint}\nreproduce: {command} {option}")

    def _resemblance(self, index: int, got: str) -> list[str]:
        """Return a line of the report if this output is that of a nearby input, and so came out of turn."""
        for distance in range(1, self.latency + 3):
            for at, when in ((index - distance, "before"), (index + distance, "after")):
                if 0 <= at < len(self.codes) and got == self.expected[at]:
                    return [
                        f"  which answers the input {distance} {when} it: is one lost, repeated, reordered or late?"
                    ]
        return []

    def _trace(self, codes: Codes) -> list[str]:
        rows = []
        for name, code in self._golden.trace(*codes).items():
            value = code * 2.0 ** -self.plan.points[name]
            rows.append((name, str(code), f"{value:.10g}", str(self.plan.by_name[name].operation)))
        n, c, v = (max(len(row[column]) for row in rows) for column in range(3))
        return [f"  {name:<{n}} = {code:>{c}}  {value:>{v}}  {operation}" for name, code, value, operation in rows]


def test_for(
    bench: Callable[[], Driving], *protocols: str, shows: Callable[[], bool] = lambda: True
) -> Callable[..., Any]:
    """Return the decorator of a cocotb test for what has one of these protocols, if `shows` holds; others skip it.

    Without a manifest in the environment the module can still be imported.
    """
    if "SOFTGATE_MANIFEST" not in os.environ:
        return cocotb.test()
    return cocotb.test(skip=bench().ports.protocol not in protocols or not shows())


def _code(code: int, fmt: FixedFormat) -> str:
    return f"code {code}, value {float(fmt.shown.value(code)):.10g}"


def _bits(bits: str, fmt: FixedFormat) -> str:
    if not set(bits) <= {"0", "1"}:
        return f"bits {bits}"
    code = int(bits, 2) - (int(bits[0]) << len(bits) if fmt.signed else 0)
    return _code(code, fmt)
