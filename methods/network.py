"""Networks of look-up tables with four inputs, found by a random search within the budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ..accuracy.admissible import code_directions
from ..accuracy.monotonic import chains
from ..accuracy.specification import Specification
from ..plan.lut_estimate import logic_size
from ..support.parameters import Parameter
from .base import Candidate, Method
from .lut_networks.annealing import smaller
from .lut_networks.build import build
from .lut_networks.network import Network as LutNetwork
from .lut_networks.relation import Relation
from .lut_networks.start import START_FOLDINGS, flat, network_of
from .tables.feasible_tables import admitted, feasible_tables, table_refusal
from .tables.folded_table import budget_or_ulp

__all__ = ["Network"]

_MOST_BITS = 10

_SEARCHED_BITS = 8
"""The most input bits for which networks are weighed: for more, polynomials are smaller."""

_SEARCHED_INPUTS = 4
"""The most inputs of look-up tables for which networks are weighed: with more, plain tables are as small."""

_MOVES = {"quick": (50_000,), "normal": (1_600_000,) * 3, "high": (20_000_000,) * 2}
"""The moves of each search, by effort: compiled, half a million take a second."""


class Network(Method):
    """Every bit of the output as a network of small tables, some of them shared by several bits.

    The search starts from a table, folded if the function has a symmetry, and shrinks it by random changes that keep
    every output within the budget. A node with more inputs than a look-up table takes several, and multiplexers.
    """

    name = "network"
    summary = "a network of four-input look-up tables for few input bits, found by a random search within the budget"
    parameters = (
        Parameter("moves", int, "changes that are tried: the more, the smaller", default=_MOVES["quick"][0], minimum=0),
        Parameter("depth", int, "the most tables from an input to an output", default=5, minimum=1),
        Parameter("inputs", int, "inputs of a look-up table", default=4, minimum=3, maximum=6),
        Parameter("seed", int, "another number, another search", default=1, minimum=0),
    )
    efforts: ClassVar[Mapping[str, Sequence[Mapping[str, Any]]]] = {
        effort: [{"moves": moves, "seed": seed} for seed, moves in enumerate(searches, 1)]
        for effort, searches in _MOVES.items()
    }

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        width = specification.input_format.width
        if width > _MOST_BITS:
            return (
                f"method network searches for inputs of at most {_MOST_BITS} bits; {specification.domain} has {width}"
            )
        return table_refusal(cls.name, specification)

    @classmethod
    def is_worth_the_wait(cls, specification: Specification, lut_inputs: int) -> bool:
        few = specification.input_format.width <= _SEARCHED_BITS and lut_inputs <= _SEARCHED_INPUTS
        return few and cls.refusal(specification) is None

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        folded = [network_of(table) for table in feasible_tables(specification, START_FOLDINGS)]
        if not folded:
            return
        inputs = given["inputs"]
        starts = [network for network in folded if network.depth <= given["depth"]] or [flat(folded[0])]
        start = min(starts, key=lambda network: network.size(inputs))
        relation = _relation(specification, start)
        search = {name: given[name] for name in ("moves", "depth", "seed")}
        found = smaller(start, relation, lut_inputs=inputs, **search)
        plan = build(found.simplified(), specification)
        bound = budget_or_ulp(specification).in_ulp(specification.output_format)
        yield Candidate(plan, dict(given), logic_size(plan), lambda: bound)


def _relation(specification: Specification, start: LutNetwork) -> Relation:
    """Return the admitted outputs; if they must be monotonic, only those that are so whichever is chosen."""
    codes, source, output = specification.codes, specification.input_format, specification.output_format
    low, high = admitted(specification)
    patterns = np.arange(codes.low, codes.high + 1) % (1 << source.width)
    if specification.monotonic:
        outputs = start.codes(signed=output.signed)[patterns]
        for chain in chains(code_directions(specification)):
            between = (outputs[chain[:-1]] + outputs[chain[1:]]) // 2
            high[chain[:-1]] = np.minimum(high[chain[:-1]], between)
            low[chain[1:]] = np.maximum(low[chain[1:]], between)
    lows, highs = np.zeros((2, 1 << source.width), dtype=np.int64)
    occurs = np.zeros(1 << source.width, dtype=bool)
    lows[patterns], highs[patterns], occurs[patterns] = low, high, True
    return Relation.between(lows, highs, output.width, output.signed, occurs)
