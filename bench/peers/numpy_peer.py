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

    def adam(self, b1=.9, b2=.999, eps=1e-8):
        self.t += 1
        u, g, m, v = self.u, self.g, self.m, self.v
        m *= np.float32(b1)
        np.multiply(g, np.float32(1 - b1), out=u)
        m += u
        v *= np.float32(b2)
        np.multiply(g, g, out=u)
        u *= np.float32(1 - b2)
        v += u
        np.sqrt(v, out=u)
        u *= np.float32(1 / np.sqrt(1 - b2 ** self.t))
        u += np.float32(eps)
        np.divide(m, u, out=u)
        u *= np.float32(self.work.alpha / (1 - b1 ** self.t))
        self.w -= u

    def run(self):
        for s in range(self.work.steps):
            loss = self.step(s % len(self.work.x))
            self.losses[s > 0] = loss


def predictor(work):
    (layers, last) = work.layers[:-1], work.layers[-1]

    def predict(x):
        for w, b in layers:
            x = np.maximum(x @ w.T + b, 0)
        o = x @ last[0].T + last[1]
        if work.binary:
            return 1 / (1 + np.exp(-o))
        e = np.exp(o - o.max())
        return e / e.sum()

    return predict


def multiply(form, a, b, c):
    a, b = (a.T if form[0] == "T" else a), (b.T if form[1] == "T" else b)
    return peer.Job(1, lambda: np.matmul(a, b, out=c))


def build(name):
    if name in ("S", "M", "L", "XL"):
        net = Network(peer.Work(name))
        return peer.Job(net.work.steps, net.run, net.ready, lambda: net.losses)
    if name in ("infer-S", "infer-M"):
        work = peer.Work(name[-1])
        return peer.rows_one_by_one(work, predictor(work))
    if name.startswith("gemm-"):
        return peer.products(name, multiply)
    return None


def blas():
    try:
        return np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    except Exception:
        return {}


if __name__ == "__main__":
    b = blas()
    peer.serve("NumPy", f"{np.__version__}, {b.get('name', 'the system BLAS')} {b.get('version', '')}".strip(), build)
