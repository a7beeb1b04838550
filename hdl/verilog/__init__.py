"""Readable Verilog-2005 from the RTLIL that Amaranth prints."""

from .printer import print_verilog

__all__ = ["print_verilog"]
