"""Candidates weighed against each other, and the best that is proved."""
