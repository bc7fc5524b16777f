# The service, asked by clients of others: Triton's by the open inference protocol, and its description by validators of OpenAPI.
serve() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-serve python
  python=$home/bin/python
  if ! "$python" -c 'import tritonclient.http, openapi_spec_validator' 2>/dev/null; then
    need python3 python3 python3-venv
    python3 -m venv "$home" >/dev/null 2>&1 || { apt-get install -qy --no-install-recommends python3-venv && python3 -m venv "$home"; } >/dev/null 2>&1 </dev/null
    "$home/bin/pip" install -q --disable-pip-version-check 'tritonclient[http]==2.73.0' openapi-spec-validator==0.9.0 >/dev/null 2>&1 </dev/null
  fi
  if ! "$python" -c 'import tritonclient.http, openapi_spec_validator' 2>/dev/null; then
    skip 'gradus serve with clients of others' 'tritonclient and openapi-spec-validator cannot be had'
    return
  fi
  version() { "$python" -c "import importlib.metadata as m; print(m.version('$1'))"; }
  works 'gradus serve, open inference protocol v2' 'tritonclient' "$(version tritonclient)" "$python" serve/testdata/triton.py bin/gradus
  works 'gradus serve, OpenAPI 3.1' 'openapi-spec-validator' "$(version openapi-spec-validator)" "$python" serve/testdata/openapi.py bin/gradus
}
