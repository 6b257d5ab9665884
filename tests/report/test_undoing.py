"""A public report is read whole, tables of the questionnaire included, and nothing small comes out.

The reader has a solver, knows how tables add up and how percentages are rounded, and uses the
numbers of organisations that the report gives elsewhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up_runs import made_up
from scipy.optimize import LinearConstraint, milp

from swvtypes.report import ReportInputs, ReportOptions, render_report
from swvtypes.report.run_folder import RunSources, inputs_of_run
from swvtypes.report.tables_part import is_sensitive
from swvtypes.survey import Codebook, Wave, read_wave
from swvtypes.validation import ValidationOptions, against_variables
from swvtypes.workflow import require_complete

SMALLEST = 5


def public(inputs: ReportInputs, smallest: int = SMALLEST) -> str:
    return render_report(inputs, "en", ReportOptions("none", smallest_cell=smallest))


def part(page: str, key: str) -> str:
    return page.split(f'<section id="{key}"')[1].split("</section>", maxsplit=1)[0]


def questionnaire(run: ReportInputs, missing: int = 0) -> ReportInputs:
    """Add a table of every item by sector to a run, of which `missing` left each item open."""
    assert run.wave is not None
    rows = []
    frame = run.wave.frame
    for at, item in enumerate(("vision", "funds", "contact", "website", "steering")):
        for sector, mine in frame.groupby("sector"):
            answers = mine[item].astype(float).iloc[missing:]
            codes = sorted(answers.unique())
            for code in codes:
                count = int((answers == code).sum())
                rows.append({
                    "locator": f"Table {at}", "row_no": int(code) + 1, "row_label": f"{code:g}",
                    "sector": sector, "measure": "percent", "statistic": "percent",
                    "value": 100 * count / len(answers), "numerator": count,
                    "denominator": len(answers), "base_n": len(answers),
                })  # fmt: skip
    return replace(run, tables=pd.DataFrame(rows))


class Percentages:
    """What a reader makes of a table of percentages: counts of each cell and their base."""

    def __init__(self, page: str, locator: str, column: int, size: int, step: float) -> None:
        body = part(page, "tables").split(f"<bdi>{locator}</bdi></summary>")[1]
        lines = re.findall(r"<tr>(.*?)</tr>", body.split("</tbody>")[0].split("<tbody>")[1])
        cells = [re.findall(r"<td>(.*?)</td>", line)[column] for line in lines]
        self.shares = [float(re.sub("<.*?>", "", c)) for c in cells if c]
        self.size, self.step = size, step

    def base(self) -> tuple[int, int]:
        """Lowest and highest number that can have answered, found by integer programming.

        The reader knows from elsewhere that at most ten organisations did not answer.
        """
        k = len(self.shares)
        rows, low, high = [np.append(np.ones(k), -1.0)], [0.0], [0.0]
        for at, share in enumerate(self.shares):
            for edge, sign in ((share - self.step / 2, 1.0), (share + self.step / 2, -1.0)):
                row = np.zeros(k + 1)
                row[at], row[k] = sign, -sign * edge / 100
                rows.append(row)
                low.append(-1e-9)
                high.append(np.inf)
        limits = LinearConstraint(np.array(rows), low, high)
        top = np.append(np.full(k, self.size), self.size)
        bottom = np.append(np.zeros(k), self.size - 2 * SMALLEST)
        ends = []
        for sign in (1, -1):
            goal = np.append(np.zeros(k), float(sign))
            found = milp(goal, constraints=limits, integrality=np.ones(k + 1),
                         bounds=(bottom, top))  # fmt: skip
            assert found.x is not None
            ends.append(round(found.x[k]))
        return ends[0], ends[1]


@pytest.mark.parametrize("missing", [1, 2, 4])
def test_how_few_did_not_answer_cannot_be_worked_out_of_percentages(missing: int) -> None:
    run = questionnaire(made_up(124, 3), missing)
    page = public(run)
    shown = re.findall(r"<summary><bdi>(Table \d)</bdi>", part(page, "tables"))
    assert shown
    assert run.wave is not None
    sizes = run.wave.frame["sector"].value_counts()
    for locator in shown:
        for column, sector in enumerate(("po", "vo")):
            reader = Percentages(page, locator, column, int(sizes[sector]), 5)
            low, high = reader.base()
            assert low <= sizes[sector] - missing <= high
            assert high - low >= SMALLEST - 1, (locator, sector, low, high)


def test_the_same_reader_succeeds_where_percentages_are_finer() -> None:
    """The attack is no straw man: one decimal gives the base away."""
    run = questionnaire(made_up(124, 3), 2)
    page = render_report(run, "en")
    assert run.wave is not None
    sizes = run.wave.frame["sector"].value_counts()
    found = Percentages(page, "Table 4", 0, int(sizes["po"]), 0.1)
    assert found.base() == (sizes["po"] - 2, sizes["po"] - 2)


def test_a_small_count_left_over_by_the_rows_of_a_table_makes_it_sensitive() -> None:
    part = pd.DataFrame({
        "sector": "po", "measure": "percent", "numerator": [20, 20], "denominator": [43, 43],
        "base_n": [43, 43],
    })  # fmt: skip
    assert is_sensitive(part, 5)
    assert not is_sensitive(part.assign(denominator=45, base_n=45), 5)


def cells(hits: list[int], base: int, **more: object) -> pd.DataFrame:
    """Percentages of one question, its answers as rows, as a run writes them."""
    share = [100 * count / base for count in hits]
    columns = {
        "locator": "T", "row_no": range(1, len(hits) + 1), "row_label": "x", "sector": "po",
        "measure": "percent", "statistic": "percent", "value": share, "numerator": hits,
        "denominator": base, "base_n": base, "hits": hits,
    } | more  # fmt: skip
    return pd.DataFrame(columns)


def test_a_total_does_not_hide_what_the_other_rows_leave_over() -> None:
    assert is_sensitive(cells([20, 20, 43], 43), 5)
    assert not is_sensitive(cells([20, 23, 43], 43), 5)
    assert not is_sensitive(cells([43, 0, 43], 43), 5)


def test_answers_in_columns_leave_no_small_number_over_either() -> None:
    grid = cells([20, 20], 43, row_no=1, measure=["low", "high"])
    assert is_sensitive(grid, 5)
    assert not is_sensitive(grid.assign(hits=[20, 23]), 5)


def test_weighted_shares_are_judged_by_the_organisations_they_are_of() -> None:
    weighted = {"numerator": float("nan"), "denominator": float("nan"), "value": [45.0, 55.0]}
    assert is_sensitive(cells([1, 42], 43, **weighted), 5)
    assert not is_sensitive(cells([20, 23], 43, **weighted), 5)
    assert is_sensitive(cells([20, 23], 43, **weighted).drop(columns="hits"), 5)


def test_sums_of_rounded_percentages_are_judged_by_the_organisations_they_are_of() -> None:
    rounded = cells([1, 11], 12, numerator=[8, 92], denominator=100)
    assert is_sensitive(rounded, 5)
    assert not is_sensitive(rounded.assign(hits=[6, 6]), 5)


def test_lowest_and_highest_of_one_organisation_are_not_published() -> None:
    run = made_up(124, 3)
    rows = cells([0, 0, 0], 60, statistic=["mean", "min", "max"], measure=["mean", "low", "high"],
                 row_no=1, value=[812.0, 133.0, 2477.0], numerator=float("nan"),
                 denominator=float("nan")).assign(hits=float("nan"))  # fmt: skip
    alone = rows[rows["statistic"] == "max"].assign(locator="U")
    inputs = replace(run, tables=pd.concat([rows, alone]))
    shown = part(public(inputs), "tables")
    assert "812" in shown
    assert "133" not in shown
    assert "2477" not in shown
    assert "Left out" in shown
    assert "2,477" in render_report(inputs, "en") or "2477" in render_report(inputs, "en")


def test_a_weighted_table_says_so() -> None:
    weighted = cells([20, 23], 43, numerator=float("nan"), denominator=float("nan"))
    inputs = replace(made_up(124, 3), tables=weighted)
    assert "Percentages and means are weighted, counts are not." in public(inputs)
    page = render_report(replace(inputs, tables=cells([20, 23], 43)), "nl")
    assert "zijn gewogen, aantallen niet" not in page
    assert "zijn gewogen, aantallen niet" in render_report(inputs, "nl")


def test_shares_of_types_leave_no_small_cell_over_beside_the_tables() -> None:
    """Counts of a type that follow from its share, and from a table less the other types."""
    run = questionnaire(made_up(124, 3))
    page = public(run, 4)
    assert run.membership is not None
    assert run.wave is not None
    modal = run.membership.modal
    found = re.findall(
        r'<tr><th scope="row"><bdi>(\w+)</bdi>.*?<td class="told">(.*?)</td></tr>',
        part(page, "profiles"),
    )
    for item, told in found:
        answers = run.wave.frame[item]
        for kind, share in re.findall(r"<bdi>(\d)</bdi>:&nbsp;(\S+?)<", told):
            size = int((modal == kind).sum())
            assert int(share.rstrip("%")) % 5 == 0
            for value in answers.dropna().unique():
                p = run.membership.probabilities[kind][answers.notna()]
                weight = float(p[answers == value].sum() / p.sum()) * size
                assert weight >= 4, (item, kind, value)
    sizes = [int((modal == t).sum()) for t in "123"]
    assert found or min(sizes) < 8


def test_relations_give_no_figure_from_which_a_table_could_be_filled() -> None:
    run = made_up(60, 1)
    assert run.wave is not None
    assert run.membership is not None
    options = ValidationOptions(n_permutations=19)
    found = against_variables(run.wave, run.membership, ["vision", "funds"], options)
    page = part(public(replace(run, validation=(found,))), "validation")
    numbers = re.findall(r"<td>([^<]*\d[^<]*)</td>", page)
    assert numbers == ["2", str(holding(found.table))]


def holding(table: pd.DataFrame) -> int:
    first = table[(table["scope"] == "pooled") & (table["analysis"] == "bch")]
    return int((first["p_holm"] < 0.05).sum())


def test_nothing_is_said_outside_the_tables_that_is_suppressed_in_them() -> None:
    """Tooltips, labels of pictures and data for scripts hold no count that a table keeps back."""
    run = made_up(60, 1)
    page = public(run)
    assert 'class="hidden-count"' in page
    assert "application/json" not in page
    attributes = re.findall(r'(?:title|aria-label|alt|data-[a-z]+)="([^"]*)"', page)
    for text in attributes:
        assert not re.search(r"\d", text.replace("before", "")) or "%" in text, text
    visible = unescape(re.sub(r"<[^>]+>", " ", page.split("<body>")[1]))
    for text in attributes:
        for share in re.findall(r"\d+%", text):
            assert share in visible
    assert "<title>" not in page.split("<body>")[1]
    assert "<desc" not in page


@pytest.fixture(scope="module")
def of_run(finished_run: Path) -> ReportInputs:
    results = finished_run / "results"
    book = Codebook.load(finished_run / "codebook.toml")
    wave: Wave = read_wave(finished_run / "wave.csv", book, name="wave 2026")
    earlier = {"then": finished_run.parent / "then" / "results"}
    return inputs_of_run(RunSources(results, require_complete(results), wave, earlier=earlier))


@pytest.mark.parametrize("smallest", [5, 12, 30])
def test_a_run_made_public_keeps_every_figure_of_a_sector_with_a_hidden_type(
    of_run: ReportInputs, smallest: int
) -> None:
    page = public(of_run, smallest)
    assert of_run.membership is not None
    sizes = of_run.membership.modal.value_counts()
    for kind, size in sizes.items():
        row = re.search(
            rf'<tr><th scope="row"><bdi>{kind}</bdi></th>(.*?)</tr>', part(page, "summary")
        )
        assert row is not None
        cells = [unescape(re.sub("<.*?>", "", c)) for c in re.findall("<td>(.*?)</td>", row[1])]
        if size < smallest:
            assert cells[1:] == ["⋯suppressed", "⋯", "⋯"]
            assert f"<strong><bdi>{kind}" not in part(page, "profiles")
    assert json.dumps("SYN-")[1:-1] not in page
    assert "log-likelihood" in part(page, "method")
    assert "smallest class" not in part(page, "method")
