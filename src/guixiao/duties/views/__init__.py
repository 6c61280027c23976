"""Thin views: fetch through a scope, call one action, show."""
