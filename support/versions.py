"""Versions of the packages that determine the generated unit."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

__all__ = ["tool_versions"]

_MAKERS = ("softgate", "amaranth", "numpy", "python-flint", "pyosys")
"""The packages that determine the generated unit."""


def tool_versions(measuring: Sequence[str] = ()) -> dict[str, str]:
    """Return the versions of the installed packages that determine the generated unit, and of those for `measuring` it.

    The latter are those of the target's flow: `softgate.explore.flows.flow.Flow.packages`.
    """
    packages = dict.fromkeys((*_MAKERS, *measuring))
    return {package: found for package in packages if (found := _version(package)) is not None}


@functools.cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
