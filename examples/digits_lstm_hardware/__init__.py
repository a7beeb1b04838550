"""Handwritten digits, read by an LSTM that is hardware throughout: ``python -m examples.digits_lstm_hardware``."""
