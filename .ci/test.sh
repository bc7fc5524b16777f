#!/usr/bin/env bash
# The tests of the whole tree: .ci/test.sh [all|lint|page|browser|fuzz [TARGET…]|race|known|world [NAME…]]. Each check prints one line, a
# failed one its output too; the last line counts them. A missing tool skips its checks by name; with CI=true a skip fails. Changes nothing
# in the tree but for inputs that fuzz finds.
set -u
cd "$(dirname "$0")/.." || exit 1

GOFUMPT=mvdan.cc/gofumpt@v0.12.0
STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2 # the newest tag of the module that its proxies offer
GOVULNCHECK=golang.org/x/vuln/cmd/govulncheck@v1.9.0
ONNX='onnx==1.23.2 onnxruntime==1.32.0 numpy'
EXACT='./internal/kernel ./internal/say ./mat ./activation ./cost ./optimizer ./tape ./perceptron ./network'
PLATFORMS='windows/amd64 darwin/arm64 linux/arm64'

passed=0 failed=0 skipped=0
log=$(mktemp -d) || exit 1
trap 'for job in $(jobs -p); do kill -- "-$job" 2>/dev/null; done; rm -rf "$log"' EXIT
trap 'exit 130' INT TERM

pass() { passed=$((passed + ${2:-1})); printf 'ok    %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf 'FAIL  %s\n' "$1"; }
note() { printf 'note  %s: %s\n' "$1" "$2"; }
skip() { skipped=$((skipped + 1)); printf 'skip  %s: %s\n' "$1" "$2"; }

# check NAME COMMAND…: silent unless it fails.
check() {
  local name=$1 began=$SECONDS
  shift
  if "$@" >"$log/out" 2>&1; then
    pass "$name ($((SECONDS - began)) s)"
  else
    fail "$name"
    sed 's/^/      /' "$log/out" | tail -n 60
  fi
}

# need COMMAND PACKAGE…: true when the command is there, or root on Debian could install it.
need() {
  local command=$1 apt='apt-get -qy -o DPkg::Lock::Timeout=300'
  shift
  command -v "$command" >/dev/null && return 0
  [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null || return 1
  { $apt install --no-install-recommends "$@" || { $apt update && $apt install --no-install-recommends "$@"; }; } >/dev/null 2>&1 </dev/null
  command -v "$command" >/dev/null
}

# tests NAME COMMAND…: go test -v, its tests counted one by one.
tests() {
  local name=$1 began=$SECONDS status=0 n
  shift
  "$@" >"$log/out" 2>&1 || status=$?
  n=$(grep -c '^--- PASS' "$log/out")
  [ "${SKIPS:-1}" = 0 ] || while IFS= read -r test; do
    skip "$name: $test" "$(grep -B1 -F -- "--- SKIP: $test " "$log/out" | head -n 1 | sed 's/^ *//')"
  done < <(sed -n 's/^--- SKIP: \([^ ]*\) .*/\1/p' "$log/out")
  if [ $status -eq 0 ] && [ "$n" -gt 0 ]; then
    pass "$name: $n tests ($((SECONDS - began)) s)" "$n"
    return
  fi
  passed=$((passed + n))
  while IFS= read -r broken; do fail "$name: $broken"; done < <(sed -n 's/^--- FAIL: \([^ ]*\) .*/\1/p; s/^FAIL[[:space:]]\{1,\}\([^ ]*\).*\[\(build\|setup\) failed\]/\1 does not build/p' "$log/out")
  grep -q -e '^--- FAIL' -e ' failed\]' "$log/out" || fail "$name: exit status $status, $n tests"
  awk '/^--- FAIL|^panic:|^FAIL|^# /{bad = 1}
    /^=== RUN   [^\/]*$/ || /^ok / || /^PASS$/ {if (bad) printf "%s", block; block = ""; bad = 0}
    !/^=== / && !/no test files/ {block = block "      " $0 "\n"}
    END {if (bad) printf "%s", block}' "$log/out" | tail -n 200
}

formatted() { local bad; bad=$(git ls-files '*.go' | xargs go run $GOFUMPT -l) || return 1; [ -z "$bad" ] || { echo "$bad"; return 1; }; }

# runtimes gets the programs of others that exported models are held against: ONNX Runtime in a Python of its own, and a C compiler. What
# cannot be had its tests skip.
runtimes() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-python
  export GRADUS_PYTHON=$home/bin/python
  need gcc gcc libc6-dev
  "$GRADUS_PYTHON" -c 'import onnx, onnxruntime' 2>/dev/null && return
  need python3 python3 python3-venv
  python3 -m venv "$home" >/dev/null 2>&1 || { apt-get install -qy --no-install-recommends python3-venv && python3 -m venv "$home"; } >/dev/null 2>&1 </dev/null
  "$home/bin/pip" install -q --disable-pip-version-check $ONNX >/dev/null 2>&1 </dev/null
}

# beside PART…: the parts one after another, while this shell goes on with others; joined prints their lines and counts them.
beside() {
  mkdir "$log/beside"
  set -m # a group of its own, so that who interrupts the tests ends it too
  (
    set +m
    trap - EXIT INT TERM
    log=$log/beside passed=0 failed=0 skipped=0
    for part; do "$part"; done
    echo $passed $failed $skipped >"$log/counts"
  ) >"$log/beside/lines" 2>&1 </dev/null &
  besides=$!
  set +m
}

joined() {
  wait "$besides"
  cat "$log/beside/lines"
  counted "$log/beside/counts" 'what ran beside the other tests'
}

# counted FILE NAME: adds what another shell has counted.
counted() {
  local a b c
  if read -r a b c 2>/dev/null <"$1"; then
    passed=$((passed + a)) failed=$((failed + b)) skipped=$((skipped + c))
  else
    fail "$2 did not end"
  fi
  rm -f "$1"
}

# module TOOL NAME CHECK…: a tool that comes from the module proxy, or a skip where it cannot be had.
module() {
  local tool=$1 name=$2
  shift 2
  if go run "$tool" -version >/dev/null 2>&1 </dev/null || go run "$tool" -h >/dev/null 2>&1 </dev/null; then
    check "$name" "$@"
  else
    skip "$name" "$tool cannot be downloaded here"
  fi
}

lint() {
  module $GOFUMPT gofumpt formatted
  check 'go vet' go vet ./...
  check 'go vet arm64' env GOARCH=arm64 go vet ./internal/...
  check 'go vet without assembly' go vet -tags noasm ./internal/...
  check 'go vet gradus-mpi' env CGO_ENABLED=0 GOOS=linux go vet -tags mpi ./cmd/gradus ./internal/mpi
  module $STATICCHECK staticcheck go run $STATICCHECK ./...
  if go -C api build -o "$log/api" . 2>/dev/null; then
    check 'go test of api' go -C api test ./...
    check 'API: nothing broke since the last version (apidiff)' go -C api run . check
  else
    skip 'API: nothing broke since the last version (apidiff)' 'golang.org/x/exp cannot be downloaded here'
  fi
}

cross() {
  local p
  for p in $PLATFORMS; do
    check "build $p" env CGO_ENABLED=0 GOOS="${p%/*}" GOARCH="${p#*/}" go build -trimpath -o "$log/gradus" ./cmd/gradus # as a release does: it then finds them built
  done
  for p in amd64 arm64; do
    check "build gradus-mpi linux/$p" env CGO_ENABLED=0 GOOS=linux GOARCH=$p go build -tags mpi -o "$log/gradus-mpi" ./cmd/gradus
  done
  # shellcheck disable=SC2046
  check 'build js/wasm (all packages but the command line and the store)' env GOOS=js GOARCH=wasm go build $(go list -f '{{if .GoFiles}}{{.ImportPath}}{{end}}' ./... | grep -ve /cmd/ -e '/store$')
}

# The exact path has the same bits in the page: its own tests, run as WebAssembly.
wasm() {
  if ! need node nodejs; then
    skip 'exact path as WebAssembly' 'node is missing'
    return
  fi
  # What skips itself there needs processes, which no page has; the native run counts it.
  # shellcheck disable=SC2086
  SKIPS=0 tests 'exact path as WebAssembly' env GOOS=js GOARCH=wasm go test -v -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $EXACT
}

# Plain Go in place of the assembly, and NEON in place of AVX under an emulator. What skips itself there, and what builds with the go
# tool, the native run counts.
ARM='./internal/kernel ./mat ./network ./activation ./cost ./optimizer'
HERE='TestGenerated|TestNothingFused|TestEncodedWords'
twins() {
  SKIPS=0 tests 'without assembly' go test -v -vet=off -short -tags noasm -skip "$HERE" ./internal/kernel ./network
  if ! need qemu-aarch64-static qemu-user-static; then
    skip 'arm64 under qemu' 'qemu-aarch64-static is missing'
    return
  fi
  # shellcheck disable=SC2086
  SKIPS=0 tests 'arm64 under qemu' env GOARCH=arm64 CGO_ENABLED=0 go test -v -vet=off -short -skip "$HERE" -exec qemu-aarch64-static $ARM
  SKIPS=0 tests 'arm64 without assembly' env GOARCH=arm64 CGO_ENABLED=0 go test -v -vet=off -short -tags noasm -skip "$HERE" -exec qemu-aarch64-static ./internal/kernel
}

# The program on processors without and with AVX2, under an emulator.
processors() {
  if ! need qemu-x86_64-static qemu-user-static; then
    skip 'processors under qemu' 'qemu-x86_64-static is missing'
    return
  fi
  check 'build linux/amd64' env CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o "$log/amd64" ./cmd/gradus
  "$log/amd64" data breast_cancer --csv >"$log/table.csv" 2>"$log/out" || qemu-x86_64-static "$log/amd64" data breast_cancer --csv >"$log/table.csv" 2>"$log/out"
  check 'a processor without AVX2 under qemu' processor Nehalem go
  check 'a processor with AVX2 under qemu' processor Haswell avx2
}

# processor CPU ISA: there the program chooses ISA by itself, and trains; the same bytes as here, where this machine has ISA.
processor() {
  local chosen train="train $log/table.csv --target diagnosis --hidden 40,20 --activation relu --dropout 0.1 --epochs 2 --quiet"
  chosen=$(qemu-x86_64-static -cpu "$1" "$log/amd64" version) || return 1
  case $chosen in *", $2, "*) ;; *) echo "$1: $chosen"; return 1 ;; esac
  # shellcheck disable=SC2086
  qemu-x86_64-static -cpu "$1" "$log/amd64" $train --out "$log/there" || return 1
  case $(GRADUS_ISA=$2 "$log/amd64" version --quiet 2>&1) in *", $2, "*) ;; *) return 0 ;; esac
  # shellcheck disable=SC2086
  GRADUS_ISA=$2 "$log/amd64" $train --out "$log/here" && cmp "$log/there" "$log/here"
}

