"""Words that the explorer puts together on the page."""

from __future__ import annotations

from swvtypes.language import Label, Language

_TEXTS = {
    "shown": Label("organisaties in de lijst", "organisations in the list"),
    "none": Label("Geen organisatie voldoet hieraan.", "No organisation fits this."),
    "choose": Label("Kies een organisatie in de lijst.", "Pick an organisation from the list."),
    "type": Label("Waarschijnlijkste type", "Most probable type"),
    "runner_up": Label("Eerstvolgende type", "Runner-up"),
    "no_type": Label("Geen type bepaald: er zijn geen antwoorden.",
                     "No type determined: there are no answers."),
    "only_type": Label("Er is in deze sector maar één type; het zegt niets over deze organisatie.",
                       "There is one type only in this sector; it says nothing of this "
                       "organisation."),
    "borderline": Label("Grensgeval", "Borderline"),
    "probability": Label("kans", "probability"),
    "probabilities": Label("Kansen op de typen", "Probabilities of the types"),
    "judgement": Label("Een type is geen oordeel over kwaliteit: geen type is beter dan een ander.",
                       "A type is no judgement of quality: no type is superior to another."),
    "place": Label("Plek op het continuüm", "Place on the continuum"),
    "no_place": Label("Geen plek opgegeven.", "No place given."),
    "of_sector": Label("van de sector staat op deze plek", "of the sector stands at this place"),
    "before": Label("Eerdere golven", "Earlier waves"),
    "not_there": Label("niet in die golf, of zonder type", "not in that wave, or without a type"),
    "wave": Label("Golf", "Wave"),
    "near": Label("Vergelijkbare organisaties", "Comparable organisations"),
    "near_note": Label("Dicht bij in type en in omstandigheden; 0 is gelijk, 1 is het verst.",
                       "Near in type and in circumstances; 0 is alike, 1 is farthest."),
    "organisation": Label("Organisatie", "Organisation"),
    "type_distance": Label("Verschil in type", "Difference in type"),
    "context_distance": Label("Verschil in omstandigheden", "Difference in circumstances"),
    "compare": Label("Vergelijk", "Compare"),
    "open": Label("Bekijk", "Open"),
    "compared": Label("Waarop te vergelijken met", "On which to compare with"),
    "compared_note": Label("Vragen die typen onderscheiden, eerst waar de twee verschillen.",
                           "Questions that tell types apart, first where the two differ."),
    "compared_plain": Label("Eerst de vragen waarop de twee verschillen.",
                            "First the questions on which the two differ."),
    "answers": Label("Antwoorden naast type en sector", "Answers beside type and sector"),
    "order": Label("Volgorde", "Order"),
    "by_telling": Label("wat typen onderscheidt eerst", "what tells types apart first"),
    "by_rare": Label("wat in het type het zeldzaamst is eerst", "rarest in the type first"),
    "by_list": Label("als in de vragenlijst", "as in the questionnaire"),
    "question": Label("Vraag", "Question"),
    "answer": Label("Antwoord", "Answer"),
    "in_type": Label("Zo in het type", "So in the type"),
    "in_sector": Label("Zo in de sector", "So in the sector"),
    "mean": Label("gemiddeld", "mean"),
    "missing": Label("geen antwoord", "no answer"),
    "all": Label("Toon alle vragen", "Show all questions"),
    "fewer": Label("Toon minder", "Show fewer"),
    "print": Label("Druk dit rapport af", "Print this report"),
    "signals": Label("Signalen", "Signals"),
    "signal_sure": Label("geldt, met kans", "holds, with chance"),
    "signal_open": Label("kan gelden, kans van", "may hold, chance from"),
    "signal_no": Label("geldt niet", "does not hold"),
    "to": Label("tot", "to"),
    "synthetic": Label("Synthetische gegevens", "Synthetic data"),
}  # fmt: skip


def explorer_texts(language: Language) -> dict[str, str]:
    """Give the words in one language."""
    return {key: label.text(language) for key, label in _TEXTS.items()}
