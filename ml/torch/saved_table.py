"""The table in a saved state, compared with that of the module that loads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

__all__ = ["SavedTable"]


@dataclass(frozen=True, eq=False)
class SavedTable:
    """The parts of a saved state that belong to a table; each is None if the state lacks it.

    Parameters
    ----------
    specification
        Function, formats and origin, as `UnitTable.specification` has them; a state of another program may hold
        anything here.
    table
        Output codes, shape (codes,).

    """

    specification: Any
    table: Tensor | None

    def fault(self, specification: Mapping[str, str], table: Tensor) -> str | None:
        """Return how the saved table differs from that of a module; None if it does not."""
        if self.specification is not None and self.specification != specification:
            return (
                f"was saved as {_phrase(self.specification)}, but is {_phrase(specification)} here: make it from the "
                "same function, formats and unit"
            )
        if self.table is not None and not torch.equal(self.table.cpu(), table.cpu()):
            return f"was saved with another table of {_phrase(specification)}"
        return None


def _phrase(specification: Any) -> str:
    if not isinstance(specification, Mapping) or not {"function", "input", "output", "table"} <= specification.keys():
        return f"{specification!r:.60}"
    return "{function} from {input} to {output} ({table})".format(**specification)
