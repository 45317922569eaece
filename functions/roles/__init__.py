"""Roles: reading them, changing those of a member."""
