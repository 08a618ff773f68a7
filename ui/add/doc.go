// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package add brings accounts in: from the screen, pictures, the clipboard, a
// link or by hand.
//
// Whatever the source, the way is the same: texts are read, [Inspect] says of
// each account that it names whether it is new, kept already, or other than
// the one kept, the user sees that and ticks, and [Keep] puts the ticked ones
// into the vault. Nothing is kept that was not shown first, but for the account
// that somebody is just led through adding ([Flow.Expect]), and nothing is
// replaced without a question.
package add
