"""Designs and networks around softgate's units, to start from."""
