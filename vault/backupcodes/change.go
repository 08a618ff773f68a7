// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/secret"
)

// change is a change in the making, to copies of what the files hold.
type change struct {
	now    int64
	notes  []record // the register's
	here   []record // the sealed file's, where it was opened
	others int      // how many sets are in the sealed file, where it was not
	opened bool

	passphrase secret.Value // where it was opened

	added, noted, sealed bool // a note was added; notes, codes have changed
}

// clear forgets the copies.
func (c *change) clear() {
	wipe(c.here)
	c.passphrase.Clear()
}

// find returns a set; what is done to it is kept.
func (c *change) find(id ID, removed bool) (*record, error) {
	for i := range c.notes {
		r := &c.notes[i]
		if r.ID != id {
			continue
		}
		if r.Removed > 0 != removed {
			return nil, ErrNoSet
		}
		c.noted = true
		return r, nil
	}
	for i := range c.here {
		if r := &c.here[i]; r.ID == id && r.Removed > 0 == removed {
			c.sealed = true
			return r, nil
		}
	}
	if !c.opened {
		return nil, ErrLocked
	}
	return nil, ErrNoSet
}

// add takes a set in.
func (c *change) add(r record) error {
	if len(c.notes)+len(c.here)+c.others >= MaxSets {
		return fmt.Errorf("%w: %d sets", ErrTooMany, MaxSets)
	}
	if r.Place == Here {
		c.here, c.sealed = append(c.here, r), true
	} else {
		c.notes, c.noted, c.added = append(c.notes, r), true, true
	}
	return nil
}

// purge forgets what was removed long ago.
func (c *change) purge() {
	purge := func(rs []record, any *bool) []record {
		left := rs[:0]
		for i := range rs {
			gone, changed := rs[i].settled(c.now)
			*any = *any || changed
			if gone {
				wipe(rs[i : i+1])
			} else {
				left = append(left, rs[i])
			}
		}
		clear(rs[len(left):])
		return left
	}
	c.notes, c.here = purge(c.notes, &c.noted), purge(c.here, &c.sealed)
}

// update makes a change to the newest files. It opens the sealed file where codes
// is set, or one of the sets named is not a note.
func (s *Safe) update(ctx context.Context, what string, codes bool, ids []ID, do func(*change) error) error {
	err := s.exclusive(ctx, func() error {
		register, damaged, err := s.readRegister()
		if err != nil {
			return err
		}
		c := &change{now: s.now().Unix()}
		for _, r := range register {
			if r.Place == Elsewhere {
				c.notes = append(c.notes, r.clone())
			} else {
				c.others++
			}
		}
		for _, id := range ids {
			codes = codes || !slices.ContainsFunc(c.notes, func(r record) bool { return r.ID == id })
		}
		codes = codes || damaged && !s.Locked() // they tell what the register should say
		if codes {
			if s.Locked() {
				return lockedOrGone(register, ids)
			}
			if err := s.refresh(ctx); err != nil {
				return err
			}
		}
		if err := s.take(c, codes); err != nil {
			return err
		}
		defer c.clear()
		c.purge()
		if err := do(c); err != nil {
			return err
		}
		return s.commit(ctx, c, register, damaged)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// lockedOrGone says why codes cannot be changed while the safe is locked.
func lockedOrGone(register []record, ids []ID) error {
	for _, id := range ids {
		if !slices.ContainsFunc(register, func(r record) bool { return r.ID == id }) {
			return ErrNoSet
		}
	}
	return ErrLocked
}

// take gives the change a copy of the codes and of the passphrase.
func (s *Safe) take(c *change, codes bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !codes {
		return nil
	}
	if s.open == nil {
		return ErrLocked
	}
	c.others = 0
	c.here, c.opened, c.passphrase = cloneAll(s.open.sets), true, s.open.passphrase.Clone()
	return nil
}

// refresh reads the sealed file again where another process changed it. The safe
// is locked where that fails for good. The files are the caller's.
func (s *Safe) refresh(ctx context.Context) error {
	s.mu.Lock()
	if s.open == nil {
		s.mu.Unlock()
		return ErrLocked
	}
	known, passphrase := s.open.sum, s.open.passphrase.Clone()
	s.mu.Unlock()
	defer passphrase.Clear()
	file, err := s.readSealed()
	if err == nil && sum(file) == known {
		return nil
	}
	var c *contents
	if err == nil {
		c, err = s.read(ctx, passphrase)
	}
	if err != nil {
		if errors.Is(err, ErrPassphrase) || errors.Is(err, ErrNoSafe) {
			s.forget()
		}
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil { // locked meanwhile; unlocking waits for us
		c.clear()
		return ErrLocked
	}
	s.open.clear()
	s.open = c
	return nil
}

// forget locks a safe that is no longer what it was.
func (s *Safe) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
}

// commit writes what has changed. A new note is written before the codes that it
// may stand for are removed, and new codes before a note is: whenever it is cut
// short, a set stands there twice rather than not at all.
func (s *Safe) commit(ctx context.Context, c *change, register []record, damaged bool) error {
	switch {
	case c.sealed:
		return s.commitCodes(ctx, c, register, damaged)
	case !c.noted:
		return nil
	}
	next := slices.Clone(c.notes)
	if c.opened {
		next = merged(c.notes, c.here)
	} else {
		for _, r := range register {
			if r.Place == Here {
				next = append(next, r)
			}
		}
	}
	incomplete := damaged && !c.opened
	if err := s.writeRegister(next, incomplete); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.register, s.damaged, s.touched = next, incomplete, s.now()
	return nil
}

// commitCodes does it where codes have changed. A damaged register stays marked as
// incomplete until the codes are written.
func (s *Safe) commitCodes(ctx context.Context, c *change, register []record, damaged bool) error {
	file, err := seal(ctx, c.here, c.passphrase)
	if err != nil {
		return err
	}
	if c.added {
		if err := s.writeRegister(withNew(register, c.notes), damaged); err != nil {
			return err
		}
	}
	err = s.writeSealed(file, atomicfile.Write)
	if err != nil {
		if is, e := s.readSealed(); e != nil || sum(is) != sum(file) {
			if c.added {
				err = errors.Join(err, s.writeRegister(register, damaged))
			}
			return err
		}
	}
	s.finish(c, file)
	return err
}

// withNew is the register with the notes that are not in it yet.
func withNew(register, notes []record) []record {
	out := slices.Clone(register)
	for _, r := range notes {
		if !slices.ContainsFunc(register, func(o record) bool { return o.ID == r.ID }) {
			out = append(out, r)
		}
	}
	return out
}

// finish makes a change that is on the disk the state of the safe.
func (s *Safe) finish(c *change, file []byte) {
	after := &contents{sets: c.here, passphrase: c.passphrase.Clone(), sum: sum(file)}
	c.here = nil
	s.settle(merged(c.notes, after.sets))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil { // locked meanwhile; unlocking waits for us
		after.clear()
		return
	}
	s.open.clear()
	s.open, s.touched = after, s.now()
}
