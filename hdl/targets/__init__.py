"""Targets: the FPGA families that units are built for, one data file each.

A file says how long things take there, in nanoseconds, and which blocks there are; `explore/calibration/delays.py`
fits the delays to routed designs.
"""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from ...support.parameters import read_name
from .target import AdderCell, BlockRam, Delays, Multiplier, Target

__all__ = ["AdderCell", "BlockRam", "Delays", "Multiplier", "Target", "target", "target_names"]


def target_names() -> list[str]:
    """Return the names of all targets, in alphabetical order."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return sorted(file.removesuffix(".toml") for file in files if file.endswith(".toml"))


def target(name: str) -> Target:
    """Return the target called `name`, or of that alias, in upper or lower case.

    Raises
    ------
    TypeError
        If the name is not text.
    ValueError
        If there is no such target.

    """
    return _target(read_name("target", name, _names()))


@functools.cache
def _names() -> dict[str, str]:
    """Return the name of each target by its name and its aliases."""
    return {alias: name for name in target_names() for alias in (name, *_target(name).aliases)}


@functools.cache
def _target(name: str) -> Target:
    text = (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
    return Target.from_dict(name, tomllib.loads(text))
