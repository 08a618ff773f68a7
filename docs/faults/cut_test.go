// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"

	"github.com/kutano/authenticator/vault/keystore"
)

// killed has a process killed at each point of the operation and of what
// follows it, until one comes to its end.
func (r *trial) killed() []finding {
	var all []finding
	for point := 1; ; point++ {
		out, err := r.cut(point)
		dead := diedOf(err, syscall.SIGKILL)
		if !dead && err != nil {
			r.t.Errorf("%s in %s, to be killed at point %d: %v, %s", r.name, r.kind, point, err, out)
			return append(all, failed)
		}
		_ = r.items() // the keyring is still there
		if n := len(r.strays()); n > 1 {
			r.t.Errorf("%s in %s, killed at point %d: leaves %d temporary files", r.name, r.kind, point, n)
		}
		all = append(all, r.verdict(usual(!dead), fmt.Sprintf("killed at point %d", point))...)
		if !dead {
			r.t.Logf("%s in %s: %d points", r.name, r.kind, point-1)
			return all
		}
	}
}

// cut has a process killed at a point of the operation, and returns what it
// said. It does it again where the keyring ended under it, see [world.steady].
func (r *trial) cut(point int) (string, error) {
	var out string
	err := r.steady(func() (err error) {
		r.restore(r.base)
		o := r.order()
		o.Kill = point
		if out, err = r.child(o); strings.Contains(out, keystore.ErrNoService.Error()) {
			return errors.Join(keystore.ErrNoService, err)
		}
		return err
	})
	return out, err
}

func diedOf(err error, sig syscall.Signal) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signal() == sig // -1 where none ended it
}

// failing has every write fail with an error from each point on, or from every
// so many points.
func (r *trial) failing(cause syscall.Errno, every int) []finding {
	var all []finding
	for point := 1; ; point += every {
		r.restore(r.base)
		reached := false
		err := r.here(func() {
			watch(func(n int, _ func()) error {
				if n < point {
					return nil
				}
				reached = true
				return fmt.Errorf("injected: %w", cause)
			})
		})
		all = append(all, r.verdict(usual(err == nil), fmt.Sprintf("%v from point %d on (%v)", cause, point, err))...)
		if !reached {
			return all
		}
	}
}

// verdict is judge, with what it fails with reported.
func (r *trial) verdict(l lens, fault string) []finding {
	f, err := r.judge(l)
	if err != nil {
		r.t.Errorf("%s in %s, %s: %v", r.name, r.kind, fault, err)
		return []finding{failed}
	}
	return f
}
