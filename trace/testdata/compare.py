#!/usr/bin/env python3
"""Compares gradus trace with PyTorch in float64 on random specs, and writes the golden file of trace_test.go.

  compare.py fuzz N SEED GRADUS      runs N random specs through the command GRADUS and prints every difference
  compare.py golden N SEED OUT.gz    writes N random specs with PyTorch's numbers

Needs PyTorch 1.13 or later (Debian: python3-torch). Gradients come from autograd, the reference forms from torch.optim; the
deck's forms, which PyTorch does not have, are written out below from pages 4-4-8 to 4-4-11.
"""
import gzip, json, math, random, subprocess, sys
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
STEPS = 20
HIDDEN = ["linear", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "gelu", "gelu-tanh", "silu", "softplus", "softmax", "step"]


def activate(a, o):
    name, slope = (a["name"], a.get("slope", .01)) if isinstance(a, dict) else (a, .01)
    return {
        "linear": lambda: o * 1, "step": lambda: (o >= 0).double() + 0 * o, "sigmoid": lambda: torch.sigmoid(o),
        "tanh": lambda: torch.tanh(o), "relu": lambda: F.relu(o), "leaky-relu": lambda: F.leaky_relu(o, slope),
        "elu": lambda: F.elu(o), "gelu": lambda: F.gelu(o),
        # F.gelu(o, approximate="tanh") of 1.13 is this formula
        "gelu-tanh": lambda: .5 * o * (1 + torch.tanh(math.sqrt(2 / math.pi) * (o + .044715 * o ** 3))),
        "silu": lambda: F.silu(o), "softplus": lambda: F.softplus(o, threshold=700.), "softmax": lambda: F.softmax(o, 1),
    }[name]()


def cost(c, h, y):
    n, name = h.shape[0], c["name"]
    if name == "mae":
        return (h - y).abs().mean()
    if name == "mse":
        return F.mse_loss(h, y)
    if name == "half-sse":
        return .5 * ((h - y) ** 2).sum() / n
    if name == "huber":
        return F.huber_loss(h, y, delta=c.get("delta", 1.))
    if name == "binary-cross-entropy":
        w = c.get("positive_weight", 1.)
        if c.get("on") == "logits":
            return F.binary_cross_entropy_with_logits(h, y, pos_weight=torch.tensor(float(w)))
        if w == 1:
            return F.binary_cross_entropy(h, y)
        share = w * y + (1 - y)  # F.binary_cross_entropy, whose logs and quotients are held, knows a weight for each element only
        return (share * F.binary_cross_entropy(h, w * y / share, reduction="none")).mean()
    w = torch.tensor(c["class_weights"], dtype=torch.float64) if "class_weights" in c else torch.ones(h.shape[1])
    s = c.get("label_smoothing", 0.)
    if c.get("on") == "logits":
        return F.cross_entropy(h, y, weight=w, label_smoothing=s)
    return -(w * ((1 - s) * y + s / h.shape[1]) * h.log()).sum() / n


