"""Run the command line as ``python -m qa.cli``."""

from qa.cli import main

main()
