// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// orderVar makes the test program a process that does one operation, or
// random ones until it is killed.
const orderVar = "KUTANO_TEST_FAULT"

// begin is when all of this happens.
var begin = time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)

// order is what such a process is to do.
type order struct {
	Dir, State string
	Kind       keystore.Kind // of a vault to be founded; "" else
	Pass       string
	Do         string        // the operation's name
	Number     int           // tells several processes apart
	Shift      time.Duration // of the clock
	Key        string        // the recovery key to be made
	Kill       int           // be killed before this write, from 1; 0 never
	Disk       string        // "full" or "read-only": on a small disk of its own
	Room       int           // bytes left on it
	Copy       string        // where the folder on that disk is copied to
	Seed       uint64        // of random operations

	behind *error // where to put what went wrong behind the operation
}

func (o order) options() vault.Options {
	return vault.Options{
		Dir: o.Dir, State: o.State, Store: o.Kind,
		Now: func() time.Time { return begin.Add(time.Hour + o.Shift) },
		Passphrase: func(context.Context, bool) (secret.Value, error) {
			if o.Pass == "" {
				return secret.Value{}, keystore.ErrNoPassphrase
			}
			return secret.FromString(o.Pass), nil
		},
	}
}

// run does the operation on the folder, and waits for what happens behind it.
// The result is the operation's; armed is called before its first write.
func (o order) run(ctx context.Context, armed func()) error {
	op := operations[o.Do]
	if op.founds {
		armed()
	}
	v, err := vault.Open(ctx, o.options())
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	armed()
	for try := 0; ; try++ {
		err = op.do(ctx, v, o)
		if !errors.Is(err, vault.ErrBusy) || try == 20 {
			break
		}
	}
	err = errors.Join(err, v.Close())
	if o.behind != nil {
		*o.behind = v.SnapshotErr()
	}
	return err
}

// recoveryKey reads the order's.
func (o order) recoveryKey() snapshot.Key {
	k, err := snapshot.ParseKey(o.Key)
	if err != nil {
		panic(err)
	}
	return k
}

// obey is the process's main. It says "done" or why it failed.
func obey(text string) int {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		fmt.Println(err)
		return 2
	}
	if o.Do == "random" {
		return o.random()
	}
	if o.Disk != "" {
		if err := o.smallDisk(); err != nil {
			fmt.Println("no disk:", err)
			return 3
		}
	}
	err := o.run(context.Background(), func() {
		if o.Kill > 0 {
			killAt(o.Kill)
		}
	})
	if o.Copy != "" {
		if err := o.copyOut(); err != nil {
			fmt.Println(err)
			return 2
		}
	}
	if err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	fmt.Println("done")
	return 0
}
