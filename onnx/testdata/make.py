"""Writes the networks of others that read_test.go reads: NAME.onnx, and NAME.json with rows x and the output y of ONNX Runtime.

Needs numpy, onnx, onnxruntime, scikit-learn and skl2onnx. Run in this folder."""
import json

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(7)


def keep(name, model, x, output):
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    y = session.run([output], {session.get_inputs()[0].name: x})[0]
    open(name + ".onnx", "wb").write(model.SerializeToString())
    json.dump({"x": x.tolist(), "y": np.asarray(y).tolist()}, open(name + ".json", "w"))


def sklearn(name, data, estimator, output, **options):
    x, y = data(return_X_y=True)
    x = x.astype(np.float32)
    fitted = make_pipeline(StandardScaler(), estimator).fit(x, y)
    keep(name, to_onnx(fitted, x[:1], **options), x[::20], output)


sklearn("sklearn_binary", load_breast_cancer, MLPClassifier((5, 3), max_iter=5, random_state=1), "probabilities", options={"zipmap": False})
sklearn("sklearn_classes", load_iris, MLPClassifier((5,), activation="tanh", max_iter=5, random_state=1), "probabilities", options={"zipmap": False})
sklearn("sklearn_number", load_diabetes, MLPRegressor(hidden_layer_sizes=(5,), activation="logistic", max_iter=5, random_state=1), "variable")


class Chain:
    """A chain of nodes on one input [N,4]."""

    def __init__(self):
        self.nodes, self.constants, self.value, self.count = [], [], "x", 0

    def const(self, v, kind=np.float32):
        self.count += 1
        self.constants.append(numpy_helper.from_array(np.asarray(v, kind), f"c{self.count}"))
        return f"c{self.count}"

    def add(self, op, *more, first=True, value=None, **attributes):
        self.count += 1
        value = value or self.value
        inputs = [value, *more] if first else [*more, value]
        self.nodes.append(helper.make_node(op, inputs, [f"v{self.count}"], name=f"n{self.count}", **attributes))
        self.value = f"v{self.count}"
        return self.value

    def dense(self, rows, cols):
        self.add("Gemm", self.const(rng.normal(size=(rows, cols))), self.const(rng.normal(size=rows)), transB=1)

    def model(self):
        graph = helper.make_graph(
            self.nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 4])],
            [helper.make_tensor_value_info(self.value, TensorProto.FLOAT, ["N", "K"])], self.constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


x4 = rng.normal(size=(9, 4)).astype(np.float32)

g = Chain()
g.add("Sub", g.const([.1, .2, .3, .4]))
g.add("Div", g.const([1, 2, 3, 4]))
g.add("Gemm", g.const(rng.normal(size=(4, 5))), g.const(rng.normal(size=5)), alpha=.5, beta=2.0)
for op, attributes in [("Relu", {}), ("LeakyRelu", {"alpha": .2}), ("Elu", {}), ("Sigmoid", {}), ("Tanh", {}), ("Softplus", {}), ("Mish", {}), ("Gelu", {}),
                       ("Gelu", {"approximate": "tanh"}), ("Softmax", {})]:
    g.add(op, **attributes)
    g.dense(5, 5)
g.add("Mul", g.const(.25), first=False)
g.add("Add", g.const(rng.normal(size=(1, 5))), first=False)
g.dense(2, 5)
keep("operators", g.model(), x4, g.value)

g = Chain()
g.dense(5, 4)
for kind in ["silu", "mish", "gelu"]:
    v = g.value
    if kind == "silu":
        g.add("Sigmoid")
    elif kind == "mish":
        g.add("Softplus")
        g.add("Tanh")
    else:
        g.add("Div", g.const(np.sqrt(2)))
        g.add("Erf")
        g.add("Add", g.const(1))
    g.add("Mul", v, first=False)
    if kind == "gelu":
        g.add("Mul", g.const(.5))
    g.dense(5, 5)
g.add("BatchNormalization", *[g.const(np.abs(rng.normal(size=5)) + .1) for _ in range(4)], epsilon=1e-4)
g.add("Relu")
g.add("LayerNormalization", g.const(rng.normal(size=5)), g.const(rng.normal(size=5)), axis=-1)
g.add("MatMul", g.const(rng.normal(size=(5, 3))))
g.add("Identity")
keep("patterns", g.model(), x4, g.value)
