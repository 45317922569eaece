"""Users: erasing a person."""
