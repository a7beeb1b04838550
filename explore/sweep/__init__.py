"""Sweeps: every point of a grid made, checked, synthesised, placed and routed, and kept in a database."""
