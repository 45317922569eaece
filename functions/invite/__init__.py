"""Invitations: sending, reading, resending, cancelling, and the answers of those invited."""
