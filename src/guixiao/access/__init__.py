"""Accounts; what a post may see and do; every look at a masked field on record."""
