# make build   bin/gradus, one static file, the page of the lab in it
# make lab     build, then open the lab
# make demo    build, then train and validate on bundled data
# make test    everything that says whether the tree is sound
# make lint    only the readers: gofumpt, go vet, staticcheck
# make browser a walk through the whole lab in Chromium
# make test-world gradus beside the engines of others: ONNX Runtime, MPI, Slurm, Flower, …; it installs what it needs
# make api     the exported API of this version into api/, against which CI holds later ones
# make module PATH=github.com/acme/gradus DIR=out/module   a copy of the module under a path of yours, to publish
# make release the archives of the version in CHANGELOG.md for six platforms, with checksums and bills of materials, in dist/
# make notices docs/third-party.txt anew, after a change of dependencies
# make fuzz    each fuzz target, or those of TARGETS, for FUZZTIME (10s)
# make soak    the service, the lab and training for SOAK (30m) under kill -9, full disks, slow clients and a clock that jumps
# make race    the race detector over every test; half an hour and more
# make python  a wheel of the Python package with the program in it, for this platform, in dist/
# make bench   the speed of gradus, of every peer that is here or can be installed (gigabytes), and of the page, into bench/RESULTS.md

# PATH on the command line of make module is the path of the module; the recipes and shells below need the search path back that make was
# started with, which its own environment still holds.
ifeq ($(origin PATH),command line)
MODULE := $(PATH)
override PATH := $(shell PATH=/bin:/usr/bin; for p in "$$(tr '\0' '\n' 2>/dev/null </proc/$$PPID/environ | sed -n 's/^PATH=//p')" \
	"$$(ps eww -o command= -p $$PPID 2>/dev/null | tr ' ' '\n' | sed -n 's/^PATH=//p' | tail -n 1)"; do [ -z "$$p" ] || { echo "$$p"; break; }; done)
endif
DIR ?= out/module

VERSION := $(shell sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
FUZZTIME ?= 10s
SOAK ?= 30m
BINARY := bin/gradus$(shell go env GOEXE)

.PHONY: build gradus-mpi page demo lab test test-world lint browser python wheel fuzz soak race release notices bench api module clean

build: page
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X gradus/model.Version=$(VERSION)" -o $(BINARY) ./cmd/gradus

# The program of an MPI job, for Linux: GOARCH=arm64 make gradus-mpi builds it for another processor. It loads the site's MPI when it runs.
gradus-mpi:
	CGO_ENABLED=0 GOOS=linux go build -tags mpi -trimpath -buildvcs=false -ldflags "-s -w -X gradus/model.Version=$(VERSION)" -o bin/gradus-mpi ./cmd/gradus

# The page: the engine as WebAssembly beside what Vite makes of lab/web. Without Node the binary is built without it and says so.
PAGE := $(shell find lab/web/src lab/web/scripts lab/web/public lab/web/*.json lab/web/*.ts lab/web/index.html internal/say/catalogue -type f 2>/dev/null)
ENGINE := $(shell find lab internal mat metric activation cost optimizer tape perceptron network train trace deck regression recalibrate -name '*.go' ! -name '*_test.go' 2>/dev/null)

ifeq ($(shell command -v npm),)
page:
	@echo 'Node is missing: gradus is built without the page of the lab'
else
page: lab/web/packed/index.html.gz
endif

lab/web/node_modules/.package-lock.json: lab/web/package-lock.json
	cd lab/web && npm ci --no-audit --no-fund --loglevel=error

lab/web/dist/index.html: lab/web/node_modules/.package-lock.json $(PAGE)
	rm -rf lab/web/dist/assets # a build of old gave its worker another name each time
	cd lab/web && npm run --silent build

# The engine is one program in two files: rest.wasm has what only these packages hold, and comes while a learner is at the first pages.
LATER := lab/chapter2 lab/chapter3 lab/chapter4 lab/chapter5 lab/clinic lab/room trace deck tape metric regression recalibrate

lab/web/dist/engine.wasm: $(ENGINE) go.mod
	GOOS=js GOARCH=wasm go build -tags page -trimpath -buildvcs=false -gcflags=gradus/lab/...=-l -ldflags "-w" -o $@ ./lab/wasm
	go run ./lab/wasm/trim $@ lab/web/dist/rest.wasm $(addprefix gradus/,$(LATER))
	cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" lab/web/dist/wasm_exec.js

# As the binary holds it: compressed once, so that neither the binary nor a first visitor pays for it again.
lab/web/packed/index.html.gz: lab/web/dist/index.html lab/web/dist/engine.wasm lab/web/scripts/pack.mjs
	cd lab/web && node scripts/pack.mjs

lab: build
	$(BINARY) lab

# A wheel for another platform: build its binary, then make wheel BINARY=… PLATFORM=windows/amd64
PYTHON ?= python3
PLATFORM ?= $(shell go env GOOS)/$(shell go env GOARCH)

python: build wheel

wheel:
	GRADUS_BINARY=$(abspath $(BINARY)) GRADUS_PLATFORM=$(PLATFORM) $(PYTHON) -m pip wheel -q --disable-pip-version-check --no-deps -w dist ./python

demo: build
	$(BINARY) demo
	$(BINARY) data cohort --csv > gradus-demo/cohort.csv
	$(BINARY) study gradus-demo/cohort.csv --target died_30d --outer 5 --inner 3 --draws 200 --threshold harm:9 --out gradus-demo/study --lang ko
	$(BINARY) study gradus-demo/cohort.csv --target died_30d --outer 5 --inner 3 --draws 200 --threshold harm:9 --out gradus-demo/study --lang en

test:
	@bash .ci/test.sh

test-world:
	@bash .ci/test.sh world $(WORLD)

lint:
	@bash .ci/test.sh lint

browser:
	@bash .ci/test.sh browser

fuzz:
	@FUZZTIME=$(FUZZTIME) bash .ci/test.sh fuzz $(TARGETS)

soak: build
	go -C bench/soak run . -gradus $(abspath $(BINARY)) -for $(SOAK)

race:
	@bash .ci/test.sh race

release:
	@bash release/release.sh $(VERSION)

notices: build
	go -C release run . notices -root .. -gradus $(abspath $(BINARY))

bench: build
	go -C bench/drive run . $(BENCH)
	node bench/page.mjs $(BINARY) bench/RESULTS.md
	go -C bench/service run . -gradus $(CURDIR)/$(BINARY) -out $(CURDIR)/bench/RESULTS.md -peers $(CURDIR)/bench/peers -python $(CURDIR)/bench/.venv/bin/python

api:
	go -C api run . write

module:
	go run .ci/module.go '$(MODULE)' '$(DIR)'

clean:
	rm -rf bin out
