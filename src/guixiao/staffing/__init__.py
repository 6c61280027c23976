"""Staff, posts and classes by spreadsheet; handing a post over with what is open."""
