"""Contacts and home visits: one form, one record, whatever the occasion."""
