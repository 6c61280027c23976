"""The national enrolment register's spreadsheet: read, checked row by row, staged, applied, undone."""
