// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package plain holds what is of no particular app: key URIs in any text or picture, and
// Google Authenticator's QR codes.
package plain
