"""Piecewise polynomials whose whole fixed-point evaluation is fitted, bit by bit."""
