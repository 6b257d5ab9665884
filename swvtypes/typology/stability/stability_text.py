"""Sentences about stability, in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from swvtypes.language import Label, Language

if TYPE_CHECKING:
    from .multiverse_driver import Multiverse
    from .resampling import Stability

VERDICTS = {
    "no better than chance": Label("niet beter dan toeval", "no better than chance"),
    "dissolved": Label("valt uiteen", "dissolved"),
    "doubtful": Label("twijfelachtig", "doubtful"),
    "stable": Label("stabiel", "stable"),
    "highly stable": Label("zeer stabiel", "highly stable"),
    "no members": Label("zonder leden", "no members"),
}
CONCLUSIONS = {
    "more than one class": Label("meer dan één klasse", "more than one class"),
    "strongest item": Label("sterkste vraag", "strongest item"),
    "a class below 5%": Label("een klasse onder 5%", "a class below 5%"),
    "more than one supercluster": Label("meer dan één type", "more than one supercluster"),
    "a supercluster below 5%": Label("een type onder 5%", "a supercluster below 5%"),
}
CHOICES = {
    "n_classes": Label("aantal klassen", "number of classes"),
    "n_superclusters": Label("aantal typen", "number of types"),
    "n_theme_classes": Label("klassen per thema", "classes of each theme"),
    "prior": Label("prior", "prior"),
    "seed": Label("seed", "seed"),
    "left_out": Label("weggelaten", "left out"),
    "missing": Label("ontbrekende antwoorden", "missing answers"),
}
LEVELS = {
    "at random": Label("willekeurig", "at random"),
    "category": Label("een antwoord op zich", "an answer of its own"),
    "complete rows": Label("alleen volledige rijen", "complete rows only"),
}
SURE = 0.9


def stability_lines(found: Stability, language: Language) -> list[str]:
    """Say which types come back, and how many organisations keep theirs."""
    lines = [
        Label(
            f"{found.n_boot} hersteekproeven van {found.n} organisaties, {found.n_classes} typen "
            f"telkens opnieuw geschat.",
            f"{found.n_boot} resamples of {found.n} organisations, {found.n_classes} types fitted "
            "anew each time.",
        ).text(language)
    ]
    lines += [_class_line(k, row, language) for k, row in found.classes.iterrows()]
    same = found.organisations["same"].dropna().to_numpy(float)
    sure = int((same >= SURE).sum())
    loose = int((same < 0.5).sum())
    percent = f"{100 * SURE:.0f}%"
    lines.append(
        Label(
            f"{sure} van de {len(same)} organisaties houden in minstens {percent} van de "
            f"hersteekproeven hun type; {loose} in minder dan de helft.",
            f"{sure} of the {len(same)} organisations keep their type in at least {percent} of "
            f"the resamples; {loose} in less than half.",
        ).text(language)
    )
    if found.found_once > 0.25:
        share = f"{100 * found.found_once:.0f}%"
        lines.append(
            Label(
                f"In {share} van de hersteekproeven kwam maar één start bij de beste oplossing: "
                "neem meer starts.",
                f"In {share} of the resamples one start only came to the best solution: use more "
                "starts.",
            ).text(language)
        )
    return lines


def _class_line(k: Any, row: pd.Series[Any], language: Language) -> str:
    verdict = VERDICTS[str(row["verdict"])].text(language)
    if row["verdict"] == "no members":
        return Label(f"Type {k}: {verdict}.", f"Type {k}: {verdict}.").text(language)
    value, low, high, chance = (
        number(float(row[name]), language) for name in ("jaccard", "lower", "upper", "chance")
    )
    size = int(row["size"])
    return Label(
        f"Type {k} (n = {size}): Jaccard {value} ({low} tot {high}), bij toeval {chance}: "
        f"{verdict}.",
        f"Type {k} (n = {size}): Jaccard {value} ({low} to {high}), by chance {chance}: {verdict}.",
    ).text(language)


def number(value: float, language: Language) -> str:
    """Write a number with two decimals; a comma in Dutch, a dash for NaN."""
    text = "-" if np.isnan(value) else f"{value:.2f}"
    return text.replace(".", ",") if language == "nl" else text


def multiverse_lines(found: Multiverse, language: Language) -> list[str]:
    """Say what survives the choices."""
    n = len(found.runs)
    base = ", ".join(
        f"{CHOICES.get(name, Label(name, name)).text(language)} = {_level(value, language)}"
        for name, value in found.base.items()
    )
    lines = [
        Label(
            f"{n} stellen keuzes, vergeleken met {base}.", f"{n} sets of choices, beside {base}."
        ).text(language)
    ]
    if found.n_failed:
        lines.append(
            Label(
                f"{found.n_failed} daarvan konden niet worden geschat.",
                f"{found.n_failed} of them could not be fitted.",
            ).text(language)
        )
    for name, row in found.types.iterrows():
        share, size = percent(float(row["survived"])), int(row["size"])
        lines.append(
            Label(
                f"Type {name} (n = {size}) komt terug in {share} "
                f"(gemiddelde Jaccard {number(float(row['jaccard']), language)}).",
                f"Type {name} (n = {size}) is found again in {share} "
                f"(mean Jaccard {number(float(row['jaccard']), language)}).",
            ).text(language)
        )
    same = found.organisations["same"].dropna().to_numpy(float)
    sure, loose = int((same >= SURE).sum()), int((same < 0.5).sum())
    lines.append(
        Label(
            f"{sure} van de {len(same)} organisaties houden hun type in minstens "
            f"{percent(SURE)}; {loose} in minder dan de helft.",
            f"{sure} of the {len(same)} organisations keep their type in at least "
            f"{percent(SURE)}; {loose} in less than half.",
        ).text(language)
    )
    for name, row in found.conclusions.iterrows():
        share = percent(float(row["agrees"]))
        said = CONCLUSIONS.get(str(name), Label(str(name), str(name)))
        first = _outcome(row["base"])
        lines.append(
            Label(
                f"Conclusie '{said.nl}' ({first.nl}): gelijk in {share}.",
                f"Conclusion '{said.en}' ({first.en}): the same in {share}.",
            ).text(language)
        )
    return lines


def _level(value: object, language: Language) -> str:
    """Give a level of a choice in words."""
    if value is None:
        return Label("niets", "nothing").text(language)
    if isinstance(value, (bool, np.bool_)):
        return _outcome(value).text(language)
    if isinstance(value, (float, np.floating)):
        text = f"{value:g}"
        return text.replace(".", ",") if language == "nl" else text
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{k} {_level(v, language)}" for k, v in value.items()) + ")"
    return LEVELS.get(str(value), Label(str(value), str(value))).text(language)


def _outcome(value: object) -> Label:
    """Give the outcome of a conclusion in words."""
    if isinstance(value, (bool, np.bool_)):
        return Label("ja", "yes") if value else Label("nee", "no")
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return Label("geen", "none")
    return Label(str(value), str(value))


def percent(share: float) -> str:
    """Write a share as a whole percentage; a dash for NaN."""
    return "-" if np.isnan(share) else f"{100 * share:.0f}%"
