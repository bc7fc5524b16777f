# The library as others meet it: a copy of the module under a path with a host, fetched by a program from a module proxy; the module
# beside a program under its short name; and a bare network in the safetensors package of Python.
MOD=golang.org/x/mod@v0.43.0

library() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-safetensors path=github.com/acme/gradus
  # The path is given as a user gives it: PATH on the command line of make must not keep its recipes from finding go.
  check 'make module' make -s module "PATH=$path" "DIR=$log/module"
  check 'make module: again into its own folder' make -s module "PATH=$path" "DIR=$log/module"
  check 'make module: refuses a folder of others' refuses make -s module "PATH=$path" "DIR=$PWD/docs"
  check 'make module: refuses a path without a host' refuses make -s module PATH=gradus "DIR=$log/other"
  check 'the copy names the old path nowhere' renamed "$log/module"
  # Every import of the copy leads to a package; the engine and what trains on tables is compiled and tested, the rest is the same text.
  check 'the copy: every import' go -C "$log/module" list -deps ./...
  check 'the copy: go vet' go -C "$log/module" vet ./metric ./weights ./train
  check 'the copy: tests' go -C "$log/module" test -vet=off . ./docs ./weights
  works 'go get' Go "$(go env GOVERSION | sed 's/^go//')" consumer "$path"
  check 'the module beside a program, as gradus' beside
  need python3 python3 python3-venv
  if python3 -m venv "$home" >/dev/null 2>&1 && "$home/bin/pip" install -q --disable-pip-version-check safetensors==0.8.0 numpy >/dev/null 2>&1 </dev/null; then
    works 'weights.Save, LoadInto' 'safetensors for Python' "$("$home/bin/python" -c 'import safetensors; print(safetensors.__version__)')" \
      env GRADUS_SAFETENSORS="$home/bin/python" go test -tags world ./weights -run Python
  else
    skip 'safetensors for Python' 'it cannot be installed here'
  fi
}

refuses() { ! "$@"; }

renamed() { ! grep -rnE --include='*.go' --include=Makefile --include=go.mod '(^|[" ])gradus/(internal|network|metric|lab|api)' "$1"; }

# program FOLDER PATH: a program of a few lines that asks metric and network, and the module it stands in.
program() {
  mkdir -p "$1"
  cat >"$1/main.go" <<GO
package main

import (
	"fmt"

	"$2/metric"
	"$2/network"
)

func main() {
	area, err := metric.AUROC([]bool{false, true, false, true}, []float64{.1, .9, .4, .3})
	net, bad := network.Build[float32](3, []network.Spec{{Kind: "dense", Units: 2, Activation: "relu"}})
	fmt.Println(area.Value, err, len(net.Weights()), bad)
}
GO
  (cd "$1" && go mod init ward >/dev/null 2>&1)
}

# consumer PATH: go get from a file proxy, everything else from the module cache and the proxies of this machine; only what the two packages
# need comes with them.
consumer() (
  set -e
  cp .ci/proxy.go "$log/" && cd "$log"
  mkdir -p proxy.d && mv proxy.go proxy.d/main.go && cd proxy.d
  [ -e go.mod ] || go mod init proxy >/dev/null 2>&1
  go get "$MOD" >/dev/null 2>&1
  go run . ../module v0.1.0 ../proxy
  cd ..
  GOPROXY="file://$log/proxy,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)"
  export GOPROXY GOMODCACHE="$log/cache" GONOSUMDB="$1" GOFLAGS='-mod=mod -modcacherw'
  program ward "$1"
  cd ward
  go get "$1@v0.1.0"
  [ "$(go run .)" = '0.75 <nil> 8 <nil>' ]
  go vet .
  [ "$(go list -deps -f '{{if not .Standard}}{{.ImportPath}}{{end}}' . | grep -v -e "^$1/" -e '^ward$')" = golang.org/x/sys/cpu ]
)

# beside: a program that replaces gradus by this folder.
beside() (
  set -e
  here=$PWD
  program "$log/beside" gradus
  cd "$log/beside"
  go mod edit -require gradus@v0.0.0 -replace "gradus=$here"
  [ "$(GOFLAGS=-mod=mod go run .)" = '0.75 <nil> 8 <nil>' ]
)
