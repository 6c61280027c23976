"""The organisation tree from province to class with its villages; posts, holders and deputies; calendars."""