race() {
  if ! need gcc gcc libc6-dev; then
    skip 'race detector' 'it needs gcc, which is missing'
    return
  fi
  # shellcheck disable=SC2046
  check 'race detector' env CGO_ENABLED=1 go test -race -short $(git grep -lE '^[[:space:]]+go |"sync"|errgroup' -- '*.go' ':!*_test.go' ':!cmd' $(git ls-files '*/go.mod' | sed 's|/go.mod$||; s|^|:!|') | xargs -n1 dirname | sort -u | sed 's|^|./|')
}

# within LIMIT FILE: the file, compressed where a server would compress it, has at most LIMIT bytes.
within() {
  local size
  size=$(case $2 in *.woff2) cat "$2" ;; *) gzip -9c "$2" ;; esac | wc -c)
  echo "$2: $size bytes, at most $1"
  [ "$size" -le "$1" ]
}

# The page of the lab: its types and its sizes.
page() {
  local web=lab/web
  check 'page: types' npm --prefix $web run --silent check
  check 'page: script' within 250000 $web/dist/index.js
  check 'page: engine' within 1200000 $web/dist/engine.wasm
  check 'page: rest of the engine' within 1200000 $web/dist/rest.wasm
  check 'page: letters' within 520000 $web/dist/pretendard.woff2
}

