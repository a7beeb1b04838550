"""The documentation's figures, made again: ``python -m benchmarks KIND`` from a checkout."""
