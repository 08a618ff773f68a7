// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package phone holds the formats of authenticator apps: what they export themselves.
package phone
