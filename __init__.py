"""softgate: small, fast, proven FPGA units for neural activation functions."""
