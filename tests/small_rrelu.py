"""A small RReLU in training that tests share, made once in a process."""

from functools import cache

from softgate import rrelu_training


@cache
def small_rrelu(source="SQ3.4", output="SQ3.3", **asked):
    return rrelu_training(source, output, **{"slope_bits": 5, **asked})
