// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import "context"

// Look asks the system what it says of its clock. It takes a third of a second
// at most and never fails: what cannot be asked is not known. That is all but
// the zone on macOS, where only an administrator's programs are told, and on
// phones, which do not tell programs at all.
func Look(ctx context.Context) Hint { return look(ctx) }
