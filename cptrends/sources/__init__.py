"""Readers of the publishers' files, one module per layout; they know layouts and nothing else."""
