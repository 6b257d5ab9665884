"""The reporting checklist, filled in from what the run has; gaps are flagged."""

from __future__ import annotations

from html import escape

from swvtypes.language import Label

from .checklist_answers import ANSWERS, OF_MEMBERSHIP, OF_TYPOLOGY
from .checklist_fields import FIELDS
from .markup import data, section, table
from .setting import Setting


def checklist_section(setting: Setting) -> str:
    """Fill the checklist in."""
    say = setting.say
    filled = fill_checklist(setting)
    missing = say("ontbreekt", "missing")
    rows = []
    for at, (key, label) in enumerate(FIELDS.items(), start=1):
        text = filled[key]
        lacks = _lacks(setting, key) if text else ""
        if not text:
            state = f'<strong class="gap">{missing}</strong>'
        elif lacks:
            state = f'<strong class="gap">{say("deels", "in part")}</strong>'
            text = f"{text} {say('Ontbreekt', 'Missing')}: {lacks}"
        else:
            state = f'<span class="done">{say("ingevuld", "filled in")}</span>'
        rows.append([f"{at}. {escape(label.text(setting.language))}", state, data(text)])
    gaps = sum(not text for text in filled.values())
    partly = sum(bool(text and _lacks(setting, key)) for key, text in filled.items())
    told = say(
        f"Van de {len(FIELDS)} velden zijn er {len(FIELDS) - gaps - partly} uit de run ingevuld, "
        f"{partly} deels; {gaps} ontbreken.",
        f"Of the {len(FIELDS)} fields {len(FIELDS) - gaps - partly} were filled in from the run, "
        f"{partly} in part; {gaps} are missing.",
    )
    heads = [say("Veld", "Field"), say("Stand", "State"), say("Wat de run zegt", "What the run says")]  # fmt: skip  # noqa: E501
    title = say("Checklist voor verslaglegging", "Reporting checklist")
    return section("checklist", title, f"<p>{escape(told)}</p>" + table(title, heads, rows, "words"))  # fmt: skip  # noqa: E501


def fill_checklist(setting: Setting) -> dict[str, str]:
    """Give what the run says of each field; an empty text is a gap.

    What a user states himself stands first.
    """
    out = {}
    for key in FIELDS:
        own = setting.inputs.statements.get(key, Label("", "")).text(setting.language)
        out[key] = " ".join(part for part in (own, _known(setting, key)) if part)
    return out


def _known(setting: Setting, key: str) -> str:
    """Give what the run itself says of a field; nothing where it lacks what the field is about."""
    typology, membership = setting.inputs.typology, setting.inputs.membership
    if key in OF_TYPOLOGY:
        return "" if typology is None else OF_TYPOLOGY[key](setting, typology)
    if key in OF_MEMBERSHIP:
        return "" if membership is None else OF_MEMBERSHIP[key].text(setting.language)
    return ANSWERS[key](setting) if key in ANSWERS else ""


_PARTLY = {
    "question": Label("of vooraf is vastgelegd wat verkennend en wat toetsend is.",
                      "whether what is exploratory and what confirmatory was preregistered."),
    "power": Label("vermogen om typen te vinden.", "power to find types."),
    "indicators": Label("letterlijke tekst van de vragen.", "literal wording of the items."),
    "missing": Label("toets op het mechanisme.", "a test of the mechanism."),
    "specification": Label("nagaan van lokale afhankelijkheid.", "a check of local dependence."),
    "starts": Label("aantal iteraties.", "numbers of iterations."),
    "residuals": Label("wat ermee is gedaan.", "what was done about it."),
    "profiles": Label("lijst van kansen op de rand.", "a list of boundary estimates."),
    "names": Label("profielen bij andere aantallen klassen.",
                   "profiles of other numbers of classes."),
    "sensitivity": Label("andere priors en seeds.", "other priors and seeds."),
}  # fmt: skip


def _lacks(setting: Setting, key: str) -> str:
    """Say what of a field the run does not say; nothing where a user states it himself."""
    if key not in _PARTLY or any(setting.inputs.statements.get(key, Label("", ""))):
        return ""
    return _PARTLY[key].text(setting.language)
