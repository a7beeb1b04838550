"""Specifications in short, and what plans for them compute."""

from hardware import built

from softgate.accuracy.budget import Budget
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.unit import choose_schedule
from softgate.plan import FixedFormat
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.golden.model import golden


def specify(function, source, output, budget=None, **options):
    """Return a specification of text: a function's name (or a function), two formats, a budget."""
    function = create_function(function) if isinstance(function, str) else function
    parse = FixedFormat.parse
    return Specification(function, parse(source), parse(output), budget and Budget.parse(budget), **options)


def table(plan, name):
    """Return the entries of a plan's look-up."""
    return plan.by_name[name].operation.table


def outputs(specification, plan):
    """Return the golden model's output for every input."""
    return golden(plan)(specification.input_format.codes(*specification.codes))


def hardware_outputs(specification, plan, frequency=None):
    """Return the output of the emitted Verilog for every input: a pipeline's if built for a clock in MHz."""
    if frequency is None:
        schedule, interface = choose_schedule(plan, "comb"), "comb"
    else:
        schedule, interface = choose_schedule(plan, "pipeline", target="ecp5", frequency=frequency), "pipeline"
    text = module_text(schedule, interface, "unit", header="")
    unit = built(text, "unit", ports=ports(plan, interface), latency=schedule.latency)
    codes = specification.input_format.codes(*specification.codes)
    return decode(unit.run(codes)[0], specification.output_format.width, specification.output_format.signed)
