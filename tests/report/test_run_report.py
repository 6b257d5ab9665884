"""The report of a finished run: every section from the run's own files, and what it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from finished_runs import QUICK

from swvtypes.cli.reporting_command import report
from swvtypes.cli.run_folder import read_run
from swvtypes.errors import FaultsError, InputError, OptionError, RunError
from swvtypes.membership import Membership
from swvtypes.report import ReportOptions, render_report
from swvtypes.report.run_folder import RunSources, inputs_of_run
from swvtypes.report.run_tables import read_notes, read_table
from swvtypes.rounding import half_up
from swvtypes.survey import OrganisationCrosswalk
from swvtypes.workflow import require_complete, run_wave
from swvtypes.workflow.earlier_runs import earlier_answers


@pytest.fixture(scope="module")
def page(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "report.html"
    report(finished_run / "results", language="en", out=path, organisations="named")
    return path.read_text(encoding="utf-8")


def part(page: str, key: str) -> str:
    return page.split(f'<section id="{key}"')[1].split("</section>", maxsplit=1)[0]


def sources(run: Path) -> RunSources:
    results = run / "results"
    earlier = {"../then/results": run.parent / "then" / "results"}
    return RunSources(results, require_complete(results), earlier=earlier)


def copied(run: Path, tmp_path: Path) -> Path:
    shutil.copytree(run.parent, tmp_path / "runs")
    return tmp_path / "runs" / "now"


def test_a_run_fills_every_section_it_computed(page: str) -> None:
    assert "<h1><bdi>Small wave</bdi></h1>" in page
    assert "po: </bdi>" not in page
    assert "2 types" in part(page, "summary")
    assert "Place on the continuum from 1 to 3, on average" in part(page, "summary")
    assert "another type than in <bdi>2024</bdi>" in part(page, "summary")
    assert "associated" in part(page, "existence")
    assert "Unlike the other organisations" in part(page, "profiles")
    assert "<svg" in part(page, "profiles")
    assert 'id="explorer-data"' in page
    assert "From type to type: wave 2024" in part(page, "earlier")
    assert "decentral" in part(page, "steering")
    assert "Second by place on the continuum" in part(page, "validation")
    assert "helped to shape the types (circular)" in part(page, "validation")
    assert "Tabel 1: Place on the line" in part(page, "tables")
    assert "Full-information likelihood" in part(page, "checklist")
    assert "no reason given" in part(page, "method")


def test_what_no_step_of_a_run_computes_is_said(page: str) -> None:
    assert "How many of all organisations are of each type was not worked out" in page
    assert "Stability under resampling was not examined" in page
    assert "Other choices of the analyst were not laid side by side" in page


def test_what_a_step_left_out_stands_in_its_section_as_text(finished_run: Path) -> None:
    inputs = inputs_of_run(sources(finished_run))
    noted = replace(inputs, left_out={"tables": (("Tabel <b>", "no such question"),)})
    page = render_report(noted, "en")
    assert "What the run left out here (1)" in part(page, "tables")
    assert "Tabel &lt;b&gt;</bdi>: <bdi>no such question" in part(page, "tables")
    assert "left out here" not in part(page, "validation")
    hidden = render_report(noted, "en", ReportOptions(organisations="pseudonyms"))
    assert "no such question" not in hidden


def test_figures_are_those_of_the_files(finished_run: Path, page: str) -> None:
    results = finished_run / "results"
    found = inputs_of_run(sources(finished_run)).earlier[0].comparison
    assert found is not None
    rates = pd.read_csv(results / "comparison" / "transitions.csv")
    keys = ["before", "after"]
    both = rates.merge(found.rates, on=keys, suffixes=("_run", "_report"))
    assert len(both) == len(rates) > 0
    assert both["count_run"].tolist() == both["count_report"].tolist()
    assert found.transitions.to_numpy().sum() == rates["count"].sum()
    agreement = pd.read_csv(results / "comparison" / "agreement.csv")
    told = part(page, "earlier")
    for row in agreement.to_dict("records"):
        assert f"<bdi>{row['sector']}: {row['measure']}</bdi>" in told
        assert f"<td>{half_up(row['value'], 2) + 0}</td>" in told
    tables = pd.read_csv(results / "tables" / "tables.csv", dtype=str)
    for row in tables.to_dict("records"):
        assert f"<td><bdi>{row['shown']} ({row['previous']})</bdi></td>" in part(page, "tables")
    members = pd.read_csv(results / "membership" / "membership.csv")
    data = json.loads(page.split('id="explorer-data">')[1].split("</script>", maxsplit=1)[0])
    assert [row["n"] for row in data["rows"]] == members["organisation"].tolist()
    centre = pd.read_csv(results / "steering" / "centre.csv")
    assert f"mean {centre['mean'][0]:.1f}" in part(page, "steering")


def test_dutch_labels_stand_in_a_dutch_report(finished_run: Path, tmp_path: Path) -> None:
    report(finished_run, language="nl", out=tmp_path / "a.html", organisations="pseudonyms")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "SYN-" not in page
    assert "Tabel 1: Place" not in page
    assert "Tabel 1: Plek" in part(page, "tables")
    assert "correlatie r" in part(page, "validation")
    assert "De run is gedaan in het Engels" in part(page, "summary")
    assert "Wat de run hier wegliet" not in page


def test_results_without_their_data_give_a_report_without_answers(
    finished_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(finished_run / "results", tmp_path / "moved")
    report(tmp_path / "moved", language="en", out=tmp_path / "a.html", organisations="named")
    assert "The data of the run do not stand where they stood" in capsys.readouterr().out
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "there is nothing to explore" in page
    assert "Synthetic data" in page
    assert "Types and numbers of organisations" in page
    assert "not there" not in part(page, "tables")


def test_an_earlier_run_that_is_gone_is_said(finished_run: Path, tmp_path: Path) -> None:
    run = copied(finished_run, tmp_path)
    shutil.rmtree(run.parent / "then")
    report(run, language="en", out=tmp_path / "a.html", organisations="named")
    assert "../then/results" in part((tmp_path / "a.html").read_text(), "earlier")


def test_a_wave_that_changed_since_the_run_is_refused(finished_run: Path, tmp_path: Path) -> None:
    run = copied(finished_run, tmp_path)
    for name in ("wave.csv", "register.csv"):
        text = (run / name).read_text()
        (run / name).write_text(text + "\n")
    with pytest.raises(InputError) as caught:
        report(run, language="en", out=tmp_path / "a.html", organisations="named")
    assert [f.split(":")[0] for f in caught.value.faults] == ["wave", "register"]
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize(
    ("out", "fault"),
    [
        ("now/results/report.html", "expected a file outside the results"),
        ("absent/report.html", "its folder is not there"),
        ("now", "expected the name of a file, found a folder"),
    ],
)
def test_a_page_goes_nowhere_it_should_not(
    finished_run: Path, tmp_path: Path, out: str, fault: str
) -> None:
    run = copied(finished_run, tmp_path)
    with pytest.raises(InputError, match=fault):
        report(run, language="en", out=run.parent / out, organisations="named")


def test_the_command_writes_beside_the_results_and_tells_faults_by_line(
    finished_run: Path, tmp_path: Path
) -> None:
    run = copied(finished_run, tmp_path)
    done = command("report", str(run / "results"))
    assert done.returncode == 0, done.stderr
    assert "the rows are synthetic" in done.stdout
    assert (run / "report_en.html").is_file()
    require_complete(run / "results")
    (run / "results" / "membership" / "membership.csv").write_text("changed")
    (run / "results" / "steering" / "centre.csv").unlink()
    refused = command("report", str(run / "results"), "--out", str(run / "other.html"))
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 2
    assert "Traceback" not in refused.stderr
    assert not (run / "other.html").exists()
    for wrong in ({"organisations": "all"}, {"smallest_cell": 0}, {"language": "fr"}):
        with pytest.raises(OptionError, match=next(iter(wrong))):
            report(run, out=tmp_path / "a.html", **{"organisations": "named"} | wrong)  # type: ignore[arg-type]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swvtypes", *arguments], capture_output=True, text=True, check=False
    )


def test_a_manifest_that_was_tampered_with_is_a_fault(finished_run: Path, tmp_path: Path) -> None:
    run = copied(finished_run, tmp_path)
    path = run / "results" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["settings"]["earlier_runs"] = "everything"
    path.write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"settings\.earlier_runs: expected a list"):
        report(run, language="en", out=tmp_path / "a.html", organisations="named")


def test_a_folder_that_is_no_run_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no manifest"):
        report(tmp_path, language="en", out=tmp_path / "a.html", organisations="named")
    with pytest.raises(OptionError, match="language"):
        report(tmp_path, language="fr", out=None, organisations="named")


def test_files_that_are_no_tables_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("subject,other\na,b\n")
    with pytest.raises(InputError, match="no column 'reason'"):
        read_notes(path)
    with pytest.raises(InputError, match="'other': expected numbers"):
        read_table(path, (), ("other",))
    path.write_text('"a')
    with pytest.raises(InputError, match="cannot be read as a table"):
        read_table(path)


def test_results_of_another_version_are_a_fault(finished_run: Path, tmp_path: Path) -> None:
    run = copied(finished_run, tmp_path)
    path = run / "results" / "steering" / "comparison.csv"
    pd.read_csv(path).drop(columns=["p_welch", "provable"]).to_csv(path, index=False)
    with pytest.raises(InputError) as caught:
        inputs_of_run(RunSources(run / "results", require_complete(finished_run / "results")))
    assert len(caught.value.faults) == 2
    assert "another version made it; run again" in caught.value.faults[0]


def test_all_absent_parts_are_told_at_once(finished_run: Path, tmp_path: Path) -> None:
    run = copied(finished_run, tmp_path)
    manifest = require_complete(run / "results")
    (run / "results" / "typology" / "typology.json").unlink()
    (run / "results" / "membership" / "membership.json").write_text("{}")
    with pytest.raises(FaultsError) as caught:
        inputs_of_run(RunSources(run / "results", manifest))
    told = " ".join(caught.value.faults)
    assert "typology/typology.json" in told
    assert "membership/membership.json" in told


def test_a_public_report_of_a_run_names_nobody_and_gives_no_figure_of_a_relation(
    finished_run: Path,
) -> None:
    inputs = inputs_of_run(sources(finished_run))
    page = render_report(inputs, "en", ReportOptions(organisations="none"))
    assert "SYN-" not in page
    assert "The figures were left out" in part(page, "validation")
    assert "<details" not in part(page, "validation")
    assert "What the run left out" not in page


HEAD = "before_wave,before,after_wave,after,event"
LINK = "wave 2024,{},wave 2026,{},{}"


@pytest.fixture(scope="module")
def merged(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The later run again after mergers, a split, one that went and one of another sector."""
    run = copied(finished_run, tmp_path_factory.mktemp("merged"))
    same = Membership.load(run.parent / "then" / "results" / "membership" / "membership.json")
    po = same.sector("po").modal
    alike = list(po.index[po == "po 1"][:2])
    unlike = [str(po.index[po == kind][5]) for kind in ("po 1", "po 2")]
    split, gone, other = po.index[-1], po.index[-2], po.index[-3]
    wave, register = pd.read_csv(run / "wave.csv"), pd.read_csv(run / "register.csv")
    for name, key in ((wave, "wave.csv"), (register, "register.csv")):
        part = name[name["organisation"] == split].assign(organisation="NEW-1")
        left = name[~name["organisation"].isin([alike[1], unlike[1], gone])]
        made = pd.concat([left, part], ignore_index=True)
        if "sector" in made:
            made.loc[made["organisation"] == other, "sector"] = "vo"
        made.to_csv(run / key, index=False)
    events = [(a, pair[0], "merged") for pair in (alike, unlike) for a in pair]
    events += [(split, split, "split"), (split, "NEW-1", "split"), (gone, "", "gone")]
    told = {a for a, _, _ in events}
    events += [(o, o, "same") for o in same.modal.index if o not in told]
    (run / "who.csv").write_text("\n".join([HEAD, *(LINK.format(*e) for e in events), ""]))
    text = (run / "run.toml").read_text()
    (run / "run.toml").write_text('organisations = ["who.csv"]\n' + text)
    shutil.rmtree(run / "results")
    run_wave(run / "run.toml", QUICK)
    return run


