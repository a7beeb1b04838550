"""Is it right: the golden model, simulation benches and the compiled exhaustive check."""
