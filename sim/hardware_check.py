"""The check of a unit's Verilog against the golden model of its plan, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..accuracy.limits import EXHAUSTIVE_CODES
from ..hdl.manifest import Manifest
from ..hdl.targets import Target
from ..plan.operations.base import Range
from ..support.yosys import YosysError
from .check_result import CheckResult
from .engines.bit_patterns import decode
from .engines.compiled import CompiledUnit
from .engines.faults import ProtocolError
from .engines.interpreted import InterpretedUnit
from .golden.model import GoldenModel, golden
from .golden.plan_evaluation import RangeError
from .proofs.adder_cells import has_cells, prove_cells
from .stimulus import codes_in_order, combinations, stimulus_codes
from .transfers import add_last

__all__ = ["check_adders", "check_hardware", "describe_step_values"]

_CHUNK = 1 << 20
"""Codes run at a time: two arrays of them take little memory beside the interpreter."""


def check_hardware(
    manifest: Manifest,
    text: str,
    build: Callable[..., CompiledUnit | InterpretedUnit],
    progress: Callable[[float], None] = lambda _: None,
    *,
    stalled: int = 1 << 13,
) -> Iterator[CheckResult]:
    """Check Verilog against the golden model of a manifest's plan, bit for bit, and its interface protocol.

    Where synthesis reads a vendor's adder cells in the text, these are proved to add as what is checked here does.

    Parameters
    ----------
    manifest
        The manifest of the unit.
    text
        The Verilog.
    build
        Makes a unit that runs: `compile_unit`, or `quick_unit` with its parameters.
    progress
        Called with the share of inputs walked, from 0 to 1.
    stalled
        Inputs run once more with random stalls.

    """
    plan, protocol = manifest.plan, manifest.ports.protocol
    try:
        unit = build(text, manifest.name, ports=manifest.ports, latency=manifest.latency, held=manifest.held)
    except (YosysError, ValueError) as error:
        yield CheckResult("hardware", False, f"{manifest.verilog} cannot be built: {error}")
        return
    model = golden(plan)
    count, chunk = combinations(plan), _CHUNK // manifest.held
    exhaustive = count <= EXHAUSTIVE_CODES
    sample = [row.astype(fmt.code_dtype) for row, (_, fmt) in zip(stimulus_codes(plan), plan.inputs, strict=True)]
    chunks: list[list[NDArray[Any]]] | Iterator[list[NDArray[Any]]] = [sample]
    if exhaustive:
        chunks = (codes_in_order(plan, at, min(at + chunk, count)) for at in range(0, count, chunk))
    walked = 0
    try:
        for codes in chunks:
            if (wrong := _first_difference(manifest, model, codes, unit.run)) is not None:
                yield CheckResult("hardware", False, wrong)
                return
            walked += len(codes[0])
            progress(walked / count if exhaustive else 1.0)
        which = "every input" if exhaustive else "corner codes and a sample"
        if any(plan.ranges[name] != Range.of(fmt) for name, fmt in plan.inputs):
            which += " within the range"
        what = "codes" if len(plan.inputs) == 1 else "combinations of codes"
        yield CheckResult("hardware", True, f"bit-exact against the golden model on {which} ({walked} {what})")
        yield from check_adders(text, manifest.name, manifest.options.device)
        if protocol == "comb":
            return
        # As many transfers however few inputs there are: stalls must reach every stage.
        places = np.random.default_rng(2).choice(len(sample[0]), stalled)
        wrong = _first_difference(manifest, model, [row[places] for row in sample], partial(unit.run, stalls=1))
        yield CheckResult("stalls", wrong is None, wrong or f"bit-exact with random stalls ({stalled} transfers)")
        if protocol == "stream":
            measured = unit.measured_latency()
            agrees = measured == manifest.latency
            yield CheckResult("latency", agrees, f"{measured} clocks measured, {manifest.latency} declared")
    except ProtocolError as error:
        yield CheckResult("protocol", False, str(error))
    except RangeError as error:
        yield CheckResult("ranges", False, str(error))


def check_adders(verilog: str, top: str, target: Target) -> Iterator[CheckResult]:
    """Yield whether a vendor's cells add as the plain text does; nothing where the text has none (decision 060)."""
    if has_cells(verilog):
        proof = prove_cells(verilog, top, target)
        yield CheckResult("adders", proof.holds, proof.sentence)


def _first_difference(
    manifest: Manifest,
    model: GoldenModel,
    codes: Sequence[NDArray[Any]],
    run: Callable[..., tuple[NDArray[np.uint64], ...]],
) -> str | None:
    """Describe the first input at which hardware and golden model differ, or return None."""
    answers, ports = model(*codes), manifest.ports
    columns, expected = add_last(ports, codes, answers if isinstance(answers, tuple) else [answers])
    for field, want, words in zip(ports.fields("output"), expected, run(*columns), strict=True):
        got = decode(words, field.width, field.signed)
        differs = np.flatnonzero(got != want)
        if len(differs):
            at = differs[0]
            first = [int(column[at]) for column in codes]
            where = ", ".join(
                f"{name} = {code} ({float(fmt.shown.value(code))})"
                for (name, fmt), code in zip(manifest.plan.inputs, first, strict=True)
            )
            return (
                f"{field.label} differs at {len(differs)} of {len(want)} inputs, first at {where}: "
                f"expected {int(want[at])}, got {int(got[at])}\n{describe_step_values(model, *first)}"
            )
    return None


def describe_step_values(model: GoldenModel, *codes: int) -> str:
    """Return the code and the value of every step at one input, one line each."""
    trace, points = model.trace(*codes), model.plan.points
    names = max(map(len, trace))
    digits = max(len(str(code)) for code in trace.values())
    return "\n".join(
        f"  {name:<{names}}  {code:>{digits}}  {code * 2.0 ** -points[name]:.10g}" for name, code in trace.items()
    )