# The whole page in a browser, as people use it, by two at once: its tests counted one by one.
browser() {
  local web=lab/web gradus=$PWD/bin/gradus began=$SECONDS half status n pids=()
  if ! need chromium chromium || ! need node nodejs; then
    skip 'page: browser' 'chromium or node is missing'
    return
  fi
  for half in 1 2; do
    (cd $web && exec node test/browser.mjs "$gradus" $half/2) >"$log/browser$half" 2>&1 &
    pids+=($!)
  done
  (cd $web && exec node test/class.mjs "$gradus") >"$log/class" 2>&1 &
  local class=$!
  for half in 1 2; do
    status=0
    wait "${pids[half - 1]}" || status=$?
    n=$(grep -c '^ok ' "$log/browser$half")
    if [ $status -eq 0 ] && [ "$n" -gt 0 ]; then
      pass "page: browser, half $half: $n tests ($((SECONDS - began)) s)" "$n"
      continue
    fi
    passed=$((passed + n))
    while IFS= read -r broken; do fail "page: browser: $broken"; done < <(sed -n 's/^bad *//p' "$log/browser$half")
    grep -q '^bad ' "$log/browser$half" || fail "page: browser, half $half: exit status $status"
    grep -e '^FAIL' -e '^also' "$log/browser$half" | head -n 60 | sed 's/^/      /'
    tail -n 3 "$log/browser$half" | sed 's/^/      /'
  done
  wait $class && pass 'page: own data and the class' || {
    fail 'page: own data and the class'
    { grep '^FAIL' "$log/class" | head -n 40; tail -n 3 "$log/class"; } | sed 's/^/      /'
  }
}

