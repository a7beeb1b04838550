"""The drivers of a netlist's wires: what each is, and where it reads bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from .operators import OPERATORS, Operator
from .rtlil import Bits, Update, substitute

__all__ = ["Driver", "Expression", "Instance", "Register", "Site", "Write"]


class Site(NamedTuple):
    """A place where a driver reads bits; ``place`` tells which expressions may stand there instead of a name.

    ``own``: any, since size and sign do not depend on the context; ``operand``: those that take no sign from the
    context; ``name``: none.
    """

    bits: Bits
    place: str


@dataclass(frozen=True)
class Expression:
    """An operation on operands that already have its exact size.

    Its kind is one of `OPERATORS`; that of a word of a table comes with the name of the table.
    """

    kind: str
    operands: tuple[Bits, ...]
    signed: bool = False
    table: str = ""

    @property
    def operator(self) -> Operator:
        """The cell's operator in Verilog."""
        return OPERATORS[self.kind]

    @property
    def is_alias(self) -> bool:
        """Whether it is only another name for bits."""
        return self.kind == "alias"

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The places where it reads bits, in the order of its text."""
        place = "own" if self.operator.form in ("alias", "word") else "operand"
        return tuple(Site(bits, place) for bits in self.operands)

    def substituted(self, values: Mapping[str, Bits]) -> Expression:
        """Return it with values in the place of wires."""
        operands = tuple(substitute(bits, values) for bits in self.operands)
        return Expression(self.kind, operands, self.signed, self.table)


@dataclass(frozen=True)
class Register:
    """Takes the value of the last of its updates that applies, at the rising edge of its clock."""

    clock: Bits
    updates: tuple[Update, ...]

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The places where it reads bits, in the order of its text."""
        found = [Site(self.clock, "name")]
        for update in self.updates:
            if update.condition:
                found.append(Site(update.condition, "operand"))
            found.append(Site(update.value, "own"))
        return tuple(found)

    def substituted(self, values: Mapping[str, Bits]) -> Register:
        """Return it with values in the place of wires."""
        updates = [Update(substitute(item.condition, values), substitute(item.value, values)) for item in self.updates]
        return Register(substitute(self.clock, values), tuple(updates))


@dataclass(frozen=True)
class Write:
    """Puts data into a word of a memory, at the rising edge of a clock, where `enable` is high.

    In a netlist it drives a wire of its own, which nothing reads: what depends on the memory depends on the write.
    """

    table: str
    clock: Bits
    enable: Bits
    address: Bits
    data: Bits

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The places where it reads bits, in the order of its text."""
        return (
            Site(self.clock, "name"),
            Site(self.enable, "operand"),
            Site(self.address, "own"),
            Site(self.data, "own"),
        )

    def substituted(self, values: Mapping[str, Bits]) -> Write:
        """Return it with values in the place of wires."""
        bits = (substitute(each, values) for each in (self.clock, self.enable, self.address, self.data))
        return Write(self.table, *bits)


@dataclass(frozen=True)
class Instance:
    """Drives a wire by the one output of another module, whose result depends on its inputs alone."""

    module: str
    parameters: tuple[tuple[str, int], ...]
    inputs: tuple[tuple[str, Bits], ...]
    output: str

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The places where it reads bits, in the order of its text."""
        return tuple(Site(bits, "own") for _, bits in self.inputs)

    def substituted(self, values: Mapping[str, Bits]) -> Instance:
        """Return it with values in the place of wires."""
        inputs = tuple((name, substitute(bits, values)) for name, bits in self.inputs)
        return Instance(self.module, self.parameters, inputs, self.output)


Driver: TypeAlias = Expression | Instance | Register | Write
