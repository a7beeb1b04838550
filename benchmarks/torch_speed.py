"""The speed of the layers for PyTorch, beside a plain gather of the same table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from softgate.support.rows import Row

__all__ = ["measure_torch"]

_COUNT = 1 << 24


def measure_torch(count: int = _COUNT) -> Iterator[Row]:
    """Time layers for PyTorch on this machine; every figure is the best of five, in one run with the gather.

    Raises
    ------
    ValueError
        If PyTorch is not installed.

    """
    try:
        import softgate.ml.torch  # noqa: F401
    except ModuleNotFoundError as error:
        raise ValueError(str(error)) from None
    return _rows(count)


def _rows(count: int) -> Iterator[Row]:
    import torch

    from softgate.ml.torch import LSTM, Tanh

    torch.manual_seed(1)
    x = torch.randn(count) * 3
    for source, output in (("SQ4.4", "SQ1.7"), ("SQ4.12", "SQ1.15"), ("int8:0.047:-3", "int8:1/128:0")):
        module = Tanh(input=source, output=output)
        values = module(module._grid.value(torch.arange(len(module.table))))
        index = module._grid.places(x, module._steps).to(torch.int64)

        def gather(values: torch.Tensor = values, index: torch.Tensor = index) -> torch.Tensor:
            return values[index]

        def forward(module: Tanh = module) -> torch.Tensor:
            return module(x)

        with torch.no_grad():
            gathered, looked_up, plain = _best(gather), _best(forward), _best(lambda: torch.tanh(x))
        yield _row(f"tanh {source} to {output}, forward", count, looked_up, gathered, plain)
    module = Tanh(input="SQ4.4", output="SQ1.7")
    leaf = x[: count // 8].clone().requires_grad_()
    ours = _best(lambda: torch.autograd.grad(module(leaf).sum(), leaf))
    theirs = _best(lambda: torch.autograd.grad(torch.tanh(leaf).sum(), leaf))
    yield _row("tanh SQ4.4 to SQ1.7, forward and backward", len(leaf), ours, None, theirs)
    lstm, plain_lstm = LSTM(32, 64, input="SQ4.4", gate="UQ0.8", hidden="SQ1.7"), torch.nn.LSTM(32, 64)
    steps = torch.randn(64, max(1, count >> 18), 32)
    with torch.no_grad():
        ours, theirs = _best(lambda: lstm(steps)), _best(lambda: plain_lstm(steps))
    yield _row("LSTM 32 to 64, 64 steps, its hidden values", steps.shape[0] * steps.shape[1] * 64, ours, None, theirs)


def _row(label: str, count: int, seconds: float, gathered: float | None, plain: float) -> Row:
    ratio = "" if gathered is None else f"{gathered / seconds:.2f}"
    gather = "" if gathered is None else f"{count / gathered / 1e6:.0f} M/s"
    cells = {
        "measured": f"{count / seconds / 1e6:.0f} M/s",
        "plain gather": gather,
        "share of it": ratio,
        "PyTorch's own": f"{count / plain / 1e6:.0f} M/s",
    }
    return Row(label, cells)


def _best(run: Callable[[], object]) -> float:
    """Return the shortest of five timings, in seconds."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best
