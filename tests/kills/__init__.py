"""``kill -9`` of web and worker processes while people work: nothing acknowledged is lost, nothing is done twice.

``scripts/proof-kills.sh`` runs it; ``docs/kills.md`` says what is held against what.
"""
