# A second reference, made with scikit-survival 0.28.0: python survival_sksurv.py survival.csv > expected_survival_sksurv.json
# The times get a thousandth a row, so that none are tied: with ties that program weighs an event by G(t), not by G(t-).
import csv, json, sys
import numpy as np
from sksurv.metrics import brier_score, concordance_index_censored, concordance_index_ipcw, cumulative_dynamic_auc, integrated_brier_score
from sksurv.util import Surv

rows = list(csv.DictReader(open(sys.argv[1])))
time = np.array([float(r["time"]) + (i + 1) / 1000 for i, r in enumerate(rows)])
event = np.array([r["status"] == "1" for r in rows])
risk = np.array([float(r["lp"]) for r in rows])
y = Surv.from_arrays(event, time)
at = np.array([90.0, 365.0, 700.0])
chance = np.exp(-np.outer(np.exp(risk), [0.2, 1.0, 2.2]))  # any chances do
auc, _ = cumulative_dynamic_auc(y, y, risk, at)
_, brier = brier_score(y, y, chance, at)
print(json.dumps({
    "harrell": concordance_index_censored(event, time, risk)[0],
    "uno": concordance_index_ipcw(y, y, risk, tau=700)[0],
    "auc": list(auc), "brier": list(brier), "integrated": integrated_brier_score(y, y, chance, at),
}))
