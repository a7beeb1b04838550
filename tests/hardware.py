"""Plans in hardware and in the golden model, on inputs that matter."""

from collections import OrderedDict
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, Phase

from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.plan import Plan
from softgate.plan.plan import Output, Step
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit
from softgate.sim.engines.interpreted import interpret_unit, quick_unit
from softgate.sim.engines.word_netlist import UnsupportedCellError
from softgate.sim.golden.model import golden

_KEPT = 32
"""Checked units that are kept, the last that were asked for."""

_KEPT_RUNS = 4
"""Runs of a checked unit that are kept: on all inputs, and with stalls."""

_KEPT_CODES = 1 << 16
"""The most codes of an input of a run that is kept."""

_checked = OrderedDict()


class _Checked:
    """A unit that answers what it was asked before with what came out then."""

    def __init__(self, unit):
        self._unit = unit
        self._runs = OrderedDict()

    def run(self, *codes, stalls=None):
        if len(codes[0]) > _KEPT_CODES:
            return self._unit.run(*codes, stalls=stalls)
        key = (stalls, *((str(array.dtype), array.tobytes()) for array in map(np.asarray, codes)))
        if key not in self._runs:
            self._runs[key] = self._unit.run(*codes, stalls=stalls)
            if len(self._runs) > _KEPT_RUNS:
                self._runs.popitem(last=False)
        return tuple(array.copy() for array in self._runs[key])

    def measured_latency(self):
        return self._unit.measured_latency()


def checked(verilog, top, *, ports, latency, held=1):
    """Return a unit for the check, interpreted if it can be, and kept: many manifests are checked with one Verilog."""
    key = (verilog, top, ports, latency, held)
    if key not in _checked:
        _checked[key] = _Checked(quick_unit(verilog, top, ports=ports, latency=latency, held=held))
        if len(_checked) > _KEPT:
            _checked.popitem(last=False)
    _checked.move_to_end(key)
    return _checked[key]


def built(verilog, top, *, ports, latency, held=1):
    """Return a unit that runs: interpreted if it can be, as a compiler takes longer than most tests (decision 011)."""
    try:
        return interpret_unit(verilog, top, ports=ports, latency=latency, held=held)
    except UnsupportedCellError:
        return compile_unit(verilog, top, ports=ports, latency=latency, held=held)


def run_hardware(schedule, interface, columns, stalls=None):
    """Return the output codes of the emitted Verilog, one list an output."""
    plan = schedule.plan
    text = module_text(schedule, interface, "unit")
    held = schedule.interval if interface == "pipeline" else 1
    unit = built(text, "unit", ports=ports(plan, interface), latency=schedule.latency, held=held)
    codes = [np.array(column, dtype=fmt.code_dtype) for column, (_, fmt) in zip(columns, plan.inputs, strict=True)]
    words = unit.run(*codes, stalls=stalls)
    return [decode(w, o.format.width, o.format.signed).tolist() for w, o in zip(words, plan.outputs, strict=True)]


def run_golden(plan, columns):
    codes = golden(plan)(*(np.array(c, dtype=fmt.code_dtype) for c, (_, fmt) in zip(columns, plan.inputs, strict=True)))
    return [array.tolist() for array in (codes if isinstance(codes, tuple) else (codes,))]


def renamed(plan, names):
    """Return a plan with other names for its steps and outputs."""
    steps = []
    for step in plan.steps:
        operands = {field: names(getattr(step.operation, field)) for field in step.operation.operand_fields}
        steps.append(Step(names(step.name), replace(step.operation, **operands), step.note))
    return Plan(tuple(steps), tuple(Output(names(o.name), names(o.step), o.format) for o in plan.outputs))


def side_by_side(parts):
    """Return one plan of several: part n has the prefix ``p<n>_`` before every name."""
    prefixed = [renamed(part, lambda name, number=number: f"p{number}_{name}") for number, part in enumerate(parts)]
    return Plan(sum((plan.steps for plan in prefixed), ()), sum((plan.outputs for plan in prefixed), ()))


def corner_columns(plan, seed, count=40):
    """Return codes for every input: all corners against each other's, then random ones of every magnitude."""
    random = np.random.default_rng(seed)
    columns = []
    for name, fmt in plan.inputs:
        held = plan.ranges[name]
        corners = np.array([*held, 0, -1, 1], dtype=object)
        drawn = random.integers(*held, count, dtype=fmt.code_dtype, endpoint=True)
        drawn = [
            int(code) >> int(shift) for code, shift in zip(drawn, random.integers(0, fmt.width, count), strict=True)
        ]
        codes = [*random.choice(corners, 20).tolist(), *drawn]
        columns.append([min(max(code, held.low), held.high) for code in codes])
    return columns


EXAMPLES = {
    "derandomize": True,
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],  # to shrink takes minutes, as every attempt is compiled
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
}
