// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package authenticator is the map of the house; it holds no code.
//
//	cmd/kutano-authenticator  the app: flags, paths, one instance, wiring
//	cmd/kutano                the command line: no cgo, no window, same vault
//	ui                        the screens, one folder each; kit holds what they share
//	recovery                  what a person is told when something fails
//	sync/clock                the time that codes are made for
//	vault                     accounts and their codes: the only way to either
//	vault/otpauth             key URIs and migration payloads, strict; codes
//	vault/keystore            where keys live: the system's keyring or a sealed file
//	vault/scan                QR codes in pictures and on the screen, and drawing them
//	vault/secret              the type of everything that must not be shown
//	vault/atomicfile          replacing a file whole or not at all
//	assets                    words, pictures, desktop files
//	docs                      dependencies, formats, threat model, packaging, benchmarks
//	server                    the two-factor service, a module of its own with a map of its own
//
// A package imports only what lies below it: cmd, ui, recovery and sync,
// vault, the vault's own folders. The tests of this package hold that and the
// other rules of the house; package docs/policy holds the means.
package authenticator
