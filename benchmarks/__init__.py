"""The numbers of the documentation, measured again: ``python -m benchmarks KIND`` from a checkout."""
