"""Where organisations place themselves on the continuum."""

from __future__ import annotations

from html import escape

from swvtypes.language import Label

from .markup import data, gap, paragraph, percent, section, table
from .setting import Setting


def steering_section(setting: Setting) -> str:
    """Show where organisations place themselves."""
    say, summary = setting.say, setting.inputs.steering
    title = say("Plek op het continuüm", "Place on the continuum")
    if summary is None:
        text = Label("De plek op het continuüm is niet samengevat.",
                     "The place on the continuum was not summarised.")  # fmt: skip
        return section(
            "steering", title, gap(text, setting.language) + setting.left_out("steering")
        )
    parts = [paragraph(summary.label.text(setting.language))]
    kept_back = any(isinstance(k, tuple) and k[0] in ("position", "answered", "unanswered")
                    for k in setting.hidden)  # fmt: skip
    if not setting.options.suppresses:
        parts += [paragraph(line) for line in summary.text(setting.language).split("\n")]
    sectors = list(dict.fromkeys(summary.distribution["sector"]))
    rows = []
    for position, label in summary.positions.items():
        cells = [setting.count(("position", s, int(position))) for s in sectors]
        rows.append([data(label.text(setting.language)), *cells])
    rows.append([say("samen", "together"), *(setting.count(("answered", s)) for s in sectors)])
    caption = say("Organisaties per plek", "Organisations by place")
    if not kept_back:
        parts.append(_bars(setting, sectors))
    parts.append(table(caption, [say("Plek", "Place"), *map(str, sectors)], rows, "numbers"))
    rest = setting.suppressed_note + setting.left_out("steering")
    return section("steering", title, "".join(parts) + rest)


def _bars(setting: Setting, sectors: list[str]) -> str:
    """Draw the distribution, one panel a sector."""
    summary = setting.inputs.steering
    if summary is None:
        return ""
    out, places = [], list(summary.positions)
    for sector in sectors:
        part = summary.distribution[summary.distribution["sector"] == sector]
        shares = dict(zip(part["position"], part["share"], strict=True))
        top, step = max([*shares.values(), 1e-9]), 300 / max(len(places), 1)
        bars = "".join(
            f'<rect x="{10 + at * step:.1f}" y="{100 - 90 * shares.get(p, 0) / top:.1f}" '
            f'width="{step * 0.8:.1f}" height="{90 * shares.get(p, 0) / top:.1f}" fill="#0072b2"/>'
            f'<text x="{10 + (at + 0.4) * step:.1f}" y="116" text-anchor="middle" '
            f'font-size="11" fill="#1c2126">{escape(str(p))}</text>'
            for at, p in enumerate(places)
        )
        told = ", ".join(f"{p}: {percent(shares.get(p, 0.0), setting.language)}" for p in places)
        out.append(
            f'<figure><svg class="bars" viewBox="0 0 320 122" role="img" '
            f'aria-label="{escape(sector)}: {escape(told)}">{bars}</svg>'
            f"<figcaption>{data(sector)}</figcaption></figure>"
        )
    return f'<div class="panels">{"".join(out)}</div>'