# world [NAME…]: gradus beside the engines of others, each file of .ci/world a function of its own name. What worked with what is the table
# in README.md; with UPDATE=1 it is written anew.
world() {
  local name
  : >"$log/works"
  [ $# -gt 0 ] || set -- $(ls .ci/world | sed 's/\.sh$//')
  for name in "$@"; do
    # Each in a shell of its own: what one sets and defines, no other meets.
    (
      passed=0 failed=0 skipped=0 engines=$name
      # shellcheck disable=SC1090
      . ".ci/world/$name.sh"
      "$name"
      echo $passed $failed $skipped >"$log/counts"
    )
    counted "$log/counts" "$name"
  done
  check 'README: the table of what runs where' bash .ci/table.sh "$log/works" "$@"
}

# works WHAT ENGINE VERSION COMMAND…: a check that says what runs on whose engine, and a row of that table.
works() {
  local what=$1 engine=$2 version=$3 before=$failed
  shift 3
  check "$what with $engine $version" "$@"
  [ "$failed" -gt "$before" ] || printf '%s\t%s\t%s\t%s\n' "$what" "$engine" "$version" "$engines" >>"$log/works"
}

# fuzzed FOLDER TARGET N: one target for FUZZTIME, on one core. What it found to break it lies in FOLDER/testdata/fuzz/TARGET, to be committed with
# its mend; what led it on to new code, in the build cache, from where the next run goes on.
fuzzed() {
  local folder=$1 target=$2 status=0 last count began=$SECONDS out="$log/fuzz$3"
  env GOMAXPROCS=1 nice go -C "$folder" test . -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}" -fuzzminimizetime 10s -parallel 1 >"$out" 2>&1 || status=$?
  last=$(grep '^fuzz: elapsed.* execs: ' "$out" | tail -n 1)
  count=$(sed -E 's/.*execs: ([0-9]+).*new interesting: ([0-9]+) \(total: ([0-9]+)\).*/\1 executions, \2 new of \3 inputs that reach code of their own/' <<<"$last")
  if [ $status -eq 0 ] && [ -n "$last" ]; then
    printf 'ok    fuzz %s %s: %s (%s s)\n' "$folder" "$target" "$count" $((SECONDS - began))
    return
  fi
  printf 'FAIL  fuzz %s %s: exit status %s; %s\n' "$folder" "$target" $status "${count:-nothing was run}"
  sed 's/^/      /' "$out" | grep -v 'fuzz: elapsed' | tail -n 40
  return 1
}

