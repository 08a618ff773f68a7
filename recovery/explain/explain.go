// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package explain turns errors into what a person is told: what happened, that
// nothing is lost, what to do next.
//
// Every error that the vault and its folders name has a message here, in the
// language in use; an error nobody named gets an honest general one. Messages
// never repeat an error's text: they hold no key, no path and no passphrase.
package explain

import (
	"cmp"
	"errors"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Message is what a person is told about an error. All texts are whole
// sentences in the language in use; Safe and Next may be empty.
type Message struct {
	Kind Kind   // for programs; it never changes with the language
	What string // what happened
	Safe string // what is not lost
	Next string // what to do now
	Exit int    // the command line's exit code
}

// Speaker is an error that brings its own message.
type Speaker interface {
	error
	Message() Message
}

// Error returns the message for an error: the error's own where it is a
// [Speaker], else the one for the sentinel that it wraps, else a general one.
// For nil it returns the zero Message.
func Error(err error) Message {
	if err == nil {
		return Message{}
	}
	var own Speaker
	if errors.As(err, &own) {
		return own.Message()
	}
	if late := (*vault.WaitError)(nil); errors.As(err, &late) {
		return waiting(late)
	}
	for _, room := range rooms() {
		for _, r := range room {
			if errors.Is(err, r.err) {
				return precise(r.message(), err)
			}
		}
	}
	if w := (*snapshot.WordError)(nil); errors.As(err, &w) {
		return wrongWord.message()
	}
	if isDiskFull(err) {
		return diskFull.message()
	}
	return general.message()
}

// Reason returns the first sentence of an error's message, for a list in which
// the entry itself says what it is about.
func Reason(err error) string { return Error(err).What }

// precise puts the error's own figure or name into its message, where it has one,
// and what to ask for by name into what to do next.
func precise(m Message, err error) Message {
	m.What = cmp.Or(detailed(err), callDetail(err), linkFigure(err), deskFigure(err), phraseFigure(err), m.What)
	m.Next = cmp.Or(phraseQuestion(err), m.Next)
	return m
}

// rule says what is told about one sentinel.
type rule struct {
	err  error
	kind Kind
	say  func() (what, safe, next string)
}

func (r rule) message() Message {
	what, safe, next := r.say()
	return Message{Kind: r.kind, What: what, Safe: safe, Next: next, Exit: r.kind.Exit()}
}

// rooms are the rules, in the order in which they are tried: an error may wrap
// sentinels of several rooms.
func rooms() [][]rule {
	return [][]rule{
		erased, pictures, imports, keys, snapshots, accounts, guards, calls, desks, links, clocks,
		safe, sets, shares, papers, guides, phrases, practices,
		disk, stores, system,
	}
}
