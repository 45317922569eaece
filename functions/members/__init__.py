"""Members: reading, removing, leaving, adding by a machine."""
