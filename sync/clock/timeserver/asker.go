// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/beevik/ntp"

	"github.com/kutano/authenticator/sync/clock"
)

const (
	usualTimeout = 400 * time.Millisecond
	usualTries   = 3
	// near is the delay, there and back, that makes an answer good enough not to
	// ask for a better one: many servers take a second question within two
	// seconds for too many.
	near = 100 * time.Millisecond
)

// Asker asks time servers. It remembers which of them want to be left alone for
// a while or for good. Its zero value is ready; its methods may be called from
// any goroutine, its fields are not to be changed meanwhile.
type Asker struct {
	Read    func() clock.Times // the device's clocks; nil for [clock.Now]
	Roots   *x509.CertPool     // who may vouch for an NTS server; nil for the system's
	Timeout time.Duration      // of one question; 0 for 400 ms
	// Tries is how often one server is asked at most until it gives a good
	// answer; 0 for 3. One call takes no longer than so many timeouts and a
	// half: 1.4 s.
	Tries int

	mu   sync.Mutex
	held map[string]pause
}

func (a *Asker) read() clock.Times {
	if a.Read == nil {
		return clock.Now()
	}
	return a.Read()
}

func (a *Asker) timeout() time.Duration {
	if a.Timeout <= 0 {
		return usualTimeout
	}
	return a.Timeout
}

func (a *Asker) tries() int {
	if a.Tries <= 0 {
		return usualTries
	}
	return a.Tries
}

// Ask asks a server by NTP. Anyone on the way can have made up the answer.
func (a *Asker) Ask(ctx context.Context, s Server) (clock.Estimate, error) {
	return a.ask(ctx, s, clock.NTP, func(ctx context.Context) (answer, error) {
		return a.best(ctx, s.Host, nil)
	})
}

// AskProven asks a server by NTS. The answer is the server's, if its certificate
// is: nobody on the way can have made it up. It can have been held up, which the
// uncertainty covers.
func (a *Asker) AskProven(ctx context.Context, s Server) (clock.Estimate, error) {
	return a.ask(ctx, s, clock.NTS, func(ctx context.Context) (answer, error) {
		if s.KeyExchange == "" {
			return answer{}, fmt.Errorf("it does not offer NTS: %w", ErrNoAnswer)
		}
		keys, err := a.exchange(ctx, s.KeyExchange)
		if err != nil {
			return answer{}, fmt.Errorf("exchange keys: %w", err)
		}
		return a.best(ctx, keys.server, keys)
	})
}

func (a *Asker) ask(ctx context.Context, s Server, kind clock.Kind, from func(context.Context) (answer, error)) (clock.Estimate, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(a.tries())*a.timeout()+a.timeout()/2)
	defer cancel()
	// Anyone on the way can make up that a server wants to be left alone, where it
	// need not prove it. That must not keep it from being asked for proof.
	whom := string(kind) + " " + s.Name()
	err := a.mayAsk(whom)
	var got answer
	if err == nil {
		got, err = from(ctx)
		a.remember(whom, err, got.then)
	}
	if err != nil {
		return clock.Estimate{}, fmt.Errorf("ask %s: %w", s.Name(), err)
	}
	return clock.Estimate{
		Offset: got.offset, Uncertainty: got.uncertainty, Kind: kind, Name: s.Name(), Operator: s.Operator,
		Proven: kind == clock.NTS, Smeared: s.Smeared,
	}, nil
}

// best asks until there is a good answer and returns the best. Where keys are
// given, every answer has to prove itself by them.
func (a *Asker) best(ctx context.Context, server string, keys *session) (answer, error) {
	addresses, err := lookUp(ctx, server)
	if err != nil {
		return answer{}, err
	}
	var best answer
	var failed error
	for i := range a.tries() {
		var proof []ntp.Extension
		if keys != nil && len(keys.cookies) == 0 {
			break
		}
		if keys != nil {
			proof = []ntp.Extension{keys.proof()}
		}
		got, err := a.query(ctx, turned(addresses, i), proof)
		if err != nil {
			failed = weightier(failed, err)
		} else if best.uncertainty == 0 || got.uncertainty < best.uncertainty {
			best = got
		}
		if ctx.Err() != nil || final(err) || best.uncertainty > 0 && best.delay <= near {
			break
		}
	}
	if best.uncertainty > 0 {
		best.then = failed
		return best, nil
	}
	return best, failed
}

// final tells whether asking again is no use, or not wanted.
func final(err error) bool {
	return errors.Is(err, ErrRefused) || errors.Is(err, ErrTooOften) || errors.Is(err, ErrUnsure) && !errors.Is(err, errSet)
}

// weightier returns the error that tells more: that something came, not that
// nothing did.
func weightier(a, b error) error {
	if a == nil || errors.Is(a, ErrNoAnswer) || final(b) {
		return b
	}
	return a
}
