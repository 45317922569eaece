"""Activity: the record of who did what."""
