"""The steps of a run, in order; each names the earlier steps and inputs that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .comparing_step import comparison
from .describing_steps import check, scales, tables
from .figure_step import figures
from .inputs import Inputs
from .plan import Step
from .relating_steps import context, steering, validation
from .run_file import typology_options
from .typing_steps import membership, typology


def _tables(inputs: Inputs, quick: bool) -> Mapping[str, Any]:
    return {"tables": inputs.file.tables, "previous": inputs.file.previous}


def _typology(inputs: Inputs, quick: bool) -> Mapping[str, Any]:
    return typology_options(inputs.file, quick).as_dict()


def _names(inputs: Inputs, quick: bool) -> Mapping[str, Any]:
    return {"names": dict(inputs.file.names)}


def _steering(inputs: Inputs, quick: bool) -> Mapping[str, Any]:
    return inputs.file.steering.model_dump(mode="json")


def _position(inputs: Inputs, quick: bool) -> Mapping[str, Any]:
    return {"variable": inputs.file.steering.variable}


def _earlier(inputs: Inputs, quick: bool) -> Mapping[str, Any]:
    return {
        "earlier_runs": list(inputs.file.earlier_runs),
        "position": inputs.file.steering.variable,
        "names": dict(inputs.file.names),
    }


_MEMBERSHIP = ("membership",)
STEPS = (
    Step("check", check),
    Step("tables", tables, reads=("tables", "previous"), settings=_tables),
    Step("scales", scales),
    Step("typology", typology, settings=_typology),
    Step("membership", membership, needs=("typology",), settings=_names),
    Step("steering", steering, settings=_steering),
    Step("validation", validation, needs=_MEMBERSHIP, settings=_position),
    Step("context", context, needs=_MEMBERSHIP, settings=_position),
    Step(
        "comparison",
        comparison,
        needs=("typology", "membership"),
        reads=("earlier run ", "crosswalk", "organisations "),
        settings=_earlier,
    ),
    Step("figures", figures, needs=("typology", "membership"), settings=_position),
)
