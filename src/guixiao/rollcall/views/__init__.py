"""Thin: fetch through a scope, read what was sent, call one action, answer."""