def test_who_changed_type_on_the_page_are_those_of_the_run(merged: Path, tmp_path: Path) -> None:
    comparison = merged / "results" / "comparison"
    naive = pd.read_csv(comparison / "movers.csv").query("method == 'naive'")
    n = int(naive["organisations"].sum())
    count = round(float((naive["estimate"] * naive["organisations"]).sum()))
    assert len(naive) == 2
    report(merged, language="en", out=tmp_path / "a.html", organisations="named")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert f"{count} of {n} organisations have another type than in <bdi>2024</bdi>" in page
    who = OrganisationCrosswalk.read(merged / "who.csv")
    found = inputs_of_run(replace(sources(merged), identities={"wave 2024": who})).earlier[0]
    assert found.comparison is not None
    moved = pd.read_csv(comparison / "moved.csv").set_index("organisation")["moved"]
    assert moved.to_dict() == found.comparison.moved.to_dict()
    kinds = {e: [k for k in who.links if k.event == e] for e in ("merged", "split", "gone")}
    assert {k.after for k in kinds["split"]} <= set(moved.index)
    assert kinds["merged"][0].after in moved.index
    assert kinds["merged"][2].after not in moved.index
    rates = pd.read_csv(comparison / "transitions.csv")
    both = rates.merge(found.comparison.rates, on=["before", "after"])
    assert both["count_x"].tolist() == both["count_y"].tolist()
    assert len(both) == len(rates) > 0
    assert found.comparison.pairs.only_before == (kinds["gone"][0].before,)
    assert "1 organisations had a type then and have none now" in part(page, "earlier")
    rows = json.loads(page.split('id="explorer-data">')[1].split("</script>", maxsplit=1)[0])
    before = {row["n"]: row["b"][0] for row in rows["rows"]}
    assert before["NEW-1"] == before[kinds["split"][0].after] is not None
    assert before[kinds["merged"][0].after][0] == "po 1"
    assert before[kinds["merged"][2].after] is None


