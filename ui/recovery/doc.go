// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package recovery is the place "Get back in", for a person who cannot get in: one
// question, plain answers, and for each what this app can look at by itself, then
// one instruction a step, until the person is in or a call is prepared.
//
// The steps, their words and where they lead are those of package recovery/guide
// and its file recover.toml; how things stand comes as [report.Sources], from which
// package recovery/check draws its lines and package recovery/phrase its six words.
// This package draws them and does the live pieces: the checks, the code with its
// time, two codes for the service's own page, and the call with the check phrase and
// the report.
//
// Nothing here uses the network, and nothing waits. It works while the accounts are
// locked or cannot be opened, by what stands in the data folder. Where the person
// stands is kept after each step; no code is kept with it, and none stays in what is
// drawn once its step is left.
package recovery
