"""Organizations: founding, reading, updating, planning, deleting."""
