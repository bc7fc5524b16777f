"""Readers of CSV, by MODE: pandas (its C engine), pyarrow, polars; and each before a network in NumPy. The text is in memory."""
import io
import os

import peer  # first: it sets the number of threads

import numpy as np

library = peer.load("pyarrow.csv" if peer.MODE == "pyarrow" else peer.MODE)


def text():
    with open(os.path.join(peer.FOLDER, peer.manifest()["table"]["file"]), "rb") as f:
        return f.read()


def pandas(b):
    return library.read_csv(io.BytesIO(b), engine="c")


def pyarrow(b):
    from pyarrow import csv
    library.set_cpu_count(peer.THREADS)
    return csv.read_csv(library.BufferReader(b), read_options=csv.ReadOptions(use_threads=peer.THREADS > 1, block_size=4 << 20))


def polars(b):
    return library.read_csv(b, infer_schema_length=1000)


READ = {"pandas": pandas, "pyarrow": pyarrow, "polars": polars}[peer.MODE]


def columns(table):
    """The 30 columns and the outcome, each as one array."""
    names = table.column_names if peer.MODE == "pyarrow" else table.columns
    return [table[name].to_numpy() for name in names]


class Network:
    """The exported network, the standardisation folded into its first layer; some rows at a time, so that all stays in the caches."""

    def __init__(self, d, rows=2048):
        flat, at, self.layers = peer.floats(d["weights"], -1), 0, []
        for a, b in zip(d["sizes"], d["sizes"][1:]):
            self.layers.append((flat[at:at + a * b].reshape(b, a).T.copy(), flat[at + a * b:at + a * b + b].copy()))
            at += a * b + b
        mean, sd = peer.floats(d["mean"], -1), peer.floats(d["sd"], -1)
        w, b = self.layers[0]
        self.layers[0] = ((w.T / sd).T.copy(), b - (mean / sd) @ w)
        self.x = np.empty((rows, len(mean)), np.float32)

    def sum(self, table):
        total, step, list_of = 0., len(self.x), columns(table)[:self.x.shape[1]]
        for start in range(0, len(list_of[0]), step):
            h = self.x[:min(step, len(list_of[0]) - start)]
            for k, v in enumerate(list_of):
                h[:, k] = v[start:start + len(h)]
            for w, b in self.layers[:-1]:
                h = h @ w
                h += b
                np.maximum(h, 0, out=h)
            w, b = self.layers[-1]
            total += float(np.sum(1 / (1 + np.exp(-(h @ w + b)))))
        return total


def build(name):
    if name not in ("csv-read", "csv-predict"):
        return None
    d, b, kept = peer.manifest()["table"], text(), []

    def read():
        kept[:] = []
        kept[:] = [READ(b)]

    def contents():
        *x, y = columns(kept[0])
        return [np.mean([np.mean(np.abs(v)) for v in x]), np.mean(y)]

    network = Network(d)

    def predict():
        kept[:] = []
        kept[:] = [network.sum(READ(b))]

    if name == "csv-read":
        job = peer.Job(d["rows"], read, losses=contents)
    else:
        job = peer.Job(d["rows"], predict, losses=lambda: [kept[0] / d["rows"]])
    job.once = True
    return job


if __name__ == "__main__":
    version = library.__version__
    peer.serve(peer.MODE, version, build)
