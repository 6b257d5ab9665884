"""Superclusters against one continuous dimension, of theme classes or of items."""

from __future__ import annotations

from swvtypes.lca.families import Parameters
from swvtypes.lca.threads import workers

from .item_line import (
    all_items,
    count_item_line,
    has_item_line,
    line_gains,
    line_parameters,
    line_replicates,
)
from .likelihood_ratio import SuperclusterTest, concluded, fitted_model, named, run_test
from .parameters import Hierarchy
from .replicates import Contest, contest
from .structure import Structure, one_dimension
from .trial import Trial

CLASS_LINE, ITEM_LINE = "one dimension of classes", "one dimension of items"


def class_line_tests(trial: Trial, n_superclusters: int) -> tuple[SuperclusterTest, ...]:
    """Test one dimension over theme classes against superclusters, and the reverse.

    The models are not nested; the distribution of the likelihood ratio under either comes from
    replicates of it (Cox 1962; Williams 1970).
    """
    line = one_dimension(trial.n_classes)
    classes = Structure(n_superclusters, trial.n_classes)
    names = (CLASS_LINE, named(n_superclusters))
    return (
        run_test(trial, line, classes, names),
        run_test(trial, classes, line, (names[1], names[0])),
    )


def item_line_tests(trial: Trial, n_superclusters: int) -> tuple[SuperclusterTest, ...]:
    """Test one dimension behind the items against superclusters, and the reverse.

    Empty where an item is continuous.
    """
    if not has_item_line(trial.coupled):
        return ()
    structure = Structure(n_superclusters, trial.n_classes)
    asked = Contest(structure, structure, trial.route, trial.rule, trial.prior, trial.variances)
    design = all_items(trial.coupled)
    with workers(1):
        classes, line, lines = line_gains([trial.coupled], design, asked, [trial.seed])
        pairing = contest([trial.coupled], asked, [trial.seed])
        hierarchy = fitted_model(trial, pairing, 1, structure)
    logs = (float(line[0]), float(classes[0]))
    counts = (count_item_line(design), trial.n_measurement + structure.n_parameters)
    names = (ITEM_LINE, named(n_superclusters))
    nulls: tuple[Parameters | Hierarchy, ...] = (line_parameters(design, lines, 0), hierarchy)
    found = []
    for at, null in enumerate(nulls):
        order = (at, 1 - at)
        statistic = 2.0 * (logs[order[1]] - logs[order[0]])
        replicates, tail = line_replicates(
            trial.coupled, design, null, asked, trial.seed, trial.n_boot, statistic,
            trial.stop_after, trial.n_jobs,
        )  # fmt: skip
        found.append(
            concluded(trial, tuple(names[i] for i in order), tuple(logs[i] for i in order),
                       tuple(counts[i] for i in order), replicates, tail)
        )  # fmt: skip
    return tuple(found)
