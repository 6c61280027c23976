"""Staff, posts and classes by spreadsheet: read, checked row by row, shown, written, undone."""
