"""A census in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swvtypes.language import Label

if TYPE_CHECKING:
    import pandas as pd

    from .census import Census

_SOURCES = {
    "classification": Label("indeling in typen", "classification"),
    "non_response": Label("niet-respons", "non-response"),
    "parameters": Label("schatting", "estimation"),
    "model_choice": Label("keuze van het model", "choice of the model"),
}


def census_sentences(census: Census) -> list[Label]:
    """One sentence a type, one on the sources of error a sector, one on the re-runs."""
    found = []
    shared = bool(census.table.index.duplicated().any())
    for kind, row in census.table.iterrows():
        named = f"{kind} ({row['name']})" if row["name"] else str(kind)
        low, high = f"{row['lower']:.0f}", f"{row['upper']:.0f}"
        place = f" in {row['sector']}" if shared else ""
        found.append(Label(
            f"Van de {row['population']}{place} zijn er {row['estimate']:.0f} ({low}-{high}) "
            f"van type {named}.",
            f"Of the {row['population']}{place}, {row['estimate']:.0f} ({low}-{high}) are of type "
            f"{named}.",
        ))  # fmt: skip
    for sector in census.table["sector"].unique():
        # Types that sectors share stand once a sector, so that their names are no key.
        first = int((census.table["sector"] == sector).to_numpy().argmax())
        parts = census.errors.iloc[first]
        if not parts["total"] > 0:
            continue
        told = [
            Label(f"{name.nl} {_share(parts, key)}%", f"{name.en} {_share(parts, key)}%")
            for key, name in _SOURCES.items()
        ]
        found.append(Label(
            f"Onzekerheid in {sector} (delen van de variantie): {', '.join(t.nl for t in told)}.",
            f"Uncertainty in {sector} (parts of the variance): {', '.join(t.en for t in told)}.",
        ))  # fmt: skip
    for sector, row in census.reruns.iterrows():
        found.append(Label(
            f"In {row['same_number']} van {row['reruns']} herhalingen van de hele analyse van "
            f"{sector} kwamen er evenveel typen uit; daarop rusten de marges.",
            f"In {row['same_number']} of {row['reruns']} re-runs of the whole analysis of "
            f"{sector} as many types came out; the margins rest on those.",
        ))  # fmt: skip
    return found


def _share(parts: pd.Series[float], key: str) -> int:
    return round(100 * (float(parts[key]) / float(parts["total"])) ** 2)
