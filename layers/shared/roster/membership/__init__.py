"""Membership: what organizations, members, invitations, roles and the log mean, above HTTP and the table."""
