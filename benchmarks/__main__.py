"""Run with ``python -m benchmarks KIND`` in a checkout, beside an installed softgate."""

from softgate.scripts.cli import run_command

from .cli import command

run_command(command, "python -m benchmarks")
