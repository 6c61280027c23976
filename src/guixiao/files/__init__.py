"""Papers and photos: encrypted on disk, shown only to whoever may see the child's visit or case."""
