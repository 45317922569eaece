"""Roles: reading, making and changing them, transferring ownership, and what may be done."""
