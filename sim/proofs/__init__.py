"""Proofs about streams: the protocol, its lemma, and counterexamples."""
