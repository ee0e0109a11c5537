# Everything a developer runs. `make help` lists it; each target installs what it needs first (scripts/setup.sh).
.DEFAULT_GOAL := help
.PHONY: run-fleet help setup setup-tests run test fuzz soak chaos sanitize lint format generate bench release outdated pin-images deb clean

# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
export PATH := $(PATH):/opt/swift/usr/bin:/usr/local/swift/usr/bin:$(HOME)/.local/share/swiftly/bin
# Swift's crash reporter prints registers and the bytes they point to; a gateway's hold secrets.
export SWIFT_BACKTRACE := enable=no

help: ## Lists the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## Installs what building and running need
	@scripts/setup.sh

setup-tests: ## The same, and the Python tools of the tests in .venv
	@scripts/setup.sh --tests

run: setup ## Builds, then shows one export from the call to the verified file, on a stand-in for HSS
	binary=$$(scripts/build.sh debug) && scripts/demo.sh "$$binary"

run-fleet: setup-tests ## Shows two gateways that act as one, with a PostgreSQL and nginx, as plain processes
	binary=$$(scripts/build.sh debug) && scripts/fleet-demo.sh "$$binary"

test: setup-tests ## Builds once and runs every test
	@scripts/test.sh

fuzz: setup ## Feeds each parser with what libFuzzer makes of its corpus (FUZZ_SECONDS, FUZZ_RUNS, FUZZ_TARGETS)
	@scripts/fuzz.sh $(FUZZ_TARGETS)

soak: setup-tests ## Mixed load with 1 % faults: caller, upstream and journal agree, memory is flat (SOAK_REQUESTS, SOAK_SEED)
	@scripts/build.sh debug >/dev/null
	@.venv/bin/python3 Tests/Clients/soak.py $(if $(SOAK_REQUESTS),--requests $(SOAK_REQUESTS)) $(if $(SOAK_SEED),--seed $(SOAK_SEED))

chaos: setup-tests ## Faults under load in an order that a seed decides (CHAOS_ROUNDS, CHAOS_SEED)
	@scripts/build.sh debug >/dev/null
	@.venv/bin/python3 Tests/Clients/chaos.py $(if $(CHAOS_ROUNDS),--rounds $(CHAOS_ROUNDS)) $(if $(CHAOS_SEED),--seed $(CHAOS_SEED))

sanitize: setup-tests ## Runs the Swift tests under SANITIZER=thread, address or both (SANITIZE_FILTER)
	@for sanitizer in $(or $(SANITIZER),thread address); do scripts/sanitize.sh $$sanitizer || exit 1; done

lint: setup ## Checks format and style of the sources, and the shell scripts
	swift format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift
	@scripts/lint-shell.sh

format: setup ## Formats the sources in place
	swift format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

generate: setup ## Makes the catalogue's Swift anew from openapi.yaml
	generator=$$(scripts/build.sh debug CatalogueGenerator) && "$$generator" openapi.yaml Sources/Catalogue

bench: setup-tests ## Measures the gateway beside nginx, in one run
	scripts/build.sh release hss-microbenchmarks
	HSSGW_TEST_PYTHON="$(CURDIR)/.venv/bin/python3" Benchmarks/run.sh

release: setup ## Makes an archive of the release in dist/: binary, manual pages, completions, list of parts (SPDX), and its SHA-256
	binary=$$(scripts/build.sh release) && scripts/package.sh "$$binary"

deb: setup ## Makes a Debian package of the release in dist/
	@scripts/setup.sh --package
	binary=$$(scripts/build.sh release) && scripts/deb.sh "$$binary"

pin-images: ## Pins the images of deploy/ by what their tags name at the registry now (PIN_IMAGES=--check only compares)
	@scripts/pin-images.sh $(PIN_IMAGES)

outdated: setup ## Says which pinned packages have a newer version
	@scripts/outdated.sh

clean: ## Removes what was built; leaves .venv, which setup checks by itself
	rm -rf .build .build-* dist
