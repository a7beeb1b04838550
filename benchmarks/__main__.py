"""Run with ``python -m benchmarks KIND`` in a checkout, beside an installed softgate."""

from .cli import command

command(prog_name="python -m benchmarks")
