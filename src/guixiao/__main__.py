"""``python -m guixiao`` is the ``guixiao`` command."""

from .cli import main

main()
