"""Lemmas: claims about some clocks of a unit, from any state and under any inputs, proved by Yosys.

A lemma is a module without registers: one copy of a unit's step function per clock, and one bit per claim, high if it
does not hold. Yosys's SAT solver proves that these bits are 0 for all inputs. Before that, equal logic with equal
operands is merged, so that the solver never has to reason about multipliers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from ...hdl.interfaces import Port, Ports
from ...support.files import scratch_folder
from ...support.yosys import run_yosys
from .step_function import MODULE, NEXT, STATE, StepFunction

__all__ = ["Answer", "Clock", "Lemma"]

WALK = "walk"

_MERGE = """read_json step.json
read_verilog lemma.v
hierarchy -top lemma
flatten {walk}
opt_expr {walk}
opt_clean -purge {walk}
flatten
opt_clean -purge
opt_expr
opt_merge
opt_expr
opt_clean -purge
"""

# Signals that are equal in simulation are proved equal and merged, from the inputs up: sound claims become constants
# (decision 058).
_SWEEP = """techmap
opt_clean -purge
abc -g AND -script sweep.abc
opt_clean -purge
"""

_SWEEP_ABC = """strash
fraig -C 1000000
map
"""

_PROVE = "sat -prove ok 1 -show wrong -timeout {seconds}\n"


@dataclass(frozen=True)
class Answer:
    """The outcome of a lemma.

    Parameters
    ----------
    holds
        Whether all claims are proved.
    wrong
        Labels of the claims that fail in the case found; empty if the solver gave up.

    """

    holds: bool
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clock:
    """A clock of a lemma: expressions for the registers after it, and for the outputs before its edge, by name."""

    after: str
    outputs: Mapping[str, str]


class Lemma:
    """A lemma under construction.

    Parameters
    ----------
    step
        The unit's step function.
    ports
        The unit's ports.
    moving
        Values of the inputs, by name, with which the unit never stalls: those of `walk`.

    """

    def __init__(self, step: StepFunction, ports: Ports, moving: Mapping[str, str]) -> None:
        self._step, self._ports, self._moving = step, ports, moving
        self._inputs: list[str] = []
        self._lines: list[str] = []
        self._claims: list[tuple[str, str]] = []

    @property
    def ports(self) -> Ports:
        """The unit's ports."""
        return self._ports

    @property
    def registers(self) -> tuple[str, ...]:
        """Names of the unit's registers."""
        return tuple(self._step.places)

    def width(self, name: str) -> int:
        """Return the bits of a register; raise `ValueError` for an unknown name."""
        if name not in self._step.places:
            raise ValueError(f"there is no register {name}")
        return self._step.places[name][1]

    def register(self, state: str, name: str) -> str:
        """Return an expression for a register in a state; raise `ValueError` for an unknown name."""
        width = self.width(name)
        low = self._step.places[name][0]
        return f"{state}[{low + width - 1}:{low}]"

    def state_with(self, held: Mapping[str, str], others: str | None = None) -> str:
        """Return an expression for registers with given contents by name, and others with any, or those of a state."""
        for name in held:
            self.width(name)
        parts = [
            held.get(name) or (self.register(others, name) if others else self.anything(width))
            for name, width in self._step.registers
        ]
        return self.let(self._step.width, f"{{{', '.join(reversed(parts))}}}")

    def let(self, width: int, expression: str) -> str:
        """Return a name for an expression, cut or extended with zeros to this width."""
        name = f"let{len(self._lines)}"
        self._lines.append(f"wire [{width - 1}:0] {name} = {expression};")
        return name

    def anything(self, width: int = 1) -> str:
        """Return an expression that may have any value of this width."""
        name = f"any{len(self._inputs)}"
        self._inputs.append(f"input [{width - 1}:0] {name}")
        return name

    def anything_on(self, ports: tuple[Port, ...]) -> dict[str, str]:
        """Return expressions that may have any values, for ports by their names."""
        return {port.name: self.anything(port.width) for port in ports}

    def padded(self, words: Mapping[str, str]) -> dict[str, str]:
        """Return words of input ports by name, with the same codes and any padding."""
        found = dict(words)
        for port in self._ports:
            if port.name in words and any(field.padding for field in port.fields):
                found[port.name] = f"{{{', '.join(reversed([*self._with_padding(port, words[port.name])]))}}}"
        return found

    def _with_padding(self, port: Port, word: str) -> Iterator[str]:
        """Yield the fields of a word from the lowest bits up, each with any padding behind its code."""
        for field in port.fields:
            code = field.width - field.padding
            yield f"{word}[{field.low + code - 1}:{field.low}]"
            if field.padding:
                yield self.anything(field.padding)

    def any_state(self) -> str:
        """Return an expression for registers with any content."""
        return self.anything(self._step.width) if self._step.registers else "1'b0"

    def power_up(self) -> str:
        """Return an expression for registers at power-up: those without an initial value have any content."""
        return self.state_of(self._step.initial)

    def state_of(self, digits: str) -> str:
        """Return an expression for registers with these binary digits, the highest first, and any where one is x."""
        runs = ["".join(run) for _, run in groupby(digits, key=lambda digit: digit == "x")]
        parts = [self.anything(len(run)) if "x" in run else f"{len(run)}'b{run}" for run in runs]
        return self.let(len(digits), f"{{{', '.join(parts)}}}") if parts else "1'b0"

    def clock(self, state: str, inputs: Mapping[str, str]) -> Clock:
        """Add a clock in a state; inputs not in `inputs` may have any value."""
        return self._add(MODULE, state, inputs)

    def walk(self, state: str, inputs: Mapping[str, str]) -> Clock:
        """Add a clock without stalls."""
        return self._add(WALK, state, inputs)

    def claim(self, label: str, expression: str) -> None:
        """Claim that an expression of one bit is high for all registers and inputs."""
        self._claims.append((label, expression))

    def same_registers(self, condition: str, left: str, right: str) -> None:
        """Claim, register by register, that two states are equal if a condition holds."""
        low = 0
        for name, width in self._step.registers:
            bits = f"[{low + width - 1}:{low}]"
            self.claim(name, f"~({condition}) | {left}{bits} == {right}{bits}")
            low += width

    def prove(self, seconds: int, *, sweep: bool = False) -> Answer:
        """Prove all claims, within a time limit in seconds.

        With `sweep`, equal signals are found first: far faster where many claims are about few registers.
        """
        if not self._claims:
            return Answer(True)
        with scratch_folder() as folder:
            (folder / "step.json").write_text(self._step.text, encoding="utf-8")
            (folder / "lemma.v").write_text(self._walk_text() + self._text(), encoding="utf-8")
            (folder / "sweep.abc").write_text(_SWEEP_ABC, encoding="ascii")
            script = _MERGE.format(walk=WALK) + sweep * _SWEEP + _PROVE.format(seconds=seconds)
            said = run_yosys(script, cwd=folder)
        if "SAT proof finished - no model found" in said:
            return Answer(True)
        model = re.search(r"^ +\\wrong .* ([01]+)$", said, re.MULTILINE)
        bits = model[1] if model else "0" * len(self._claims)
        wrong = [label for (label, _), bit in zip(self._claims, reversed(bits), strict=True) if bit == "1"]
        return Answer(False, tuple(dict.fromkeys(wrong)))

    def _add(self, module: str, state: str, inputs: Mapping[str, str]) -> Clock:
        prefix = f"clock{len(self._lines)}"
        outputs: dict[str, str] = {}
        connections: list[str] = []
        wires: list[str] = []
        for number, port in enumerate(self._ports):
            if module == WALK and port.name in self._moving:
                continue
            if port.direction == "input":
                value = inputs[port.name] if port.name in inputs else self.anything(port.width)
            else:
                value = outputs[port.name] = f"{prefix}_{number}"
                wires.append(f"wire [{port.width - 1}:0] {value};")
            connections.append(f".\\{port.name} ({value})")
        if self._step.registers:
            wires.append(f"wire [{self._step.width - 1}:0] {prefix}_after;")
            connections += [f".\\{STATE} ({state})", f".\\{NEXT} ({prefix}_after)"]
        self._lines.append(f"{' '.join(wires)} \\{module} {prefix} ({', '.join(connections)});")
        return Clock(f"{prefix}_after" if self._step.registers else "1'b0", outputs)

    def _walk_text(self) -> str:
        """Return the step function without stalls as a module, simplified once for its many uses."""
        sides: list[str] = []
        connections: list[str] = []
        ports = [(port.name, port.direction, port.width) for port in self._ports]
        if self._step.registers:
            ports += [(STATE, "input", self._step.width), (NEXT, "output", self._step.width)]
        for name, direction, width in ports:
            escaped = f"\\{name} "
            if name not in self._moving:
                sides.append(f"{direction} [{width - 1}:0] {escaped}")
            connections.append(f".{escaped}({self._moving.get(name, escaped)})")
        return f"module {WALK} ({', '.join(sides)});\n\\{MODULE} unit ({', '.join(connections)});\nendmodule\n"

    def _text(self) -> str:
        expressions = ",\n".join(f"~({expression})" for _, expression in reversed(self._claims))
        lines = "\n".join(self._lines)
        wrong = f"output [{len(self._claims) - 1}:0] wrong"
        sides = ",\n".join([*self._inputs, wrong, "output ok"])
        return (
            f"module lemma (\n{sides});\n{lines}\nassign wrong = {{{expressions}}};\nassign ok = ~|wrong;\nendmodule\n"
        )
