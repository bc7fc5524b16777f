"""python triton.py GRADUS: the Triton client asks gradus serve by the open inference protocol, in JSON and in binary, and every number has to be
the one that gradus predict prints."""

import numpy as np
import tritonclient.http as triton
from served import service
from tritonclient.utils import InferenceServerException, np_to_triton_dtype


def columns(meta, rows, dtype=np.float64):
    """One input a column, as the model's metadata lists them."""
    for column in meta["inputs"]:
        cells = [row[column["name"]] for row in rows]
        if column["datatype"] == "BYTES":
            yield column["name"], np.array([[c.encode()] for c in cells], dtype=np.object_)
        else:
            yield column["name"], np.array([[float(c) if c else np.nan] for c in cells], dtype=dtype)


def tensors(named, binary=True):
    inputs = []
    for name, values in named:
        inputs.append(triton.InferInput(name, list(values.shape), np_to_triton_dtype(values.dtype)))
        inputs[-1].set_data_from_numpy(values, binary_data=binary)
    return inputs


def expect(result, want):
    levels = sorted(want[0]["p"])
    p = result.as_numpy("probability")
    assert p.dtype == np.float64 and p.shape == (len(want), len(levels)), (p.dtype, p.shape)
    assert np.array_equal(p, [[w["p"][l] for l in levels] for w in want])
    calls = [c.decode() if isinstance(c, bytes) else c for c in result.as_numpy("prediction")]
    assert calls == [w["prediction"] for w in want]


with service({"cohort": "died_30d", "breast_cancer": "diagnosis"}) as (address, known):
    client = triton.InferenceServerClient(address.removeprefix("http://"), concurrency=4)
    assert client.is_server_live() and client.is_server_ready()
    assert client.get_server_metadata()["name"] == "gradus"
    for name, (rows, want) in known.items():
        assert client.is_model_ready(name) and client.is_model_ready(name, "1")
        meta = client.get_model_metadata(name)
        assert meta["name"] == name and meta["versions"] == ["1"]
        named = list(columns(meta, rows))
        outputs = lambda binary: [triton.InferRequestedOutput(o, binary_data=binary) for o in ("probability", "prediction")]
        expect(client.infer(name, tensors(named), outputs=outputs(True)), want)
        expect(client.infer(name, tensors(named), model_version="1", request_id="7"), want)
        whole = [i for i, row in enumerate(rows) if all(row[n] for n, _ in named)]  # NaN is no JSON: a missing number goes in binary
        part = [(n, v[whole]) for n, v in named]
        expect(client.infer(name, tensors(part, binary=False), outputs=outputs(False)), [want[i] for i in whole])
        waiting = [client.async_infer(name, tensors([(n, v[i : i + 1]) for n, v in named])) for i in range(40)]
        for i, one in enumerate(waiting):
            expect(one.get_result(), want[i : i + 1])
        said = client.infer(name, tensors(named), outputs=[triton.InferRequestedOutput("warnings")]).as_numpy("warnings")
        assert [s.decode() for s in said] == ["; ".join(w["warnings"]) for w in want]

    rows, want = known["breast_cancer"]
    named = list(columns(client.get_model_metadata("breast_cancer"), rows, np.float32))
    one = client.infer("breast_cancer", tensors([("input", np.concatenate([v for _, v in named], axis=1))])).as_numpy("probability")
    each = client.infer("breast_cancer", tensors(named)).as_numpy("probability")
    assert np.array_equal(one, each) and np.abs(one[:, 0] - [w["p"]["benign"] for w in want]).max() < 1e-5

    for bad, word in (({"breast_cancer": named[:-1]}, named[-1][0]), ({"other": named}, "other")):
        for name, inputs in bad.items():
            try:
                client.infer(name, tensors(inputs))
            except InferenceServerException as e:
                assert word in e.message(), e
            else:
                raise AssertionError(f"{name} was answered")
    client.close()