# fuzz [TARGET…]: every target of every module, or those named, as many at once as there are cores.
fuzz() {
  local file target n=0 lanes pids=() pid wanted=" $* "
  lanes=$(nproc 2>/dev/null || echo 2)
  while IFS=: read -r file target; do
    [ $# -eq 0 ] || case $wanted in *" $target "*) ;; *) continue ;; esac
    while [ "$(jobs -rp | wc -l)" -ge "$lanes" ]; do sleep .2; done
    n=$((n + 1))
    set -m # a group of its own, so that who interrupts fuzzing ends it
    fuzzed "$(dirname "$file")" "$target" $n &
    set +m
    pids+=($!)
  done < <(git grep --untracked -oE '^func Fuzz[A-Za-z0-9_]+' -- '*_test.go' | sed 's/func //')
  for pid in "${pids[@]}"; do
    if wait "$pid"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done
  [ $n -gt 0 ] || fail 'fuzz: there is no such target'
}

# races: the race detector over every test of every package, not the short ones alone, one package at a time. It takes a while.
races() {
  local package
  if ! need gcc gcc libc6-dev; then
    skip 'race detector' 'it needs gcc, which is missing'
    return
  fi
  for package in $(go list ./...); do
    check "race $package" env CGO_ENABLED=1 go test -race -vet=off -timeout 2h "$package"
  done
  check 'race release' env CGO_ENABLED=1 go -C release test -race ./...
}

# known holds what gradus is made of against lists of known vulnerabilities, where these can be asked: GRADUS_VULNDB is another address of
# Go's, or file://FOLDER. A list that cannot be reached is no fault of the tree, and is said.
known() {
  local status=0
  go run $GOVULNCHECK ${GRADUS_VULNDB:+-db "$GRADUS_VULNDB"} ./... >"$log/out" 2>&1 </dev/null || status=$?
  if [ $status -eq 0 ]; then
    pass 'govulncheck'
  elif grep -q '^exit status 3$' "$log/out"; then # what go run says of govulncheck's own status: it found some
    fail 'govulncheck'
    sed 's/^/      /' "$log/out" | tail -n 60
  else
    note 'govulncheck' "its list is not reachable here: $(grep -v '^exit status' "$log/out" | tail -n 1)"
  fi
  status=0
  npm --prefix lab/web audit --json >"$log/out" 2>/dev/null </dev/null || status=$?
  if [ $status -eq 0 ]; then
    pass 'npm audit'
  elif grep -q '"auditReportVersion"' "$log/out"; then
    fail 'npm audit'; sed 's/^/      /' "$log/out" | tail -n 60
  else
    note 'npm audit' "its list is not reachable here: $(sed -n 's/^  "message": "\(.*\)",$/\1/p' "$log/out")"
  fi
}

case ${1:-all} in
  lint) lint ;;
  fuzz)
    shift
    fuzz "$@"
    ;;
  race) races ;;
  known) known ;;
  page) page ;;
  browser)
    check 'make build' make -s build
    browser
    ;;
  world)
    shift
    check 'make build' make -s build
    world "$@"
    ;;
  all)
    need npm nodejs npm # without it the page is not built
    check 'make build' make -s build
    runtimes
    need aarch64-linux-gnu-objdump binutils-aarch64-linux-gnu # a test asks it; without it that test skips itself
    need chromium chromium # before two ask at once
    beside page browser world # which wait more than they compute; all else gives way to them
    renice -n 10 -p $$ >/dev/null 2>&1
    tests 'go test' go test -v -vet=off ./...
    check 'go test of bench/drive' go -C bench/drive test ./...
    check 'go test of release' go -C release test ./...
    check 'go test of bench/service' go -C bench/service test ./...
    wasm
    twins
    processors
    race
    cross
    lint
    known
    joined
    ;;
  *)
    echo "usage: .ci/test.sh [all|lint|page|browser|fuzz [TARGET...]|race|known|world [NAME...]]" >&2
    exit 2
    ;;
esac

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] || exit 1
[ "${CI:-}" != true ] || [ "$skipped" -eq 0 ]
