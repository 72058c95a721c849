"""Data that several test modules share."""

import pytest

from helpers.data import make_dataset


@pytest.fixture(scope="session")
def data():
    """Forty-two rows of the workshop's data: X float (42, 10), y int (42, 3)."""
    return make_dataset(n_samples=42)
