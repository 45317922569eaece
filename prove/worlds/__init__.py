"""Worlds: what there is when a run begins, at the edges of the rules, and what can be asked there."""
