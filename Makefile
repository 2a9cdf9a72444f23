.DEFAULT_GOAL := help
.PHONY: help setup build test schemas acceptance demo docs bench bench-kafka fuzz instructions simulate soak lint

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## a made-up shop fills up before your eyes
	swift run -c release lifecycle demo --once
	@printf '\nHere lifecycle is %s/lifecycle.\n' "$$(swift build -c release --show-bin-path)"

test: setup ## every test that needs no server
	swift build --build-tests
	swift test --skip-build --disable-xctest

schemas: setup ## write the files of schemas/ that are made from the code, and try them all
	swift build --build-tests
	@WRITE_SCHEMAS=1 swift test --skip-build --disable-xctest --filter schema >/dev/null 2>&1 || true
	swift test --skip-build --disable-xctest --filter schema

SHARED ?= ../shared
acceptance: setup ## the program as its users run it, over the data in SHARED, and on a Kafka
	.ci/acceptance $(SHARED)

SEEDS ?= 10000
simulate: setup ## as many bad days of a made-up shop as SEEDS says
	swift build -c release --product lifecycle
	@"$$(swift build -c release --show-bin-path)/lifecycle" simulate --seeds $(SEEDS)

# For one alone TARGETS=events, records, log, checkpoints or policies.
SECONDS ?= 60
fuzz: setup ## made-up bytes for each reader of foreign bytes, SECONDS each, by libFuzzer under the address sanitizer
	@.ci/fuzz $(SECONDS) $(TARGETS)

RATE ?= 300
MINUTES ?= 10
RESTART ?= 30
soak: setup ## three processes on one log, RATE orders a second for so many MINUTES; one restarted each RESTART seconds
	.ci/soak $(SHARED) $(RATE) $$(($(MINUTES) * 60)) $(RESTART)

bench: setup ## what an import and a rebuild do per second on this machine, and the bytes a row takes on disk
	swift run -c release bench

# Such as --only latency --runs 1 --json
OPTIONS ?=
bench-kafka: setup ## latency and catching up on a Kafka, beside the peers in SHARED
	@command -v java >/dev/null || .ci/setup openjdk-17-jre-headless
	@swift build -c release --product lifecycle >&2
	@swift build -c release --product bench >&2
	@"$$(swift build -c release --show-bin-path)/bench" kafka --shared $(SHARED) $(OPTIONS)

instructions: setup ## hold the hot paths to the stated instruction counts; STATE=1 states what is found
	@STATE=$(STATE) .ci/instructions

build: setup ## the program, for release
	swift build -c release --product lifecycle

docs: ## the documentation as web pages, in .build/docs
	@.ci/docs .build/docs
	@echo 'They are in .build/docs, for a web server to show.'

lint: ## layout, as swift format decides it
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

setup:
	@.ci/setup
