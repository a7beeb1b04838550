"""Design of a composite: the words that its contract needs, and the best unit for each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...accuracy.ball_arithmetic import uses_ball_arithmetic
from ...accuracy.composites import find_composite
from ...accuracy.composites.base import Composite, Promise, Words
from ...accuracy.specification import Specification
from ...hdl.build_options import BuildOptions
from ...hdl.composites.base import CompositeHardware
from ...hdl.composites.component import CompositeComponent
from ...hdl.composites.manifest import CompositeManifest
from ...hdl.composites.part_record import PartRecord
from ...hdl.manifest_fields import printer_versions
from ...sim.composite_model import golden_model
from ...sim.golden.composites import CompositeModel
from ...support.files import sha256_text
from ..choose.result import Design
from ..design import design
from ..emission import Extras, check_destination, write_unit

__all__ = ["CompositeDesign", "design_composite"]


@dataclass(frozen=True, repr=False)
class CompositeDesign:
    """A composite that keeps its contract, ready to become hardware.

    Attributes
    ----------
    asked : Composite
        What was asked for.
    words : Mapping of str to int
        What its arithmetic is built with.
    parts : Mapping of str to PartRecord
        The parts by name, each with its plan and its error.
    options : BuildOptions
        Interface, target and clock.

    """

    asked: Composite
    words: Words
    parts: Mapping[str, PartRecord]
    options: BuildOptions

    def __repr__(self) -> str:
        return f"<CompositeDesign {self.asked.title}>"

    @property
    def contract(self) -> tuple[Promise, ...]:
        """The promises of the composite."""
        return self._unnamed.contract

    @property
    def manifest(self) -> CompositeManifest:
        """The manifest that `emit` writes if no name and no further files are asked for."""
        return self._manifest(self.asked.name, self.verilog())

    @cached_property
    def golden(self) -> CompositeModel:
        """The bit-accurate numpy model."""
        return golden_model(self._unnamed)

    @property
    def hardware(self) -> CompositeHardware:
        """Ports, timing and Amaranth statements."""
        return self._unnamed.hardware

    @property
    def latency(self) -> int:
        """Clocks from the first input to the first output, unless stalled."""
        return self.hardware.latency

    def component(self) -> CompositeComponent:
        """Return it as an Amaranth component."""
        return CompositeComponent(self.hardware)

    def verilog(self, name: str | None = None) -> str:
        """Return it as one Verilog module, called after the composite unless named."""
        name = self.asked.name if name is None else name
        return self.hardware.verilog(name, header=self._unnamed.header)

    def emit(
        self,
        folder: str | Path,
        *,
        name: str | None = None,
        extras: Extras | None = None,
        force: bool = False,
        notes: Callable[[str], None] = lambda _: None,
    ) -> CompositeManifest:
        """Write ``<name>.v`` and ``<name>.json`` into a folder (see `explore.emission.emit_unit`)."""
        name = self.asked.name if name is None else name
        check_destination(name, folder, self.options.interface, tlast=self.options.tlast)
        if name in {port.name for port in self.hardware.ports}:
            raise ValueError(f"name {name!r} is that of a port of {self.asked.name}, too; choose another")
        text = self.verilog(name)
        manifest = self._manifest(name, text)
        return write_unit(manifest, text, folder, extras=extras, force=force, notes=notes)

    @cached_property
    def _unnamed(self) -> CompositeManifest:
        return self._manifest(self.asked.name, "")

    def _manifest(self, name: str, text: str) -> CompositeManifest:
        return CompositeManifest(
            name=name,
            asked=self.asked,
            words=self.words,
            parts=self.parts,
            options=self.options,
            verilog=f"{name}.v",
            verilog_sha256=sha256_text(text),
            versions=printer_versions(),
        )


@uses_ball_arithmetic
def design_composite(
    name: str,
    *,
    interface: str = "stream",
    tlast: bool = False,
    target: str | None = None,
    frequency: float | None = None,
    effort: str = "quick",
    progress: Callable[[str], None] | None = None,
    cache: bool = False,
    **given: Any,
) -> CompositeDesign:
    """Find a composite that keeps its contract.

    Parameters
    ----------
    name
        The composite, such as ``softmax``.
    interface
        How it is connected: ``stream`` or ``axis``; of composites without vectors also ``pipeline`` and ``comb``.
    tlast
        Whether an AXI4-Stream carries ``tlast`` where its transfers are no vectors; those of vectors always do.
    target, frequency
        FPGA and clock that it is built for (see `softgate.design`).
    effort
        How candidates for the parts are weighed (see `softgate.design`).
    progress
        Called with a short text for each step of the search.
    cache
        Whether to take parts that were found before from the cache.
    **given
        The arguments of the composite.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or no words keep the contract.
    BudgetError, TimingError
        If a part cannot keep its budget, or the target the clock.

    """
    asked = find_composite(name).read(**given)
    options = BuildOptions.read(interface=interface, tlast=tlast, target=target, frequency=frequency)
    if asked.streams_vectors and options.interface == "axis":
        options = options.changed(tlast=True)
    asked.check_interface(options.interface)
    words = asked.words()
    report = progress or (lambda _: None)
    parts: dict[str, PartRecord] = {}
    for part, unit in asked.parts(words).items():
        found: Design = design(
            unit.function,
            unit.input_format,
            unit.output_format,
            max_error=unit.budget,
            monotonic=unit.monotonic,
            saturate=unit.saturate,
            interface="comb" if options.interface == "comb" else "pipeline",
            target=options.target,
            frequency=options.frequency,
            dsp=0,
            bram=0,
            effort=effort,
            cache=cache,
            verify=False,  # what is placed is the composite
            progress=lambda text, part=part: report(f"{part}: {text}"),  # type: ignore[misc]
        )
        assert isinstance(found.specification, Specification)  # of one input
        parts[part] = PartRecord(
            found.specification, found.method, found.parameters, found.plan, found.errors.as_dict()
        )
    return CompositeDesign(asked, words, parts, options)