class Rule:
    def __init__(self, o, weights, others):
        self.o, self.w, self.all = o, weights, weights + others
        self.t, self.state = 0, {}
        a, name, wd = o["alpha"], o["name"], o.get("weight_decay", 0.)
        self.deck = o.get("form", "reference") != "reference" and name != "descent"
        if self.deck:
            return
        groups = [{"params": weights, "weight_decay": wd}] + ([{"params": others, "weight_decay": 0.}] if others else [])
        betas, eps = (o.get("beta1", .9), o.get("beta2", .999)), o.get("epsilon", 1e-8)
        gamma = o.get("gamma", .9)
        self.rule = {
            "descent": lambda: torch.optim.SGD(groups, a),
            "momentum": lambda: torch.optim.SGD(groups, a, momentum=gamma, dampening=o.get("dampening", 0)),
            "nesterov": lambda: torch.optim.SGD(groups, a, momentum=gamma, nesterov=True),
            "adagrad": lambda: torch.optim.Adagrad(groups, a, eps=o.get("epsilon", 1e-10)),
            "rmsprop": lambda: torch.optim.RMSprop(groups, a, alpha=gamma, eps=eps, centered=o.get("centred", False), momentum=o.get("momentum", 0)),
            "adam": lambda: torch.optim.Adam(groups, a, betas, eps),
            "amsgrad": lambda: torch.optim.Adam(groups, a, betas, eps, amsgrad=True),
            "adamw": lambda: torch.optim.AdamW(groups, a, betas, eps),
        }[name]()

    def memory(self, i, name):
        return self.state.setdefault((i, name), torch.zeros_like(self.all[i]))

    @torch.no_grad()
    def ahead(self):
        if self.deck and self.o["name"] == "nesterov":
            self.saved = [p.clone() for p in self.all]
            for i, p in enumerate(self.all):
                p -= self.o.get("gamma", .9) * self.memory(i, "v")

    def step(self):
        if not self.deck:
            return self.rule.step()
        self.t += 1
        with torch.no_grad():
            for i, p in enumerate(self.all):
                self.one(i, p)

    def one(self, i, p):
        o, g, a, name = self.o, p.grad.clone(), self.o["alpha"], self.o["name"]
        wd = o.get("weight_decay", 0.) if i < len(self.w) else 0.
        if name == "adamw":
            p *= 1 - a * wd
        else:
            g += wd * p
        gamma, eps = o.get("gamma", .9), o.get("epsilon", 1e-10 if name == "adagrad" else 1e-8)
        b1, b2 = o.get("beta1", .9), o.get("beta2", .999)
        if name in ("momentum", "nesterov"):
            v = self.memory(i, "v")
            v.mul_(gamma).add_(a * g)
            if name == "nesterov":
                p.copy_(self.saved[i])
            p -= v
        elif name == "adagrad":
            G = self.memory(i, "G")
            G += g * g
            p -= a * g / torch.sqrt(G + eps)
        elif name == "rmsprop":
            G = self.memory(i, "G")
            G.mul_(gamma).add_((1 - gamma) * g * g)
            spread = G
            if o.get("centred"):
                m = self.memory(i, "m")
                m.mul_(gamma).add_((1 - gamma) * g)
                spread = G - m * m
            d = g / torch.sqrt(spread + eps)
            if o.get("momentum"):
                v = self.memory(i, "v")
                v.mul_(o["momentum"]).add_(d)
                d = v
            p -= a * d
        else:
            m, v = self.memory(i, "m"), self.memory(i, "v")
            m.mul_(b1).add_((1 - b1) * g)
            v.mul_(b2).add_((1 - b2) * g * g)
            u = v
            if name == "amsgrad":
                u = self.memory(i, "u")
                u.copy_(torch.maximum(u, v))
            t = 1 if o["form"] == "printed" else self.t
            p -= a * (m / (1 - b1 ** t)) / torch.sqrt(u / (1 - b2 ** t) + eps)


def tensor(v):
    return torch.tensor(v, dtype=torch.float64, requires_grad=True)


