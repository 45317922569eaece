"""Members: reading, removing, leaving."""
