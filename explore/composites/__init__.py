"""Designs of composites: words, parts and hardware that keep a contract (decision 050)."""
