"""PyTorch in five ways (MODE). By its modules: eager (nn.Sequential and torch.optim.Adam), fused (Adam in one pass), compile (and the
fused Adam). Without autograd, buffers made once: hand (the update by torch._foreach_), hand-fused (by the fused Adam).
"""
import warnings

import peer  # first: it sets the number of threads

import numpy as np

torch = peer.load("torch")
warnings.filterwarnings("ignore")
torch.set_num_threads(peer.THREADS)
nn = torch.nn


def model(work, output=False):
    layers = []
    for w, b in work.layers:
        line = nn.Linear(w.shape[1], w.shape[0])
        with torch.no_grad():
            line.weight.copy_(torch.from_numpy(w))
            line.bias.copy_(torch.from_numpy(b))
        layers += [line, nn.ReLU()]
    layers.pop()
    if output:
        layers.append(nn.Sigmoid() if work.binary else nn.Softmax(-1))
    return nn.Sequential(*layers)


def batches(work):
    """x as tensors, y as each cost wants it."""
    y = [torch.from_numpy(v.reshape(-1, 1) if work.binary else v.astype(np.int64)) for v in work.y]
    return [torch.from_numpy(v) for v in work.x], y


def modules(work, mode):
    """Training as its users write it."""
    net, loss_of = model(work), nn.BCEWithLogitsLoss() if work.binary else nn.CrossEntropyLoss()
    options = {"foreach": False} if mode == "eager" else {"fused": True}
    rule = torch.optim.Adam(net.parameters(), lr=work.alpha, **options)
    start = {k: v.clone() for k, v in net.state_dict().items()}
    x, y = batches(work)
    losses = [0, 0]
    forward = lambda a, b: loss_of(net(a), b)
    if mode == "compile":
        forward = torch.compile(forward)

    def ready():
        net.load_state_dict(start)
        for p in net.parameters():
            p.grad = None
            for v in rule.state[p].values():
                v.zero_() if torch.is_tensor(v) else None
            if "step" in rule.state[p] and not torch.is_tensor(rule.state[p]["step"]):
                rule.state[p]["step"] = 0

    def run():
        for s in range(work.steps):
            rule.zero_grad(set_to_none=True)
            loss = forward(x[s % len(x)], y[s % len(y)])
            loss.backward()
            rule.step()
            if s in (0, work.steps - 1):
                losses[s > 0] = loss.detach()

    if mode == "compile":
        ready()
        run()  # compiles
    return peer.Job(work.steps, run, ready, lambda: losses)


class Hand:
    """No autograd: out= everywhere, the update by torch._foreach_."""

    def __init__(self, work):
        self.work = work
        self.start = [torch.from_numpy(a.copy()) for pair in work.layers for a in pair]
        self.p, self.g, self.m, self.v = ([torch.zeros_like(t) for t in self.start] for _ in range(4))
        self.x, self.y = batches(work)
        empty = lambda: [torch.empty(work.batch, s) for s in work.sizes[1:]]
        self.h, self.d = empty(), empty()
        self.t, self.line, self.losses = torch.zeros(()), torch.arange(work.batch), [0, 0]

    def ready(self):
        self.t.zero_()
        self.count = 0
        for p, s, m, v in zip(self.p, self.start, self.m, self.v):
            p.copy_(s)
            m.zero_()
            v.zero_()

    def run(self):
        with torch.no_grad():
            for s in range(self.work.steps):
                loss = self.step(s % len(self.x))
                if s in (0, self.work.steps - 1):
                    self.losses[s > 0] = loss

    def step(self, i):
        h, last = self.x[i], len(self.h) - 1
        for k, o in enumerate(self.h):
            torch.addmm(self.p[2 * k + 1], h, self.p[2 * k].t(), out=o)
            if k < last:
                o.relu_()
            h = o
        loss = self.output(h, self.d[-1], self.y[i])
        for k in range(last, -1, -1):
            below, d = (self.h[k - 1] if k else self.x[i]), self.d[k]
            torch.mm(d.t(), below, out=self.g[2 * k])
            torch.sum(d, 0, out=self.g[2 * k + 1])
            if k:
                torch.mm(d, self.p[2 * k], out=self.d[k - 1])
                self.d[k - 1].mul_(below > 0)
        self.adam()
        return loss

    def output(self, o, d, y):
        if self.work.binary:
            torch.sigmoid(o, out=d)
            loss = nn.functional.binary_cross_entropy_with_logits(o, y)
            d.sub_(y)
        else:
            logs = torch.log_softmax(o, 1)
            loss = nn.functional.nll_loss(logs, y)
            torch.exp(logs, out=d)
            d[self.line, y] -= 1
        d.mul_(1 / self.work.batch)
        return loss

    def adam(self, b1=.9, b2=.999, eps=1e-8):
        if peer.MODE == "hand-fused":
            self.t.add_(1)
            fused(self.p, self.g, self.m, self.v, self.t, self.work.alpha)
            return
        self.count += 1
        torch._foreach_mul_(self.m, b1)
        torch._foreach_add_(self.m, self.g, alpha=1 - b1)
        torch._foreach_mul_(self.v, b2)
        torch._foreach_addcmul_(self.v, self.g, self.g, 1 - b2)
        u = torch._foreach_sqrt(self.v)
        torch._foreach_div_(u, (1 - b2 ** self.count) ** .5)
        torch._foreach_add_(u, eps)
        torch._foreach_addcdiv_(self.p, self.m, u, -self.work.alpha / (1 - b1 ** self.count))


