"""Sweeps with real units and made-up measurements: nothing is synthesised for them."""

import tempfile
from functools import lru_cache
from pathlib import Path
from statistics import median

from softgate import design
from softgate.explore.sweep.grid import Grid
from softgate.explore.sweep.point import Point
from softgate.explore.sweep.recorder import Recorder
from softgate.methods import implied_method

VERSIONS = {"softgate": "1.2.3"}


def make_point(function="tanh", formats=("SQ3.2", "SQ1.4"), method=None, **changes):
    """Return a point with these parameters; `target`, `interface`, `frequency` and `seeds` go to their own places."""
    own = {"max_error": None, "saturate": False, "interface": "stream", "target": "ecp5", "frequency": None}
    own |= {"seeds": (1, 2)}
    own |= {name: changes.pop(name) for name in own if name in changes}
    parameters = {name: str(value) for name, value in changes.items()}
    return Point(function, *formats, method, parameters, **own)


def make_sweep(folder, found, grid="[grid]\n"):
    """Record a sweep: points with their LUTs and Fmax by seed, or ``("failed", reason)`` and the like, or None."""
    with Recorder(Path(folder)) as recorder:
        recorder.begin(Grid(grid, tuple(point for point, _ in found)))
        for point, figures in found:
            if figures is not None:
                _record(recorder, point, figures)
    return Path(folder)


def _record(recorder, point, figures):
    answer = {"versions": VERSIONS, "seconds": {"emit": 0.5}}
    if figures[0] == "infeasible":
        recorder.made(point, answer | {"status": figures[0], "reason": figures[1]})
        return
    unit = _unit(point.function, point.input, point.output, point.method, point.max_error, point.interface,
                 tuple(point.parameters.items()))  # fmt: skip
    if figures[0] == "failed":
        recorder.made(point, answer | unit | {"status": figures[0], "reason": figures[1]})
        return
    key = recorder.made(point, answer | unit | {"status": "emitted", "reason": None})
    luts, *fmax = figures
    by_seed = {str(seed): mhz for seed, mhz in zip(point.seeds, fmax, strict=False)}
    missed = bool(fmax) and point.frequency is not None and median(fmax) < point.frequency
    recorder.measured(key, {
        "status": "missed" if missed else "done",
        "resources": {} if luts is None else {"LUT4": luts - 2, "CCU2C": 1, "FF": 7},
        "luts": luts, "ff": None if luts is None else 7, "dsp": None if luts is None else 0,
        "bram": None if luts is None else 0,
        "fmax_by_seed": by_seed, "fmax": median(fmax) if fmax else None,
        "reason": None if fmax else "it has no registers", "versions": VERSIONS, "seconds": {"measure": 1.5},
    })  # fmt: skip


@lru_cache(maxsize=256)
def _unit(function, source, output, method, max_error, interface, parameters):
    with tempfile.TemporaryDirectory() as folder:
        implied = implied_method(dict(parameters))
        method = implied.name if method is None and implied else method
        found = design(function, source, output, method=method, max_error=max_error, **dict(parameters))
        manifest = found.emit(folder, interface=interface)
        return {"manifest": manifest.to_json(), "verilog": Path(folder, manifest.verilog).read_text()}
