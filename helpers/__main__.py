"""Run a saved model from the command line: ``python -m helpers --help``."""

import signal
import sys

from helpers.command import main


def _interrupt(*_):
    raise KeyboardInterrupt


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Python's own handler, written in C, raises an exception without a value, which pandas
        # now and then takes for a damaged file.
        signal.signal(signal.SIGINT, _interrupt)
    sys.exit(main())
