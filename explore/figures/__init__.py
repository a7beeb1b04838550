"""Figures of errors, choices and sweeps."""
