// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package manager holds the formats of password managers and of programs on a
// computer.
//
// Of a password manager's item only what belongs to its codes comes in: its
// names, folders and tags, and whether it is a favourite or in the bin.
// Passwords, notes and attachments stay where they are, and items without codes
// are passed over.
//
// One reader reaches outside its bytes: an OpenPGP message is opened by the gpg
// program, which alone can use the keys that a password store is encrypted to.
package manager
