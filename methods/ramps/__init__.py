"""Ramps as multiples of the input: scaled, clipped and rounded."""
