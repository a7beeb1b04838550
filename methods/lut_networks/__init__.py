"""Networks of small look-up tables, found by a random search within the budget."""
