"""Thin pages of ``access``: signing in, one's own account, administration, posts, looks."""

from .sessions import locked_out

__all__ = ["locked_out"]
