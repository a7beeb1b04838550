"""Large tensors in the processor's memory, worked on in parts that stay in its cache."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

__all__ = ["in_chunks", "is_large"]

_CHUNK = 1 << 15
"""Elements at a time. Up to that many, PyTorch does not wait for other threads at the end of every operation."""

_PER_THREAD = 1 << 18
"""The least elements for which a thread is started."""

_MOST_THREADS = 8
"""More would wait for Python between operations."""


def is_large(x: Tensor) -> bool:
    """Return whether a tensor has values in the processor's memory, and more of them than fit into its cache."""
    if torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active():
        return False
    return bool(x.device.type == "cpu" and x.numel() > _CHUNK)


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
            for values, outputs in zip(part.split(_CHUNK), into.split(_CHUNK), strict=True):
                outputs.copy_(function(values))

    parts, outputs = x.reshape(-1).chunk(threads), found.reshape(-1).chunk(threads)
    if threads == 1:
        work(parts[0], outputs[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, parts, outputs))
    return found
