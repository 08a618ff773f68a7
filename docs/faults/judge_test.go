// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/snapshot"
)

// finding is what came of a try, as the page says it.
type finding string

// The findings. The page explains each.
const (
	refused  finding = "refused"
	done     finding = "done"
	noticed  finding = "noticed"
	undone   finding = "undone"
	restored finding = "snapshot"
	oneWins  finding = "one wins"
	kept     finding = "kept"
	unused   finding = "not touched"
	failed   finding = "FAILED"
)

// lens says what is to be looked at, and what would be no wonder.
type lens struct {
	confirmed bool // the operation said that it was done
	older     bool // an older copy was put back: what was done may be undone, and that is noticed
	lost      bool // keys may be gone, and come back from a snapshot
	snapshots bool // snapshots are all whole
	leftovers bool // nothing is left of a cut
	expired   bool // what was removed before may be gone for good
}

// usual is the lens after a fault that takes nothing away.
func usual(confirmed bool) lens { return lens{confirmed: confirmed, snapshots: true, leftovers: true} }

// judge looks at the world after a fault.
func (r *trial) judge(l lens) ([]finding, error) {
	var also []finding
	if l.snapshots && !r.op().founds {
		if err := r.holds(r.untouched()); err != nil {
			return nil, err
		}
	}
	s, err := r.look()
	if r.op().founds && errors.Is(err, keystore.ErrNoPassphrase) { // not founded yet
		s, err = &view{kind: r.kind, pass: r.pass}, nil
	}
	if l.lost && (err != nil || len(s.lost) > 0 || s.aside > 0) {
		if err := r.rescue(s); err != nil {
			return nil, fmt.Errorf("bring back from a snapshot: %w", err)
		}
		return []finding{restored}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open afterwards: %w", err)
	}
	if len(s.lost) > 0 || s.aside > 0 {
		return nil, fmt.Errorf("keys are lost: %s", s.summary())
	}
	if l.expired {
		maps.Copy(s.removed, r.before.removed)
	}
	if l.older && s.key != r.before.key && s.key != r.after.key {
		s.key = r.after.key // damaged: no snapshot is made for it, which is noticed below
	}
	f, err := r.compare(s, l)
	if err != nil {
		return nil, fmt.Errorf("%w; %s", err, s.summary())
	}
	if len(s.notices) > 0 {
		if !l.older {
			return nil, fmt.Errorf("an older copy is suspected: %v", s.notices)
		}
		also = append(also, noticed)
	}
	if l.expired {
		if s, err = r.look(); err != nil {
			return nil, err
		}
	}
	behind, err := r.goesOn(s, l)
	if l.older && errors.Is(behind, vault.ErrForeignKey) {
		also = []finding{noticed}
	}
	return append(also, f), err
}

// compare tells how far the operation has come.
func (r *trial) compare(s *view, l lens) (finding, error) {
	if err := s.between(r.before, r.after); err != nil {
		return failed, err
	}
	same := s.same(r.after)
	switch {
	case same && r.after.same(r.before) && !l.confirmed: // nothing to see from outside
		return refused, nil
	case same:
		return done, nil
	case l.older:
		return undone, nil
	case l.confirmed:
		return failed, errors.New("it was confirmed, and is not done")
	case s.same(r.before):
		return refused, nil
	}
	return failed, errors.New("it is half done")
}

// goesOn makes a change by fresh eyes: afterwards it is there, nothing is left
// of the cut, and a snapshot holds it all. It returns what went wrong behind it.
func (r *trial) goesOn(s *view, l lens) (behind, err error) {
	o := r.order()
	o.Do, o.Number, o.Pass, o.Shift, o.Kind, o.behind = "add", 99, s.pass, 2*time.Hour, r.world.kind, &behind
	if err := o.run(context.Background(), func() {}); err != nil {
		return nil, fmt.Errorf("the next change: %w", err)
	}
	t, err := r.look()
	if err != nil {
		return nil, fmt.Errorf("after the next change: %w", err)
	}
	if len(t.live) != len(s.live)+1 || len(t.removed) != len(s.removed) || t.aside > 0 || len(t.lost) > 0 {
		return nil, fmt.Errorf("after the next change: %s, before it: %s", t.summary(), s.summary())
	}
	if l.leftovers {
		if err := r.clean(t); err != nil {
			return nil, err
		}
	}
	if r.op().founds || !l.snapshots || l.older && errors.Is(behind, vault.ErrForeignKey) {
		return behind, nil
	}
	return behind, errors.Join(behind, r.holds(t))
}

// rescue does what a person would whose keys are gone: put a sealed file aside
// that does not open, and take in a snapshot, the newest that has them all.
func (r *trial) rescue(seen *view) error {
	if seen == nil {
		path := filepath.Join(r.dir, "secrets.sealed")
		if err := os.Rename(path, path+".damaged"); err != nil {
			return err
		}
	}
	v, _, err := r.open()
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }()
	list, err := v.Snapshots().List()
	if err != nil {
		return err
	}
	missing := "everything"
	for _, info := range list {
		if missing, err = r.takeIn(v, info.Name); err != nil {
			return err
		}
		if missing == "" {
			return r.snapshotsGoOn(v)
		}
	}
	return fmt.Errorf("%d snapshots, and %s is missing", len(list), missing)
}

// takeIn takes a snapshot in, and names an account that is still missing.
func (r *trial) takeIn(v *vault.Vault, name string) (missing string, err error) {
	d, err := r.decrypt(name)
	if err != nil {
		return "", err
	}
	found, err := v.Preview(context.Background(), d)
	if err == nil {
		_, err = v.TakeIn(context.Background(), found, vault.Take{})
	}
	if err != nil {
		return "", err
	}
	s, err := see(v)
	if err != nil {
		return "", err
	}
	return r.missing(s), nil
}

// missing names an account that neither the fault nor the operation may take.
func (r *trial) missing(s *view) string {
	for text, label := range r.untouched().live {
		if s.live[text] != label {
			return label
		}
	}
	return ""
}

// snapshotsGoOn makes a new recovery key where the old one went with the keys.
func (r *trial) snapshotsGoOn(v *vault.Vault) error {
	_, err := v.Snapshot(context.Background())
	if errors.Is(err, vault.ErrForeignKey) || errors.Is(err, vault.ErrNoRecovery) {
		err = v.SetRecovery(context.Background(), snapshot.NewKey())
	}
	return err
}
