// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// random does one random change after the other until it is killed. Before each
// it says what it is about to do, and after it that it is done.
func (o order) random() int {
	ctx := context.Background()
	v, err := vault.Open(ctx, o.options())
	if err != nil {
		fmt.Println("failed: open:", err)
		return 1
	}
	dice := rand.New(rand.NewPCG(o.Seed, o.Seed))
	fmt.Println("open")
	for n := 0; ; n++ {
		err := o.step(ctx, v, dice, o.Number+n)
		switch {
		case errors.Is(err, vault.ErrUnknown), errors.Is(err, vault.ErrExists):
			continue
		case err != nil:
			fmt.Println("failed:", err)
			return 1
		}
		fmt.Println("done")
	}
}

// step does one change with a number of its own.
func (o *order) step(ctx context.Context, v *vault.Vault, dice *rand.Rand, n int) error {
	as := v.Accounts()
	pick := vault.Account{ID: "gone"}
	if len(as) > 0 {
		pick = as[dice.IntN(len(as))]
	}
	number := strings.TrimPrefix(pick.Issuer, "Service")
	switch what := dice.IntN(10); {
	case what < 4 && len(as) < 40:
		fmt.Println("add", n)
		_, err := v.Add(ctx, sample(n))
		return err
	case what < 6:
		fmt.Println("remove", number)
		return v.Remove(ctx, pick.ID)
	case what == 6 && len(v.Removed()) > 0:
		a := v.Removed()[0]
		fmt.Println("restore", strings.TrimPrefix(a.Issuer, "Service"))
		return v.Restore(ctx, a.ID)
	case what == 7:
		fmt.Println("note", number)
		d := pick.Details()
		d.Note = fmt.Sprintf("note %d", n)
		_, err := v.Update(ctx, pick.ID, d)
		return err
	case what == 8 && len(v.Removed()) > 12:
		a := v.Removed()[12]
		fmt.Println("erase", strings.TrimPrefix(a.Issuer, "Service"))
		return v.Erase(ctx, a.ID)
	case what == 9 && dice.IntN(3) == 0:
		return o.passphrase(ctx, v)
	}
	return vault.ErrUnknown
}

// passphrase sets, changes or removes it.
func (o *order) passphrase(ctx context.Context, v *vault.Vault) error {
	next := map[string]string{"": first, first: second, second: first}[o.Pass]
	if o.Pass == second && v.Kind() == keystore.Keyring {
		next = ""
	}
	fmt.Printf("passphrase %q\n", next)
	var err error
	if next == "" {
		err = v.RemovePassphrase(ctx, phrase(o.Pass))
	} else {
		old := secret.Value{}
		if o.Pass != "" {
			old = phrase(o.Pass)
		}
		err = v.SetPassphrase(ctx, old, phrase(next))
	}
	if err == nil {
		o.Pass = next
	}
	return err
}

// kills has so many processes killed at random times within a while after they
// have opened the vault, and checks after each.
func (w *world) kills(key snapshot.Key, kind keystore.Kind, count int, within time.Duration, seed uint64) (confirmed int) {
	w.t.Helper()
	dice := rand.New(rand.NewPCG(seed, 77))
	books := &ledger{state: map[int]string{}, next: 1000}
	for n := range size {
		books.state[n] = "live"
	}
	books.state[size] = "removed"
	if kind == keystore.File {
		books.pass = first
	}
	for i := range count {
		o := order{Dir: w.dir, State: w.state, Do: "random", Pass: books.pass, Number: books.next, Seed: seed + uint64(i), Shift: time.Duration(i) * time.Second}
		open, said, err := w.killed(o, time.Duration(dice.Int64N(int64(within))))
		if err != nil && !strings.Contains(err.Error(), keystore.ErrNoService.Error()) { // the keyring may end under it
			w.t.Fatalf("process %d (seed %d): %v", i, seed, err)
		}
		_ = w.items() // the keyring is still there
		last, n := books.read(said)
		confirmed += n
		books.next += 1000
		s, err := w.look()
		if err == nil {
			err = books.check(s, last)
		}
		if err == nil && i%10 == 9 {
			err = w.steady(func() error { return w.newestHolds(key, s) })
		}
		if err != nil {
			w.t.Fatalf("%s, process %d (seed %d, opened %v), which said %q: %v", kind, i, seed, open, said, err)
		}
	}
	return confirmed
}

// killed starts a process, kills it a while after it has opened the vault, and
// returns what it said.
func (w *world) killed(o order, after time.Duration) (open bool, said []string, err error) {
	b, err := json.Marshal(o)
	if err != nil {
		return false, nil, err
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), orderVar+"="+string(b))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return false, nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "failed:") {
			err = errors.New(line)
		}
		if line == "open" {
			open = true
			time.AfterFunc(after, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
			continue
		}
		said = append(said, line)
	}
	_ = cmd.Wait()
	return open, said, err
}

// newestHolds makes a snapshot and checks that it has every live account, and
// that the older ones are whole.
func (w *world) newestHolds(key snapshot.Key, s *view) error {
	v, _, err := w.open()
	if err != nil {
		return err
	}
	if _, err := v.Snapshot(context.Background()); err != nil {
		return errors.Join(err, v.Close())
	}
	r := &trial{world: w, name: "random", first: key}
	return errors.Join(v.Close(), r.holds(s))
}

func TestRandomKills(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it runs without the race detector, as the step faults of .ci/test")
	}
	for _, tc := range []struct {
		kind   keystore.Kind
		count  int
		within time.Duration
	}{{keystore.File, 920, 30 * time.Millisecond}, {keystore.Keyring, 120, 150 * time.Millisecond}} {
		kind, count := tc.kind, tc.count
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key := snapshot.NewKey()
			w.arrange(operation{}, kind, key)
			seed := rand.Uint64()
			n := w.kills(key, kind, count, tc.within, seed)
			t.Logf("%d processes killed, %d changes confirmed", count, n)
			if n < count/20 {
				t.Errorf("of %d processes only %d changes were confirmed: they are killed too early", count, n)
			}
			if n := len(w.strays()); n > 2 {
				t.Errorf("%d temporary files are left", n)
			}
		})
	}
}
