"""The gates of a GRU with the reset before the product, in Python and in Amaranth."""

from __future__ import annotations

from typing import Any

from ...accuracy.budget import Budget
from ...plan.formats import FixedFormat
from .component import DesignedComponent
from .design import CompositeDesign, design_composite

__all__ = ["GRUGates", "gru_gates"]

_Format = str | FixedFormat


def gru_gates(
    z: _Format,
    gate: _Format,
    hidden: _Format,
    *,
    rh: _Format | None = None,
    update_error: str | Budget | None = None,
    reset_error: str | Budget | None = None,
    gates: str = "soft",
    products: str = "dsp",
    **options: Any,
) -> CompositeDesign:
    """Find the gates of a GRU with the reset before the product, ``u`` and ``r h``, that keep their contract.

    The candidate of such a GRU is n = tanh(n_x + W (r h)), as in Keras with ``reset_after=False`` and in ONNX with
    ``linear_before_reset=0``. This is its element-wise part before the product with W; `gru_update` is that behind it.

    Parameters
    ----------
    z, gate, hidden
        Fixed-point formats of the pre-activations of r and u, of the update gate (unsigned, with at most one integer
        bit, such as ``UQ0.12``), and of the state h.
    rh
        Format of r h; by default that of h.
    update_error
        Error budget of u against the real gate of the same pre-activation; by default 1ulp.
    reset_error
        Error budget of r h, likewise; by default that which follows from an r within 1ulp of it, or of the gates'
        format if that is more.
    gates
        ``soft`` (logistic), ``hard`` (x/4 + 1/2 within 0 and 1), ``keras2`` or ``onnx`` (x/5), ``keras3`` or ``torch``
        (x/6).
    products
        ``dsp``: in multiplier blocks, if the target has some that keep the clock; or ``logic``.
    **options
        Interface, target, frequency, effort, progress and cache (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``contract`` has the bounds of the errors, and its ``golden`` takes codes by name and returns ``update`` and
        ``rh``.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or no parts keep the budgets.
    BudgetError, TimingError
        If a part cannot be found, or the target cannot keep the clock.

    Examples
    --------
    >>> unit = gru_gates("SQ3.3", "UQ0.6", "SQ1.5")
    >>> unit.golden(r=[0, 31], u=[-8, 24], h=30)
    GRUGatesResult(update=array([18, 60]), rh=array([15, 29]))

    """
    return design_composite(
        "gru_gates",
        z=z,
        gate=gate,
        hidden=hidden,
        rh=rh,
        update_error=update_error,
        reset_error=reset_error,
        gates=gates,
        products=products,
        **options,
    )


class GRUGates(DesignedComponent):
    """The gates of a GRU as an Amaranth component, with streams ``r`` and ``update`` of structs.

    The payload of ``r`` has ``r``, ``u`` and ``h``, that of ``update`` has ``update`` and ``rh``. On AXI4-Stream they
    are ``s_axis`` and ``m_axis``.

    Parameters
    ----------
    z, gate, hidden
        Formats of the pre-activations, of the update gate and of the state.
    **asked
        All else that `gru_gates` takes.

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
        super().__init__(gru_gates(z, gate, hidden, **asked))
