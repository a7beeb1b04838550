"""A trained voice activity detector with softgate's gates in its LSTM: ``python -m examples.vad``."""
