// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Command kutano-2fa is the two-factor service. Run "kutano-2fa help" for what
// it does; exit codes stand in package command.
package main

import (
	"os"

	"github.com/kutano/authenticator/server/command"
)

// version is set at build time: -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

func main() { os.Exit(command.Main(version)) }
