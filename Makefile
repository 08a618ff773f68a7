# Copyright 2026 The Kutano Authenticator authors
# SPDX-License-Identifier: Apache-2.0

.PHONY: run test lint fmt fuzz bench package build clean help

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: ## build and open the app; without a display, a tour on the command line
	@.ci/open

test: ## everything that must hold before a change lands
	@.ci/test

lint: ## the linter alone
	@.ci/test lint

fuzz: ## look for inputs that break a parser, ten minutes each: hours in all
	@.ci/fuzz

fmt: ## format the sources
	@.ci/test fmt

bench: ## measure, beside the other programs that are installed
	@.ci/bench

package: ## an archive and a .deb for this Linux, in dist/
	@.ci/package

build: ## bin/kutano and bin/kutano-authenticator
	@.ci/deps go build
	CGO_ENABLED=0 go build -o bin/ ./cmd/kutano
	go build -o bin/ ./cmd/kutano-authenticator

clean: ## remove what was built
	rm -rf bin dist .cache
