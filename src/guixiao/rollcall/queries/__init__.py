"""Every read of roll calls that is more than a look-up.

For others: :func:`day_states`, :func:`today_of`, :func:`unreported`, :func:`board`, :func:`schools_board`.
"""
