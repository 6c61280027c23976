"""Thin pages: fetch through a scope, check the form, call one action."""
