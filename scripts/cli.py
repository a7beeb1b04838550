"""The command `softgate`: finds its subcommands and turns errors into one sentence and an exit code."""

from __future__ import annotations

import importlib
import sys
import warnings
from difflib import get_close_matches

import click

from ..support.exceptions import SoftgateError
from .stopping import stoppable

__all__ = ["main", "run_command", "softgate"]

_COMMANDS = {
    "list": "Functions, composites, methods, interfaces and targets.",
    "emit": "Make a unit or composite: Verilog and its manifest.",
    "explain": "Why a unit was chosen, or what a composite promises.",
    "show": "A unit's plan: listing, drawing, values at an input.",
    "eval": "Run the golden model over an array.",
    "simulate": "Run the cocotb bench on a simulator.",
    "check": "Check Verilog and manifest against each other.",
    "prove": "Prove that no stalls harm a transfer.",
    "synth": "Synthesise, place and route; area and clock frequency.",
    "sweep": "Make and measure every point of a grid.",
    "plot": "Draw a sweep's Pareto fronts, and make a page to explore it in.",
    "export": "Write a sweep's results as CSV or Parquet.",
    "scan": "What units an ONNX model needs, from a run of it on data.",
    "calibrate": "Fit a target's delays and costs to units routed for it.",
}
"""Subcommands and their help, in the order of a session; each one's module is imported only when it runs."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        cmd_name = cmd_name.lower()
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f".{cmd_name}_command", __package__)
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0].lower() not in _COMMANDS and not args[0].startswith("-"):
            if args[0].lower() == "benchmark":
                moved = "run python -m benchmarks KIND in a checkout, or fit a target by softgate calibrate TARGET"
                raise click.UsageError(f"there is no command benchmark any more; {moved}", ctx)
            near = get_close_matches(args[0].lower(), list(_COMMANDS), n=1)
            hint = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(_COMMANDS)}"
            raise click.UsageError(f"there is no command {args[0]!r:.60}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="softgate")
def softgate() -> None:
    """Small, fast, proven FPGA units for neural activation functions.

    Name a function, two fixed-point formats and an error budget:

        softgate emit tanh -i SQ4.12 -o SQ1.15 --max-error 1ulp --out build/

    Exit code 0: good; 1: a check failed, or a budget or clock was not met; 2: bad usage, or a tool is missing; 130:
    interrupted; 143: terminated.
    """


def main() -> None:
    """Run the command line."""
    # With a name given, `python -m` and the installed script speak of themselves alike.
    run_command(softgate, "softgate")


def run_command(command: click.Command, name: str) -> None:
    """Run a command by its name and exit; when a signal ends it, with all that it started."""
    warnings.showwarning = _show_warning
    try:
        with stoppable():
            status = command.main(prog_name=name, standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"Error: {_in_one_line(error.format_message())}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo("stopped", err=True)
        # If the signal arrives inside click, click turns it into an error of its own.
        stop = error.__context__ if isinstance(error, click.Abort) else error
        sys.exit(getattr(stop, "status", 130))
    except Exception as error:
        code, message = _for_the_user(error)
        if code is None:
            raise
        click.echo(f"Error: {message}", err=True)
        sys.exit(code)
    sys.exit(status if isinstance(status, int) else 0)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as one sentence, without its place in the code, which is of no use to the user."""
    click.echo(f"Warning: {message}", err=True)


def _for_the_user(error: Exception) -> tuple[int | None, str]:
    """Return exit code and message for a user's error; no exit code for a fault of softgate."""
    if isinstance(error, SoftgateError):
        return error.exit_code, str(error)
    if isinstance(error, OSError) and error.strerror:
        # Errors of all other files name the file: this is standard output.
        used = "standard output" if error.filename is None else repr(str(error.filename))
        return 2, f"cannot use {used}: {error.strerror}"
    if isinstance(error, ValueError | TypeError | OSError):
        return 2, _in_one_line(str(error))
    return None, ""


def _in_one_line(message: str) -> str:
    """Return a message with unprintable characters, such as a line feed in an argument, escaped."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in message)
