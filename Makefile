# The targets are listed by `make help`: every `target: ## words` below is one line of it.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc)

PROGRAMS := wherry wherryd wherry-shim wherry-runtime wherry-systemd wherry-registry
BIN := .build/release
export WHERRY_PROGRAMS := $(CURDIR)/$(BIN)

packages = contrib/debian-packages
# swift-testing prints its closing line; XCTest is not used.
swift_test = $(SWIFT) test --skip-build --disable-xctest
rings = ^(SystemTests|Contracts|ChaosTests)\.

.PHONY: help build run test unit system test-machine test-clients chaos fuzz fuzz-corpus bench install lint format clean \
	build-tests test-images check-root .build-fuzzer

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

build: ## build all programs into .build/release
	@$(packages) build
	$(SWIFT) build -c release --static-swift-stdlib -j $(JOBS)

run: build ## build, then run a container end to end
	@$(packages) run
	@contrib/demonstration $(BIN)

test: unit system ## lint, unit tests, then system tests and attacks (as root)

unit: build build-tests lint ## lint and the tests that need no privileges
	$(swift_test) --skip '$(rings)' --skip '^ClientTests\.'

system: check-root build build-tests test-images ## whole programs on this machine's kernel (as root)
	$(swift_test) --no-parallel --filter '$(rings)'

build-tests:
	@$(packages) build
	$(SWIFT) build --build-tests -j $(JOBS)

test-images:
	@$(packages) test
	@Tests/make-images

check-root:
	@[ "$$(id -u)" = 0 ] || { echo "the system tests make namespaces, mounts and cgroups: run them as root" >&2; exit 1; }

test-machine: check-root build build-tests test-images ## the system tests in a virtual machine with cgroup v2 and systemd
	@$(packages) machine
	@Tests/Machine/run

test-clients: check-root build build-tests test-images ## podman, containerd and dockerd drive our runtime (as root)
	@$(packages) clients
	$(swift_test) --no-parallel --filter '^ClientTests\.'

chaos: check-root build build-tests test-images ## kill what can be killed, ROUNDS=2000 times; SEED= makes a run again
	WHERRY_CHAOS_ROUNDS=$(ROUNDS) WHERRY_CHAOS_SEED=$(SEED) $(swift_test) --filter '^ChaosTests\.'

# The instrumented program, in a build of its own.
fuzzer = .build/fuzz/release/fuzz
SECONDS ?= 60
ROUNDS ?= 2000
SEED ?=

.build-fuzzer:
	@$(packages) build
	WHERRY_FUZZ=1 $(SWIFT) build -c release --scratch-path .build/fuzz --sanitize fuzzer --product fuzz -j $(JOBS)

fuzz: .build-fuzzer ## fuzz what the runtime and the line protocol read, for SECONDS=60
	@Tests/Fuzz/run $(fuzzer) $(SECONDS)

fuzz-corpus: .build-fuzzer ## keep what fuzzing found in spec-fixtures/fuzz, minimised
	@Tests/Fuzz/minimise $(fuzzer)

bench: check-root build test-images ## compare speed and memory with runc, crun, podman and docker (as root)
	@$(packages) bench
	@Tests/Benchmarks/run

share = $(DESTDIR)$(PREFIX)/share

install: build ## install below PREFIX (/usr/local) and DESTDIR: programs, manual pages, completions and systemd units
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/systemd/system $(share)/man/man1 $(share)/man/man7 \
		$(share)/man/man8 $(share)/bash-completion/completions $(share)/zsh/site-functions \
		$(share)/fish/vendor_completions.d
	install -s -m 755 $(PROGRAMS:%=$(BIN)/%) $(DESTDIR)$(PREFIX)/bin
	for section in 1 7 8; do install -m 644 man/*.$$section $(share)/man/man$$section || exit; done
	$(BIN)/wherry completion bash >$(share)/bash-completion/completions/wherry
	$(BIN)/wherry completion zsh >$(share)/zsh/site-functions/_wherry
	$(BIN)/wherry completion fish >$(share)/fish/vendor_completions.d/wherry.fish
	for unit in wherryd wherry-registry; do sed 's,@PREFIX@,$(PREFIX),' contrib/systemd/$$unit.service.in \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit.service || exit; done

lint: ## check the sources' format
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

format: ## put the sources into their format
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

clean: ## remove what was built
	rm -rf .build
