"""Targets: the FPGA families that units are built for, one data file each.

A file says how long things take there, in nanoseconds, and which blocks there are; ``explore/calibration.py`` fits the
delays to routed designs.
"""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from ...plan.parameters import nearest
from .target import BlockRam, Delays, Multiplier, Target

__all__ = ["BlockRam", "Delays", "Multiplier", "Target", "target", "target_names"]


def target_names() -> list[str]:
    """Return the names of all targets, in alphabetical order."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return sorted(file.removesuffix(".toml") for file in files if file.endswith(".toml"))


def target(name: str) -> Target:
    """Return the target called `name`, or of that alias.

    Raises
    ------
    TypeError
        If the name is no text.
    ValueError
        If there is no such target.

    """
    if not isinstance(name, str):
        raise TypeError(f"target must be a name such as ecp5, not {name!r}")
    return _target(name)


@functools.cache
def _target(name: str) -> Target:
    names = target_names()
    if name in names:
        text = (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
        return Target.from_dict(name, tomllib.loads(text))
    for other in names:
        if name in _target(other).aliases:
            return _target(other)
    raise ValueError(f"there is no target {name!r}; {nearest(name, names)}")
