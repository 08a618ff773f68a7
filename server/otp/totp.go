// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"time"

	"github.com/pquerna/otp/hotp"
)

// The parameters of authenticator apps: the only ones that all apps read. The
// hash is SHA-1 (RFC 6238, 1.2).
const (
	SecretSize = 20               // bytes; RFC 4226, 4, R6 recommends 160 bits
	Period     = 30 * time.Second // RFC 6238, 5.2
	// Window is how many steps a code may be early or late (RFC 6238, 5.2 and 6).
	Window = 1
	// Reach is how many steps a resynchronization looks in each direction.
	Reach = 20
)

// NewSecret returns a random key for an authenticator app.
func NewSecret() []byte {
	b := make([]byte, SecretSize)
	_, _ = rand.Read(b) // never fails
	return b
}

// Step is the time step of t: how many periods have passed since 1970 (RFC 6238, 4.2).
func Step(t time.Time) int64 { return t.Unix() / int64(Period/time.Second) }

// Code returns the code of a step.
func Code(secret []byte, step int64) (string, error) {
	code, err := hotp.GenerateCode(base32.StdEncoding.EncodeToString(secret), uint64(step))
	if err != nil {
		return "", fmt.Errorf("compute a code: %w", err)
	}
	return code, nil
}

// Match is where in time a code is right.
type Match struct {
	Step int64
	// Drift is how many steps the device is off from now: negative when it is slow.
	Drift int
	// Used tells that the code is right, but of a step that is not after the last accepted one.
	Used bool
}

// Find looks for the step of a normalised code around now, for a device that is
// known to be resync steps off. Steps up to last count as used. Each step is
// compared whatever the others brought, in a time that does not tell the digits.
func Find(secret []byte, code string, now time.Time, resync int, last int64) (Match, bool, error) {
	middle := Step(now) + int64(resync)
	var found Match
	var ok bool
	for _, off := range []int64{0, -1, 1} { // the likely one first: of two equal codes it is taken
		want, err := Code(secret, middle+off)
		if err != nil {
			return Match{}, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) != 1 {
			continue
		}
		m := Match{Step: middle + off, Drift: resync + int(off), Used: middle+off <= last}
		if !ok || found.Used && !m.Used {
			found, ok = m, true
		}
	}
	return found, ok, nil
}

// Resync looks for two consecutive codes, the second of them within Reach steps
// of now, the nearest pair first. Its Drift is that of the second code: what to
// add to the time from now on. As in Find, steps up to last count as used.
func Resync(secret []byte, first, second string, now time.Time, last int64) (Match, bool, error) {
	middle := Step(now)
	var codes [2*Reach + 2]string
	for i := range codes {
		code, err := Code(secret, middle-Reach-1+int64(i))
		if err != nil {
			return Match{}, false, err
		}
		codes[i] = code
	}
	var found Match
	var ok bool
	for i := range 2*Reach + 1 {
		same := subtle.ConstantTimeCompare([]byte(codes[i]), []byte(first)) & subtle.ConstantTimeCompare([]byte(codes[i+1]), []byte(second))
		drift := i - Reach
		m := Match{Step: middle + int64(drift), Drift: drift, Used: middle+int64(drift)-1 <= last}
		if same == 1 && (!ok || found.Used && !m.Used || found.Used == m.Used && abs(drift) < abs(found.Drift)) {
			found, ok = m, true
		}
	}
	return found, ok, nil
}

func abs(n int) int { return max(n, -n) }