def oracle(s):
    """PyTorch's numbers of a spec, in the shape of gradus trace --json."""
    layers, weights, others = [], [], []
    width = len(s["batches"][0]["x"][0])
    for l in s["layers"]:
        k = {"kind": l.get("kind", "dense"), "act": l.get("activation", "linear")}
        if k["kind"] == "dense":
            k["w"] = tensor(l["weights"])
            width = len(l["weights"])
            weights.append(k["w"])
            if l.get("biases") is not None:
                k["b"] = tensor(l["biases"])
                others.append(k["b"])
        else:
            k["g"], k["be"] = tensor(l.get("gamma") or [1.] * width), tensor(l.get("beta") or [0.] * width)
            k["eps"], k["mom"] = l.get("epsilon", 1e-5), l.get("momentum", .1)
            others += [k["g"], k["be"]]
            if k["kind"] == "batch-norm":
                k["rm"], k["rv"] = torch.zeros(width), torch.ones(width)
        layers.append(k)
    rule, steps = Rule(s["optimizer"], weights, others), []
    for b in s["batches"]:
        rule.ahead()
        for p in rule.all:
            p.grad = None
        x, y, cells = tensor(b["x"]), torch.tensor(b["y"], dtype=torch.float64), []
        h = x
        for k in layers:
            if k["kind"] == "dense":
                o = F.linear(h, k["w"], k.get("b"))
            elif k["kind"] == "batch-norm":
                o = F.batch_norm(h, k["rm"], k["rv"], k["g"], k["be"], True, k["mom"], k["eps"])
            else:
                o = F.layer_norm(h, h.shape[1:], k["g"], k["be"], k["eps"])
            h = activate(k["act"], o)
            o.retain_grad()
            h.retain_grad()
            cells.append((o, h))
        e = cost(s["cost"], h, y)
        e.backward()
        out = []
        for k, (o, h) in zip(layers, cells):
            c = {"o": o, "h": h, "do": o.grad, "dh": h.grad}
            if k["kind"] == "dense":
                c["dw"] = k["w"].grad
                c["db"] = k["b"].grad if "b" in k else None
            else:
                c["dw"] = c["db"] = None
                c["dgamma"], c["dbeta"] = k["g"].grad, k["be"].grad
            out.append({n: v.tolist() if v is not None else None for n, v in c.items()})
        steps.append({"cost": e.item(), "layers": out, "dx": x.grad.tolist()})
        rule.step()
    final = []
    for k in layers:
        if k["kind"] == "dense":
            final.append({"weights": k["w"].tolist(), "biases": k["b"].tolist() if "b" in k else None})
        else:
            final.append({"gamma": k["g"].tolist(), "beta": k["be"].tolist()})
            if "rm" in k:
                final[-1].update(running_mean=k["rm"].tolist(), running_variance=k["rv"].tolist())
    return {"steps": steps, "layers": final}


def numbers(r, rows, cols, scale=1.):
    return [[round(r.gauss(0, scale), 4) for _ in range(cols)] for _ in range(rows)]


def spec(r, small=False):
    """A random spec. About one in ten is saturated: its inputs are twenty times as large."""
    width = r.randint(1, 3 if small else 6)
    inputs, layers, dense = width, [], 0
    depth = r.randint(1, 3 if small else 4)
    norms = r.random() < .4
    while dense < depth:
        last = dense == depth - 1
        if norms and dense and r.random() < .5:
            l = {"kind": r.choice(["batch-norm", "layer-norm"]), "activation": r.choice(HIDDEN[:-1])}
            if l["kind"] == "layer-norm" and width < 2:
                continue
            if r.random() < .6:
                l["gamma"], l["beta"] = numbers(r, 2, width)
            if r.random() < .4:
                l["epsilon"] = r.choice([1e-3, 1e-6, .1])
            if l["kind"] == "batch-norm" and r.random() < .4:
                l["momentum"] = r.choice([.3, 1, .01])
            layers.append(l)
            norms = r.random() < .5
            continue
        out = r.randint(1, 3 if small else 6)
        l = {"kind": "dense", "activation": r.choice(HIDDEN[:-1] if r.random() < .95 else HIDDEN)}
        if l["activation"] == "leaky-relu" and r.random() < .6:
            l["activation"] = {"name": "leaky-relu", "slope": r.choice([.2, 0, -.1, 1.5])}
        l["weights"] = numbers(r, out, width, 1 / math.sqrt(width))
        l["biases"] = numbers(r, 1, out, .5)[0] if r.random() < .6 else None
        layers.append(l)
        width, dense = out, dense + 1
    c = choose_cost(r, layers, width)
    sets = [choose_batch(r, c, inputs, width, norms_in(layers), small) for _ in range(r.randint(1, 4))]
    if r.random() < .1:
        for b in sets:
            b["x"] = [[round(20 * v, 4) for v in row] for row in b["x"]]
    return {"layers": layers, "cost": c, "optimizer": choose_rule(r), "batches": [sets[i % len(sets)] for i in range(STEPS)]}


def norms_in(layers):
    return any(l["kind"] == "batch-norm" for l in layers)


