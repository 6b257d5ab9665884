"""A run as one page that needs no network: what came out, why, and who is like whom."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from pathlib import Path

from swvtypes._version import __version__
from swvtypes.language import Language, check_language
from swvtypes.resources import atomic_write, data_path

from .census_part import census_section
from .checklist import checklist_section
from .existence_part import existence_section
from .explorer import explorer_section
from .inputs import ReportInputs
from .markup import data, plain
from .method_sections import method_section
from .options import ReportOptions
from .profile_sections import profile_section
from .setting import Setting, make_setting
from .stability_part import stability_section
from .steering_part import steering_section
from .summary_part import summary_section
from .tables_part import tables_section
from .validation_part import validation_section
from .wave_sections import earlier_section


def write_report(
    inputs: ReportInputs,
    path: str | Path,
    language: Language = "nl",
    options: ReportOptions | None = None,
) -> None:
    """Write a report to one HTML file that needs no network.

    Parameters
    ----------
    inputs : ReportInputs
        What a run has; what is left out is flagged as a gap.
    path : str or Path
        The file; its folder must exist. It is written in one piece or not at all.
    language : {"nl", "en"}
    options : ReportOptions, optional
        Who may read it, what is suppressed, and whether anything is signalled.

    Raises
    ------
    OptionError
        When `language` is neither.
    """
    page = render_report(inputs, language, options)
    with atomic_write(path) as stream:
        stream.write(page)


def render_report(
    inputs: ReportInputs, language: Language = "nl", options: ReportOptions | None = None
) -> str:
    """Give the report as HTML; see :func:`write_report`.

    Notes
    -----
    A content security policy in the page forbids every request and every script and style but its
    own, by their digests. Names and labels stand in it as text only.
    """
    setting = make_setting(inputs, options or ReportOptions(), check_language(language))
    body = "".join(_sections(setting))
    style, script = (_asset(name) for name in ("report.css", "report.js"))
    margin = _margin(setting)
    policy = _policy((style, margin), script)
    title = plain(setting.inputs.heading.text(setting.language))
    return (
        f'<!DOCTYPE html>\n<html lang="{setting.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="swvtypes {__version__}">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n<style>{margin}</style>\n</head>\n<body>\n"
        f'{_top(setting, title)}<main id="content">\n{body}</main>\n{_foot(setting)}'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def script_data(value: object) -> str:
    r"""Give data as JSON that may stand inside a script element.

    Examples
    --------
    >>> script_data({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _sections(setting: Setting) -> list[str]:
    explorer, payload = explorer_section(setting)
    parts = [
        summary_section(setting),
        existence_section(setting),
        profile_section(setting),
        census_section(setting),
        explorer,
        stability_section(setting),
        earlier_section(setting),
        steering_section(setting),
        validation_section(setting),
        tables_section(setting),
        method_section(setting),
        checklist_section(setting),
    ]
    if payload is not None:
        parts.append(
            f'<script type="application/json" id="explorer-data">{script_data(payload)}</script>\n'
        )
    return parts


def _asset(name: str) -> str:
    return "\n" + data_path("report", name).read_text(encoding="utf-8")


def _margin(setting: Setting) -> str:
    """Style that prints on every page that data are synthetic."""
    if not setting.inputs.synthetic:
        return ""
    text = setting.say("Synthetische gegevens", "Synthetic data")
    return f'@page {{ @top-left {{ content: "{text}"; font: bold 9pt sans-serif; }} }}'


def _policy(styles: tuple[str, ...], script: str) -> str:
    own = " ".join(f"'{_digest(style)}'" for style in styles)
    return (
        f"default-src 'none'; style-src {own}; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    value = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"sha256-{value}"


def _top(setting: Setting, title: str) -> str:
    skip = setting.say("Naar de inhoud", "Skip to the content")
    links = "".join(f'<li><a href="#{key}">{escape(name)}</a></li>' for key, name in _menu(setting))
    label = setting.say("Onderdelen", "Sections")
    mark = ""
    if setting.inputs.synthetic:
        text = setting.say(
            "Synthetische gegevens: dit zegt niets over werkelijke organisaties.",
            "Synthetic data: this says nothing of real organisations.",
        )
        name = setting.say("Waarschuwing", "Warning")
        mark = f'<aside class="synthetic" aria-label="{name}">{escape(text)}</aside>'
    sizes = _sizes(setting)
    return (
        f'<a class="skip" href="#content">{skip}</a>{mark}<header><h1>{data(title)}</h1>'
        f'<p class="lead">{sizes}</p><nav aria-label="{label}"><ul>{links}</ul></nav></header>\n'
    )


def _sizes(setting: Setting) -> str:
    wave, membership = setting.inputs.wave, setting.inputs.membership
    if wave is None:
        return data(membership.wave) if membership is not None else ""
    parts = [
        f"{data(s)}: {setting.count(('sector', s))} {setting.say('van', 'of')} {n}"
        for s, n in wave.population.items()
        if ("sector", s) in setting.counts.counts
    ]
    word = setting.say("organisaties", "organisations")
    return f"{wave.year} · {', '.join(parts)} {word}"


def _menu(setting: Setting) -> list[tuple[str, str]]:
    say = setting.say
    return [
        ("summary", say("Samenvatting", "Summary")),
        ("existence", say("Typen of continuüm", "Types or continuum")),
        ("profiles", say("Profielen", "Profiles")),
        ("census", say("Hoeveel er zijn", "How many there are")),
        ("explorer", say("Verkenner", "Explorer")),
        ("stability", say("Stabiliteit", "Stability")),
        ("earlier", say("Eerdere golven", "Earlier waves")),
        ("steering", say("Continuüm", "Continuum")),
        ("validation", say("Verbanden", "Relations")),
        ("tables", say("Tabellen", "Tables")),
        ("method", say("Methode", "Method")),
        ("checklist", say("Checklist", "Checklist")),
    ]


def _foot(setting: Setting) -> str:
    text = setting.say(
        "Een type is geen oordeel over kwaliteit: de onderzoeken vonden geen type beter dan een "
        "ander.",
        "A type is no judgement of quality: the studies found no type superior to another.",
    )
    return f"<footer><p>{escape(text)} swvtypes {__version__}</p></footer>\n"
