"""Softgate's units in machine-learning frameworks; nothing else of softgate imports one."""
