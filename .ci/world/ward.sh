# The service where a hospital runs it: answers in FHIR, under systemd, in a root of nothing but the program and a model, and under load.
ward() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-fhir python
  python=$home/bin/python
  if ! "$python" -c 'import fhir.resources' 2>/dev/null; then
    need python3 python3 python3-venv
    python3 -m venv "$home" >/dev/null 2>&1 || { apt-get install -qy --no-install-recommends python3-venv && python3 -m venv "$home"; } >/dev/null 2>&1 </dev/null
    "$home/bin/pip" install -q --disable-pip-version-check fhir.resources==8.3.0 >/dev/null 2>&1 </dev/null
  fi
  if "$python" -c 'import fhir.resources' 2>/dev/null; then
    works 'gradus serve, RiskAssessment of FHIR R4' 'fhir.resources' "$("$python" -c 'import importlib.metadata as m; print(m.version("fhir.resources"))')" "$python" serve/testdata/assessments.py bin/gradus
  else
    skip 'gradus serve in FHIR' 'fhir.resources cannot be had'
  fi
  wardroot
  wardunit
  check 'make soak, a short one' env SOAK="${SOAK:-20s}" make -s soak
}
