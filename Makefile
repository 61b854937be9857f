# herd-peer: `make run` starts a peer on this machine, `make test` runs every test. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

ARGS ?=
PREFIX ?= /usr/local
# Packages' code is checked by the compiler and in debug builds; checking exclusive access again at run time cost a tenth of a request.
OPTIMISED := -c release -Xswiftc -enforce-exclusivity=unchecked
RELEASE := swift build $(OPTIMISED) --static-swift-stdlib --product herd-peer

.PHONY: help run install demo test test-swift test-python chaos build release format lint simulate mutants scale model fuzz bench clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: release ## install what is needed, build, start a peer (ARGS="--fleet home" adds flags)
	@Scripts/start-avahi
	@exec "$$($(RELEASE) --show-bin-path)/herd-peer" serve --demo-fallback $(ARGS)

install: release ## put the program into PREFIX/bin, by default /usr/local/bin
	@install -D -m 755 "$$($(RELEASE) --show-bin-path)/herd-peer" "$(DESTDIR)$(PREFIX)/bin/herd-peer"
	@echo "Installed $(DESTDIR)$(PREFIX)/bin/herd-peer"

demo: release ## three peers and three demo engines on this machine; the router is killed, the clients go on
	@exec "$$($(RELEASE) --show-bin-path)/herd-peer" demo $(ARGS)

release: ## build the release binary
	@Scripts/install-packages run
	$(RELEASE)

build: ## build everything, tests included, for development
	@Scripts/install-packages run
	swift build --build-tests

test: ## install what the tests need and run all of them
	@Scripts/test

test-swift: ## the Swift tests alone
	swift test --no-parallel

chaos: release ## every fault of the plan in a lab of many hosts, under load, with a table at the end (ARGS="-k power")
	swift build --product herd-history
	HERD_PEER_BINARY="$$($(RELEASE) --show-bin-path)/herd-peer" \
	HERD_HISTORY_BINARY="$$(swift build --show-bin-path)/herd-history" \
	Tests/run-python-tests Tests/Lab/chaos -m chaos --chaos-report chaos.md $(ARGS)

test-python: ## lab, engine and client tests alone
	Tests/run-python-tests $(ARGS)

simulate: ## SEEDS=1000 PEERS=2,3,5,9 MINUTES=5: histories with faults per size; HERD_SIM_SEED=7 replays one with its transcript
	swift run $(OPTIMISED) herd-simulate --seed $${SEED:-1} --count $${SEEDS:-1000} --peers $${PEERS:-5} \
	    --minutes $${MINUTES:-5} --keep Tests/Simulation/Cases/Kept $(ARGS)

mutants: ## fourteen deliberate faults of rules and world: each must be caught within 1,000 histories
	swift run --traits Mutants --scratch-path .build/mutants $(OPTIMISED) herd-simulate mutants $(ARGS)

scale: ## ARGS="--full": detection, false deaths, convergence and bytes at 2 to 1,000 peers, beside memberlist's constants
	nice -n 10 swift run $(OPTIMISED) herd-simulate scale $(ARGS)
fuzz: ## TARGET=datagram|sync|http|tls FUZZ_SECONDS=600: fuzzing guided by coverage (libFuzzer); all targets in turn without TARGET
	@Scripts/fuzz $(TARGET)

bench: $(if $(HERD_PEER_BINARY),,release) ## the relay beside nginx in one run, figures beside their bars (ARGS="--only latency", "--json", "--strict")
	@Scripts/install-packages bench
	$(RELEASE:herd-peer=herd-bench)
	@bin="$$($(RELEASE) --show-bin-path)"; HERD_PEER_BINARY="$${HERD_PEER_BINARY:-$$bin/herd-peer}" \
	HERD_BENCH_BINARY="$$bin/herd-bench" Benchmarks/run $(ARGS)

model: ## check the lease's model with Spin, every variant (about ten minutes)
	@Scripts/install-packages model
	@Documentation/verification/check-model $(ARGS)

format: ## write all Swift files in the house style
	swift format format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

lint: ## say where the house style is not kept
	swift format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift

clean: ## remove what was built
	rm -rf .build .test-cache
