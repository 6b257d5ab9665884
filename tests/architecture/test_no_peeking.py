"""No code that estimates opens the printed record (an audit hook watches file opening)."""

from __future__ import annotations

import subprocess
import sys
import textwrap

PROGRAM = textwrap.dedent(
    """
    import sys

    opened = []

    def watch(event, arguments):
        if event == "open" and "published" in str(arguments[0]):
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)
    import numpy as np
    import swvtypes as sw
    from swvtypes.tables import compute_tables, load_tables

    wave = sw.load_wave("monitor_2016", seed=1)
    table = compute_tables(wave, load_tables("monitor_2016"))
    assert len(table) > 1000
    from swvtypes.lca import LatentClassModel

    rng = np.random.default_rng(1)
    LatentClassModel(n_classes=2, n_init=3, random_state=1).fit(rng.integers(0, 2, (40, 4)))
    data = [name for name in opened if name.endswith(".csv")]
    assert not data, data
    sw.published.load("monitor_2016_tables")
    assert any(name.endswith("monitor_2016_tables.csv") for name in opened), "the hook sees nothing"
    print("nothing peeked")
    """
)


def test_estimation_opens_no_published_file() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "nothing peeked", done.stderr
