"""Piecewise polynomials with real coefficients, rounded and evaluated by Horner."""
