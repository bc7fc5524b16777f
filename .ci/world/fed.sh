# Three hospitals train one model through Flower: a real SuperLink, three real SuperNodes and what runs on them, on loopback.
FLWR='flwr==1.42.0'

fed() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-flower work pids=() ports plan=(--target died_30d --drop site,visit_date --patient patient_id)
  if ! flower "$home"; then
    skip 'federation with Flower' 'python3 or flwr is missing'
    return
  fi
  work=$(mktemp -d)
  local -x PATH=$PWD/bin:$home/bin:$PATH
  local -x FLWR_TELEMETRY_ENABLED=0 FLWR_DISABLE_UPDATE_CHECK=1 FLWR_HOME=$work/flwr PYTHONPATH=$PWD/federation PYTHONDONTWRITEBYTECODE=1
  fed_start
  check 'federation: three sites by files' fed_files
  works 'gradus fed: three sites, FedAvg' Flower "${FLWR#*==}" fed_flower three 'secure=false'
  check 'federation: Flower gives the bytes that files give' cmp "$work/flower-three/model.gradus" "$work/three.gradus"
  works 'gradus fed: secure aggregation (SecAgg+)' Flower "${FLWR#*==}" fed_flower one 'secure=true rounds=1'
  fed_stop
  check 'federation: SecAgg+ gives the mean to its quantisation' python .ci/fed_look.py near "$work/flower-one/model.gradus" "$work/one.gradus" 1e-6
  check 'federation: no cell of a table left its site' python .ci/fed_look.py leaks "$work"
  check 'federation: near to one table, above the single sites' fed_judge
  rm -rf "$work"
}

# flower gets flwr in a Python of its own, which then comes first.
flower() {
  "$1/bin/python" -c 'import flwr' 2>/dev/null && return
  need python3 python3 python3-venv
  python3 -m venv "$1" >/dev/null 2>&1 || { apt-get install -qy --no-install-recommends python3-venv && python3 -m venv "$1"; } >/dev/null 2>&1 </dev/null
  "$1/bin/pip" install -q --disable-pip-version-check "$FLWR" >/dev/null 2>&1 </dev/null
}

# fed_start starts the SuperLink, three SuperNodes, and between them what records every byte that a site sends.
fed_start() {
  local i site
  mkdir -p "$FLWR_HOME"
  fed_tables
  read -ra ports < <(python .ci/fed_look.py ports 7)
  printf '[superlink]\ndefault = "here"\n\n[superlink.here]\naddress = "127.0.0.1:%s"\ninsecure = true\n' "${ports[0]}" >"$FLWR_HOME/config.toml"
  flower-superlink --insecure --host 127.0.0.1 --port "${ports[0]}" --disable-runtime-dependency-installation >"$work/superlink.log" 2>&1 &
  pids+=($!)
  for i in 1 2 3; do
    site=${SITES:i-1:1}
    python .ci/fed_look.py record "${ports[i]}" "${ports[0]}" "$work/$site.sent" &
    pids+=($!)
    flower-supernode --insecure --superlink "127.0.0.1:${ports[i]}" --port "${ports[i + 3]}" --node-config \
      "plan=\"$work/plan.json\" table=\"$work/$site.csv\" held=\"$work/$site-held.csv\"" >"$work/$site.log" 2>&1 &
    pids+=($!)
  done
}
SITES=ABC

fed_stop() {
  kill "${pids[@]}" 2>/dev/null
  wait "${pids[@]}" 2>/dev/null
}

# fed_tables writes the synthetic cohort by sites, three tenths of the patients held for judging. Each number gets decimals of its own, so
# that it is known again wherever it should not be.
fed_tables() {
  gradus data cohort --csv | awk -F, -v OFS=, -v work="$work" '
    function put(file) {if (!(file in seen)) {print head > file; seen[file] = 1}; print > file}
    NR == 1 {head = $0; next}
    {
      for (i = 4; i <= 9; i++) if (i != 5 && $i != "") $i = sprintf("%.7f", $i + i / 1e3 + NR / 1e7)
      held = substr($1, 6) < 3
      put(work "/" $3 (held ? "-held" : "") ".csv")
      put(work "/all" (held ? "-held" : "") ".csv")
    }'
}

# fed_files makes the plan and carries the federation from site to site by files, three rounds; one.gradus is what the first comes to.
fed_files() {
  gradus fed plan "$work/A.csv" "${plan[@]}" --rounds 3 --epochs 25 --out "$work/plan.json" &&
    fed_train one 1 A B C && fed_train three 3 A B C
}

# fed_train NAME ROUNDS SITE…: the model NAME of the sites.
fed_train() {
  local plan=$work/plan.json model=$work/$1.gradus dir=$work/by-files-$1 rounds=$2 round site
  shift 2
  mkdir -p "$dir"
  for site in "$@"; do gradus fed summary "$plan" "$work/$site.csv" --out "$dir/$site.json" || return; done
  gradus fed start "$plan" "$dir"/*.json --out "$model" || return
  for round in $(seq "$rounds"); do
    for site in "$@"; do gradus fed step "$plan" "$model" "$work/$site.csv" --out "$dir/$site.safetensors" || return; done
    gradus fed average "$plan" "$model" "$dir"/*.safetensors --out "$model" || return
  done
}

# fed_flower NAME SETTINGS: the same through Flower.
fed_flower() {
  for _ in $(seq 300); do
    python .ci/fed_look.py open "${ports[0]}" 2>/dev/null && break
    sleep 0.2
  done
  flwr run federation here --stream --run-config "plan=\"$work/plan.json\" out=\"$work/flower-$1\" $2" && [ -s "$work/flower-$1/model.gradus" ] || {
    tail -n 20 "$work"/*.log
    return 1
  }
}

# fed_judge holds the model of three sites against one of all rows in one table and against those of the single sites.
fed_judge() {
  local name
  fed_train pooled 3 all && for name in A B C; do fed_train "$name" 3 "$name" || return; done
  for name in three pooled A B C; do
    gradus evaluate "$work/$name.gradus" "$work/all-held.csv" --no-record --json >"$work/$name.figures" || return
  done
  gradus fed pool "$work"/flower-three/judged-*.json && gradus fed pool "$work"/flower-three/judged-*.json --json >"$work/pool.figures" &&
    python .ci/fed_look.py quality "$work"
}
