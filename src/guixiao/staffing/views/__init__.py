"""Changes of class, handovers, deputies, places, staff sheets."""
