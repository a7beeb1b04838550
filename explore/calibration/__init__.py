"""Delays and costs of targets, fitted to synthesis and routing."""
