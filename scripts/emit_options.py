"""Options of ``softgate emit``: those of the files, which composites have, too, and those of units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import click

from .common import json_option

__all__ = ["file_options", "unit_options"]

_Decorator: TypeAlias = Callable[[Any], Any]


def _all(options: Sequence[_Decorator]) -> _Decorator:
    """Return the decorator that adds options in the order in which the help lists them."""

    def add(command: Any) -> Any:
        # A command lists options in the order in which they are added, a function the other way round.
        for option in options if isinstance(command, click.Command) else reversed(options):
            command = option(command)
        return command

    return add


file_options = _all(
    [
        click.option(
            "--name",
            metavar="NAME",
            help="Name of the module and the files; by default that of the function or composite.",
        ),
        click.option(
            "--out",
            "folder",
            default=".",
            show_default=True,
            type=click.Path(path_type=Path),
            help="Folder to write to.",
        ),
        click.option("--bench", is_flag=True, help="Also write a cocotb bench, a file of your own to change."),
        click.option("--vectors", is_flag=True, help="Also write stimulus, expected output and a plain Verilog bench."),
        click.option("--force", is_flag=True, help="Overwrite files that softgate did not write."),
        json_option,
    ]
)
"""Name, folder and further files of what is emitted."""

unit_options = _all(
    [
        click.option(
            "-i", "--input", "input_format", required=True, metavar="FORMAT", help="Input format, such as SQ4.12."
        ),
        click.option(
            "-o",
            "--output",
            "output_format",
            metavar="FORMAT",
            help="Output format, such as SQ1.15; thresholds have their own.",
        ),
        click.option(
            "--table",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="A function as its values at all input codes (.npy).",
        ),
        click.option(
            "--thresholds",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Count the thresholds of this array (.npy).",
        ),
        click.option(
            "--with-derivative",
            metavar="FORMAT",
            help="Format of a second output, dy, with the derivative of FUNCTION at x.",
        ),
        click.option(
            "--port",
            "ports",
            multiple=True,
            metavar="NAME=FORMAT",
            help="A parameter of FUNCTION as an input of the unit.",
        ),
        click.option(
            "--max-error", metavar="ERROR", help="Error budget: 1ulp (faithful; the default), 0.5ulp, 1e-4, 2^-12."
        ),
        click.option("--clip", metavar="LO:HI", help="Limits that the input is saturated to first, such as -4:4."),
        click.option(
            "--range",
            "input_range",
            metavar="LO:HI",
            help="Range that the input is known to stay within, such as -4:4.",
        ),
        click.option("--method", metavar="NAME", help="Approximation method; by default the best of all."),
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="KEY=VALUE",
            help="Parameter of the function or the method; repeatable.",
        ),
        click.option(
            "--interface", default="pipeline", show_default=True, metavar="NAME", help="comb, pipeline, stream or axis."
        ),
        click.option("--tlast", is_flag=True, help="Let an AXI4-Stream (axis) carry tlast."),
        click.option(
            "--target",
            metavar="NAME",
            help="FPGA to build for (see `softgate list targets`); by default no particular one.",
        ),
        click.option(
            "--frequency",
            type=float,
            metavar="MHZ",
            help="Clock frequency to meet on the target; by default its usual one.",
        ),
        click.option("--latency", type=int, metavar="N", help="The most clocks from input to output."),
        click.option(
            "--stages",
            type=int,
            metavar="N",
            help="Ranks of registers, spread evenly by delay, rather than for a clock.",
        ),
        click.option(
            "--register-after",
            "registers",
            multiple=True,
            metavar="STEP",
            help="Put registers after this step, rather than for a clock; repeatable.",
        ),
        click.option(
            "--objective",
            default="balanced",
            show_default=True,
            metavar="NAME",
            help="What the unit is to be best at: luts, latency, fmax, or the product of size and latency.",
        ),
        click.option(
            "--effort",
            default="quick",
            show_default=True,
            metavar="NAME",
            help="How far to look, among all methods or the one named: quick (a cost model), normal or high "
            "(synthesis).",
        ),
        click.option(
            "--verify/--no-verify",
            default=True,
            show_default=True,
            help="Whether the clock of --frequency is routed where the target's delays predict at most 5 % more.",
        ),
        click.option(
            "--dsp", type=int, metavar="N", help="The most multiplier blocks; no limit unless given, 0 forbids them."
        ),
        click.option(
            "--bram", type=int, metavar="N", help="The most block RAMs; no limit unless given, 0 forbids them."
        ),
        click.option(
            "--interval",
            type=int,
            default=1,
            show_default=True,
            metavar="K",
            help="Clocks from one input to the next, 1 to 32; with more than 1, the rows of a product, or products in "
            "multiplier blocks, take turns in as few units as that allows.",
        ),
        click.option("--saturate", is_flag=True, help="Accept an output format that cannot hold all values."),
        click.option(
            "--monotonic", is_flag=True, help="Ask for outputs that rise and fall only where the function does."
        ),
        click.option(
            "--ends",
            metavar="NAME",
            help="Outputs where the function is saturated, and at 0: exact, the default (its limit, and f(0) if that "
            "is a "
            "code), or free.",
        ),
        click.option(
            "--rounding",
            metavar="MODE",
            help="Ask for the one output that a mode gives, in place of --max-error and --ends: half_even, half_up, "
            "half_away, "
            "floor or zero.",
        ),
        click.option("--symmetric", is_flag=True, help="Ask for outputs that have the function's symmetry exactly."),
        click.option(
            "--max-bias",
            metavar="ERROR",
            help="The largest mean error, of outputs and of their absolute values: 0.05ulp, 1e-5, 2^-16.",
        ),
    ]
)
"""Options that say what a unit is and how it is built."""
