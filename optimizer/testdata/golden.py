#!/usr/bin/env python3
"""Prints golden.json: every rule and form over two tensors ((2) and (1)) and four iterations, the third with a zero gradient,
computed from the formulas with 50 decimal digits. Written for these tests; needs only Python's standard library."""
import json
from decimal import Decimal as D, getcontext

getcontext().prec = 50
W0 = [D("0.5"), D("-1.25"), D("2")]
GRADS = [["0.3", "-2", "0.001"], ["-0.7", "1.5", "0.002"], ["0", "0", "0"], ["0.2", "-0.4", "-0.003"]]
GRADS = [[D(x) for x in row] for row in GRADS]
A = D("0.1")
E8, E10, GAMMA, B1, B2 = D("1e-8"), D("1e-10"), D("0.9"), D("0.9"), D("0.999")


def root(x, eps, deck):
    return (x + eps).sqrt() if deck else x.sqrt() + eps


def descent(g, s, t, deck, o):
    return A * g


def momentum(g, s, t, deck, o):
    if deck:
        s["v"] = GAMMA * s["v"] + A * g
        return s["v"]
    s["v"] = g if t == 1 else GAMMA * s["v"] + (1 - o.get("dampening", D(0))) * g
    return A * s["v"]


def nesterov(g, s, t, deck, o):  # fixed gradients: the look-ahead sees the same g everywhere
    if deck:
        return momentum(g, s, t, deck, o)
    s["v"] = GAMMA * s["v"] + g
    return A * (g + GAMMA * s["v"])


def adagrad(g, s, t, deck, o):
    s["G"] += g * g
    return A * g / root(s["G"], E10, deck)


def rmsprop(g, s, t, deck, o):
    s["G"] = GAMMA * s["G"] + (1 - GAMMA) * g * g
    spread = s["G"]
    if o.get("centred"):
        s["m"] = GAMMA * s["m"] + (1 - GAMMA) * g
        spread -= s["m"] ** 2
    d = g / root(spread, E8, deck)
    s["v"] = o.get("momentum", D(0)) * s["v"] + d
    return A * s["v"]


def adam(g, s, t, deck, o, power=True, largest=False):
    n = t if power else 1
    s["m"] = B1 * s["m"] + (1 - B1) * g
    s["v"] = B2 * s["v"] + (1 - B2) * g * g
    s["u"] = max(s["u"], s["v"])
    v = s["u"] if largest else s["v"]
    return A * (s["m"] / (1 - B1**n)) / root(v / (1 - B2**n), E8, deck)


def printed(g, s, t, deck, o):
    return adam(g, s, t, True, o, power=False)


def amsgrad(g, s, t, deck, o):
    return adam(g, s, t, deck, o, largest=True)


def walk(rule, deck, options, decay):
    w, states = list(W0), [dict.fromkeys("vGmu", D(0)) for _ in W0]
    for t, g in enumerate(GRADS, 1):
        for i in range(3):
            w[i] = w[i] * (1 - A * decay) - rule(g[i], states[i], t, deck, options)
    return [float(x) for x in w]


rows = []
CASES = [("descent", descent, {}), ("momentum", momentum, {}), ("momentum", momentum, {"dampening": "0.25"}), ("nesterov", nesterov, {}),
         ("adagrad", adagrad, {}), ("rmsprop", rmsprop, {}), ("rmsprop", rmsprop, {"centred": "1"}), ("rmsprop", rmsprop, {"momentum": "0.5"}),
         ("rmsprop", rmsprop, {"centred": "1", "momentum": "0.5"}), ("adam", adam, {}), ("amsgrad", amsgrad, {}), ("adamw", adam, {"weight_decay": "0.05"})]
for name, rule, options in CASES:
    for form in ("reference", "deck"):
        if "dampening" in options and form == "deck":
            continue
        o = {k: D(v) for k, v in options.items()}
        rows.append({"rule": name, "form": form, "values": {k: float(v) for k, v in options.items()},
                     "w": walk(rule, form == "deck", o, o.get("weight_decay", D(0)))})
rows.append({"rule": "adam", "form": "printed", "values": {}, "w": walk(printed, True, {}, D(0))})
print(json.dumps({"source": "golden.py", "alpha": float(A), "start": [float(x) for x in W0], "gradients": [[float(x) for x in g] for g in GRADS], "rows": rows}, indent=1))
