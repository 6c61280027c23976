"""Every write to adoptions and duties."""
