"""python assessments.py GRADUS: what gradus serve answers in FHIR is what models of FHIR's own definitions take, and says what gradus predict says."""

import decimal
import json
import urllib.error
import urllib.request

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.riskassessment import RiskAssessment
from served import service


def ask(url, body):
    headers = {"Content-Type": "application/json", "Accept": "application/fhir+json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


def cell(text):
    try:
        return float(text)
    except ValueError:
        return text or None


def check(resource, row, who):
    assert resource.status == "preliminary" and resource.subject.reference == who
    said = {p.outcome.text.split(" = ", 1)[1]: p.probabilityDecimal for p in resource.prediction}
    assert said == {level: decimal.Decimal(repr(p)) for level, p in row["p"].items()} or {k: float(v) for k, v in said.items()} == row["p"], (said, row["p"])
    assert len(resource.note) == len(row.get("warnings") or []) + 1


with service({"cohort": "died_30d", "iris": "species"}) as (address, known):
    for name, (rows, want) in known.items():
        question = [{k: cell(v) for k, v in row.items()} for row in rows[:40]]
        who = [f"Patient/{name}-{i}" for i in range(40)]
        status, answer = ask(f"{address}/models/{name}/predict", {"subject": who, "rows": question})
        assert status == 200, answer
        bundle = Bundle.model_validate_json(answer)
        assert bundle.type == "collection" and len({e.fullUrl for e in bundle.entry}) == 40
        for entry, row, one in zip(bundle.entry, want, who):
            assert isinstance(entry.resource, RiskAssessment)
            check(entry.resource, row, one)
        status, answer = ask(f"{address}/models/{name}/predict", {"subject": who[0], "rows": question[:1]})
        assert status == 200, answer
        check(RiskAssessment.model_validate_json(answer), want[0], who[0])
        status, answer = ask(f"{address}/models/{name}/predict", {"subject": "Hong Gil-dong", "rows": question[:1]})
        assert status == 422 and b"Gil" not in answer, answer
        OperationOutcome.model_validate_json(answer)
