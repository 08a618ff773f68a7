// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package exchange has other programs read what is written for them, and writes
// down in docs/exchange.md which formats there are and what proves each. It has
// tests only.
package exchange
