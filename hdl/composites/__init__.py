"""The hardware of composites, one file each, found by name (decision 050)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from ...accuracy.composites.base import Composite, Words
from ...plan.plan import Plan
from ...support.registry import find_named, load_classes
from ..build_options import BuildOptions

if TYPE_CHECKING:
    from .base import CompositeHardware

__all__ = ["composite_hardware"]


@cache
def _hardware() -> tuple[type[CompositeHardware], ...]:
    from .base import CompositeHardware  # and with it Amaranth, which those who read a manifest do without

    return load_classes(__name__, __path__, CompositeHardware)


def composite_hardware(
    asked: Composite, words: Words, plans: Mapping[str, Plan], options: BuildOptions
) -> CompositeHardware:
    """Return the hardware of a composite.

    Parameters
    ----------
    asked
        What is asked for.
    words
        What its arithmetic is built with.
    plans
        The plans of its parts, by name.
    options
        Interface, target and clock.

    Raises
    ------
    ValueError
        If it has no such interface.
    TimingError
        If the target cannot keep the clock.

    """
    return find_named("composite", asked.construction, _hardware())(asked, words, plans, options)