def fused(p, g, m, v, t, alpha):
    """Adam of lists of tensors in one pass; t counts for all of them."""
    torch._fused_adam_(p, g, m, v, [], [t] * len(p), lr=alpha, beta1=.9, beta2=.999, weight_decay=0, eps=1e-8, amsgrad=False,
                       maximize=False)


def predictor(work, at):
    """TorchScript, frozen and optimised for inference: the fastest of its own ways."""
    net = model(work, output=True).eval()
    traced = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, torch.from_numpy(work.rows[:at]))))
    job = peer.rows_by_rows(work, traced, at, torch.from_numpy)
    job.run, job.losses = torch.inference_mode()(job.run), torch.inference_mode()(job.losses)
    return job


def multiply(form, a, b, c):
    a, b, c = (torch.from_numpy(v) for v in (a, b, c))
    a, b = (a.t() if form[0] == "T" else a), (b.t() if form[1] == "T" else b)
    return lambda: torch.mm(a, b, out=c)


def function(f):
    """What peer.vectors takes, of f(o, out)."""
    def make(h, o):
        h, o = torch.from_numpy(h), torch.from_numpy(o)
        return lambda: f(o, h)

    return make


FUNCTIONS = {
    "exp": function(lambda o, h: torch.exp(o, out=h)),
    "log": function(lambda o, h: torch.log(o, out=h)),
    "sigmoid": function(lambda o, h: torch.sigmoid(o, out=h)),
    "tanh": function(lambda o, h: torch.tanh(o, out=h)),
    "relu": function(lambda o, h: torch.clamp_min(o, 0, out=h)),
    "softmax": function(lambda o, h: torch.softmax(o, 1, out=h)),
    "gelu": function(lambda o, h: torch._C._nn.gelu(o, out=h)),
    "silu": function(lambda o, h: torch._C._nn.silu(o, out=h)),
}


def adam_alone(w, g, alpha):
    w, g = torch.from_numpy(w), torch.from_numpy(g)
    m, v, t = torch.zeros_like(w), torch.zeros_like(w), torch.zeros(())

    def step():
        t.add_(1)
        fused([w], [g], [m], [v], t, alpha)

    return step


def build(name):
    if name in ("S", "M", "L", "XL"):
        work = peer.Work(name)
        if peer.MODE.startswith("hand"):
            net = Hand(work)
            return peer.Job(work.steps, net.run, net.ready, lambda: net.losses)
        return modules(work, peer.MODE)
    if peer.MODE != "eager":
        return None
    if name.startswith("infer-"):
        return predictor(*peer.predictions(name))
    if name.startswith("gemm-"):
        return peer.products(name, multiply)
    if name.startswith("vector-"):
        return peer.vectors(name, FUNCTIONS, adam_alone)
    return None


def plain_blas():
    """Whether this PyTorch multiplies by the reference BLAS of a distribution, which no one who wants speed keeps."""
    if torch.backends.mkl.is_available():
        return False
    torch.mm(torch.ones(8, 8), torch.ones(8, 8))
    try:
        with open("/proc/self/maps", encoding="utf-8") as f:
            maps = f.read()
    except OSError:
        return False
    return "libblas.so" in maps and not any(name in maps for name in ("openblas", "blis", "mkl", "armpl"))


if __name__ == "__main__":
    if plain_blas():
        peer.say(skip=f"PyTorch {torch.__version__} here runs on the reference BLAS; install libopenblas0-openmp or PyTorch from PyPI")
    elif peer.MODE == "compile" and not hasattr(torch, "compile"):
        peer.say(skip=f"PyTorch {torch.__version__} has no torch.compile")
    elif peer.MODE not in ("eager", "hand") and not hasattr(torch, "_fused_adam_"):
        peer.say(skip=f"PyTorch {torch.__version__} has no fused Adam")
    else:
        peer.serve("PyTorch " + peer.MODE.replace("-", " "), torch.__version__, build)
