"""Roll call, leave and absence: who was there, who was not, and who has not told yet."""
