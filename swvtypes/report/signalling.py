"""A signal rule held against the answers, with what missing answers leave open."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from swvtypes.errors import OptionError
from swvtypes.membership import Membership

from .answer_view import AnswerItem
from .options import SignalRule


def signals(
    rule: SignalRule,
    items: Sequence[AnswerItem],
    membership: Membership,
    organisations: Sequence[Hashable],
) -> list[tuple[float, float]]:
    """Give the lowest and highest chance that a rule holds, by organisation.

    Parameters
    ----------
    rule : SignalRule
    items : sequence of AnswerItem
        The items that the report shows.
    membership : Membership
    organisations : sequence of hashable
        Of whom; NaN for both ends where a type is asked and there is no membership.

    Raises
    ------
    OptionError
        For an item or a type that is not there.
    """
    known = {item.name: item for item in items}
    wrong = [name for name in rule.answers if name not in known]
    if wrong:
        raise OptionError("signal item", "items that the report shows", ", ".join(wrong))
    if rule.type and rule.type not in membership.types:
        raise OptionError("signal type", "one of " + ", ".join(membership.types), rule.type)
    sure, open_ = np.zeros(len(organisations)), np.zeros(len(organisations))
    for name, codes in rule.answers.items():
        item = known[name]
        wanted = {item.codes.index(float(c)) for c in codes if float(c) in item.codes}
        values = item.places.reindex(list(organisations)).to_numpy(dtype=float)
        sure += np.isin(values, list(wanted))
        open_ += np.isnan(values)
    low = (sure >= rule.at_least).astype(float)
    high = (sure + open_ >= rule.at_least).astype(float)
    if rule.type:
        column = membership.probabilities[rule.type]
        p = column.reindex(list(organisations)).to_numpy(dtype=float)
        apart = membership.probabilities.notna().any(axis=1).reindex(list(organisations))
        p = np.where(np.isnan(p) & apart.fillna(False).to_numpy(dtype=bool), 0.0, p)
        low, high = low * p, high * p
    return list(zip(low.tolist(), high.tolist(), strict=True))
