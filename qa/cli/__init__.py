"""The command line: ``article-qa``."""

from qa.cli.app import main

__all__ = ["main"]
