"""The cocotb test module of every unit: its Verilog, simulated, against the golden model of the plan in its manifest.

Environment variables say what to do, so that it runs from `softgate.sim.simulate` as well as from a Makefile of one's
own (``COCOTB_TEST_MODULES=softgate.sim.bench``):

* ``SOFTGATE_MANIFEST``: path of the manifest;
* ``SOFTGATE_ONLY``: inputs to drive instead of the usual ones, separated by spaces; the codes of one by commas;
* ``SOFTGATE_SEED``: seed of the sample, of the order and of the stalls, 1 unless given;
* ``SOFTGATE_LATENCY``: file to write the measured latency to.

A test wakes up once a clock, at the rising edge. What it reads then is what a neighbour's register takes over at that
edge, and what it writes comes after it. Outputs are compared as bit strings: that is what simulators hand out, and an
`x` among them is never equal to a bit.
"""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle, islice, repeat, zip_longest
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge, Timer

from ..hdl.manifest import Manifest
from ..plan.formats import FixedFormat
from .golden.model import golden
from .stimulus import stimulus_codes
from .transfers import add_last, input_words, output_words

__all__ = ["Bench"]

_PERIOD_NS = 10

_PATIENCE = 1000
"""Clocks beyond the latency within which something must have moved, whatever the stalls."""

Codes = tuple[int, ...]
"""One code for each input of the plan, or one bit pattern for each input port."""


