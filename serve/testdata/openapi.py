"""python openapi.py GRADUS: the description of gradus serve is OpenAPI 3.1, and questions and answers are what it says of them."""

import json
import urllib.error
import urllib.request

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from served import service


def ask(url, body=None):
    request = urllib.request.Request(url, data=body and json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as e:
        return e.code, json.load(e)


def cell(text):
    try:
        return float(text)
    except ValueError:
        return text or None


with service({"cohort": "died_30d", "diabetes": "progression", "iris": "species"}) as (address, known):
    _, spec = ask(address + "/openapi.json")
    OpenAPIV31SpecValidator(spec).validate()
    for name, (rows, want) in known.items():
        post = spec["paths"][f"/models/{name}/predict"]["post"]
        schema = lambda part: Draft202012Validator({**part["content"]["application/json"]["schema"], "components": spec["components"]})
        question = {"rows": [{k: cell(v) for k, v in row.items()} for row in rows[:50]]}
        schema(post["requestBody"]).validate(question)
        status, answer = ask(f"{address}/models/{name}/predict", question)
        assert status == 200, answer
        schema(post["responses"]["200"]).validate(answer)
        assert [p["prediction"] for p in answer["predictions"]] == [w["prediction"] for w in want[:50]]
        assert [p.get("p") for p in answer["predictions"]] == [w.get("p") for w in want[:50]]
        column = next(iter(spec["components"]["schemas"][schema(post["requestBody"]).schema["properties"]["rows"]["items"]["$ref"].rsplit("/", 1)[1]]["required"]))
        del question["rows"][0][column]
        assert not schema(post["requestBody"]).is_valid(question)
        status, problem = ask(f"{address}/models/{name}/predict", question)
        assert status == 422 and problem["column"] == column, problem
        Draft202012Validator({"$ref": "#/components/schemas/Problem", "components": spec["components"]}).validate(problem)
