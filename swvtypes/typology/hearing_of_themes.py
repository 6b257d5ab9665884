"""Hearing the themes that alone have one class, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from swvtypes.language import Label

from .hearing import hearing_test
from .routes import TypesTask, one_class_analysis
from .specification import TypologyOptions
from .theme_step import ThemeTyping

# A real theme left out costs the types more than a theme of noise taken in.
LEVEL = 0.20
_STARTS, _PERMUTATIONS = 20, 999


def hear(task: TypesTask, n_types: int, options: TypologyOptions) -> dict[str, float]:
    """Hear each theme that is to be heard, beside the types of all others; p-values by theme.

    With one type there is nothing to hear. The types are found without the theme, by one class
    analysis of the items of all others: two themes left do not identify the one-step model.
    """
    if n_types == 1:
        return {}
    found, starts = {}, min(options.n_init, _STARTS)
    for at, theme in enumerate(task.to_be_heard):
        rest = task.without([theme])
        if not rest.themes:
            continue
        columns = list(task.themes[theme][1])
        found[theme] = hearing_test(
            task.frame[columns], {c: task.kinds[c] for c in columns if c in task.kinds},
            one_class_analysis(rest, n_types, starts, options.type_prior).probabilities,
            _PERMUTATIONS, task.seed + 7919 * (at + 1),
        )  # fmt: skip
    return found


def settled(
    typing: ThemeTyping, heard: Mapping[str, float], classes: Mapping[str, int]
) -> ThemeTyping:
    """Give a theme as the types have it.

    Parameters
    ----------
    typing : ThemeTyping
        As it came out by itself.
    heard : mapping of str to float
        p-values of the themes that were heard.
    classes : mapping of str to int
        Of the themes that take part in the types.
    """
    number, p = classes.get(typing.theme), heard.get(typing.theme)
    text = "" if p is None else f"{p:.3f}"
    if number is None:
        if not typing.to_be_heard:
            return typing
        against = () if p is None else (Label(
            f"Ook de andere thema's wijzen niet op klassen (p = {text.replace('.', ',')}).",
            f"Nor do the other themes point to classes (p = {text}).",
        ),)  # fmt: skip
        return replace(typing, taken=(), n_joint=1, reasons=(*typing.reasons, *against))
    if number == typing.n_classes:
        return typing
    note = Label(
        f"Naast de andere thema's: {number} klassen.", f"Beside the other themes: {number} classes."
    )
    if p is not None:
        note = Label(
            f"Alleen toont dit thema geen klassen, naast de andere thema's wel "
            f"(p = {text.replace('.', ',')}, rijen herschikt): {number} klassen.",
            f"Alone this theme shows no classes, beside the other themes it does (p = {text}, "
            f"rows rearranged): {number} classes.",
        )
    return replace(typing, n_classes=number, n_joint=number, reasons=(*typing.reasons, note))