def choose_cost(r, layers, width):
    c = {"name": r.choice(["mae", "mse", "half-sse", "huber", "binary-cross-entropy", "cross-entropy"])}
    last = layers[-1]
    if c["name"] == "huber" and r.random() < .6:
        c["delta"] = r.choice([.1, .5, 2.])
    if c["name"] == "binary-cross-entropy":
        last["activation"] = "sigmoid"
        if r.random() < .5:
            c["on"], last["activation"] = "logits", "linear"
        elif r.random() < .2:
            c["on"] = "probabilities"
        if r.random() < .5:
            c["positive_weight"] = r.choice([.3, 2.5, 10])
    if c["name"] == "cross-entropy":
        last["activation"] = "softmax"
        if r.random() < .5:
            c["on"], last["activation"] = "logits", "linear"
        if r.random() < .5:
            c["class_weights"] = [round(r.uniform(.1, 3), 2) for _ in range(width)]
        if r.random() < .4:
            c["label_smoothing"] = r.choice([.1, .3, 1, 0])
    return c


def choose_batch(r, c, inputs, width, norm, small):
    n = r.randint(3 if norm else 1, 4 if small else 7)
    b = {"x": numbers(r, n, inputs), "y": numbers(r, n, width)}
    if c["name"] == "binary-cross-entropy":
        b["y"] = [[r.choice([0, 1, round(r.random(), 3)]) for _ in row] for row in b["y"]]
    if c["name"] == "cross-entropy":
        for i in range(n):
            p = [r.random() for _ in range(width)]
            hot = r.randrange(width)
            b["y"][i] = [float(j == hot) for j in range(width)] if r.random() < .5 else [v / sum(p) for v in p]
    return b


RULES = [("descent", "reference"), ("descent", "deck"), ("momentum", "reference"), ("momentum", "deck"), ("nesterov", "reference"),
         ("nesterov", "deck"), ("adagrad", "reference"), ("adagrad", "deck"), ("rmsprop", "reference"), ("rmsprop", "deck"),
         ("adam", "reference"), ("adam", "deck"), ("adam", "printed"), ("amsgrad", "reference"), ("amsgrad", "deck"),
         ("adamw", "reference"), ("adamw", "deck")]


def choose_rule(r, row=None):
    name, form = row or r.choice(RULES)
    o = {"name": name, "alpha": r.choice([.5, .1, .05, .01, .003])}
    if form != "reference" or r.random() < .7:
        o["form"] = form
    some = lambda p=.5: r.random() < p
    if name in ("momentum", "nesterov", "rmsprop") and some():
        o["gamma"] = r.choice([.5, .8, .95, .99])
    if name == "momentum" and form == "reference" and some(.4):
        o["dampening"] = r.choice([.1, .5, 1])
    if name == "rmsprop" and some(.4):
        o["centred"] = True
    if name == "rmsprop" and some(.4):
        o["momentum"] = r.choice([.5, .9])
    if name in ("adam", "amsgrad", "adamw"):
        if some():
            o["beta1"] = r.choice([.5, .8, .95])
        if some():
            o["beta2"] = r.choice([.9, .99, .9999])
    if name in ("adagrad", "rmsprop", "adam", "amsgrad", "adamw") and some(.4):
        o["epsilon"] = r.choice([1e-3, 1e-5, 1e-7])
    if some(.4):
        o["weight_decay"] = r.choice([.01, .1, .3])
    return o


def flat(v):
    return [y for x in v for y in flat(x)] if isinstance(v, list) else [v]


def differences(a, b):
    """Yields (place, difference over tolerance) of every array of b."""
    def arrays(t):
        for i, s in enumerate(t["steps"]):
            yield f"step {i + 1} cost", s["cost"]
            yield f"step {i + 1} dx", s["dx"]
            for j, l in enumerate(s["layers"]):
                for k in sorted(l):
                    yield f"step {i + 1} layer {j + 1} {k}", l[k]
        for j, l in enumerate(t["layers"]):
            for k in sorted(l):
                if k != "kind":
                    yield f"final layer {j + 1} {k}", l[k]
    mine = dict(arrays(a))
    for place, want in arrays(b):
        got = mine[place]
        if want is None or got is None:
            if want is not got:
                yield place, math.inf
            continue
        got, want = flat(got), flat(want)
        if len(got) != len(want):
            yield place, math.inf
            continue
        limit = 1e-10 * max(1, *(abs(v) for v in want), 1)
        yield place, max((abs(x - y) for x, y in zip(got, want)), default=0) / limit


