"""ONNX Runtime: rows through the model, called from Python. Leaves the models in FOLDER for its C API."""
import os

import peer  # first: it sets the number of threads

import numpy as np

onnx = peer.load("onnx")
runtime = peer.load("onnxruntime")
from onnx import TensorProto, helper, numpy_helper


def model(work):
    """The workload's network as an ONNX model: Gemm, Relu … Sigmoid or Softmax."""
    nodes, arrays, at = [], [], "x"
    for k, (w, b) in enumerate(work.layers):
        arrays += [numpy_helper.from_array(w, f"w{k}"), numpy_helper.from_array(b, f"b{k}")]
        nodes.append(helper.make_node("Gemm", [at, f"w{k}", f"b{k}"], [f"o{k}"], transB=1))
        last = k == len(work.layers) - 1
        kind = ("Sigmoid" if work.binary else "Softmax") if last else "Relu"
        at = "y" if last else f"h{k}"
        nodes.append(helper.make_node(kind, [f"o{k}"], [at]))
    value = lambda name, n: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", n])
    graph = helper.make_graph(nodes, work.name, [value("x", work.sizes[0])], [value("y", work.sizes[-1])], arrays)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    return made.SerializeToString()


def session(work):
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = peer.THREADS, 1
    return runtime.InferenceSession(model(work), options, providers=["CPUExecutionProvider"])


def build(name):
    if not name.startswith("infer-"):
        return None
    work, at = peer.predictions(name)
    run = session(work).run
    return peer.rows_by_rows(work, lambda rows: run(None, {"x": rows})[0], at)


if __name__ == "__main__":
    for name in ("S", "M"):
        with open(os.path.join(peer.FOLDER, name + ".onnx"), "wb") as f:
            f.write(model(peer.Work(name)))
    peer.serve("ONNX Runtime", runtime.__version__, build)
