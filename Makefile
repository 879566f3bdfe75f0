# SPDX-License-Identifier: MIT
# The everyday commands. What is built and how is in CMakeLists.txt and CMakePresets.json.

PREFIX ?= /usr/local
SOURCES = find include lib adapters examples tests -name '*.[ch]' -print0

.DEFAULT_GOAL := help
.PHONY: help deps deps-check deps-docs build demo check bench fmt lint docs install clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 20

deps: ## install what the build needs (Debian packages, only missing ones)
	@.ci/packages build

deps-check: ## install what the tests need as well
	@.ci/packages build check

deps-docs:
	@.ci/packages docs

build: deps ## build the library and the programs, optimised, in build/release
	@cmake --preset release --log-level=WARNING
	@cmake --build --preset release

demo: build ## see a shop run: import, orders, books proved, speed
	@examples/demo.sh build/release

check: deps-check ## every test: suites, sanitizers, valgrind, lint (20 minutes at most)
	@tests/check.sh

bench: build ## measure; prints a table and writes build/bench.json
	@build/release/tests/bench/run

fmt: ## format all C files
	@$(SOURCES) | xargs -0 clang-format -i

lint: deps-check ## formatter, house rules, clang-tidy and cppcheck only
	@tests/check.sh format rules clang-tidy cppcheck

docs: deps-docs ## the reference as HTML in build/docs
	@mkdir -p build/docs && doxygen docs/Doxyfile

install: build ## install into PREFIX (default /usr/local); DESTDIR is honoured
	@cmake --install build/release --prefix $(PREFIX)
	@if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ]; then ldconfig; fi

clean: ## remove all that was built
	@rm -rf build
