// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"slices"

	"github.com/kutano/authenticator/vault/exchange/android"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/manager"
	"github.com/kutano/authenticator/vault/exchange/phone"
	"github.com/kutano/authenticator/vault/exchange/plain"
)

// readers are all formats. Of two that are equally sure, the first reads: plain
// text and pictures take what nobody else knows.
var readers = slices.Concat(phone.Readers, manager.Readers, android.Readers, plain.Readers)

// Formats lists what can be read, in the order in which they are told to people.
func Formats() []foreign.Format {
	var all []foreign.Format
	for _, r := range readers {
		if f := r.Format(); !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// Known names the app whose file a content is. Texts and pictures that many
// programs make are nobody's: they can be read all the same.
func Known(s *foreign.Source) (f foreign.Format, ok bool) {
	r := recognise(slices.Concat(phone.Readers, manager.Readers, android.Readers), s)
	if r == nil || r.Detect(s) != foreign.Sure {
		return foreign.Format{}, false
	}
	return r.Format(), true
}

// recognise returns the reader that is surest of a content, or nil. Files that
// are nothing but ciphertext may be of several formats; then it is all of those.
func recognise(readers []foreign.Reader, s *foreign.Source) foreign.Reader {
	var best []foreign.Reader
	surest := foreign.No
	for _, r := range readers {
		switch m := r.Detect(s); {
		case m > surest:
			best, surest = []foreign.Reader{r}, m
		case m == surest:
			best = append(best, r)
		}
	}
	switch {
	case surest == foreign.No:
		return nil
	case surest == foreign.Maybe && len(best) > 1 && sealed(best[0], s):
		return &either{of: best}
	}
	return best[0]
}
