"""Settings and keys: where this installation keeps its data and its secrets."""
