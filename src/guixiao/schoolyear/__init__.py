"""The year turns: opening a school year, seen beforehand and taken back until the first roll call."""
