"""Golden models of composites, one file each, found by name: numpy, written from their definition alone (decision 050).

They share nothing with the hardware but the plans of the parts, the words and the formats, which the manifest has.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ....plan.plan import Plan
from ....support.registry import find_named, load_classes
from .base import CompositeModel

__all__ = ["CompositeModel", "composite_model"]


@cache
def _models() -> tuple[type[CompositeModel], ...]:
    return load_classes(__name__, __path__, CompositeModel)


def composite_model(
    name: str, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]
) -> CompositeModel:
    """Return the golden model of a composite.

    Parameters
    ----------
    name
        The composite, such as ``softmax``.
    arguments
        What was asked of it, as the manifest has it.
    words
        The word lengths and constants of its arithmetic.
    plans
        The plans of its parts, by name.

    """
    return find_named("composite", name, _models())(arguments, words, plans)
