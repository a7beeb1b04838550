"""Faults of single candidates, which do not end a search for the best of many."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ...accuracy.specification import Specification
from ...methods import Candidate, Method, RefusalError, candidates
from ...support.tools import ToolError

__all__ = ["LeftOutWarning", "candidates_of", "failing_left_out"]


class LeftOutWarning(UserWarning):
    """A candidate that failed by a fault of softgate's own: the unit that is found is right, and may not be the best.

    Where warnings are errors, as they are in tests, it ends the search and leads to the fault.
    """


@contextmanager
def failing_left_out(method: type[Method], specification: Specification) -> Iterator[None]:
    """Go on after what fails, with a warning; not after a refusal for the user to read, or what a tool reports."""
    try:
        yield
    except (RefusalError, ToolError, OSError):
        raise
    except Exception:
        formats = f"{specification.domain} to {specification.output_format}"
        text = f"a {method.name} unit of {specification.function}, {formats}, failed and is left out; please report it"
        warnings.warn(text, LeftOutWarning, stacklevel=3)


def candidates_of(
    method: type[Method], specification: Specification, given: Mapping[str, Any], *, optional: bool = False
) -> Iterator[Candidate]:
    """Yield a method's candidates, and no more of them once it fails.

    Parameters
    ----------
    method, specification, given
        The method, what is asked for, and parameters of the method as a user may give them.
    optional
        Whether others are looked at beside this method: then it may refuse, too.

    Raises
    ------
    ValueError
        If the parameters are wrong, or the method refuses and is not `optional`.

    """
    read = method.read(given)
    try:
        with failing_left_out(method, specification):
            yield from candidates(method, specification, read)
    except RefusalError:
        if not optional:
            raise
