// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Command kutano makes the codes for a second step on the command line, from
// the accounts that Kutano Authenticator keeps. Run "kutano help" for what it
// does; the contract with scripts stands in package cli.
package main

import (
	"os"

	"github.com/kutano/authenticator/cmd/kutano/internal/cli"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/vault/secret"
)

// version is set at build time: -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

func main() {
	_ = secret.Private() // where it is refused, the system's own rule stays
	os.Exit(run())
}

func run() int { return cli.Main(version, os.Args[1:], device) }

// device is the device's clock, which the tests turn.
var device clock.Clock = clock.Wall{}
