"""Which is best: synthesis and place-and-route flows."""
