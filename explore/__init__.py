"""Which is best: designs, synthesis and place-and-route flows, sweeps."""
