// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"fmt"

	"github.com/kutano/authenticator/vault/keystore"
)

// usesKeyring tells whether the keyring has a part in the trial.
func (r *trial) usesKeyring() bool {
	return r.kind == keystore.Keyring || r.name == "move to the keyring"
}

// keyringFails has the keyring fail at each of the operation's writes to it.
func (r *trial) keyringFails(what string, fail func()) []finding {
	if !r.usesKeyring() {
		return []finding{unused}
	}
	var all []finding
	for n := 1; ; n++ {
		r.restore(r.base)
		at := 0
		err := r.here(func() {
			keystore.SetHook(func(c keystore.Change) error {
				if at++; at == n {
					fail()
				}
				return c.Do()
			})
		})
		if at < n {
			return all
		}
		r.ring.Restart(r.t, true)
		all = append(all, r.verdict(usual(err == nil), fmt.Sprintf("the keyring is %s at write %d (%v)", what, n, err))...)
	}
}

func (r *trial) keyringKilled() []finding { return r.keyringFails("killed", r.ring.Kill) }

func (r *trial) keyringLocked() []finding {
	return r.keyringFails("locked", func() { r.ring.Lock(r.t) })
}

// keyringWiped has the keyring lose every item before the operation.
func (r *trial) keyringWiped() []finding {
	if !r.usesKeyring() {
		return []finding{unused}
	}
	r.restore(r.base)
	r.setItems(nil)
	err := r.here(func() {})
	return r.verdict(lens{confirmed: err == nil, lost: true}, fmt.Sprintf("the keyring was wiped (%v)", err))
}

// keyringOlder has the keyring as it was put back after the operation.
func (r *trial) keyringOlder() []finding {
	if !r.usesKeyring() || r.op().founds {
		return []finding{unused}
	}
	r.restore(r.base)
	err := r.here(func() {})
	r.setItems(r.base.items)
	return r.verdict(lens{confirmed: err == nil, lost: true, older: true}, fmt.Sprintf("an older keyring was put back (%v)", err))
}
