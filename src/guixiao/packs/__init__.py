"""The regulations, as data: one folder a pack. ``load_all()`` reads them once."""

from .loading import load_all, load_folder, pack, read_override

__all__ = ["load_all", "load_folder", "pack", "read_override"]
