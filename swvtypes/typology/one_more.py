"""One class more in every theme and one type more, together.

A theme by itself shows few of its classes at the size of a wave, and types that differ in a class
that is not there cannot be found either: the number of types then looks right at too low a
number. So both are raised at once, in the one-step model, and held against the model as it was by
AIC3. For latent classes at small numbers that criterion is wrong less often than BIC (Andrews and
Currim 2003); it is asked only where types exist. At the largest number of types asked for, classes
are raised alone, in a theme that has fewer of them than there are types.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from swvtypes.language import Label
from swvtypes.lca.model import read_indicators

from .hierarchy import identified_superclusters
from .routes import RouteFit, TypesTask, one_step
from .selection.identifying import most_classes
from .specification import TypologyOptions

_STARTS = 30


def raised_together(
    task: TypesTask, n_types: int, options: TypologyOptions
) -> tuple[TypesTask, int, tuple[Label, ...]]:
    """Raise classes and types together as long as AIC3 falls.

    Parameters
    ----------
    task : TypesTask
        With the numbers of classes that the themes have by themselves.
    n_types : int
        Number of types with these.
    options : TypologyOptions
        With `items` other than ``"supported"`` nothing is raised.

    Returns
    -------
    (TypesTask, int, tuple of Label)
        Task and number of types to go on with, and why they are not what they were.
    """
    notes: list[Label] = []
    if options.items != "supported" or n_types < 2:
        return task, n_types, ()
    starts, now = min(options.n_init, _STARTS), None
    while (wider := _wider(task, n_types, options)) is not task:
        number = min(n_types + 1, options.max_types)
        sizes = [n for n, _ in wider.themes.values()]
        if number > n_types and identified_superclusters(sizes, number) < number:
            break
        now = now or one_step(task, n_types, starts, options.prior)
        more = one_step(wider, number, starts, options.prior)
        gain = _aic3(now) - _aic3(more)
        if not gain > 0:
            break
        notes.append(_note(number, gain))
        task, n_types, now = wider, number, more
    return task, n_types, tuple(notes)


def _note(n_types: int, gain: float) -> Label:
    text = f"{gain:.1f}"
    return Label(
        f"{n_types} typen met een klasse meer in de thema's: samen verlagen zij AIC3 met "
        f"{text.replace('.', ',')}.",
        f"{n_types} types with one class more in the themes: together they lower AIC3 by {text}.",
    )


def _aic3(fit: RouteFit) -> float:
    return -2.0 * fit.log_likelihood + 3.0 * fit.n_parameters


def _wider(task: TypesTask, n_types: int, options: TypologyOptions) -> TypesTask:
    """Give every theme a class more whose items bear it; the same task where none does."""
    most = options.max_classes if n_types < options.max_types else n_types
    themes = {}
    for theme, (n, columns) in task.themes.items():
        kinds: dict[Hashable, str] = {c: task.kinds[c] for c in columns if c in task.kinds}
        items = [i.item() for i in read_indicators(task.frame[list(columns)], kinds)]
        fits = n < min(most, options.max_classes) and most_classes(items, n + 1) > n
        themes[theme] = (n + 1 if fits else n, columns)
    return task if themes == dict(task.themes) else replace(task, themes=themes)
