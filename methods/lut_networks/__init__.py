"""Units that are networks of small look-up tables, found by a search in all that the budget admits."""
