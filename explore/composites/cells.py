"""LSTM and GRU cells in Python and in Amaranth."""

from __future__ import annotations

from typing import Any

from ...accuracy.budget import Budget
from ...plan.formats import FixedFormat
from .component import DesignedComponent
from .design import CompositeDesign, design_composite

__all__ = ["GRUCell", "LSTMCell", "gru_cell", "lstm_cell"]

_Format = str | FixedFormat


def lstm_cell(
    z: _Format,
    gate: _Format,
    cell: _Format,
    hidden: _Format,
    *,
    max_error: str | Budget | None = None,
    hidden_error: str | Budget | None = None,
    gates: str = "soft",
    clip: str | float | None = None,
    peepholes: _Format | None = None,
    order: str = "ifgo",
    products: str = "dsp",
    interval: int = 1,
    **options: Any,
) -> CompositeDesign:
    """Find an LSTM cell, ``c' = f c + i g`` and ``h = o tanh(c')``, that keeps its contract.

    It is the element-wise part of an LSTM: i, f and o are gates of pre-activations, g is tanh of one. Each result is
    computed exactly from its parts, rounded half up once, and limited to its format.

    Parameters
    ----------
    z, gate, cell, hidden
        Fixed-point formats of the pre-activations, of gates (such as ``UQ0.12``), of the states c and c', and of h.
    max_error, hidden_error
        Error budgets of c' and h against the real-valued cell on the same inputs; by default those that follow from
        gates within 1ulp, and from o and tanh(c') within 2ulp of h.
    gates
        ``soft`` (logistic), ``hard`` (x/4 + 1/2 within 0 and 1), ``keras2`` or ``onnx`` (x/5), ``keras3`` or ``torch``
        (x/6).
    clip
        Limit of the magnitude of c'; by default what its format holds.
    peepholes
        Format of the weights p_i, p_f and p_o, which are inputs, too, or ``z`` for that of z: i and f are gates of
        their pre-activations and p_i c and p_f c, o of its own and p_o c' (F. Gers, J. Schmidhuber, Recurrent nets that
        time and count, 2000). Each sum is rounded half up to the format of z, and limited to it.
    order
        Order of the pre-activations in a transfer, and of the peepholes' weights: ``ifgo`` (PyTorch), ``iofc`` (ONNX)
        or ``ifco`` (Keras).
    products
        ``dsp``: in multiplier blocks, if the target has some that keep the clock; or ``logic``.
    interval
        Clocks from one element to the next; with more than 1, gates and tanh take turns in as few units as that allows,
        and so do products.
    **options
        Interface, target, frequency, effort, progress and cache (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``contract`` has the bounds of the errors, and its ``golden`` takes codes by name and returns ``h`` and
        ``c_next``.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or no parts keep the budgets.
    BudgetError, TimingError
        If a part cannot be found, or the target cannot keep the clock.

    Examples
    --------
    >>> unit = lstm_cell("SQ3.3", "UQ0.6", "SQ3.4", "SQ1.5")
    >>> unit.golden(i=[0, 8], f=16, g=8, o=-4, c=[32, -3])
    LSTMResult(h=array([14,  5]), c_next=array([34,  6]))

    """
    return design_composite(
        "lstm_cell",
        z=z,
        gate=gate,
        cell=cell,
        hidden=hidden,
        max_error=max_error,
        hidden_error=hidden_error,
        gates=gates,
        clip=clip,
        peepholes=peepholes,
        order=order,
        products=products,
        interval=interval,
        **options,
    )


def gru_cell(
    z: _Format,
    gate: _Format,
    hidden: _Format,
    *,
    max_error: str | Budget | None = None,
    gates: str = "soft",
    products: str = "dsp",
    interval: int = 1,
    **options: Any,
) -> CompositeDesign:
    """Find a GRU cell, ``h' = n + u (h - n)`` with ``n = tanh(n_x + r n_h)``, that keeps its contract.

    It is the element-wise part of a GRU whose reset gate r follows the product with the recurrent weights, as in
    PyTorch, and in Keras by default; u is the update gate, which they call z.

    Parameters
    ----------
    z, gate, hidden
        Fixed-point formats of the pre-activations of r and u and of n_x and n_h, of gates (such as ``UQ0.12``), and of
        the states h and h'.
    max_error
        Error budget of h' against the real-valued cell on the same inputs; by default that of gates within 1ulp.
    gates, products, interval
        As for `lstm_cell`.
    **options
        Interface, target, frequency, effort, progress and cache (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``contract`` has the bound of the error, and its ``golden`` takes codes by name and returns ``h_next``.

    Raises
    ------
    TypeError, ValueError, BudgetError, TimingError
        As by `lstm_cell`.

    Examples
    --------
    >>> unit = gru_cell("SQ3.3", "UQ0.6", "SQ1.5")
    >>> unit.golden(r=0, u=[-8, 24], n_x=4, n_h=[8, 0], h=30)
    GRUResult(h_next=array([26, 29]))

    """
    return design_composite(
        "gru_cell",
        z=z,
        gate=gate,
        hidden=hidden,
        max_error=max_error,
        gates=gates,
        products=products,
        interval=interval,
        **options,
    )


class LSTMCell(DesignedComponent):
    """An LSTM cell as an Amaranth component, with streams ``i`` and ``h`` of structs.

    The payload of ``i`` has ``i``, ``f``, ``g``, ``o`` and ``c``, and with peepholes ``p_i``, ``p_f`` and ``p_o``; that
    of ``h`` has ``h`` and ``c_next``. On AXI4-Stream they are ``s_axis`` and ``m_axis``.

    Parameters
    ----------
    z, gate, cell, hidden
        Formats of the pre-activations, of gates, of the states and of the output.
    **asked
        All else that `lstm_cell` takes.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output, unless stalled.

    Raises
    ------
    TypeError, ValueError, BudgetError, TimingError
        As by `lstm_cell`.

    """

    def __init__(self, z: _Format, gate: _Format, cell: _Format, hidden: _Format, **asked: Any) -> None:
        super().__init__(lstm_cell(z, gate, cell, hidden, **asked))


class GRUCell(DesignedComponent):
    """A GRU cell as an Amaranth component, with a stream ``r`` of structs and a stream ``h_next``.

    The payload of ``r`` has ``r``, ``u``, ``n_x``, ``n_h`` and ``h``; that of ``h_next`` is its code. On AXI4-Stream
    they are ``s_axis`` and ``m_axis``.

    Parameters
    ----------
    z, gate, hidden
        Formats of the pre-activations, of gates and of the states.
    **asked
        All else that `gru_cell` takes.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output, unless stalled.

    Raises
    ------
    TypeError, ValueError, BudgetError, TimingError
        As by `gru_cell`.

    """

    def __init__(self, z: _Format, gate: _Format, hidden: _Format, **asked: Any) -> None:
        super().__init__(gru_cell(z, gate, hidden, **asked))
