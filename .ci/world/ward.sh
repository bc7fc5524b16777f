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

# wardroot: nobody's root, a root of nothing but the program, a model and secrets, which cannot be written: as the container file has it.
wardroot() {
  local root=$log/root port pid
  if [ "$(id -u)" != 0 ] || ! unshare --mount true 2>/dev/null; then
    skip 'gradus serve in a root of its own' 'no mount can be made here'
    return
  fi
  mkdir -p "$root/models" "$root/secrets"
  cp bin/gradus "$root/gradus"
  bin/gradus data cohort --csv >"$log/cohort.csv"
  check 'a model for the ward' bin/gradus train "$log/cohort.csv" --target died_30d --hidden 8 --epochs 2 --no-record --out "$root/models/model.gradus"
  echo ward-token-0123456789abcdef >"$root/secrets/tokens"
  chmod -R a+rX "$root"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  # shellcheck disable=SC2016
  unshare --mount sh -c 'mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" "$0" && exec chroot --userspec=65532:65532 "$0" "$@"' \
    "$root" /gradus serve /models/model.gradus --bind "127.0.0.1:$port" --token-file /secrets/tokens --log json >"$log/root.out" 2>"$log/root.err" &
  pid=$!
  for _ in $(seq 100); do grep -q http "$log/root.out" && break; sleep .1; done
  check 'the health check of the container file' chroot --userspec=65532:65532 "$root" /gradus serve --check "http://127.0.0.1:$port"
  check 'a read-only root of the program alone, as nobody, says what gradus predict says' wardasks "$port" "$pid" "$root"
  kill -TERM "$pid"
  check 'SIGTERM ends it with 0' wait "$pid"
}

wardasks() {
  python3 - "$1" "$2" "$log/cohort.csv" <<'PY' >"$log/answers" && bin/gradus predict "$3/models/model.gradus" "$log/cohort.csv" | cmp - "$log/answers"
import sys, urllib.request
port, pid, table = sys.argv[1:]
status = dict(l.split(":\t", 1) for l in open(f"/proc/{pid}/status").read().splitlines())
assert status["Uid"].split() == ["65532"] * 4 and status["Gid"].split() == ["65532"] * 4, status
assert int(status["CapEff"], 16) == 0, status["CapEff"]
mounts = [l.split() for l in open(f"/proc/{pid}/mountinfo")]
assert any(m[4] == "/" and "ro" in m[5].split(",") for m in mounts), mounts
r = urllib.request.Request(f"http://127.0.0.1:{port}/predict", data=open(table, "rb").read(), headers={"Content-Type": "text/csv", "Authorization": "Bearer ward-token-0123456789abcdef"})
sys.stdout.buffer.write(urllib.request.urlopen(r).read())
PY
}

# wardunit: systemd reads the unit and finds little that the service could do. It cannot be process 1 here, so it does not start it.
wardunit() {
  if ! need systemd-analyze systemd; then
    skip 'deploy/gradus.service' 'systemd-analyze cannot be had'
    return
  fi
  sed -e "s|/usr/local/bin/gradus|$PWD/bin/gradus|" -e '/^Documentation=/d' deploy/gradus.service >"$log/gradus.service"
  works 'deploy/gradus.service, verified' systemd "$(systemd-analyze --version | sed -n '1s/systemd \([0-9]*\).*/\1/p')" systemd-analyze verify "$log/gradus.service"
  check 'deploy/gradus.service: exposure at most 2 of 10' systemd-analyze security --offline=true --threshold=20 "$log/gradus.service"
}
