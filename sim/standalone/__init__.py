"""Benches that users take away: a cocotb file to extend, and vectors with a Verilog bench for any simulator."""
