#!/usr/bin/env bash
# The tests of the whole tree: .ci/test.sh [all|lint|page|browser|fuzz|world [NAME…]]. Each check prints one line, a failed one its output too; the last
# line counts them. A missing tool skips its checks by name; with CI=true a skip fails. Changes nothing in the tree.
set -u
cd "$(dirname "$0")/.." || exit 1

GOFUMPT=mvdan.cc/gofumpt@v0.12.0
STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2 # the newest tag of the module that its proxies offer
ONNX='onnx==1.23.2 onnxruntime==1.32.0 numpy'
EXACT='./internal/kernel ./internal/say ./mat ./activation ./cost ./optimizer ./tape ./perceptron ./network'
PLATFORMS='windows/amd64 darwin/arm64 linux/arm64'

passed=0 failed=0 skipped=0
log=$(mktemp -d) || exit 1
trap 'rm -rf "$log"' EXIT

pass() { passed=$((passed + ${2:-1})); printf 'ok    %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf 'FAIL  %s\n' "$1"; }
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
  local command=$1
  shift
  command -v "$command" >/dev/null && return 0
  [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null || return 1
  { apt-get install -qy --no-install-recommends "$@" || { apt-get update -q && apt-get install -qy --no-install-recommends "$@"; }; } >/dev/null 2>&1 </dev/null
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
}

cross() {
  local p
  for p in $PLATFORMS; do
    check "build $p" env CGO_ENABLED=0 GOOS="${p%/*}" GOARCH="${p#*/}" go build -o "$log/gradus" ./cmd/gradus
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
  check 'race detector' env CGO_ENABLED=1 go test -race -short $(git grep -lE '^[[:space:]]+go |"sync"|errgroup' -- '*.go' ':!*_test.go' ':!cmd' | xargs -n1 dirname | sort -u | sed 's|^|./|')
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
    # shellcheck disable=SC1090
    . ".ci/world/$name.sh"
    "$name"
  done
  check 'README: the table of what runs where' bash .ci/table.sh "$log/works" "$@"
}

# works WHAT ENGINE VERSION COMMAND…: a check that says what runs on whose engine, and a row of that table.
works() {
  local what=$1 engine=$2 version=$3 before=$failed
  shift 3
  check "$what with $engine $version" "$@"
  [ "$failed" -gt "$before" ] || printf '%s\t%s\t%s\t%s\n' "$what" "$engine" "$version" "${FUNCNAME[1]}" >>"$log/works"
}

fuzz() {
  local package target
  while read -r package target; do
    check "fuzz $package $target" go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}"
  done < <(go list ./... | while read -r p; do go test -list '^Fuzz' "$p" | sed -n "s|^Fuzz.*|$p &|p"; done)
}

case ${1:-all} in
  lint) lint ;;
  fuzz) fuzz ;;
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
    tests 'go test' go test -v -vet=off ./...
    check 'go test of bench/drive' go -C bench/drive test ./...
    wasm
    twins
    processors
    race
    cross
    page
    browser
    lint
    ;;
  *)
    echo "usage: .ci/test.sh [all|lint|page|browser|fuzz|world [NAME...]]" >&2
    exit 2
    ;;
esac

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] || exit 1
[ "${CI:-}" != true ] || [ "$skipped" -eq 0 ]
