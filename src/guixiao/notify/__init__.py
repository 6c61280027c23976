"""Telling people: one outbox, shown in the app, and a bare link to whatever channel an installation set."""
