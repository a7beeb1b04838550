"""Units of plans that users write: the Verilog, and a manifest that claims its bits and no function."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from ..hdl.build_options import BuildKeywords, BuildOptions
from ..hdl.manifest import Manifest
from ..hdl.manifest_fields import printer_versions
from ..hdl.unit_text import plan_unit_text
from ..plan.plan import Plan
from ..support.files import sha256_text
from .emission import check_destination, extra_files, write_unit

__all__ = ["emit_plan"]


def emit_plan(
    plan: Plan,
    folder: str | Path,
    name: str,
    *,
    bench: bool = False,
    vectors: bool = False,
    force: bool = False,
    **options: Unpack[BuildKeywords],
) -> Manifest:
    """Write ``<name>.v`` and ``<name>.json`` for a plan of any inputs and outputs.

    The manifest claims no function: a check compares the bits of the Verilog with those of the plan, and says so.

    Parameters
    ----------
    plan
        The plan to emit.
    folder
        The folder to write to; made if it does not exist. A pair that softgate wrote there before is replaced.
    name
        Name of the module and the files.
    bench, vectors
        Whether to write a cocotb bench, and vectors with a plain Verilog bench, beside the pair.
    force
        Overwrite files of these names that softgate did not write.
    **options
        As for `Unit`: interface, target, frequency, and so on.

    Returns
    -------
    Manifest
        The manifest that was written.

    Raises
    ------
    TypeError
        If `plan` is not a `Plan`, or an option is of the wrong kind.
    ValueError
        If the name is not a Verilog identifier or is that of a port, or the interface, registers or ``tlast`` are
        impossible.
    TimingError
        If the target cannot keep the clock.
    FileExistsError
        If softgate did not write a file that would be replaced.
    OSError
        If the folder cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> from softgate.plan import FixedFormat, PlanBuilder
    >>> from softgate.plan.operations import Add
    >>> b = PlanBuilder()
    >>> byte = FixedFormat.parse("SQ4.4")
    >>> total = b.let("sum_of_both", Add(b.input("a", byte), b.input("c", byte)))
    >>> plan = b.build(total=(total, FixedFormat.parse("SQ5.4")))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     manifest = emit_plan(plan, folder, "adder", interface="stream")
    >>> [port.name for port in manifest.ports]
    ['clk', 'rst', 'a', 'c', 'a_valid', 'a_ready', 'total', 'total_valid', 'total_ready']

    """
    if not isinstance(plan, Plan):
        raise TypeError(f"plan must be a Plan, such as PlanBuilder.build returns, not {plan!r}")
    read = BuildOptions.read(**options)
    names = {"inputs": [port for port, _ in plan.inputs], "outputs": [output.name for output in plan.outputs]}
    check_destination(name, folder, read.interface, tlast=read.tlast, **names)
    schedule, text = plan_unit_text(plan, name, read)
    manifest = Manifest(
        name=name,
        specification=None,
        method=None,
        method_parameters={},
        options=read,
        schedule=schedule.seen_from(plan),
        clock=read.clock,
        error=None,
        verilog=f"{name}.v",
        verilog_sha256=sha256_text(text),
        versions=printer_versions(),
    )
    return write_unit(manifest, text, folder, extras=extra_files(bench=bench, vectors=vectors), force=force)
