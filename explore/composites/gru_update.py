"""The update of a GRU with the reset before the product, in Python and in Amaranth."""

from __future__ import annotations

from typing import Any

from ...accuracy.budget import Budget
from ...plan.formats import FixedFormat
from .component import DesignedComponent
from .design import CompositeDesign, design_composite

__all__ = ["GRUUpdate", "gru_update"]

_Format = str | FixedFormat


def gru_update(
    z: _Format,
    gate: _Format,
    hidden: _Format,
    *,
    max_error: str | Budget | None = None,
    products: str = "dsp",
    **options: Any,
) -> CompositeDesign:
    """Find the update of a GRU, ``h' = tanh(n) + u (h - tanh(n))``, that keeps its contract.

    It is the element-wise part of a GRU behind the product with its recurrent weights, of which the pre-activation n is
    the result, if the reset gate comes before that product; `gru_gates` gives ``update``, the gate u, and what goes
    into the product.

    Parameters
    ----------
    z, gate, hidden
        Fixed-point formats of n, of the update gate (unsigned, with at most one integer bit, such as ``UQ0.12``), and
        of the states h and h'.
    max_error
        Error budget of h' against that of the real-valued tanh(n) and the same update and h; by default that of a tanh
        within 1ulp of h'.
    products
        ``dsp``: in multiplier blocks, if the target has some that keep the clock; or ``logic``.
    **options
        Interface, target, frequency, effort, progress and cache (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``contract`` has the bound of the error, and its ``golden`` takes codes by name and returns ``h_next``.

    Raises
    ------
    TypeError, ValueError, BudgetError, TimingError
        As by `gru_gates`.

    Examples
    --------
    >>> from softgate import gru_gates
    >>> gates, update = gru_gates("SQ3.3", "UQ0.6", "SQ1.5"), gru_update("SQ3.3", "UQ0.6", "SQ1.5")
    >>> before = gates.golden(r=[0, 31], u=[-8, 24], h=[30, -9])
    >>> weights = [[8, -4], [0, 12]]              # codes of SQ4.2
    >>> product = before.rh @ weights >> 5 + 2 - 3    # in the format of z; rounded down
    >>> update.golden(n=[4, 0] + product, update=before.update, h=[30, -9])
    GRUResult(h_next=array([ 29, -10]))

    """
    return design_composite(
        "gru_update", z=z, gate=gate, hidden=hidden, max_error=max_error, products=products, **options
    )


class GRUUpdate(DesignedComponent):
    """The update of a GRU as an Amaranth component, with a stream ``n`` of structs and a stream ``h_next``.

    The payload of ``n`` has ``n``, ``update`` and ``h``; that of ``h_next`` is its code. On AXI4-Stream they are
    ``s_axis`` and ``m_axis``.

    Parameters
    ----------
    z, gate, hidden
        Formats of the pre-activation, of the update gate and of the states.
    **asked
        All else that `gru_update` takes.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output, unless stalled.

    Raises
    ------
    TypeError, ValueError, BudgetError, TimingError
        As by `gru_gates`.

    """

    def __init__(self, z: _Format, gate: _Format, hidden: _Format, **asked: Any) -> None:
        super().__init__(gru_update(z, gate, hidden, **asked))
