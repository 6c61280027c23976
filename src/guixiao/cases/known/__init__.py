"""Dropouts known before the system came: brought in as open cases, from a sheet or one by one."""
