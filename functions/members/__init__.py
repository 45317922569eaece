"""Members: reading, removing, leaving, moving them in."""
