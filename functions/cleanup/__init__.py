"""Clearing up: what is past its time, and what was deleted."""
