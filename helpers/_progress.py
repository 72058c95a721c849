"""A progress bar that leaves nothing behind, in a notebook or in a terminal."""

import contextlib
import sys
import time

from tqdm import tqdm

_PAUSE = 0.1  # seconds between two messages: Jupyter drops what arrives by the thousand


@contextlib.contextmanager
def progress_bar(total, unit, show=True):
    """Count up to `total` while the block runs, then vanish."""
    if show and _in_notebook():
        with _notebook_bar(total, unit) as advance:
            yield advance
    else:
        # disable=None: tqdm itself finds out whether a terminal is there.
        with tqdm(total=total, unit=unit, leave=False, disable=None if show else True) as bar:
            yield bar.update


def _in_notebook():
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return type(shell).__name__ == "ZMQInteractiveShell"


@contextlib.contextmanager
def _notebook_bar(total, unit):
    from IPython.display import HTML, display, publish_display_data

    begin = time.perf_counter()

    def bar(done):
        seconds = time.perf_counter() - begin
        left = seconds * (total - done) / done if done else 0
        return HTML(
            f'<progress max="{total}" value="{done}" style="width: 24em"></progress> '
            f"{unit} {done} of {total}" + (f", about {left:.0f} s left" if seconds > 2 else "")
        )

    done, shown = 0, begin
    handle = display(bar(done), display_id=True)

    def advance(steps=1):
        nonlocal done, shown
        done += steps
        now = time.perf_counter()
        if now - shown >= _PAUSE or done >= total:
            shown = now
            handle.update(bar(done))

    try:
        yield advance
    finally:
        publish_display_data({}, transient={"display_id": handle.display_id}, update=True)
