"""The bit-accurate numpy model of a plan; it knows nothing of hardware."""

from .model import GoldenModel, golden

__all__ = ["GoldenModel", "golden"]
