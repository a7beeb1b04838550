"""Schedules: the positions of a plan's registers, and their cost."""
