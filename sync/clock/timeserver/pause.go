// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"errors"
	"fmt"
	"time"
)

// shortest is the first pause after a server was asked too often. It is the
// least that NTP programs poll at, usually.
const shortest = 64 * time.Second

// pause is what a server asked for.
type pause struct {
	refused bool
	from    time.Duration // since the device started
	long    time.Duration
}

func (a *Asker) mayAsk(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.held[name]
	switch {
	case !ok:
		return nil
	case p.refused:
		return fmt.Errorf("it said so before: %w", ErrRefused)
	case a.read().Boot-p.from < p.long:
		return fmt.Errorf("it said so less than %v ago: %w", p.long, ErrTooOften)
	}
	return nil
}

// remember keeps what any of the errors asks for. A server that still finds it
// too often is left alone twice as long.
func (a *Asker) remember(name string, errs ...error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := errors.Join(errs...)
	p := a.held[name]
	switch {
	case errors.Is(err, ErrRefused):
		p.refused = true
	case errors.Is(err, ErrTooOften):
		p.from, p.long = a.read().Boot, max(shortest, 2*p.long)
	default:
		return
	}
	if a.held == nil {
		a.held = map[string]pause{}
	}
	a.held[name] = p
}
