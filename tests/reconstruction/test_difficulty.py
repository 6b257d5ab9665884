"""The dials of a simulation by name."""

from __future__ import annotations

from dataclasses import replace

from swvtypes.reconstruction.simulated.difficulty import Difficulty


def test_dials_named_make_the_same_dials_again() -> None:
    dials = Difficulty()
    named = dials.named()
    assert Difficulty(**named) == dials  # type: ignore[arg-type]
    assert replace(dials, high=0.6).named() == named | {"high": 0.6}
