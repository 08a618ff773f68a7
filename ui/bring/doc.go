// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package bring has the screens that bring accounts from other apps: their
// exports are chosen, dropped or pasted, recognised by what they hold, opened and
// compared, and what is ticked comes in as one change that can be undone.
//
// Nothing changes before the user has seen what would come in. What is given up
// on the way leaves the accounts as they were, and says so. Keys and passwords
// are cleared whichever way the screens are left. The pages for those whose app
// gives nothing away say so, and show the way that works.
package bring
