"""Adoption of regulations; gather → evaluate → reconcile; reminders, escalation; what a person owes today."""
