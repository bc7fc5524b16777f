"""uvicorn fastapi_peer:app, with MODEL=model.onnx in the environment: ONNX Runtime behind FastAPI as its documentation shows it, for the same
question that gradus serve takes: {"rows":[{COLUMN:number}]}."""

import os

import numpy as np
import onnxruntime as ort
from fastapi import FastAPI
from pydantic import BaseModel, create_model

options = ort.SessionOptions()
options.intra_op_num_threads = 1  # for so small a network more are slower
session = ort.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
columns = [i.name for i in session.get_inputs()]
levels = sorted(os.environ["LEVELS"].split(","))
Row = create_model("Row", **{c: (float, ...) for c in columns})


class Question(BaseModel):
    rows: list[Row]


app = FastAPI()


@app.post("/predict")
async def predict(question: Question):
    inputs = {c: np.array([[getattr(row, c)] for row in question.rows], dtype=np.float32) for c in columns}
    probability, prediction = session.run(["probability", "prediction"], inputs)
    return {"predictions": [{"p": dict(zip(levels, map(float, p))), "prediction": str(y), "warnings": []} for p, y in zip(probability, prediction)]}
