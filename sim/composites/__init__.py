"""The check, the simulation and the protocol proof of composites."""
