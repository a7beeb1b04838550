"""Simulated annealing: a random search for small networks among those with admitted outputs (decision 017).

Moves to larger networks are accepted with a probability that falls during the search (S. Kirkpatrick and others,
Optimization by Simulated Annealing, 1983). The moves are those of `moves.py`; long searches make them with the compiled
`moves.cc`, which finds the same network from the same seed.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

from ...support.cache import content_key, keep, kept
from ...support.progress import report
from . import compiled_moves, moves
from .network import Network
from .relation import Relation
from .search_state import SearchState, SearchTask, flattened

__all__ = ["smaller"]

_HOT, _COLD = 0.2, 0.1
"""The first and the last temperature, in look-up tables."""

_SHORT = 50_000
"""The most moves that are not worth the seconds that compilation takes. Such a search is not kept, either."""

_CHUNK = 1 << 16
"""Compiled moves between two reports."""

_INTERVAL = 10.0
"""Seconds after which the state of a search is kept again."""


def smaller(
    network: Network,
    relation: Relation,
    *,
    moves: int,
    depth: int,
    seed: int,
    lut_inputs: int = 4,
) -> Network:
    """Return the smallest network found by random moves from one whose outputs are admitted.

    A long search keeps its state in the cache every few seconds. So it goes on where it was interrupted, and is not
    made twice.

    Parameters
    ----------
    network
        The network to start from; it is not changed.
    relation
        The admitted outputs.
    moves
        The number of moves tried.
    depth
        The most tables on a path from an input to an output.
    seed
        The seed of the random moves.
    lut_inputs
        The number of inputs of the look-up tables that are counted.

    Raises
    ------
    ValueError
        If the first network is deeper than `depth`, or its outputs are not admitted.
    ToolError
        If the C++ compiler fails.

    """
    if network.depth > depth:
        raise ValueError(f"depth must be at least that of the network, {network.depth}, not {depth}")
    task = SearchTask(relation, moves, depth, lut_inputs, _HOT, _COLD)
    if not task.admits(network):
        raise ValueError("the outputs of the network to start from must be admitted")
    if not moves or not network.order:
        return network
    name = _name(network, task, seed) if moves > _SHORT else ""
    found = SearchState.from_bytes(content, task, network.inputs) if name and (content := kept(name)) else None
    state = found or SearchState.start(network, seed)
    if state.done < moves:
        _search(task, state, (lambda: keep(name, state.to_bytes())) if name else lambda: None)
    return state.best


def _search(task: SearchTask, state: SearchState, keep_state: Callable[[], None]) -> None:
    """Make all moves that are left, and report and keep the state now and then."""
    advance, chunk, slow = compiled_moves.advance, _CHUNK, ""
    if task.moves <= _SHORT:
        advance, chunk = moves.advance, _SHORT
    elif shutil.which("g++") is None:
        advance, chunk, slow = moves.advance, _CHUNK >> 6, "; slow, as there is no C++ compiler (g++)"
    began, first, at = time.monotonic(), state.done, time.monotonic()
    while state.done < task.moves:
        advance(task, state, min(state.done + chunk, task.moves))
        now = time.monotonic()
        left = (now - began) / (state.done - first) * (task.moves - state.done)
        least = state.best.size(task.lut_inputs)
        report(f"annealing: {state.done:,} of {task.moves:,} moves, best {least} LUTs, {left:.0f} s left{slow}")
        if now > at + _INTERVAL or state.done == task.moves:
            keep_state()
            at = now


def _name(network: Network, task: SearchTask, seed: int) -> str:
    """Return the name under which the state of a search is kept."""
    relation = task.relation
    arrays = flattened(network), relation.starts, relation.low, relation.high
    limits = task.moves, task.depth, task.lut_inputs, task.hot, task.cold, moves.WIDER
    numbers = repr((network.inputs, relation.flip, seed, *limits))
    texts = compiled_moves.SOURCE.read_text(), numbers, *(array.tobytes().hex() for array in arrays)
    return f"{content_key(('annealing', *texts))}.network"
