"""Three stories, one for each pack, played against the served system: `python -m examples`."""
