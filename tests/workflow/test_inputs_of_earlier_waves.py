"""Which list says who is who, of several earlier waves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from swvtypes.workflow.inputs import Inputs


def test_organisations_are_told_apart_by_their_earlier_wave() -> None:
    lists = tuple(SimpleNamespace(before_wave=wave) for wave in ("2012", "2014"))
    held: Any = SimpleNamespace(organisations=lists)
    assert Inputs.identities(held, "2014") is lists[1]
    assert Inputs.identities(held, "2012") is lists[0]
    assert Inputs.identities(held, "2016") is None
