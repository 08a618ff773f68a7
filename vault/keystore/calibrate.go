// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// Usual is how long it takes to make the key of a new passphrase, where the
// floor takes less: long for who tries many, short for who types one.
const Usual = 500 * time.Millisecond

// most is where calibration stops asking for more memory, in KiB: a phone has
// to have that much to spare, and what was sealed here may be opened there.
const most = 256 << 10

var effort atomic.Int64

func init() { effort.Store(int64(Usual)) }

// least are the costs that tests make do with: the least Argon2id takes.
var least = params{memory: 32, passes: 1, lanes: 4}

// SetEffort changes what a passphrase costs that is set from now on: 0 is the
// floor. Less than 0 protects nothing; it is for tests, which make many.
func SetEffort(d time.Duration) { effort.Store(int64(d)) }

// calibrated returns the costs at which a key takes about as long as the effort
// asks for on this device, from the floor upwards.
func calibrated() params {
	target := time.Duration(effort.Load())
	switch {
	case target < 0:
		return least
	case target == 0:
		return floor
	}
	return floor.grow(target, pace())
}

// grow raises the costs from ones that take the time took until they take
// about the target: memory first, which hurts special hardware most, then passes.
func (p params) grow(target, took time.Duration) params {
	if took <= 0 {
		return p
	}
	for p.memory*2 <= most && took*2 <= target {
		p.memory *= 2
		took *= 2
	}
	each := took / time.Duration(p.passes)
	for p.passes < ceiling.passes && took+each <= target {
		p.passes++
		took += each
	}
	return p
}

// pace is how long a key at the floor takes here, measured once.
var pace = sync.OnceValue(func() time.Duration {
	salt := make([]byte, saltSize)
	trial := secret.FromString("how fast is this device")
	key := floor.derive(trial, salt) // takes the page faults
	key.Clear()
	start := time.Now()
	key = floor.derive(trial, salt)
	key.Clear()
	return time.Since(start)
})
