"""scikit-learn: MLPClassifier.partial_fit, one call a step; many: refits by joblib, one process a core."""
import warnings

import peer  # first: it sets the number of threads

import numpy as np

sklearn = peer.load("sklearn")
joblib = peer.load("joblib")
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
sklearn.set_config(assume_finite=True, skip_parameter_validation=True)  # its own fast way


def classifier(hidden, batch, alpha, **more):
    return MLPClassifier(hidden, solver="adam", alpha=0, batch_size=batch, learning_rate_init=alpha, shuffle=False, random_state=1,
                         **more)


class Training:
    def __init__(self, work):
        self.work, self.losses = work, [0, 0]
        self.y = [v.astype(np.int64) for v in work.y]
        self.classes = np.arange(max(2, work.sizes[-1]))
        self.net = classifier(work.sizes[1:-1], work.batch, work.alpha)

    def ready(self):
        if not hasattr(self.net, "coefs_"):
            self.net.partial_fit(self.work.x[0], self.y[0], classes=self.classes)
        for (w, b), at, shift in zip(self.work.layers, self.net.coefs_, self.net.intercepts_):
            at[...], shift[...] = w.T, b
        rule = self.net._optimizer
        rule.t = self.net.t_ = 0
        for v in rule.ms + rule.vs:
            v.fill(0)

    def run(self):
        for s in range(self.work.steps):
            self.net.partial_fit(self.work.x[s % len(self.y)], self.y[s % len(self.y)])
            if s in (0, self.work.steps - 1):
                self.losses[s > 0] = self.net.loss_


class Started(MLPClassifier):
    """The start that gradus has: He for ReLU, Xavier for the output, biases 0."""

    def _init_coef(self, fan_in, fan_out, dtype):
        _, _ = fan_in, fan_out
        bound = np.sqrt(6 / fan_in) if fan_out > 1 else np.sqrt(6 / (fan_in + fan_out))
        return self._random_state.uniform(-bound, bound, (fan_in, fan_out)).astype(dtype), np.zeros(fan_out, dtype)


def refit(x, y, i, epochs, batch):
    warnings.filterwarnings("ignore")
    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)  # in the worker too
    rows = np.random.default_rng(i).integers(0, len(x), len(x))
    net = Started((16, 8), solver="adam", alpha=0, batch_size=batch, learning_rate_init=1e-3, max_iter=epochs, tol=0,
                  n_iter_no_change=epochs + 1, random_state=i)
    return net.fit(x[rows], y[rows]).loss_


def many():
    d = peer.manifest()["many"]
    x, y = peer.floats(d["x"], d["rows"], -1), peer.floats(d["y"], -1).astype(np.int64)
    fits, losses = min(d["fits"], 32 * peer.THREADS), []
    # One thread of BLAS in each process: the environment, which asks for THREADS, would have them get into each other's way.
    inner = {"backend": "loky", "inner_max_num_threads": 1} if peer.THREADS > 1 else {"backend": "sequential"}
    with joblib.parallel_config(**inner):
        pool = joblib.Parallel(n_jobs=peer.THREADS)
    pool(joblib.delayed(refit)(x, y, i, 1, d["batch"]) for i in range(peer.THREADS))  # starts the processes

    def run():
        losses[:] = pool(joblib.delayed(refit)(x, y, i, d["epochs"], d["batch"]) for i in range(fits))

    job = peer.Job(fits, run, losses=lambda: [np.mean(losses)])
    job.once = True
    return job


def predictor(work):
    t = Training(work)
    t.ready()
    return t.net.predict_proba


def build(name):
    if name in ("S", "M", "L", "XL"):
        t = Training(peer.Work(name))
        return peer.Job(t.work.steps, t.run, t.ready, lambda: t.losses)
    if name.startswith("infer-"):
        work, at = peer.predictions(name)
        predict = predictor(work)
        job = peer.rows_by_rows(work, predict, at)
        if work.binary:  # its first column is the other class
            job.losses = lambda: [np.mean(predict(work.rows)[:, 1])]
        return job
    if name == "many":
        return many()
    return None


if __name__ == "__main__":
    peer.serve("scikit-learn", sklearn.__version__, build)
