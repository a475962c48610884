# SpineMet: `make` alone prints this help.

SWIFT ?= swift
BUILD := $(SWIFT) build -c release
SPINEMET = $$($(BUILD) --show-bin-path)/spinemet
DEMO_OUTPUT ?= demo-output

.DEFAULT_GOAL := help
.PHONY: help dependencies build demo test lint format check accuracy robustness paper golden clean

help: ## print this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

dependencies: ## install the system packages that are missing (Debian 12)
	@Scripts/install-dependencies.sh

build: dependencies ## build the release binary
	$(BUILD) --product spinemet

demo: build ## analyse the bundled synthetic study and say where the report is
	@Scripts/demo.sh "$(SPINEMET)" "$(DEMO_OUTPUT)"

test: dependencies ## run all tests (optimised build; data of others is used where ../shared/data is present)
	$(SWIFT) test -c release

lint: ## check the formatting
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## format the sources in place
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

check: lint dependencies ## lint, warnings as errors, imports only downward, tests
	$(BUILD) --build-tests -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
	$(SWIFT) test -c release -Xswiftc -warnings-as-errors

accuracy: build ## score the engine on phantoms of seeds that chose no constant (SEEDS=n for a smaller cohort)
	Scripts/accuracy.sh "$(SPINEMET)"

robustness: build ## measure the same lesions again under other noise, stacks, grids and outlines
	Scripts/robustness.sh "$(SPINEMET)"

paper: build ## the paper's cohort as phantoms: batch, cohort tables, differences
	Scripts/paper.sh "$(SPINEMET)"

clean: ## remove what the build and the demo made
	rm -rf .build $(DEMO_OUTPUT)
