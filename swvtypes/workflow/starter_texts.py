"""The files of a starter as text: TOML with comments, and a crosswalk as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from swvtypes.survey import Codebook
from swvtypes.survey.crosswalk_items import COLUMNS
from swvtypes.survey.schema import Gate

from .starter_codebook import Drafted, Entry, Labels, Source

_HEAD = """\
# Codebook of a wave: what was asked of whom, and what the codes in {file} mean.
# Made from the labels in the file{last}.
# Lines with GUESS: are guesses. Confirm or change each, then remove the remark.
# Labels are short texts in Dutch and English. Types: binary, nominal, ordinal, count, continuous.
"""
_MISSING_HEAD = """
# Missing reasons. enters = "random" (missing at random), "state" (a state of its own, as "not
# applicable") or "gate" (joins the question that routed the respondent past).
"""
_RUN = """\
# Run file. Paths are taken from this folder; results stay inside it.
#   swvtypes check run.toml          lists every fault of the files named here
#   swvtypes run run.toml --quick    a first look without bootstrap, in a minute
#   swvtypes run run.toml            the real thing

schema_version = 1
{wave}codebook = "codebook.toml"
out = "results"
seed = 1
language = "nl"                  # nl or en

# Register figures by organisation and year (columns organisation, year, figures):
# register = "register.csv"

# Table specifications, and whose figures stand beside the wave's: the results of the last run
# (a folder), or the printed record "monitor_2016".
tables = "monitor_2016"
{previous}
# Results of earlier runs that the types are compared with:
{earlier}
{crosswalk}# Which organisations are the same, where ids changed; a file for each earlier wave:
# organisations = ["organisations.csv"]

{leave_out}
[typology]
# sectors = "apart"              # or "together": the same types in all sectors
# n_boot = 499                   # replicates of each bootstrap test

[steering]
variable = "steering"            # self-rating from decentralised to centralised, if it was asked
cuts = [3, 7]                    # last position of each group but the last

[names]
# Names of the types, once you know them; only the cheap steps are done again.
# "po 1" = "decentral"
{columns}"""
_EXAMPLE = """\
# Codebook of a wave: an example to fill in. `swvtypes init DIR --wave wave.sav` makes one from the
# labels in a data file.
# GUESS: everything below is an example.

schema_version = 1
id = "my_wave"
title = { nl = "Mijn peiling", en = "My survey" }
year = 2026

[[sectors]]
id = "po"
label = { nl = "primair onderwijs", en = "primary education" }
population = 77                  # organisations that exist, not only those that answered

[[themes]]
id = "governance"
label = { nl = "besluitvorming", en = "decision making" }

[[answers]]
id = "agreement"
label = { nl = "mate van instemming", en = "agreement" }
categories = [
  { code = 1, label = { nl = "niet zo", en = "not so" } },
  { code = 2, label = { nl = "deels", en = "partly" } },
  { code = 3, label = { nl = "wel zo", en = "so" } },
]

[[missing]]
id = "dont_know"
code = 99
label = { nl = "weet niet", en = "don't know" }
enters = "random"

