"""NumPy on its BLAS, written by hand: every buffer made once, every operation in place, all weights in one flat vector."""
import peer  # first: it sets the number of threads

import numpy as np


class Network:
    def __init__(self, work):
        self.work = work
        self.start = np.concatenate([np.concatenate([w.ravel(), b]) for w, b in work.layers])
        self.w, self.g, self.m, self.v, self.u = (np.zeros_like(self.start) for _ in range(5))
        self.layers, self.grads = self.views(self.w), self.views(self.g)
        n = work.batch
        self.h = [np.empty((n, s), np.float32) for s in work.sizes[1:]]
        self.d = [np.empty((n, s), np.float32) for s in work.sizes[1:]]
        self.mask = [np.empty((n, s), bool) for s in work.sizes[1:]]
        self.index = [y.astype(np.int64) for y in work.y]
        self.column = [y.reshape(-1, 1) for y in work.y]
        self.line = np.arange(n)
        self.losses = [0, 0]

    def views(self, flat):
        at, views = 0, []
        for w, b in self.work.layers:
            views.append((flat[at:at + w.size].reshape(w.shape), flat[at + w.size:at + w.size + b.size]))
            at += w.size + b.size
        return views

    def ready(self):
        self.w[:], self.t = self.start, 0
        self.m.fill(0)
        self.v.fill(0)

    def step(self, i):
        x, last = self.work.x[i], len(self.layers) - 1
        h = x
        for k, (w, b) in enumerate(self.layers):
            o = self.h[k]
            np.matmul(h, w.T, out=o)
            o += b
            if k < last:
                np.maximum(o, 0, out=o)
            h = o
        loss = self.output(i)
        for k in range(last, -1, -1):
            below, d = (self.h[k - 1] if k else x), self.d[k]
            gw, gb = self.grads[k]
            np.matmul(d.T, below, out=gw)
            np.add.reduce(d, axis=0, out=gb)
            if k:
                np.matmul(d, self.layers[k][0], out=self.d[k - 1])
                np.greater(below, 0, out=self.mask[k - 1])
                self.d[k - 1] *= self.mask[k - 1]
        self.adam()
        return loss

    def output(self, i):
        """The cost on logits and its gradient, into d of the last layer."""
        o, d, n = self.h[-1], self.d[-1], self.work.batch
        if self.work.binary:
            y = self.column[i]
            e = np.exp(-np.abs(o))
            loss = float(np.mean(np.maximum(o, 0) - o * y + np.log1p(e)))
            np.divide(np.where(o >= 0, 1, e), 1 + e, out=d)
            d -= y
        else:
            np.subtract(o, np.maximum.reduce(o, axis=1, keepdims=True), out=d)
            right = d[self.line, self.index[i]]
            np.exp(d, out=d)
            total = np.add.reduce(d, axis=1, keepdims=True)
            loss = float(np.mean(np.log(total[:, 0]) - right))
            d /= total
            d[self.line, self.index[i]] -= 1
        d *= np.float32(1 / n)
        return loss

    def adam(self):
        self.t += 1
        adam(self.w, self.g, self.m, self.v, self.u, self.t, self.work.alpha)

    def run(self):
        for s in range(self.work.steps):
            loss = self.step(s % len(self.work.x))
            self.losses[s > 0] = loss


def adam(w, g, m, v, u, t, alpha, b1=.9, b2=.999, eps=1e-8):
    m *= np.float32(b1)
    np.multiply(g, np.float32(1 - b1), out=u)
    m += u
    v *= np.float32(b2)
    np.multiply(g, g, out=u)
    u *= np.float32(1 - b2)
    v += u
    np.sqrt(v, out=u)
    u *= np.float32(1 / np.sqrt(1 - b2 ** t))
    u += np.float32(eps)
    np.divide(m, u, out=u)
    u *= np.float32(alpha / (1 - b1 ** t))
    w -= u


def adam_alone(w, g, alpha):
    m, v, u, t = np.zeros_like(w), np.zeros_like(w), np.empty_like(w), [0]

    def step():
        t[0] += 1
        adam(w, g, m, v, u, t[0], alpha)

    return step


def predictor(work):
    (layers, last) = work.layers[:-1], work.layers[-1]

    def predict(x):
        for w, b in layers:
            x = np.maximum(x @ w.T + b, 0)
        o = x @ last[0].T + last[1]
        if work.binary:
            return 1 / (1 + np.exp(-o))
        e = np.exp(o - o.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    return predict


def multiply(form, a, b, c):
    a, b = (a.T if form[0] == "T" else a), (b.T if form[1] == "T" else b)
    return lambda: np.matmul(a, b, out=c)


def sigmoid(h, o):
    np.negative(o, out=h)
    np.exp(h, out=h)
    np.add(h, 1, out=h)
    np.reciprocal(h, out=h)


def silu(h, o):
    sigmoid(h, o)
    np.multiply(h, o, out=h)


def softmax(h, o):
    np.subtract(o, np.maximum.reduce(o, axis=1, keepdims=True), out=h)
    np.exp(h, out=h)
    np.divide(h, np.add.reduce(h, axis=1, keepdims=True), out=h)


FUNCTIONS = {
    "exp": lambda h, o: lambda: np.exp(o, out=h),
    "log": lambda h, o: lambda: np.log(o, out=h),
    "tanh": lambda h, o: lambda: np.tanh(o, out=h),
    "relu": lambda h, o: lambda: np.maximum(o, 0, out=h),
    "sigmoid": lambda h, o: lambda: sigmoid(h, o),
    "silu": lambda h, o: lambda: silu(h, o),
    "softmax": lambda h, o: lambda: softmax(h, o),
}


def build(name):
    if name in ("S", "M", "L", "XL"):
        net = Network(peer.Work(name))
        return peer.Job(net.work.steps, net.run, net.ready, lambda: net.losses)
    if name.startswith("infer-"):
        work, at = peer.predictions(name)
        return peer.rows_by_rows(work, predictor(work), at)
    if name.startswith("gemm-"):
        return peer.products(name, multiply)
    if name.startswith("vector-"):
        return peer.vectors(name, FUNCTIONS, adam_alone)
    return None


def blas():
    """The library that multiplies, and the core it takes this machine for."""
    try:
        import threadpoolctl
        found = [i for i in threadpoolctl.threadpool_info() if i["user_api"] == "blas"]
        return ", ".join(f"{i['internal_api']} {i['version']} for {i.get('architecture', 'any core')}" for i in found)
    except Exception:
        return "an unknown BLAS"


if __name__ == "__main__":
    np.ones((2, 2), np.float32) @ np.ones((2, 2), np.float32)
    peer.serve("NumPy", f"{np.__version__}, {blas()}", build)
