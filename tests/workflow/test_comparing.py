"""Earlier runs beside this one: crosswalks, drift, old types, answers that went."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from small_run import small_run

from swvtypes.errors import InputError, RunError
from swvtypes.survey import ItemCrosswalk
from swvtypes.workflow import RunOptions, read_inputs, require_complete, run_wave
from swvtypes.workflow.earlier_runs import answers_digest, earlier_answers, wave_name
from swvtypes.workflow.run_file import RunFile
from swvtypes.workflow.source_files import find_sources, home_of

QUICK = RunOptions(quick=True, jobs=1, language="en")
ITEMS = [f"{theme}_{item}" for theme in ("first", "second") for item in range(3)]


def later_run(folder: Path) -> Path:
    """Write the next wave: other names for the questions, and one of them answered otherwise."""
    run_file = small_run(folder)
    frame = pd.read_csv(folder / "wave.csv")
    frame["second_2"] = 1 - frame["second_2"]
    renamed = {name: f"q_{name}" for name in ITEMS}
    frame.rename(columns=renamed).to_csv(folder / "wave.csv", index=False)
    book = (folder / "codebook.toml").read_text()
    for old, new in renamed.items():
        book = book.replace(f'id = "{old}"', f'id = "{new}"')
    (folder / "codebook.toml").write_text(book)
    rows = ["wave,variable,concept,value_map,missing_map,comparability,note"]
    rows += [f"wave,{name},{name},,,new," for name in ITEMS]
    rows += [f"later,q_{name},{name},,,same," for name in ITEMS]
    (folder / "crosswalk.csv").write_text("\n".join(rows) + "\n")
    run_file.write_text(
        'name = "later"\ncrosswalk = "crosswalk.csv"\nearlier_runs = ["../before/results"]\n'
        + run_file.read_text()
    )
    return run_file


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("waves")
    run_wave(small_run(home / "before"), QUICK)
    run_wave(later_run(home / "after"), QUICK)
    return home


def test_a_wave_with_other_names_is_compared_by_its_crosswalk(pair: Path) -> None:
    out = pair / "after" / "results" / "comparison"
    drift = pd.read_csv(out / "drift.csv").set_index("item")
    assert set(drift.index) == set(ITEMS)
    assert set(drift["earlier_run"]) == {"../before/results"}
    assert drift["distance"].idxmax() == "second_2"
    assert drift["distance"].drop("second_2").max() == 0
    rates = pd.read_csv(out / "transitions.csv")
    assert set(rates["sector"]) == {"all"}
    assert pd.read_csv(out / "movers.csv")["estimate"].iloc[0] == 0
    scored = pd.read_csv(out / "scored.csv")
    assert len(scored) == 50
    told = (out / "comparison.txt").read_text(encoding="utf-8")
    assert "Comparison of wave and later" in told
    assert (out / "flows_1_all.svg").read_bytes().lstrip().startswith(b"<?xml")
    assert (out / "flows_1_all.png").read_bytes().startswith(b"\x89PNG")


def test_answers_of_an_earlier_run_are_read_while_its_files_are_as_they_were(
    pair: Path, tmp_path: Path
) -> None:
    results = pair / "before" / "results"
    assert wave_name(results) == "wave"
    found = earlier_answers(results)
    assert found is not None
    assert len(found) == 50
    copy = tmp_path / "before"
    shutil.copytree(pair / "before", copy)
    assert answers_digest(copy / "results") == answers_digest(results)
    (copy / "wave.csv").write_text("other\n")
    assert earlier_answers(copy / "results") is None
    assert answers_digest(copy / "results") == "absent"


def test_results_that_were_moved_or_stand_in_too_few_folders_have_no_answers(
    pair: Path, tmp_path: Path
) -> None:
    shutil.copytree(pair / "before", tmp_path / "before")
    moved = tmp_path / "before" / "renamed"
    (tmp_path / "before" / "results").rename(moved)
    assert earlier_answers(moved) is None
    assert answers_digest(moved) == "absent"
    manifest = require_complete(moved)
    shallow = manifest | {"settings": manifest["settings"] | {"out": "/".join("a" * 99)}}
    for told in (manifest, shallow):
        with pytest.raises(InputError, match="moved since the run: expected these results as"):
            find_sources(moved, told)
        assert find_sources(moved, told, changed="none") is None
    for unfit in ({}, {"settings": {}, "inputs": None}, {"settings": {"wave": 1}, "inputs": {}}):
        assert find_sources(moved, unfit, changed="none") is None


@pytest.mark.parametrize(
    ("out", "place", "found"),
    [
        ("results", "home/results", True),
        ("made/here", "home/made/here", True),
        ("x/../results", "home/results", True),
        ("./results", "home/results", True),
        ("made/here", "home/results", False),
        ("results", "home/results_old", False),
        ("..", "home/results", False),
        ("../results", "home/results", False),
    ],
)
def test_the_folder_of_the_run_file_is_the_one_from_which_out_leads_to_the_results(
    tmp_path: Path, out: str, place: str, found: bool
) -> None:
    (tmp_path / place).mkdir(parents=True)
    file = RunFile(schema_version=1, wave="w.csv", codebook="c.toml", out=out)
    assert home_of(tmp_path / place, file) == (tmp_path / "home" if found else None)
    whole = RunFile(schema_version=1, wave="w.csv", codebook="c.toml", out=str(tmp_path / place))
    assert home_of(tmp_path / place, whole) is None


def test_results_behind_a_link_have_the_folder_of_the_link(tmp_path: Path) -> None:
    (tmp_path / "home" / "store" / "deep").mkdir(parents=True)
    link = tmp_path / "home" / "results"
    link.symlink_to(tmp_path / "home" / "store" / "deep")
    file = RunFile(schema_version=1, wave="w.csv", codebook="c.toml")
    assert home_of(link, file) == tmp_path / "home"
    assert home_of(tmp_path / "home" / "store" / "deep", file) is None


def test_without_the_earlier_answers_the_types_are_compared_and_the_rest_is_noted(
    pair: Path, tmp_path: Path
) -> None:
    shutil.copytree(pair, tmp_path / "waves")
    (tmp_path / "waves" / "before" / "wave.csv").unlink()
    again = run_wave(tmp_path / "waves" / "after" / "run.toml", QUICK)
    assert again.done == ("comparison",)
    out = again.folder / "comparison"
    assert (out / "transitions.csv").is_file()
    assert not (out / "drift.csv").exists()
    reasons = [reason for step, _, reason in again.notes if step == "comparison"]
    assert any("the answers of the waves were not given" in reason for reason in reasons)


def test_a_crosswalk_that_lacks_the_earlier_wave_is_a_fault(pair: Path, tmp_path: Path) -> None:
    shutil.copytree(pair, tmp_path / "waves")
    folder = tmp_path / "waves" / "after"
    text = (folder / "crosswalk.csv").read_text().replace("\nwave,first_0", "\nother,first_0")
    (folder / "crosswalk.csv").write_text(text.replace("\nwave,", "\nother,"))
    with pytest.raises(RunError) as caught:
        read_inputs(folder / "run.toml")
    assert caught.value.faults == (
        "crosswalk.csv: no rows of 'wave', the wave of the earlier run '../before/results'; "
        "there are 'other', 'later'",
    )


def test_a_crosswalk_of_organisations_follows_new_ids(pair: Path, tmp_path: Path) -> None:
    shutil.copytree(pair, tmp_path / "waves")
    folder = tmp_path / "waves" / "after"
    (folder / "wave.csv").write_text((folder / "wave.csv").read_text().replace("SYN-", "NEW-"))
    head = "before_wave,before,after_wave,after,event"
    rows = [f"wave,SYN-{n:03d},later,NEW-{n:03d},same" for n in range(50)]
    (folder / "organisations.csv").write_text("\n".join([head, *rows]) + "\n")
    run_file = folder / "run.toml"
    run_file.write_text('organisations = ["organisations.csv"]\n' + run_file.read_text())
    shutil.rmtree(folder / "results")
    result = run_wave(run_file, QUICK)
    assert pd.read_csv(result.folder / "comparison" / "movers.csv")["organisations"].iloc[0] == 50
    wrong = "\n".join([head, *(row.replace(",later,", ",other,") for row in rows)])
    (folder / "organisations.csv").write_text(wrong)
    with pytest.raises(RunError) as caught:
        read_inputs(run_file)
    assert caught.value.faults == (
        "organisations.csv: expected the waves of an earlier run and 'later', got 'wave' and "
        "'other'",
    )


def test_a_crosswalk_of_the_starter_knows_both_waves(pair: Path) -> None:
    from swvtypes.workflow.starting import make_starter

    new = pair / "after" / "wave.csv"
    starter = make_starter(pair / "next", new, str(pair / "before" / "results"))
    path = pair / "starter_crosswalk.csv"
    path.write_text(starter.texts["crosswalk.csv"])
    assert ItemCrosswalk.read(path).waves == ("wave", "wave_new")
    assert starter.unnamed_themes == 1
    assert starter.guesses > starter.taken_over
    assert 'earlier_runs = ["../before/results"]' in starter.texts["run.toml"]