def finite(v):
    return all(math.isfinite(x) for x in flat_all(v))


def flat_all(v):
    if isinstance(v, dict):
        v = list(v.values())
    if isinstance(v, list):
        return [y for x in v for y in flat_all(x)]
    return [] if v is None or isinstance(v, str) else [v]


def fuzz(n, seed, command):
    bad = refused = shaky = worst = 0
    for i in range(n):
        r = random.Random(f"{seed}/{i}")
        s = spec(r)
        want = oracle(s)
        p = subprocess.run([command, "trace", "-", "--json"], input=json.dumps(s), capture_output=True, text=True)
        ok = finite(want)
        if p.returncode != 0:
            refused += 1
            if ok or p.returncode != 1:
                bad += 1
                print(f"{i}: exit {p.returncode}: {p.stderr.strip()}\n   {describe(s)}")
            continue
        if not ok:
            bad += 1
            print(f"{i}: PyTorch is not finite, gradus is\n   {describe(s)}")
            continue
        over = [(place, d) for place, d in differences(json.loads(p.stdout), want)]
        top = max(d for _, d in over)
        worst = max(worst, min(top, 1))
        over = [(p, d) for p, d in over if not d <= 1]
        if over:
            itself = conditioned(s, want)
            if itself > .1:
                shaky += 1
                continue
            bad += 1
            print(f"{i}: {len(over)} arrays, first {over[0]}, worst {max(over, key=lambda x: x[1])}, PyTorch from itself {itself:.2g}\n   {describe(s)}")
    print(f"{n} specs, {refused} not finite, {shaky} where PyTorch differs from itself, {bad} differ; worst of the rest {worst:.2g} of the tolerance")


def conditioned(s, want):
    """The largest difference, over tolerance, of PyTorch from itself when inputs and weights move by one unit in the last place."""
    r, top = random.Random(1), 0
    for _ in range(3):
        moved = json.loads(json.dumps(s))
        move = lambda row: [v * (1 + r.choice([-1, 1]) * 2 ** -52) for v in row]
        for b in moved["batches"]:
            b["x"] = [move(row) for row in b["x"]]
        for l in moved["layers"]:
            if "weights" in l:
                l["weights"] = [move(row) for row in l["weights"]]
            if l.get("biases"):
                l["biases"] = move(l["biases"])
        top = max(top, *(d for _, d in differences(oracle(moved), want)))
    return top


def describe(s):
    layers = [(l["kind"], l["activation"], "b" if l.get("biases") else "") for l in s["layers"]]
    big = max(abs(v) for b in s["batches"] for row in b["x"] for v in row) > 8
    return f"{layers} {s['cost']} {s['optimizer']} {'saturated' if big else ''}"


def golden(n, seed, path):
    """Keeps each batch once (the order in "turns") and each array of steps 1, 2 and 20, which is what the test compares."""
    cases, i = [], 0
    while len(cases) < n:
        r = random.Random(f"{seed}/{i}")
        s = spec(r, small=True)
        s["optimizer"] = choose_rule(r, RULES[len(cases) % len(RULES)])
        i += 1
        if not finite(want := oracle(s)) or conditioned(s, want) > .01:
            continue
        want["steps"] = [want["steps"][t - 1] for t in (1, 2, STEPS)]
        once = [b for j, b in enumerate(s["batches"]) if b not in s["batches"][:j]]
        turns, s["batches"] = [once.index(b) for b in s["batches"]], once
        cases.append({"spec": s, "turns": turns, "want": want})
    text = json.dumps({"source": f"trace/testdata/compare.py golden {n} {seed}, PyTorch {torch.__version__}, float64", "cases": cases},
                      separators=(",", ":"))
    with open(path, "wb") as f, gzip.GzipFile("", "wb", 9, f, 0) as z:
        z.write(text.encode())
    print(len(cases), "cases of", i, "specs")


if __name__ == "__main__":
    if sys.argv[1] == "fuzz":
        fuzz(int(sys.argv[2]), sys.argv[3], sys.argv[4])
    else:
        golden(int(sys.argv[2]), sys.argv[3], sys.argv[4])
