from __future__ import annotations

import pytest
from validation_samples import small_wave

from swvtypes.survey import Wave


@pytest.fixture(scope="session")
def wave() -> Wave:
    return small_wave()
