// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Command man writes the manual pages of kutano, one for each of its commands:
//
//	go run ./cmd/kutano/man DIR
//
// It is a program of its own so that what writes the pages is not in kutano.
// SOURCE_DATE_EPOCH, where it is set, is the pages' date.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra/doc"

	"github.com/kutano/authenticator/cmd/kutano/internal/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: man DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "write manual pages:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // pages are for everyone
		return err
	}
	root := (&cli.App{}).Command()
	root.DisableAutoGenTag = true
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "Kutano Authenticator", Manual: "Kutano Authenticator"}, dir)
}
