"""Run a saved model from the command line: ``python -m helpers --help``."""

import sys

from helpers.command import main

if __name__ == "__main__":
    sys.exit(main())
