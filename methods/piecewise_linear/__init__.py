"""Piecewise linear functions as lines of few adders, and the comparisons that choose among them."""
