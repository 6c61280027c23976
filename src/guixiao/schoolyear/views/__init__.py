"""Pages of the school year: which schools have opened, a preview and its edits, opening, taking back."""
