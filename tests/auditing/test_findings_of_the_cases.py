"""What the audit finds in each small record: every finding, and none besides."""

from __future__ import annotations

import pytest
from audit_cases import CASES

# case|check|locator|row|sector|printed|expected|sentence, where not the case's|confidence
FINDINGS = """\
totals_column|totals|T|3|a|100|90||certain
totals_share|totals|T|1|a|40|30||certain
totals_count|totals|T|1|a|4|3||certain
totals_base|totals|T|3|a|10|12||certain
totals_row|totals|T|1|a|90|100||certain
grim_base|grim|T|1|a|18|17 / 19||certain
grim_text|grim|T|1|a|18|10||certain
grim_row|grim|T|1|a|51, 49|||certain
grim_mean|grim|T|1|a|3.47|3.40 / 3.50||certain
grimmer|grimmer|T|1|a|0.50|||certain
debit|debit|T|1|a|0.60|0.53||certain
sd_range|debit|T|1|a|1.50|<= 0.67||certain
p_differs|p_value|1.1|0|a|F = 1.29, p = 0.049|p = 0.279 / F = 3.09||certain
p_near|p_value|1.1|0|a|F = 5.9, p = 0.018|p = 0.017 / F = 5.8||possible
p_one_sided|p_value|1.1|0|a|t = 2.10, p = 0.022|p = 0.044 / t = 2.42||possible
implied_n|implied_n|1.1|0|a|r = 0.235, p = 0.010|p = 0.009||possible
exchanged_p|exchanged|1.1|0|a|F = 5.00, p = 0.100|p = 0.030||certain
exchanged_p|exchanged|1.1|0|a|F = 2.80, p = 0.030|p = 0.100||certain
df_groups|degrees_of_freedom|1.1|0|a|F(1,38)|F(2,38)||certain
df_too_many|degrees_of_freedom|1.1|0|a|F(2,64)|F(2,62)||certain
df_too_many_p|degrees_of_freedom|1.1|0|a|F(2,64)|F(2,62)||certain
df_too_few|degrees_of_freedom|1.1|0|a|F(2,33)|F(2,37)||possible
extreme_below|extremes|B|1|a|1.00|>= 2.00||certain
extreme_above|extremes|1.1|0|a|5.40|<= 5.00||certain
extreme_between|extremes|B|1|a|2.20|2.00 / 2.50||certain
scale_mean|scale_mean|B|1|a|3.0|3.6||certain
spread_alpha|spread|B|1|a|1.40|0.87 - 0.88||certain
mark_missing|reversed_mark|fn 1|0|||item_2||likely
mark_missing_mean|reversed_mark|fn 1|0|||item_2||certain
mark_superfluous|reversed_mark|fn 1|0||item_1|||likely
mark_superfluous_mean|scale_mean|B|1|a|3.6|3.0|scale_mean|certain
mark_superfluous_mean|reversed_mark|fn 1|0||item_1|||certain
groups_mean|groups|1.1|0|a|3.50, 3.40, 3.60|3.00||likely
groups_f|groups|1.1|0|a|F = 9.00|<= 1.93||certain
groups_effect|groups|1.1|0|a|2.50|0.30 - 0.53||likely
groups_counts|groups|1.1|0|both|F = 9.00|26.00||certain
same_fact|same_fact|fn 1|0|a|0.56|0.58||certain
same_words|same_fact|1.1|0||een kwart|19%||likely
derived|derived|B|1|a|45|38||certain
derived_twice|derived|B|1|a|10|11||possible
derived_rule|derived|B|3|a|20|25||possible
derived_forced|derived|B|3|a|59|58||likely
derived_division|derived|B|2|a|20|13||certain
derived_division_forced|derived|B|3|a|7|8||likely
exchanged_columns|exchanged|B|1|a|15|3||certain
exchanged_columns|exchanged|B|2|a|5|7||certain
exchanged_columns|exchanged|B|1|b|3|15||certain
exchanged_columns|exchanged|B|2|b|7|5||certain
stated|derived|1.1|0|a|25|20||certain
stated_rule|derived|1.1|0|a|20|25||possible
stated_twice|derived|1.1|0|a|44|45||possible
repeated_note|repeated_note|fn 2|0|a|50|10||certain
counted|same_fact|1.1|0|a|9|8||certain
related_count|same_fact|1.1|0|a|1|2||likely
size_words|words|1.1|0|a|klein (-0.470)|middelgroot||possible
range_low|range|1.1|0||68|67||certain
range_high|range|1.1|0||75|78||certain
words_number|words|1.1|0||ruim een kwart (76%)|ruim driekwart (76%)||certain
words_tables|words|1.1|0|a|bijna de helft|62%||certain
arithmetic_sum|arithmetic|1.1|0||150|152||certain
arithmetic_product|arithmetic|1.1|0||110|120||certain
arithmetic_share|arithmetic|1.1|0||95|90||certain
arithmetic_margin|arithmetic|1.1|0||8|3||certain
arithmetic_covered|arithmetic|1.1|0||73|<= 39||possible
ranking|ranking|1.1|0||named most: one|two||likely
scale_label|scale_label|B|0||always so (3)|||certain
reference_nowhere|reference|1.1|0||section 4.2|1.1||certain
reference_astray|reference|3.1|0||section 2.1|1.1||certain
figure_nowhere|reference|4|0||figuur 4.6|||certain
omission|omission|Appendix 2|0|b||T||likely
impossible_range|impossible|1.1|0|a|1.32|-1 - 1||certain
impossible_below|impossible|1.1|0|a|-2.0|>= 0||certain
impossible_above|impossible|1.1|0||1.3|<= 1||certain
impossible_share|impossible|1.1|0||134.5|0 - 100||likely
impossible_df|impossible|1.1|0|a|df1 = 0|> 0||certain
impossible_count|impossible|A|0|a|45.5|||likely
impossible_order|impossible|A|1|a|1.4|>= 2.0||certain
ns_contradicted|contradiction|1.1|0|a|n.s.|r = 0.50, p = 0.000||likely
"""


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_small_record_gives_these_findings_only(case: str) -> None:
    expected = [
        tuple(parts)
        for name, *parts in (line.split("|") for line in FINDINGS.splitlines())
        if name == case
    ]
    found = [
        (
            f.check, f.place.locator, str(f.place.row_no), f.place.sector, f.printed, f.expected,
            f.key if f.key != case else "", f.confidence,
        )
        for f in CASES[case]()
    ]  # fmt: skip
    assert sorted(found) == sorted(expected)
    assert found
