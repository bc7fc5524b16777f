# make build   bin/gradus, one static file, the page of the lab in it
# make lab     build, then open the lab
# make demo    build, then train and validate on bundled data
# make test    everything that says whether the tree is sound
# make lint    only the readers: gofumpt, go vet, staticcheck
# make browser a walk through the whole lab in Chromium
# make fuzz    each fuzz target for FUZZTIME (10s)
# make bench   the speed of gradus and of every peer that is here or can be installed (gigabytes), into bench/RESULTS.md

VERSION := $(shell sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
FUZZTIME ?= 10s
BINARY := bin/gradus$(shell go env GOEXE)

.PHONY: build page demo lab test lint browser fuzz bench clean

build: page
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X gradus/model.Version=$(VERSION)" -o $(BINARY) ./cmd/gradus

# The page: the engine as WebAssembly beside what Vite makes of lab/web. Without Node the binary is built without it and says so.
PAGE := $(shell find lab/web/src lab/web/scripts lab/web/public lab/web/*.json lab/web/*.ts lab/web/index.html internal/say/catalogue -type f 2>/dev/null)
ENGINE := $(shell find lab internal mat metric activation cost optimizer tape perceptron network train trace deck -name '*.go' ! -name '*_test.go' 2>/dev/null)

ifeq ($(shell command -v npm),)
page:
	@echo 'Node is missing: gradus is built without the page of the lab'
else
page: lab/web/dist/index.html lab/web/dist/engine.wasm
endif

lab/web/node_modules/.package-lock.json: lab/web/package-lock.json
	cd lab/web && npm ci --no-audit --no-fund --loglevel=error

lab/web/dist/index.html: lab/web/node_modules/.package-lock.json $(PAGE)
	rm -rf lab/web/dist/assets # a build of old gave its worker another name each time
	cd lab/web && npm run --silent build

lab/web/dist/engine.wasm: $(ENGINE) go.mod
	GOOS=js GOARCH=wasm go build -tags page -trimpath -buildvcs=false -ldflags "-s -w" -o $@ ./lab/wasm
	cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" lab/web/dist/wasm_exec.js

lab: build
	$(BINARY) lab

demo: build
	$(BINARY) demo
	$(BINARY) data cohort --csv > gradus-demo/cohort.csv
	$(BINARY) study gradus-demo/cohort.csv --target died_30d --outer 5 --inner 3 --draws 200 --threshold harm:9 --out gradus-demo/study --lang ko
	$(BINARY) study gradus-demo/cohort.csv --target died_30d --outer 5 --inner 3 --draws 200 --threshold harm:9 --out gradus-demo/study --lang en

test:
	@bash .ci/test.sh

lint:
	@bash .ci/test.sh lint

browser:
	@bash .ci/test.sh browser

fuzz:
	@FUZZTIME=$(FUZZTIME) bash .ci/test.sh fuzz

bench:
	go -C bench/drive run . $(BENCH)

clean:
	rm -rf bin out
