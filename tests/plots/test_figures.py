"""Figures say what the results say, in two languages, without labels on top of each other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from swvtypes import plots
from swvtypes.errors import InputError, MissingExtraError, OptionError
from swvtypes.lca import ClassEnumeration, FitTest, LatentClassModel
from swvtypes.lca.fit import posterior
from swvtypes.plots.canvas import COLOURS, colour, number
from swvtypes.plots.profile_values import profile_rows

LABELS = {"yes 1": "The partnership has a plan that every school board has signed"}
Draw = Callable[..., Axes]
ON_MODEL = [
    plots.profile_heatmap, plots.profile_lines, plots.starts_by_rank, plots.posterior_strip,
    plots.posterior_triangle, plots.bivariate_residual_map, plots.profile_intervals,
]  # fmt: skip


def texts(axes: Axes) -> list[str]:
    """Every text of a figure that is drawn."""
    import matplotlib.text

    return [t.get_text() for t in axes.figure.findobj(matplotlib.text.Text) if t.get_text()]


def overlaps(axes: Axes) -> list[tuple[str, str]]:
    """Pairs of drawn texts whose boxes overlap."""
    import matplotlib.text

    figure: Any = axes.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    drawn = [
        (t.get_text(), t.get_window_extent(renderer))
        for t in figure.findobj(matplotlib.text.Text)
        if t.get_text().strip() and t.get_visible()
    ]
    inside = [(t, b) for t, b in drawn if b.width and b.height and _within(axes, b)]
    return [
        (one, other)
        for i, (one, a) in enumerate(inside)
        for other, b in inside[i + 1 :]
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]


def cut_off(axes: Axes) -> list[str]:
    """Texts that stick out of the figure."""
    axes.figure.canvas.draw()
    legend = axes.get_legend()
    said = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
    said += list(legend.get_texts()) if legend is not None else []
    for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
        low, high = sorted(axis.get_view_interval())
        said += [
            tick.label1
            for tick in axis.get_major_ticks()
            if low <= tick.get_loc() <= high and tick.label1.get_visible()
        ]
    return [t.get_text() for t in said if t.get_text() and not _within(axes, t.get_window_extent())]


def _within(axes: Axes, box: Any) -> bool:
    whole = axes.figure.bbox
    return bool(box.x0 >= -1 and box.y0 >= -1 and box.x1 <= whole.x1 + 1 and box.y1 <= whole.y1 + 1)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("draw", ON_MODEL, ids=lambda draw: draw.__name__)
def test_labels_do_not_overlap(
    draw: Draw, language: str, three: LatentClassModel, tmp_path: Path
) -> None:
    options = {"labels": LABELS} if draw.__name__.startswith(("profile", "biv")) else {}
    axes = draw(three, language=language, **options)
    assert overlaps(axes) == []
    assert cut_off(axes) == []
    axes.figure.savefig(tmp_path / "figure.png")  # type: ignore[union-attr]
    assert (tmp_path / "figure.png").stat().st_size > 5000


LONG = ["Zelfstandige verenigingen", "Grote gesubsidieerde koepels", "Kleine vrijwilligersgroepen"]


@pytest.mark.parametrize(
    "draw",
    [
        plots.profile_heatmap, plots.profile_lines, plots.posterior_strip, plots.posterior_triangle,
        plots.profile_intervals,
    ],
    ids=lambda draw: draw.__name__,
)  # fmt: skip
def test_long_names_of_classes_do_not_overlap(draw: Draw, three: LatentClassModel) -> None:
    axes = draw(three, language="nl", names=LONG)
    assert overlaps(axes) == []
    assert cut_off(axes) == []


def test_every_class_has_a_colour_of_its_own() -> None:
    assert len({colour(k) for k in range(12)}) == 12


@pytest.mark.parametrize("language", ["en", "nl"])
def test_criteria_do_not_overlap(enumeration: ClassEnumeration, language: str) -> None:
    axes = plots.criteria_by_classes(enumeration, language=language)
    assert overlaps(axes) == []
    assert cut_off(axes) == []


def test_heat_map_shows_the_profiles(three: LatentClassModel) -> None:
    axes = plots.profile_heatmap(three, language="nl", labels=LABELS, names=["A", "B", "C"])
    said = texts(axes)
    profile = three.profiles_
    chosen = profile[(profile["indicator"] == "yes 2") & (profile["category"] == 1.0)]
    for estimate in chosen["estimate"]:
        assert number(estimate, 2, "nl") in said
    shares = [f"{100 * share:.0f}" for share in three.class_shares_]
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        f"{name}\n({share}%)" for name, share in zip("ABC", shares, strict=True)
    ]
    assert "Profielen van de klassen" in said
    rows = [t.get_text() for t in axes.get_yticklabels()]
    assert rows[0] == "yes 0 = 1"
    assert rows[1].replace("\n", " ") == f"{LABELS['yes 1']} = 1"
    assert rows[-1] == "budget"
    assert "1,00" in said or "0,9" in " ".join(said)
    full = plots.profile_heatmap(three, every_category=True)
    assert len(full.get_yticks()) == len(rows) + 4  # five ratings in place of their mean


def test_rows_of_a_profile(three: LatentClassModel) -> None:
    rows = {row.label: row for row in profile_rows(three, None, every_category=False)}
    profile = three.profiles_.set_index(["indicator", "parameter"]).sort_index()
    rating = profile.loc[
        ("rating of the cooperation with all schools in the region", "probability")
    ]
    mean = [
        float((part["category"].astype(float) * part["estimate"]).sum())
        for _, part in rating.groupby("class")
    ]
    row = next(r for label, r in rows.items() if label.startswith("rating"))
    assert row.values == pytest.approx(mean)
    assert row.heights == pytest.approx((np.array(mean) - 1) / 4)
    assert rows["colour = red"].values.sum() != 1.0
    budget = rows["budget"]
    assert not budget.categorical
    assert np.array_equal(np.argsort(budget.heights), np.argsort(budget.values))


def test_lines_follow_the_profiles(three: LatentClassModel) -> None:
    axes = plots.profile_lines(three)
    rows = profile_rows(three, None, every_category=False)
    for k, line in enumerate(axes.get_lines()):
        assert np.asarray(line.get_ydata(), float) == pytest.approx(
            [row.heights[k] for row in rows]
        )
        assert line.get_color() == COLOURS[k]
    legend = axes.get_legend()
    assert legend is not None
    assert legend.get_texts()[0].get_text().startswith("class 1 (")


def test_intervals_are_those_of_the_profiles(three: LatentClassModel) -> None:
    labels = {"yes 2": "meets every month", "yes 2=1": "yes"}
    axes = plots.profile_intervals(three, language="nl", labels=labels)
    rows = [t.get_text().replace("\n", " ") for t in axes.get_yticklabels()]
    assert rows[0] == "yes 0 = 1"
    assert rows[2] == "meets every month: yes"
    assert not any("budget" in row for row in rows)
    assert len(rows) == 6 + 5 + 3  # two categories take one row, five and three one each
    profile = three.profiles_
    chosen = profile[(profile["indicator"] == "yes 2") & (profile["category"] == 1.0)]
    middle = axes.get_yticks()[2]
    lines = [line for line in axes.get_lines() if len(line.get_xdata())]  # type: ignore[arg-type]
    near = [line for line in lines if abs(line.get_ydata()[0] - middle) < 0.2]  # type: ignore[index]
    points = [float(line.get_xdata()[0]) for line in near if len(line.get_xdata()) == 1]  # type: ignore[arg-type,index]
    spans = [tuple(line.get_xdata()) for line in near if len(line.get_xdata()) == 2]  # type: ignore[arg-type]
    assert points == pytest.approx(list(chosen["estimate"]))
    known = chosen[chosen["lower"].notna() & chosen["upper"].notna()]
    assert spans == [
        pytest.approx(span) for span in zip(known["lower"], known["upper"], strict=True)
    ]
    open_markers = [line for line in lines if line.get_markerfacecolor() == "white"]
    drawn = profile[profile["parameter"] == "probability"]
    two = drawn.groupby("indicator")["category"].transform("nunique") == 2
    drawn = drawn[~two | (drawn["category"] == 1.0)]
    assert len(open_markers) == int(drawn["boundary"].sum())


def test_intervals_need_an_item_with_categories(
    answers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    model = LatentClassModel(2, n_init=4, random_state=1, n_jobs=1).fit(answers[["budget"]])
    with pytest.raises(InputError, match="expected an item with categories"):
        plots.profile_intervals(model)


def test_criteria_mark_the_lowest(enumeration: ClassEnumeration) -> None:
    axes = plots.criteria_by_classes(enumeration, language="nl")
    legend = axes.get_legend()
    assert legend is not None
    said = [t.get_text() for t in legend.get_texts()]
    table = enumeration.table
    assert f"BIC: {table['bic'].idxmin()}" in said
    assert f"AIC3: {table['aic3'].idxmin()}" in said
    ticks = [t.get_text() for t in axes.get_xticklabels()]
    assert ticks[0] == "1"
    assert ticks[1] == "2\np = 0,050"
    assert "aantal klassen" in axes.get_xlabel()


def test_ledger_shows_every_start(four: LatentClassModel) -> None:
    axes = plots.starts_by_rank(four, language="nl")
    points = np.concatenate([np.asarray(c.get_offsets()) for c in axes.collections])
    assert len(points) == 10
    values = points[np.argsort(points[:, 0]), 1]
    assert values == pytest.approx(np.sort(four.starts_["log_likelihood"])[::-1])
    times = four.fit_.times_found
    assert axes.get_title() == f"Beste oplossing {times} van de 10 keer gevonden"


def test_ledger_tells_unfinished_starts(answers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    model = LatentClassModel(3, n_init=4, max_iter=3, random_state=1, n_jobs=1)
    with pytest.warns(UserWarning):  # noqa: PT030
        model.fit(answers.filter(like="yes"))
    assert "not converged: 4" in texts(plots.starts_by_rank(model))


def test_strip_covers_every_case(four: LatentClassModel) -> None:
    axes = plots.posterior_strip(four)
    assert axes.get_xlim() == (0.0, 160.0)
    area = {}
    for patch in axes.collections:
        for path in patch.get_paths():
            corners = path.vertices[:-1]
            x, y = corners[:, 0], corners[:, 1]
            size = 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1)))
            key = to_hex(patch.get_facecolor()[0])  # type: ignore[arg-type]
            area[key] = area.get(key, 0.0) + size
    expected = four.class_shares_.to_numpy() * 160
    drawn = [area[colour(k).lower()] for k in range(4)]
    assert drawn == pytest.approx(expected, abs=0.5)


def test_triangle_places_cases_by_their_probabilities(three: LatentClassModel) -> None:
    axes = plots.posterior_triangle(three, names=["A", "B", "C"])
    points = np.asarray(axes.collections[0].get_offsets())
    p = posterior(three.design_, three.fit_.parameters)[0]
    sure = p[:, 0] > 0.999
    assert sure.any()
    assert np.abs(points - [0.0, 0.0]).sum(axis=1).min() < 0.02
    assert points[:, 1].max() <= np.sqrt(0.75) + 1e-9
    assert any(text.startswith("C\n(") for text in texts(axes))


def test_residual_map_shows_every_pair(three: LatentClassModel, residual_test: FitTest) -> None:
    axes = plots.bivariate_residual_map(three, test=residual_test, language="nl")
    shown = np.ma.filled(axes.images[0].get_array(), np.nan)  # type: ignore[no-untyped-call]
    pairs = three.bivariate_residuals_.set_index(["first", "second"])["residual"]
    assert np.isfinite(shown).sum() == len(pairs)
    assert shown[1, 0] == pytest.approx(pairs[("yes 0", "yes 2")])
    assert shown[-1, 2] == pytest.approx(pairs[("yes 2", "budget")])
    marked = int((residual_test.bivariate["p_value"] <= 0.05).sum())
    assert len(axes.patches) == marked
    assert "omlijnd: bootstrap-p ten hoogste 0,05" in texts(axes)


def test_draws_on_given_axes(three: LatentClassModel, enumeration: ClassEnumeration) -> None:
    import matplotlib.pyplot as plt

    for draw in ON_MODEL:
        _, ax = plt.subplots()
        assert draw(three, ax=ax) is ax  # type: ignore[operator]
    _, ax = plt.subplots()
    assert plots.criteria_by_classes(enumeration, ax=ax) is ax


def test_refusals(
    three: LatentClassModel, four: LatentClassModel, residual_test: FitTest,
    enumeration: ClassEnumeration,
) -> None:  # fmt: skip
    for draw in ON_MODEL:
        with pytest.raises(OptionError, match="language: expected one of 'nl', 'en', got 'de'"):
            draw(three, language="de")  # type: ignore[operator]
    with pytest.raises(OptionError, match="language"):
        plots.criteria_by_classes(enumeration, language="de")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="three classes for a triangle, got '4 classes'"):
        plots.posterior_triangle(four)
    with pytest.raises(InputError, match="expected 3 names, got 1"):
        plots.profile_lines(three, names=["one"])
    from dataclasses import replace

    shorter = replace(residual_test, bivariate=residual_test.bivariate.head(3))
    with pytest.raises(InputError, match="expected 36 pairs, got 3"):
        plots.bivariate_residual_map(three, test=shorter)
    blank = enumeration.table.assign(
        **dict.fromkeys(["aic", "aic3", "bic", "caic", "sabic", "icl_bic"], np.nan)
    )
    with pytest.raises(InputError, match="no criteria: the models rest on survey weights"):
        plots.criteria_by_classes(replace(enumeration, table=blank))


def test_one_item_has_no_pairs(answers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    model = LatentClassModel(1, n_init=1, random_state=1, n_jobs=1).fit(answers[["yes 1"]])
    with pytest.raises(InputError, match="expected two indicators at least"):
        plots.bivariate_residual_map(model)


def test_without_the_library(three: LatentClassModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(MissingExtraError, match=r"swvtypes\[report\]"):
        plots.profile_lines(three)


def test_importing_the_figures_does_not_import_the_library() -> None:
    import subprocess

    code = "import sys, swvtypes.plots; print('matplotlib' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