def test_waves_that_the_run_did_not_compare_are_not_compared_on_the_page(
    finished_run: Path, tmp_path: Path
) -> None:
    run = copied(finished_run, tmp_path)
    manifest = require_complete(run / "results")
    path = run / "results" / "comparison" / "agreement.csv"
    table = pd.read_csv(path)
    table.assign(earlier_run="other").to_csv(path, index=False)
    asked = replace(sources(finished_run), folder=run / "results", manifest=manifest)
    page = part(render_report(inputs_of_run(asked), "en"), "earlier")
    assert "The run did not lay this wave beside it" in page
    assert "From type to type" not in page
    table.drop(columns=["sector", "chance"]).to_csv(path, index=False)
    with pytest.raises(InputError) as caught:
        inputs_of_run(asked)
    assert caught.value.subject == "comparison/agreement.csv"
    assert caught.value.faults == (
        "no column 'sector': another version made it; run again",
        "no column 'chance': another version made it; run again",
    )


def test_types_of_all_sectors_together_beside_types_by_sector_are_not_counted(
    finished_run: Path, tmp_path: Path
) -> None:
    run = copied(finished_run, tmp_path)
    then = run.parent / "then" / "results" / "membership" / "membership.json"
    own = Membership.load(then)
    together = own.modal.str.split().str[1]
    Membership.from_modal(together, own.sector_of, replace(own.origin, names={})).save(then)
    asked = replace(sources(finished_run), earlier={"../then/results": then.parents[1]})
    page = part(render_report(inputs_of_run(asked), "en"), "earlier")
    assert "In one wave each sector has types of its own and in the other not" in page
    assert "From type to type" not in page


