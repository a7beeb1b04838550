"""Large tensors in the processor's memory, worked on in parts that stay in its cache."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

__all__ = ["CHUNK", "in_chunks"]

CHUNK = 1 << 15
"""Elements at a time. Up to that many, PyTorch does not wait for other threads at the end of every operation."""

_PER_THREAD = 1 << 18
"""The least elements for which a thread is started."""

_MOST_THREADS = 8
"""More would wait for Python between operations."""


def in_chunks(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return a function of a tensor, element by element, in the tensor's shape and type.

    Each thread goes through a part of its own, as many as PyTorch is given; gradients are not recorded.
    """
    found = torch.empty(x.shape, dtype=x.dtype)
    threads = min(torch.get_num_threads(), _MOST_THREADS, max(1, x.numel() // _PER_THREAD))
    inference = torch.is_inference_mode_enabled()

    def work(part: Tensor, into: Tensor) -> None:
        # These modes are those of a thread.
        with torch.inference_mode(inference), torch.no_grad():
            for values, outputs in zip(part.split(CHUNK), into.split(CHUNK), strict=True):
                outputs.copy_(function(values))

    parts, outputs = x.reshape(-1).chunk(threads), found.reshape(-1).chunk(threads)
    if threads == 1:
        work(parts[0], outputs[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, parts, outputs))
    return found
