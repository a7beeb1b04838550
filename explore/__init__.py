"""The search for the best unit: designs, synthesis and place-and-route flows, sweeps."""