def test_an_earlier_run_that_was_done_again_or_is_not_given_is_left_out(
    finished_run: Path, tmp_path: Path
) -> None:
    run = copied(finished_run, tmp_path)
    with (run.parent / "then" / "results" / "manifest.json").open("a") as stream:
        stream.write(" ")
    inputs = inputs_of_run(sources(run))
    assert inputs.earlier == ()
    assert inputs.left_out["earlier"][-1] == (
        "../then/results", "this earlier run was done again after the run; run again",
    )  # fmt: skip
    inputs = inputs_of_run(replace(sources(run), earlier={}))
    told = "the results of this earlier run were not found"
    assert inputs.left_out["earlier"][-1] == ("../then/results", told)


def test_weights_are_told_without_the_answers(finished_run: Path, tmp_path: Path) -> None:
    run = copied(finished_run, tmp_path)
    asked = RunSources(run / "results", require_complete(run / "results"))
    plain = inputs_of_run(asked).steering
    path = run / "results" / "membership" / "membership.json"
    own = Membership.load(path)
    weights = pd.Series(2.0, index=own.sector_of.index)
    Membership.from_probabilities(own.probabilities, own.sector_of, own.origin, weights).save(path)
    weighted = inputs_of_run(asked).steering
    assert plain is not None
    assert weighted is not None
    assert (plain.carries_weights, weighted.carries_weights) == (False, True)


def test_a_crosswalk_of_organisations_that_changed_since_the_run_is_refused(
    merged: Path, tmp_path: Path
) -> None:
    run = copied(merged, tmp_path)
    with (run / "who.csv").open("a") as stream:
        stream.write("\n")
    with pytest.raises(InputError) as caught:
        report(run, language="en", out=tmp_path / "a.html", organisations="named")
    assert caught.value.faults == ("organisations: who.csv: changed since the run; run it again first",)  # fmt: skip  # noqa: E501


def test_answers_of_a_run_have_its_register_wherever_they_are_read(
    finished_run: Path, tmp_path: Path
) -> None:
    run = copied(finished_run, tmp_path)
    compared, laid_beside = read_run(run).wave, earlier_answers(run / "results")
    assert compared is not None
    assert laid_beside is not None
    pd.testing.assert_frame_equal(compared.frame, laid_beside.frame)
    assert compared.frame["boards"].notna().all()
    with (run / "register.csv").open("a") as stream:
        stream.write("\n")
    with pytest.raises(InputError, match=r"register: register\.csv: changed since the run"):
        read_run(run)
    assert read_run(run, ("crosswalk", "organisations")).wave is None
    assert earlier_answers(run / "results") is None
    (run / "register.csv").unlink()
    assert read_run(run).wave is None
