"""The append-only record of facts: audit trail and the law's input are one thing.

``append`` is the only way in, nothing updates or deletes an entry, ``verify`` finds whoever tried.
"""
