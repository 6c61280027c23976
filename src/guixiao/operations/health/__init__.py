"""What an administrator looks at each morning: is everything at work, and if not, what to do."""

from .lines import Line, Mood
from .looking import look, worst

__all__ = ["Line", "Mood", "look", "worst"]