class Bench:
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
        Whether inputs come in random order: neighbours then differ, and it shows when one takes another's place.

    Attributes
    ----------
    codes, words : list
        The inputs: codes, and the same as bit patterns.
    decoys : list
        For each input one that differs from it in every bit of the code, for when the unit must not look.
    expected : list
        The bits of all output ports, one after the other, that answer each input.

    """

    def __init__(self, path: Path, seed: int = 1, only: Sequence[Codes] = (), *, shuffled: bool = False) -> None:
        self.path, self.seed = path, seed
        manifest = Manifest.load(path)
        self.plan, self.ports, self.latency = manifest.plan, manifest.ports, manifest.latency
        self._golden = golden(self.plan)
        columns = np.array(only, dtype=object).T if only else stimulus_codes(self.plan, seed)
        if shuffled:
            columns = np.random.default_rng(seed).permutation(columns, axis=1)
        answers = self._golden(*columns)
        sent, received = add_last(self.ports, list(columns), answers if isinstance(answers, tuple) else [answers], seed)
        self.codes: list[Codes] = list(zip(*columns.tolist(), strict=True))
        self.words: list[Codes] = list(input_words(self.ports, sent, seed))
        self.decoys: list[Codes] = list(input_words(self.ports, [~column for column in sent], seed))
        widths = [port.width for port in self.ports.outputs]
        self.expected = [
            "".join(f"{word:0{width}b}" for word, width in zip(words, widths, strict=True))
            for words in output_words(self.ports, received)
        ]

    def gate(self, salt: int) -> Iterator[int]:
        """Yield 0s and 1s for ever, in bursts of up to 64 clocks of one density each, from seldom to always."""
        random = np.random.default_rng((self.seed, salt))
        densities = np.repeat(random.integers(1, 9, 2048), random.integers(1, 65, 2048))
        return cycle((random.integers(0, 8, densities.size) < densities).astype(int).tolist())

    def fail(self, complaint: str, index: int, got: str, *, alone: bool) -> NoReturn:
        """Report that the bits `got` came where input `index` was to be answered.

        `alone` says that the input brings it about by itself, without any stalls.
        """
        codes, plan = self.codes[index], self.plan
        lines = [f"{complaint}, at input {index + 1} of {len(self.codes)}"]
        lines += [f"  {name} = {_code(code, fmt)}" for (name, fmt), code in zip(plan.inputs, codes, strict=True)]
        start = 0
        for port, output in zip_longest(self.ports.outputs, plan.outputs):  # tlast has no output
            bits = slice(start, start := start + port.width)
            for word, all_bits in (("expected:", self.expected[index]), ("got:     ", got)):
                value = _bits(all_bits[bits], output.format) if output else all_bits[bits]
                lines.append(f"  {port.name} {word} {value}")
        if not alone:
            lines += self._resemblance(index, got)
        lines += ["the plan's steps at this input:", *self._trace(codes)]
        self.complain("\n".join(lines), codes if alone else None)

    def complain(self, complaint: str, codes: Codes | None = None) -> NoReturn:
        """Report a fault and the command that reproduces it, which drives nothing but `codes` if they are given."""
        command = f"softgate simulate {shlex.quote(str(self.path))} --simulator {cocotb.SIM_NAME.split()[0].lower()}"
        option = f"--seed {self.seed}" if codes is None else f"--only {','.join(map(str, codes))}"
        raise AssertionError(f"{complaint}\nreproduce: {command} {option}")

    def _resemblance(self, index: int, got: str) -> list[str]:
        """Say so if an input nearby has this answer: inputs being shuffled, it then rather came at the wrong time."""
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


def _code(code: int, fmt: FixedFormat) -> str:
    return f"code {code}, value {float(fmt.value(code)):.10g}"


def _bits(bits: str, fmt: FixedFormat) -> str:
    if not set(bits) <= {"0", "1"}:
        return f"bits {bits}"
    code = int(bits, 2) - (int(bits[0]) << len(bits) if fmt.signed else 0)
    return _code(code, fmt)


@functools.cache
def _bench(*, shuffled: bool = False) -> Bench:
    """Return the bench that the environment describes."""
    only = [tuple(map(int, codes.split(","))) for codes in os.environ.get("SOFTGATE_ONLY", "").split()]
    seed = int(os.environ.get("SOFTGATE_SEED", "1"))
    return Bench(Path(os.environ["SOFTGATE_MANIFEST"]), seed, only, shuffled=shuffled)


def _test(*protocols: str, shows: Callable[[Bench], bool] = lambda _: True) -> Callable[..., Any]:
    """Register a test of units with these protocols in which it `shows` something; others skip it.

    The module may also be imported where there is no unit.
    """
    if "SOFTGATE_MANIFEST" not in os.environ:
        return cocotb.test()
    return cocotb.test(skip=_bench().ports.protocol not in protocols or not shows(_bench()))


def _shows_latency(bench: Bench) -> bool:
    """Return whether the latency shows: that of a pipeline does not if every input has the same answer."""
    return bench.ports.protocol == "stream" or _another_answer(bench) is not None


def _another_answer(bench: Bench) -> tuple[Codes, Codes] | None:
    """Return two inputs with different answers, of the usual ones: there may be but one to drive."""
    usual = Bench(bench.path, bench.seed)
    first = usual.words[0]
    others = (word for word, bits in zip(usual.words, usual.expected, strict=True) if bits != usual.expected[0])
    return next(((first, other) for other in others), None)


@_test("pipeline", "stream", shows=_shows_latency)
async def latency(dut: Any) -> None:
    """The latency is the declared one."""
    bench = _bench()
    if bench.ports.protocol == "stream":
        measured = await _stream_latency(bench, await _Stream.start(dut, bench))
    else:
        measured = await _pipeline_latency(dut, bench)
    if "SOFTGATE_LATENCY" in os.environ:
        Path(os.environ["SOFTGATE_LATENCY"]).write_text(str(measured), encoding="ascii")
    if measured != bench.latency:
        bench.complain(f"the latency is {measured} clocks, but the manifest declares {bench.latency}")


@_test("comb", "pipeline", "stream")
async def every_input(dut: Any) -> None:
    """Every input is answered as the golden model does, at full speed."""
    bench = _bench()
    if bench.ports.protocol == "comb":
        await _comb(dut, bench)
    elif bench.ports.protocol == "pipeline":
        await _pipeline(dut, bench, repeat(1))
    else:
        clocks = await _stream(bench, await _Stream.start(dut, bench), repeat(1), repeat(1))
        if clocks != len(bench.words) + bench.latency:
            bench.complain(f"{len(bench.words)} inputs took {clocks} clocks, though nothing stalled them")


@_test("pipeline")
async def gaps(dut: Any) -> None:
    """While en is low, y holds and nothing that x does gets in."""
    bench = _bench(shuffled=True)
    await _pipeline(dut, bench, bench.gate(0), steady=False)


@_test("stream")
async def stalls(dut: Any) -> None:
    """Under random stalls from both sides nothing is lost, repeated or reordered, and a waiting output stands."""
    bench = _bench(shuffled=True)
    await _stream(bench, await _Stream.start(dut, bench), bench.gate(0), bench.gate(1), steady=False)


@_test("stream")
async def reset(dut: Any) -> None:
    """A reset drops all transfers in flight, and the unit then works as ever."""
    bench = _bench(shuffled=True)
    ports = await _Stream.start(dut, bench)
    for y_ready in (0, 1):
        for clocks in range(1, min(bench.latency, 8) + 2):
            ports.offer.value, ports.take.value = 1, y_ready
            for word in islice(cycle(bench.words), clocks):
                _drive(ports.inputs, word)
                await ports.edge
            await ports.reset()
            ports.take.value = 1
            for _ in range(bench.latency + 2):
                await ports.edge
                if (valid := str(ports.valid.value)) != "0":
                    name = bench.ports.of("valid", "output").name
                    bench.complain(f"{name} is {valid} after a reset: a transfer in flight outlived it")
    await _stream(bench, ports, bench.gate(2), bench.gate(3), limit=1024, steady=False)


async def _comb(dut: Any, bench: Bench) -> None:
    inputs, outputs = _inputs(dut, bench), _outputs(dut, bench)
    settled = Timer(1, "ns")
    for index, (word, expected) in enumerate(zip(bench.words, bench.expected, strict=True)):
        _drive(inputs, word)
        await settled
        if (got := _sample(outputs)) != expected:
            bench.fail("wrong output", index, got, alone=True)


async def _pipeline(dut: Any, bench: Bench, enables: Iterable[int], *, steady: bool = True) -> None:
    """Drive every input, `en` coming and going as told, and compare the outputs at every clock."""
    inputs, outputs, edge = _inputs(dut, bench), _outputs(dut, bench), await _start_clock(dut, bench)
    en, delay, expected = _handle(dut, bench, "enable"), bench.latency, bench.expected
    # What follows the last input is looked at, too, if only for its place.
    words, decoys = bench.words + bench.words[:1] * delay, bench.decoys + bench.decoys[:1] * delay
    taken, last = 0, -1
    for enable in enables:
        en.value = enable
        _drive(inputs, words[taken] if enable else decoys[taken])
        await edge
        index = taken - delay
        # Without registers nothing could hold an output while en is low.
        if index >= 0 and (delay or enable):
            if (got := _sample(outputs)) != expected[index]:
                complaint = "y changed while en was low" if index == last else "wrong output"
                bench.fail(complaint, index, got, alone=steady)
            last = index
        taken += enable
        if taken == len(words):
            return


async def _pipeline_latency(dut: Any, bench: Bench) -> int:
    """Return the clocks from a change of the inputs to that of the outputs."""
    inputs, outputs, edge = _inputs(dut, bench), _outputs(dut, bench), await _start_clock(dut, bench)
    en = _handle(dut, bench, "enable")
    pair = _another_answer(bench)
    if pair is None:
        bench.complain("no input changes y, so there is no latency to measure")
    first, other = pair
    en.value = 1
    _drive(inputs, first)
    for _ in range(bench.latency + _PATIENCE):
        await edge
    before = _sample(outputs)
    _drive(inputs, other)
    for clocks in range(bench.latency + _PATIENCE):
        await edge
        if _sample(outputs) != before:
            return clocks
    bench.complain(f"y stays {before}, whatever x does")


class _Stream(NamedTuple):
    """The ports of a stream unit in the simulator, by what they are for, and the edge of its running clock."""

    inputs: list[Any]
    offer: Any
    accepts: Any
    outputs: list[Any]
    valid: Any
    take: Any
    resets: Any
    active: int
    edge: RisingEdge

    @classmethod
    async def start(cls, dut: Any, bench: Bench) -> _Stream:
        """Start the clock and reset the unit."""
        edge = await _start_clock(dut, bench)
        ports = cls(
            inputs=_inputs(dut, bench),
            offer=_handle(dut, bench, "valid", "input"),
            accepts=_handle(dut, bench, "ready", "output"),
            outputs=_outputs(dut, bench),
            valid=_handle(dut, bench, "valid", "output"),
            take=_handle(dut, bench, "ready", "input"),
            resets=_handle(dut, bench, "reset"),
            active=not bench.ports.of("reset").active_low,
            edge=edge,
        )
        await ports.reset()
        return ports

    async def reset(self) -> None:
        """Reset the unit for one clock."""
        self.offer.value, self.take.value, self.resets.value = 0, 0, self.active
        await self.edge
        self.resets.value = not self.active


async def _stream(
    bench: Bench,
    ports: _Stream,
    offers: Iterable[int],
    readies: Iterable[int],
    *,
    limit: int | None = None,
    steady: bool = True,
) -> int:
    """Drive the inputs, `x_valid` and `y_ready` coming and going as told; return the clocks to the last output."""
    y, y_valid = bench.ports.outputs[0].name, bench.ports.of("valid", "output").name
    y_ready = bench.ports.of("ready", "input").name
    words, decoys, expected = bench.words[:limit], bench.decoys, bench.expected
    count = len(words)
    sent = received = last = idle = 0
    offering = waiting = False
    for clock, (offer, ready) in enumerate(zip(offers, readies, strict=False)):
        # An offer, once made, stands until it is taken.
        if not offering:
            offering = bool(offer) and sent < count
            _drive(ports.inputs, words[sent] if offering else decoys[min(sent, count - 1)])
            ports.offer.value = offering
        # Valid must not wait for ready: with stalls, every other output is taken only once it has been seen to wait.
        taking = bool(ready) and (steady or waiting or received % 2 == 0)
        ports.take.value = taking
        await ports.edge
        idle += 1
        valid = str(ports.valid.value)
        if valid == "1":
            if received == sent and not (offering and bench.latency == 0):
                bench.complain(f"{y_valid} is high, but all {sent} inputs taken so far have been answered")
            if (got := _sample(ports.outputs)) != expected[received]:
                complaint = f"{y} changed while it waited for {y_ready}" if waiting else "wrong output"
                bench.fail(complaint, received, got, alone=steady)
            if taking:
                received, last, idle = received + 1, clock, 0
        elif waiting or valid != "0":
            when = f"while {y} waits for {y_ready}" if waiting else "after the reset"
            bench.complain(f"{y_valid} is {valid} {when}")
        waiting = valid == "1" and not taking
        if offering and str(ports.accepts.value) == "1":
            sent, offering, idle = sent + 1, False, 0
        if idle > _PATIENCE + bench.latency:
            break
    if received < count:
        bench.complain(f"nothing moves any more: of {count} inputs, {sent} were taken and {received} answered")
    return last + 1


async def _stream_latency(bench: Bench, ports: _Stream) -> int:
    """Return the clocks from the first input that is taken to the first valid output, unstalled."""
    _drive(ports.inputs, bench.words[0])
    ports.offer.value = ports.take.value = 1
    taken = None
    for clock in range(bench.latency + _PATIENCE):
        await ports.edge
        if taken is None and str(ports.accepts.value) == "1":
            taken = clock
            ports.offer.value = 0
        if taken is not None and str(ports.valid.value) == "1":
            return clock - taken
    bench.complain("no output comes" if taken is not None else "no input is taken")


def _handle(dut: Any, bench: Bench, role: str, direction: str = "") -> Any:
    return getattr(dut, bench.ports.of(role, direction).name)


def _inputs(dut: Any, bench: Bench) -> list[Any]:
    return [getattr(dut, port.name) for port in bench.ports.inputs]


def _outputs(dut: Any, bench: Bench) -> list[Any]:
    return [getattr(dut, port.name) for port in bench.ports.outputs]


def _drive(inputs: Iterable[Any], word: Codes) -> None:
    for handle, bits in zip(inputs, word, strict=True):
        handle.value = bits


def _sample(outputs: Iterable[Any]) -> str:
    return "".join([str(handle.value) for handle in outputs])


async def _start_clock(dut: Any, bench: Bench) -> RisingEdge:
    """Start the clock low, whatever the last test left, and return its rising edge."""
    clock = _handle(dut, bench, "clock")
    clock.value = 0
    await Timer(_PERIOD_NS, "ns")
    Clock(clock, _PERIOD_NS, "ns").start(start_high=False)
    return RisingEdge(clock)
