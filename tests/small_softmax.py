"""A small softmax, log-softmax and logsumexp that tests share, designed once in a process."""

from functools import cache

from softgate import logsumexp, softmax


@cache
def small_softmax(n=3, source="SQ2.2", output="UQ0.6", **asked):
    return softmax(n, source, output, **asked)


def small_log_softmax(n=3, source="SQ2.2", output="SQ4.4", **asked):
    return small_softmax(n, source, output, log=True, **asked)


@cache
def small_logsumexp(n=3, source="SQ2.2", output="SQ4.4", **asked):
    return logsumexp(n, source, output, **asked)
