// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"iter"
	"strings"
)

// Mention is a place in a text that holds a key, or something that means to be one.
type Mention struct {
	Text   string  // the URI as it stands there; "" where it could not be read
	Export bool    // it is a Google Authenticator export
	Found  []Found // of an export all entries, else one
}

// Mentions yields the places in one line of a larger text, in order. Unlike [Find] it also
// yields those that say the same again, and the line may be of any length.
func Mentions(line string) iter.Seq[Mention] {
	return func(yield func(Mention) bool) {
		lineCandidates(strings.TrimFunc(line, blank), false, func(c candidate) bool {
			m := c.mention()
			return len(m.Found) == 0 || yield(m)
		})
	}
}

// mention reads a candidate. What does not mean to be a key is found empty.
func (c candidate) mention() Mention {
	var err error
	m := Mention{Export: c.scheme == schemeMigration}
	if m.Export {
		var b Batch
		b, m.Text, err = c.migration()
		m.Found = b.Entries
	} else {
		var k Key
		if k, m.Text, err = c.key(); err == nil {
			m.Found = []Found{{Name: label(k.Issuer, k.Account), Key: k}}
		}
	}
	if err != nil && c.serious() {
		m.Found = []Found{{Name: nameOf(c.text()), Err: err}}
	}
	return m
}
