// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// Export returns all sets, or those named, as an age file under a passphrase that
// may be another: for a drive elsewhere. [Safe.Import] reads it, and the age tool
// opens it. It returns [ErrLocked], [ErrNoSet] or [ErrNoPassphrase].
func (s *Safe) Export(ctx context.Context, passphrase secret.Value, ids ...ID) ([]byte, error) {
	rs, err := s.chosen(ids)
	defer func() { wipe(rs) }()
	var file []byte
	if err == nil {
		file, err = seal(ctx, rs, passphrase)
	}
	if err != nil {
		return nil, fmt.Errorf("export backup codes: %w", err)
	}
	return file, nil
}

// chosen copies the sets to be exported.
func (s *Safe) chosen(ids []ID) (rs []record, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return nil, ErrLocked
	}
	s.touched = s.now()
	for _, group := range [][]record{s.register, s.open.sets} {
		for i := range group {
			r := &group[i]
			if r.Removed > 0 || r.Place == Here && len(r.Codes) == 0 || len(ids) > 0 && !slices.Contains(ids, r.ID) {
				continue
			}
			rs = append(rs, r.clone())
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(rs, func(r record) bool { return r.ID == id }) {
			return rs, ErrNoSet
		}
	}
	return rs, nil
}

// Pack returns codes that are not to be kept here as such a file. R65.
func Pack(ctx context.Context, n New, made time.Time, passphrase secret.Value) ([]byte, error) {
	r, err := n.record(made.Unix())
	if err == nil && r.Place != Here {
		err = ErrNoCodes
	}
	var file []byte
	if err == nil {
		defer wipe([]record{r})
		file, err = seal(ctx, []record{r}, passphrase)
	}
	if err != nil {
		return nil, fmt.Errorf("export backup codes: %w", err)
	}
	return file, nil
}

// Imported is what came out of a file.
type Imported struct {
	Added   []Set // not here before
	Same    int   // here already
	Removed int   // among those removed: they were already, or newer codes of the account are here
}

// Import takes in the sets of an exported file, or of a safe's file that was put
// aside. A set that is here already stays as it is, and what was used there counts
// as used here. An old file does not bring back as good what is worth nothing any
// more: a set that was removed or replaced here stays removed, and one of an account
// whose newer codes were here before comes in as removed. [Safe.Restore] takes it
// back all the same. It needs the safe unlocked, and returns what [Safe.Unlock]
// returns of the file.
func (s *Safe) Import(ctx context.Context, file []byte, passphrase secret.Value) (Imported, error) {
	const what = "import backup codes"
	if s.Locked() {
		return Imported{}, fmt.Errorf("%s: %w", what, ErrLocked)
	}
	rs, err := unseal(ctx, file, passphrase)
	if err != nil {
		return Imported{}, fmt.Errorf("%s: %w", what, err)
	}
	defer wipe(rs)
	var in Imported
	err = s.update(ctx, what, true, nil, func(c *change) error {
		newest := c.newest()
		for i := range rs {
			if rs[i].Removed > 0 {
				continue
			}
			if err := c.take(&rs[i], newest, &in); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Imported{}, err
	}
	return in, nil
}

// newest tells of each account when the last of its sets was made.
func (c *change) newest() map[string]int64 {
	made := map[string]int64{}
	for _, group := range [][]record{c.notes, c.here} {
		for _, r := range group {
			if r.Account != "" && r.Removed == 0 {
				made[r.Account] = max(made[r.Account], r.Made)
			}
		}
	}
	return made
}

// take takes in one set of a file. Newest is of what was here before.
func (c *change) take(r *record, newest map[string]int64, in *Imported) error {
	for _, removed := range []bool{false, true} {
		have, err := c.look(r, removed)
		if err != nil {
			continue
		}
		if removed {
			if have.expired(c.now) { // from now on it can be brought back again
				have.Removed, have.Due = c.now, 0
				c.touch(have)
			}
			in.Removed++
		} else {
			in.Same++
		}
		if have.adoptUses(r) {
			c.touch(have)
		}
		return nil
	}
	fresh := r.clone()
	if c.taken(r.ID) { // another set of another place has its name
		fresh.ID = newID()
	}
	old := newest[fresh.Account] > fresh.Made
	if old {
		fresh.Removed = c.now
	}
	if err := c.add(fresh); err != nil {
		wipe([]record{fresh})
		return err
	}
	if old {
		in.Removed++
		return nil
	}
	p := fresh.public()
	in.Added = append(in.Added, p.set())
	return nil
}

// look returns the same set as it is here.
func (c *change) look(r *record, removed bool) (*record, error) {
	group := c.here
	if r.Place == Elsewhere {
		group = c.notes
	}
	for i := range group {
		if have := &group[i]; have.ID == r.ID && have.Removed > 0 == removed {
			return have, nil
		}
	}
	return nil, ErrNoSet
}

func (c *change) taken(id ID) bool {
	is := func(r record) bool { return r.ID == id }
	return slices.ContainsFunc(c.notes, is) || slices.ContainsFunc(c.here, is)
}

// touch notes that a set has changed.
func (c *change) touch(r *record) {
	if r.Place == Here {
		c.sealed = true
	} else {
		c.noted = true
	}
}

// adoptUses marks what was used elsewhere, and tells whether that is new.
func (r *record) adoptUses(other *record) bool {
	if r.Place == Elsewhere {
		return r.adoptCount(other)
	}
	changed := false
	for i := range r.Codes {
		for _, o := range other.Codes {
			if r.Codes[i].Used == 0 && o.Used != 0 && r.Codes[i].Text.Equal(o.Text.Value) {
				r.Codes[i].Used, changed = o.Used, true
			}
		}
	}
	return changed
}

// adoptCount does it for a note. Of two counts the lower one is taken: codes that
// are thought to be there and are not do more harm. Where another number of codes
// was there at first, the note was counted anew, and the uses are not of its codes.
func (r *record) adoptCount(other *record) bool {
	if r.First != other.First {
		return false
	}
	used := slices.Clone(r.Used)
	for _, u := range other.Used {
		if !slices.Contains(r.Used, u) {
			used = append(used, u)
		}
	}
	fresh := len(used) - len(r.Used)
	left := max(0, min(r.Left-fresh, other.Left))
	if fresh == 0 && left == r.Left {
		return false
	}
	slices.Sort(used)
	r.Used, r.Left = used[max(0, len(used)-MaxCodes):], left
	return true
}
