"""Flows from Verilog to measured area and clock frequency, one file a target family."""
