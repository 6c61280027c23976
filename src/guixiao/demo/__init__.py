"""青禾县: a made-up county that has lived a term, to practise in, with a clock one can turn.

Everything here goes through the same actions as real life; nothing is written beside them.
"""
