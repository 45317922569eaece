"""HTTP alone: who calls, what they ask, what they are answered."""
