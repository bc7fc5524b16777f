# make build   bin/gradus, one static file
# make demo    build, then train and validate on bundled data
# make test    everything that says whether the tree is sound
# make lint    only the readers: gofumpt, go vet, staticcheck
# make fuzz    each fuzz target for FUZZTIME (10s)
# make bench   the speed of gradus and of every peer that is here or can be installed (gigabytes), into bench/RESULTS.md

VERSION := $(shell sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
FUZZTIME ?= 10s
BINARY := bin/gradus$(shell go env GOEXE)

.PHONY: build demo test lint fuzz bench clean

build:
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X gradus/model.Version=$(VERSION)" -o $(BINARY) ./cmd/gradus

demo: build
	$(BINARY) demo
	$(BINARY) data cohort --csv > gradus-demo/cohort.csv
	$(BINARY) study gradus-demo/cohort.csv --target died_30d --outer 5 --inner 3 --draws 200 --threshold harm:9 --out gradus-demo/study --lang ko
	$(BINARY) study gradus-demo/cohort.csv --target died_30d --outer 5 --inner 3 --draws 200 --threshold harm:9 --out gradus-demo/study --lang en

test:
	@bash .ci/test.sh

lint:
	@bash .ci/test.sh lint

fuzz:
	@FUZZTIME=$(FUZZTIME) bash .ci/test.sh fuzz

bench:
	go -C bench/drive run . $(BENCH)

clean:
	rm -rf bin out
