"""Histories: long random ones, of one thing after the other, in which the oracle is asked after each."""
