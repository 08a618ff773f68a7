// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, as every service uses it
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
)

// tourSeconds is how long a person watches the code on a tour.
const tourSeconds = 5

// live shows the code with its countdown: for some seconds to a person, once to
// a program. It returns the code shown last.
func (t *tour) live(ctx context.Context, acc vault.Account) (made, error) {
	rounds := 1
	people := isTerminal(t.app.Out) && !t.app.json
	if people {
		rounds = tourSeconds
	}
	var m made
	for range rounds {
		now := t.app.Clock.Now()
		if m = t.app.make(ctx, t.vault, acc, now, true, true); m.err != nil {
			return m, m.err
		}
		t.countdown(m, now, people)
		if people && !wait(ctx, time.Second-time.Duration(now.Nanosecond())) {
			return m, ctx.Err()
		}
	}
	if people {
		fmt.Fprintln(t.app.Out)
	}
	if t.app.json {
		t.app.doc = &document{Accounts: showCodes([]made{m})}
	}
	return m, nil
}

func (t *tour) countdown(m made, now time.Time, people bool) {
	left := secondsLeft(m.code, now)
	bar := strings.Repeat("█", left) + strings.Repeat("░", max(0, m.account.Period-left))
	line := fmt.Sprintf("   %s   %s %s", grouped(m.code.Value), bar,
		words.N(left, "1 second left, then {next}", "{n} seconds left, then {next}", "next", grouped(m.next)))
	if people {
		fmt.Fprint(t.app.Out, "\r"+line+"\x1b[K")
		return
	}
	t.print(line)
}

// check does what the service does with the code typed in: it has its own copy
// of the key and computes the code of this step, the one before and the one
// after by itself. Nothing of the vault takes part in it.
func (t *tour) check(m made) error {
	step := t.app.Clock.Now().Unix() / int64(t.sample.Period)
	for _, try := range []int64{step, step - 1, step + 1} {
		if serviceCode(t.sample.Secret.Bytes(), try) == m.code.Value {
			t.print("   " + words.T("Accepted: the code is right."))
			t.print(words.T(`
That is all there is to it. What to do next:
  kutano scan --screen      with your service's QR code on the screen
  kutano add                to type a key in
  kutano code kutano        whenever you are asked for a code
The tour's folder is removed; nothing of it is left.`))
			return nil
		}
	}
	return t.astray(words.T("The code was not accepted."))
}

// serviceCode is RFC 6238 with SHA-1 and six digits, written down once more so
// that the check does not use what it checks.
func serviceCode(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	number := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}
