// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package codes is the screen that a person opens the app for: the list of
// accounts with their codes.
//
// [Model] knows no widgets. What it shows is derived by one pure function of
// (account, code, settings, now); codes come from a [Source] in a goroutine of
// their own, only for rows that are looked at and only when a time step
// changes, so that a keyring that does not answer never stops the window.
// [Screen] draws the rows, and turns clicks and keys into calls of the model.
package codes
