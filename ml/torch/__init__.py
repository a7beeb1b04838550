"""Softgate's units as layers of PyTorch."""

from .activation import Activation
__all__=["Activation"]
