// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux || android

package away

import "context"

// KnowsScreen reports whether the system may tell that the screen is locked.
const KnowsScreen = false

// Signals hears of nothing here.
func Signals(context.Context, func(Reason)) {}
