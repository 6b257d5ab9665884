"""The controls of the explorer, as markup."""

from __future__ import annotations

from html import escape

from .markup import data, plain
from .setting import Setting


def explorer_form(setting: Setting) -> str:
    """Give the controls and the place where an organisation is shown."""
    say, membership = setting.say, setting.inputs.membership
    if membership is None:
        return ""
    sectors = "".join(_option(str(at), s) for at, s in enumerate(membership.sectors))
    types = "".join(
        _option(str(at), setting.type_title(t)) for at, t in enumerate(membership.types)
    )
    every = say("alle", "all")
    script = say("De verkenner heeft JavaScript nodig.", "The explorer needs JavaScript.")
    pick = say("Kies een organisatie", "Pick an organisation")
    chosen = say("De gekozen organisatie", "The chosen organisation")
    kind = say("Waarschijnlijkste type", "Most probable type")
    return (
        f'<noscript><p class="gap">{script}</p></noscript>'
        f'<div id="explorer-form" class="controls" role="search" aria-label="{pick}" hidden>'
        f"{_select('filter-sector', 'Sector', _option('', every) + sectors)}"
        f"{_select('filter-type', kind, _option('', every) + types)}"
        f'<label class="check"><input type="checkbox" id="filter-borderline"> '
        f"{say('alleen grensgevallen', 'borderline only')}</label>"
        f"{_signal_filter(setting)}"
        f'<label>{say("Zoek op naam", "Search by name")}<input type="search" id="search" '
        f'autocomplete="off"></label>'
        f'<label class="wide">{say("Organisatie", "Organisation")}'
        f'<select id="pick" size="8"></select></label>'
        '<p class="wide small"><output id="shown" for="filter-sector filter-type search"></output>'
        f'</p></div><div id="panel" role="region" aria-live="polite" aria-label="{chosen}"></div>'
    )


def _option(value: str, text: str) -> str:
    return f'<option value="{escape(value)}">{escape(plain(text))}</option>'


def _select(key: str, label: str, options: str) -> str:
    return f'<label>{label}<select id="{key}">{options}</select></label>'


def _signal_filter(setting: Setting) -> str:
    """Filter on signals, only where a rule was asked for."""
    rules = setting.options.signals
    if not rules:
        return ""
    say = setting.say
    options = _option("", say("geen", "none")) + "".join(
        _option(str(at), rule.label.text(setting.language)) for at, rule in enumerate(rules)
    )
    note = say(
        "Een signaal is een aanleiding om te vragen, geen oordeel: geen type is beter dan een "
        "ander. Ontbrekende antwoorden en de kans op het type maken het onzeker.",
        "A signal is a reason to ask, no judgement: no type is superior to another. Missing "
        "answers and the probability of the type make it uncertain.",
    )
    return (
        f"{_select('filter-signal', say('Signaal', 'Signal'), options)}"
        f'<p class="wide note">{data(note)}</p>'
    )
