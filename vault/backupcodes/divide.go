// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/kutano/authenticator/vault/backupcodes/split"
	"github.com/kutano/authenticator/vault/secret"
)

// Divide makes of shares of the unused codes of a set, any need of which bring
// them back: see package split, whose errors it returns, and what [Safe.Codes]
// returns. The caller clears them. Nothing of it is kept here.
func (s *Safe) Divide(id ID, need, of int) ([]split.Share, error) {
	s.mu.Lock()
	r, err := s.opened(id)
	var n New
	if err == nil {
		n.Title = r.Title
		for _, c := range r.Codes {
			if c.Used == 0 {
				n.Codes = append(n.Codes, c.Text.Clone())
			}
		}
	}
	s.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("divide backup codes: %w", err)
	}
	defer Reading{Codes: n.Codes}.Clear()
	return Divide(n, need, of)
}

// Divide does the same with codes that are not kept here.
func Divide(n New, need, of int) ([]split.Share, error) {
	r, err := n.record(0)
	if err == nil && r.Place != Here {
		err = ErrNoCodes
	}
	if err != nil {
		return nil, fmt.Errorf("divide backup codes: %w", err)
	}
	defer wipe([]record{r})
	size := len(r.Title)
	for _, c := range r.Codes {
		size += 1 + c.Text.Len()
	}
	content := append(make([]byte, 0, size), r.Title...) // growing would leave copies behind
	for _, c := range r.Codes {
		content = append(append(content, '\n'), c.Text.Bytes()...)
	}
	text := secret.New(content)
	defer text.Clear()
	shares, err := split.Make(text, need, of)
	if err != nil {
		return nil, fmt.Errorf("divide backup codes: %w", err)
	}
	return shares, nil
}

// Rejoin brings a set back from shares: its title and its codes, for [Safe.Keep] or
// to be shown. It returns the errors of [split.Join], and [ErrNotSafe] for
// shares of something else.
func Rejoin(shares []split.Share) (New, error) {
	content, err := split.Join(shares)
	if err != nil {
		return New{}, fmt.Errorf("join backup codes: %w", err)
	}
	defer content.Clear()
	lines := bytes.Split(content.Bytes(), []byte("\n"))
	n := New{Title: strings.TrimSpace(string(lines[0]))}
	for _, c := range lines[1:] {
		n.Codes = append(n.Codes, secret.New(bytes.Clone(c)))
	}
	r, err := n.record(0)
	if err != nil || r.Place != Here {
		Reading{Codes: n.Codes}.Clear()
		return New{}, fmt.Errorf("join backup codes: %w", errors.Join(ErrNotSafe, err))
	}
	wipe([]record{r})
	return n, nil
}
