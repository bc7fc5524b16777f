"""GradusClassifier beside scikit-learn's own, in a notebook's three lines each: python python/tests/beside.py [rounds]

Cross-validated log loss, accuracy and AUROC on breast_cancer, and the time of a fit and of a prediction of one row, all in this run in turn."""

import statistics
import sys
import time

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from gradus import GradusClassifier

X, y = load_breast_cancer(return_X_y=True)
MODELS = {
    "GradusClassifier()": GradusClassifier(),
    "GradusClassifier((64, 32))": GradusClassifier((64, 32)),
    "MLPClassifier((64, 32))": make_pipeline(StandardScaler(), MLPClassifier((64, 32), max_iter=1000, random_state=1)),
    "MLPClassifier()": make_pipeline(StandardScaler(), MLPClassifier(max_iter=1000, random_state=1)),
    "LogisticRegression()": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
}


def scores(model):
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    return [abs(cross_val_score(model, X, y, cv=folds, scoring=s).mean()) for s in ("neg_log_loss", "accuracy", "roc_auc")]


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main(rounds):
    fits, ones = {n: [] for n in MODELS}, {n: [] for n in MODELS}
    for _ in range(rounds):
        for name, model in MODELS.items():
            fits[name].append(timed(lambda m=model: m.fit(X, y)))
            ones[name].append(min(timed(lambda m=model: m.predict_proba(X[:1])) for _ in range(50)))
    print("%-28s %9s %9s %8s   %10s %10s   %12s" % ("", "log loss", "accuracy", "AUROC", "fit, median", "least", "one row, least"))
    for name, model in MODELS.items():
        loss, accuracy, auroc = scores(model)
        print(
            "%-28s %9.4f %9.4f %8.4f   %8.0f ms %7.0f ms   %9.0f µs"
            % (name, loss, accuracy, auroc, 1e3 * statistics.median(fits[name]), 1e3 * min(fits[name]), 1e6 * min(ones[name]))
        )
    base = "MLPClassifier((64, 32))"
    for name in ("GradusClassifier((64, 32))", "GradusClassifier()"):
        print("fit of %s : %s = %.2f (least %.2f)" % (name, base, statistics.median(fits[name]) / statistics.median(fits[base]), min(fits[name]) / min(fits[base])))
    model = GradusClassifier().fit(X, y)
    big = np.tile(X, (200, 1))
    print("predict_proba of %d rows: %.0f thousand rows a second" % (len(big), len(big) / min(timed(lambda: model.predict_proba(big)) for _ in range(3)) / 1e3))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
