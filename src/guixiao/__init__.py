"""Guixiao 归校: keep every child of compulsory-school age in school, bring back every child who left."""

__version__ = "0.1.0"
