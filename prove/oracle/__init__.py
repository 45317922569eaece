"""The oracle: what must hold, written from what the product promises, and not from its code."""
