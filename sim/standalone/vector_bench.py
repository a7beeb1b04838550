"""Vectors and a self-checking Verilog bench, for any simulator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...hdl.composites.manifest import CompositeManifest
from ...hdl.interfaces import Port
from ...hdl.manifest import Manifest
from ..composite_model import golden_model
from ..driven import driven
from ..stimulus import EXHAUSTIVE_BITS
from ..transfers import input_words, output_words
from .naming import SIGNALS, bench_title
from .verilog_texts import BENCH, BODIES, DECLARATIONS, WRONG, WRONG_IN_TURN

__all__ = ["vector_files"]

_PATIENCE = 1000
"""Clocks without an output after which a unit counts as stuck, beside four for each clock of its latency."""


def vector_files(manifest: Manifest | CompositeManifest, limit_bits: int = EXHAUSTIVE_BITS) -> dict[str, str]:
    """Return files that check a unit or a composite in any simulator, by name.

    ``<name>_x.hex`` and ``<name>_y.hex`` hold the inputs and the expected outputs, one a line, which ``$readmemh``
    also reads: all inputs if they have up to `limit_bits` bits, otherwise a sample (see `driven`). If there are several
    ports, their words are concatenated, the first in the highest bits. ``<name>_tb.v`` drives the inputs and compares
    the outputs, and fails if either file has been edited.
    """
    name, ports = manifest.name, manifest.ports
    sent, received = driven(manifest, limit_bits=limit_bits)
    stimulus = list(_joined(input_words(ports, sent), ports.inputs))
    expected = list(_joined(output_words(ports, received), ports.outputs))
    return {
        f"{name}_x.hex": _hex_lines(stimulus, ports.inputs),
        f"{name}_y.hex": _hex_lines(expected, ports.outputs),
        f"{name}_tb.v": _verilog_bench(manifest, stimulus, expected, _most_answers(manifest, sent)),
    }


def _most_answers(manifest: Manifest | CompositeManifest, sent: Sequence[NDArray[Any]]) -> int:
    """Return a number of transfers out for each one in that is never exceeded, 1 or more."""
    if not isinstance(manifest, CompositeManifest):
        return 1
    answered = golden_model(manifest).answered(sent)[1:]
    return max(1, int((-(-answered // np.arange(1, len(answered) + 1))).max()))


def _joined(rows: Iterable[tuple[int, ...]], ports: Sequence[Port]) -> Iterator[int]:
    """Yield the words of each row side by side as one, the first in the highest bits."""
    for words in rows:
        joined = 0
        for word, port in zip(words, ports, strict=True):
            joined = joined << port.width | word
        yield joined


def _hex_lines(words: Iterable[int], ports: Sequence[Port]) -> str:
    digits = (_width(ports) + 3) // 4
    return "".join(f"{word:0{digits}x}\n" for word in words)


def _width(ports: Sequence[Port]) -> int:
    return sum(port.width for port in ports)


def _verilog_bench(
    manifest: Manifest | CompositeManifest, stimulus: Sequence[int], expected: Sequence[int], most_answers: int
) -> str:
    ports, body = manifest.ports, BODIES[manifest.ports.protocol]
    if most_answers > 1:
        body = body.replace("received == sent", f"received >= {most_answers} * sent")
    wires = dict((*_slices("x_bits", ports.inputs), *_slices("y_bits", ports.outputs)))
    for port in ports:
        if port.name not in wires:
            wires[port.name] = f"{'~' if port.active_low else ''}{SIGNALS[port.role, port.direction]}"
    widths = [_width(side) for side in (ports.inputs, ports.outputs)]
    digest, digest_bits = 0, 32 + max(widths)
    for word in (*stimulus, *expected):
        digest = (33 * digest + word) % (1 << digest_bits)
    return Template(BENCH).substitute(
        name=manifest.name,
        title=bench_title(manifest),
        count=len(stimulus),
        answers=len(expected),
        wrong=WRONG_IN_TURN if len(stimulus) == len(expected) else WRONG,
        latency=manifest.latency,
        patience=_PATIENCE + 4 * manifest.latency,
        digest=f"{digest:x}",
        digest_bits=digest_bits,
        x_top=widths[0] - 1,
        x_padding=digest_bits - widths[0],
        y_top=widths[1] - 1,
        y_padding=digest_bits - widths[1],
        signals=DECLARATIONS[ports.protocol],
        connections=",\n    ".join(f".{port.name}({wires[port.name]})" for port in ports),
        body=body,
    )


def _slices(word: str, ports: Sequence[Port]) -> Iterator[tuple[str, str]]:
    """Yield each port's name and its bits in `word`, the first in the highest."""
    top = _width(ports)
    for port in ports:
        yield port.name, f"{word}[{top - 1}:{top - port.width}]"
        top -= port.width
