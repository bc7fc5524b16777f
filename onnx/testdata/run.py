"""Runs FILE.onnx on FILE.json (columns by name) in ONNX Runtime, checks it with the official checker, prints the outputs as JSON."""
import json
import sys

import numpy
import onnx
import onnxruntime

results = []
for path in sys.argv[1:]:
    onnx.checker.check_model(path + ".onnx", full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path + ".onnx", options, providers=["CPUExecutionProvider"])
    columns = json.load(open(path + ".json", encoding="utf-8"))
    feeds = {}
    for put in session.get_inputs():
        kind = object if put.type == "tensor(string)" else numpy.float32
        values = [float("nan") if v is None else v for v in columns[put.name]]
        feeds[put.name] = numpy.array(values, dtype=kind).reshape(-1, 1)
    names = [o.name for o in session.get_outputs()]
    results.append({n: v.tolist() for n, v in zip(names, session.run(names, feeds))})
json.dump(results, sys.stdout)
