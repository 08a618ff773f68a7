// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package vault keeps accounts and makes their codes: it is the only way to
// either.
//
// The keys live in a [keystore.Store] as pages, each holding several complete
// accounts; the pages are the truth. Beside them accounts.json, the index,
// holds what is not secret, so that a list is shown and a code found with one
// read of the store. The index can be lost: it is rebuilt from the pages.
//
// What an account is, its id and its key say: several may have the same names.
//
// Several processes may have one vault open. Changes are made under a lock
// file, one page at a time, each read back before it counts; readers never
// wait. What [Vault.TakeIn] takes in is there as a whole or not at all, and
// [Vault.UndoIntake] undoes it. An entry that cannot be read is kept as it is and named by
// [Vault.Aside]; it never keeps the vault shut.
//
// An account whose issuer contains "kutano", in any case, is a Kutano account.
package vault