[[variables]]
id = "goals_shared"
label = { nl = "doelen worden gedeeld", en = "goals are shared" }
type = "ordinal"
answers = "agreement"
missing = ["dont_know"]
theme = "governance"
"""


def codebook_text(drafted: Drafted, source: Source) -> str:
    """Write a drafted codebook as TOML, a remark beside every guess."""
    last = "" if drafted.level == "alone" else f" and from the codebook {source.last.id!r}"
    lists = _answer_lists(drafted, source)
    out = [_HEAD.format(file=_line(source.file), last=last)]
    out += _header(source)
    out += _sectors(drafted, source)
    for name, (nl, en) in drafted.themes.items():
        note = "name this theme" if nl.startswith("NOEM MIJ") else "as in the last wave"
        out += [
            "\n[[themes]]",
            f"id = {quoted(name)}",
            f"label = {_label(nl, en)}  # GUESS: {note}",
        ]
    out += _carried(drafted, source)
    for name, (nl, en) in drafted.sets.items():
        out += ["\n[[sets]]", f"id = {quoted(name)}", f"label = {_label(nl, en)}"]
    for name, categories in lists.items():
        out += _answers(name, categories)
    if drafted.missing:
        out.append(_MISSING_HEAD.rstrip("\n"))
    for name, (code, nl, en, enters) in drafted.missing.items():
        out += [
            "\n[[missing]]", f"id = {quoted(name)}", f"code = {code}",
            f"label = {_label(nl, en)}",
            f"enters = {quoted(enters)}  # GUESS: how it enters an analysis",
        ]  # fmt: skip
    names = {categories: name for name, categories in lists.items()}
    for entry in drafted.entries:
        out += _variable(entry, names.get(entry.categories))
    return "\n".join(out) + "\n"


def crosswalk_text(drafted: Drafted, last: Codebook, waves: tuple[str, str]) -> str:
    """Write which questions of the last wave and this one are the same, every row a guess.

    Parameters
    ----------
    drafted : Drafted
    last : Codebook
        Of the last wave.
    waves : (str, str)
        Names of the last wave and of this one.
    """
    before, name = waves
    writer = csv.writer(stream := io.StringIO(), lineterminator="\n")
    writer.writerow(COLUMNS)
    for variable in last.variables:
        writer.writerow((before, variable, variable, "", "", "new", ""))
    here = {entry.id: entry for entry in drafted.entries}
    for entry in drafted.entries:
        known = entry.id in last.variables
        codes = {c for c, _, _ in entry.categories} == {c.code for c in last.categories(entry.id)} \
            if known else False  # fmt: skip
        if known and (codes or entry.like is not None):
            row = (name, entry.id, entry.id, "", "", "same", "GUESS: same name and codes")
        elif known:
            concept = f"{entry.id}_{last.year}_later"[:64]
            row = (name, entry.id, concept, "", "", "new",
                   "GUESS: same name but other codes; give a value_map if it compares")  # fmt: skip
        else:
            remark = "GUESS: no question of that name before"
            row = (name, entry.id, entry.id, "", "", "new", remark)
        writer.writerow(row)
    for variable in last.variables:
        if variable not in here:
            writer.writerow((name, "", variable, "", "", "gone", "GUESS: not in the data file"))
    return stream.getvalue()


def run_text(
    drafted: Drafted | None,
    *,
    wave: str = "wave.sav",
    name: str = "",
    last: str = "",
    run: str | None = None,
) -> str:
    """Write a run file with remarks."""
    lines = f"wave = {quoted(wave)}\n" + (f"name = {quoted(name)}\n" if name else "")
    previous = run or ("monitor_2016" if last == "monitor_2016" else None)
    note = "  # GUESS: the last wave"
    shown = (
        f"previous = {quoted(previous)}{note}\n" if previous else '# previous = "monitor_2016"\n'
    )
    earlier = (
        f"earlier_runs = [{quoted(run)}]{note}\n"
        if run
        else '# earlier_runs = ["../2022/results"]\n'
    )
    columns = leave_out = ""
    if drafted is not None and drafted.columns:
        pairs = [f"{quoted(old)} = {quoted(new)}" for old, new in drafted.columns.items()]
        columns = "\n[columns]\n# GUESS: column of the data file = variable of the codebook\n"
        columns += "\n".join(pairs) + "\n"
    if drafted is not None and drafted.leave_out:
        names = ", ".join(map(quoted, drafted.leave_out))
        leave_out = f"# GUESS: columns with texts or dates are not read\nleave_out = [{names}]\n"
    crosswalk = "# Which questions of two waves are the same:\n"
    crosswalk += "" if drafted is not None else "# "
    crosswalk += 'crosswalk = "crosswalk.csv"\n'
    return _RUN.format(
        wave=lines, previous=shown, earlier=earlier, crosswalk=crosswalk, leave_out=leave_out,
        columns=columns,
    )  # fmt: skip


def example_codebook() -> str:
    """Give the example codebook of a starter without a data file."""
    return _EXAMPLE


def quoted(text: str) -> str:
    """Write a text as a TOML string on one line."""
    safe = text.encode("utf-8", "replace").decode()
    return json.dumps(safe, ensure_ascii=False).replace("\x7f", "\\u007f")


def _header(source: Source) -> list[str]:
    identity = "".join(s if s.isascii() and s.isalnum() else "_" for s in source.file.lower())
    identity = ("wave_" if not identity[:1].isalpha() else "") + identity.rsplit("_", 1)[0]
    title = _line(source.file)[:150] or "wave"
    return [
        "schema_version = 1",
        f"id = {quoted(identity[:60] or 'wave')}",
        f"title = {_label(title, title)}  # GUESS: the name of the file",
        f"year = {source.year}  # GUESS: year of the survey",
    ]


def _sectors(drafted: Drafted, source: Source) -> list[str]:
    out = []
    known = {sector.id: sector for sector in source.last.file.sectors}
    for name, count in drafted.sectors.items():
        before = known.get(name)
        size, note = count, "the number in the file; how many exist?"
        label = _label(name, name)
        if before is not None:
            label = _label(before.label.nl, before.label.en)
            if before.population >= count:
                size, note = before.population, f"as in {source.last.id}"
        out += ["\n[[sectors]]", f"id = {quoted(name)}", f"label = {label}",
                f"population = {size}  # GUESS: {note}"]  # fmt: skip
    return out


def _carried(drafted: Drafted, source: Source) -> list[str]:
    """Write the batteries, scales, sets and compositions that variables name, as last time."""
    out = []
    last = source.last
    note = f"  # GUESS: as in {last.id}"
    entries: tuple[tuple[str, str, Any], ...] = (
        ("batteries", "battery", last.batteries), ("scales", "scale", last.scales),
        ("sets", "set", last.sets), ("compositions", "composition", last.compositions),
    )  # fmt: skip
    present = {entry.id for entry in drafted.entries}
    for kind, key, known in entries:
        used = dict.fromkeys(e.keys[key] for e in drafted.entries if key in e.keys)
        for name in used:
            if name not in known or (kind == "sets" and name in drafted.sets):
                continue
            entry = known[name]
            label = _label(entry.label.nl, entry.label.en)
            out += [f"\n[[{kind}]]", f"id = {quoted(name)}", f"label = {label}{note}"]
            if kind == "sets" and entry.exclusive in present:
                out.append(f"exclusive = {quoted(entry.exclusive)}")
            if kind == "compositions":
                closure = entry.closure if drafted.level == "all" else "tolerate"
                out += [f"total = {entry.total}", f"tolerance = {entry.tolerance}",
                        f"closure = {quoted(closure)}"]  # fmt: skip
    return out


def _answer_lists(drafted: Drafted, source: Source) -> dict[str, Labels]:
    """Name every different list of categories, as last time where it is the same."""
    known = {
        tuple((c.code, c.label.nl, c.label.en) for c in entry.categories): name
        for name, entry in source.last.answers.items()
    }
    lists: dict[str, Labels] = {}
    for entry in drafted.entries:
        plain = entry.type == "binary" and [c for c, _, _ in entry.categories] == [0, 1]
        listed = entry.like is not None and entry.like.answers is not None
        if plain and not listed and (entry.like is not None or "set" in entry.keys):
            entry.categories = ()
        if not entry.categories or entry.categories in lists.values():
            continue
        name = known.get(entry.categories, "")
        if not name or name in lists:
            name, number = f"answers_{entry.id}"[:64], 2
            while name in lists:
                name, number = f"answers_{entry.id}"[:60] + f"_{number}", number + 1
        lists[name] = entry.categories
    return lists


def _answers(name: str, categories: Labels) -> Iterable[str]:
    lines = [f"  {{ code = {c}, label = {_label(nl, en)} }}," for c, nl, en in categories]
    title = _label(name.replace("_", " "), name.replace("_", " "))
    return [
        "\n[[answers]]",
        f"id = {quoted(name)}",
        f"label = {title}",
        "categories = [",
        *lines,
        "]",
    ]


def _variable(entry: Entry, answers: str | None) -> list[str]:
    def remark(key: str) -> str:
        return f"  # GUESS: {_line(entry.guesses[key])}" if key in entry.guesses else ""

    out = ["\n[[variables]]", f"id = {quoted(entry.id)}",
           f"label = {_label(*entry.label)}{remark('label')}",
           f"type = {quoted(entry.type)}{remark('type')}"]  # fmt: skip
    if answers is not None and entry.categories:
        out.append(f"answers = {quoted(answers)}{remark('answers')}")
    if entry.reasons:
        out.append(f"missing = [{', '.join(map(quoted, entry.reasons))}]")
    out += [f"{key} = {_value(value)}{remark(key)}" for key, value in entry.keys.items()]
    return out


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Gate):
        codes = ", ".join(map(str, value.codes))
        return f"{{ variable = {quoted(value.variable)}, codes = [{codes}] }}"
    if isinstance(value, tuple):
        return f"[{', '.join(quoted(str(v)) for v in value)}]"
    return quoted(str(value))


def _label(nl: str, en: str) -> str:
    return f"{{ nl = {quoted(nl)}, en = {quoted(en)} }}"


def _line(text: str) -> str:
    return " ".join("".join(s if s.isprintable() else " " for s in text).split())
