"""Roster: organizations, invitations, roles and the record of who did what."""
