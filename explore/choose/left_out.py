"""Faults of single candidates, which do not end the search."""

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
    """A candidate that failed by a fault of softgate: the unit that is found is correct, but may not be the best.

    If warnings are errors, as in tests, it ends the search and shows the fault.
    """


@contextmanager
def failing_left_out(method: type[Method], specification: Specification) -> Iterator[None]:
    """Turn a failure in the block into a warning, except a refusal, an error of a tool, or an `OSError`."""
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
    """Yield a method's candidates until it fails.

    Parameters
    ----------
    method, specification, given
        The method, the specification to meet, and parameters of the method as a user may give them.
    optional
        Whether other methods are searched as well, so that this one may refuse.

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
