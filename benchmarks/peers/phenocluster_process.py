"""What runs in phenocluster's own process: answers on standard input, times on standard output.

It knows nothing of this package, for the interpreter that runs it need not have it.
"""

import json
import sys
import time
import warnings


def main() -> None:
    import pandas as pd
    from phenocluster.config import PhenoClusterConfig
    from phenocluster.evaluation import StabilityAnalyzer
    from stepmix.stepmix import StepMix

    warnings.simplefilter("ignore")
    asked = json.loads(sys.argv[1])
    X = pd.read_csv(sys.stdin).to_numpy(dtype=float)
    config = PhenoClusterConfig()
    config.logging.quiet_mode = True
    config.stability.n_runs, config.stability.n_jobs = asked["resamples"], 1
    config.stepmix.n_init = asked["starts"]
    model = StepMix(
        asked["classes"],
        measurement="categorical_nan",
        n_init=asked["starts"],
        random_state=1,
        progress_bar=0,
    ).fit(X)
    labels = model.predict(X)
    analyzer = StabilityAnalyzer(config)
    start, work = time.perf_counter(), time.process_time()
    consensus = analyzer.analyze_stability(X, model, labels)
    classes = analyzer.analyze_cluster_stability(X, model, labels, asked["classes"])
    found = {
        "wall": time.perf_counter() - start,
        "processor": time.process_time() - work,
        "valid": consensus["n_valid"],
        "consistency": [classes[k]["mean_consistency"] for k in sorted(classes)],
    }
    sys.stdout.write("\n" + json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
