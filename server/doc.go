// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package server is the map of the two-factor service that Kutano's guide
// describes: to practise with, to train a helpdesk on, and to test the companion
// against. It is a module of its own: it imports nothing of the companion, and
// the companion nothing of it.
//
// Floors, top to bottom; a package imports only what lies below it:
//
//	cmd/kutano-2fa      the program
//	command             its commands: serve, practice, doctor, admin, audit, key
//	practice, doctor    sample users, an inbox and calls to learn on, on loopback; checks before it serves
//	issuer              stands in for Google and Apple, on loopback
//	config              the file that an operator writes
//	service             the rooms put together: one instance
//	pages, api          what browsers and programs see
//	web                 what both have in common: limits, headers, logs, metrics
//	desk, link          what the helpdesk does; linked apps
//	signin, factor      the first step and the second
//	notice, outbox      telling users what happened
//	session, people     who is signed in, and who there is
//	rotate              everything sealed anew when the key changes
//	audit, limit        what happened, and how often
//	sentcode            the rules of codes that are sent
//	store, seal         the database, and what is unreadable in it
//	otp                 codes, and the numbers that they go to
//	refusal, moment     why not; and what time it is
//	drift               whether that is right
package server
