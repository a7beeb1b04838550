"""Simulators of a unit: compiled and interpreted, and what they share."""
