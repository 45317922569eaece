"""Organizations: creating, reading, updating, planning, deleting."""
