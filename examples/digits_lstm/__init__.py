"""Handwritten digits, read row by row by an LSTM with softgate's gates: ``python -m examples.digits_lstm``."""
