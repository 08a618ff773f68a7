// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// Safe is the safe of one data folder. Its methods may be called by several
// goroutines at once. Those with a context take as long as the work against
// guessing a passphrase does (about a second, and twice that where another
// process changed the file), and are for the background; all others return at
// once. Ending the context returns early, and then nothing has changed. Where the
// system fails to write a file, nothing has changed either, but for an error
// that names the folder: then the change is made, and a power cut may undo it.
type Safe struct {
	dir   string
	now   func() time.Time
	work  chan struct{} // filled by who changes the files
	swept bool          // in the hands of who changes the files

	mu       sync.Mutex
	register []record  // as it was read last
	damaged  bool      // it could not be read
	open     *contents // nil while locked
	locks    int       // how often Lock was called
	touched  time.Time
}

// contents is what the sealed file held when it was read or written last. It is
// replaced as a whole, and cleared under the mutex.
type contents struct {
	sets       []record
	passphrase secret.Value
	sum        [sha256.Size]byte // of the file
}

func (c *contents) clear() {
	wipe(c.sets)
	c.passphrase.Clear()
}

// Open reads the register of a data folder, which need not exist. The codes stay
// locked. It returns [ErrNewer] for a register of a newer version, and the
// system's error where it cannot be read; one that is damaged is told of by
// [Safe.Problem], and put aside at the next change.
func Open(dir string, now func() time.Time) (*Safe, error) {
	s := &Safe{dir: dir, now: now, work: make(chan struct{}, 1)}
	var err error
	if s.register, s.damaged, err = s.readRegister(); err != nil {
		return nil, err
	}
	return s, nil
}

// Exists tells whether there is a sealed file, and so a passphrase.
func (s *Safe) Exists() bool {
	_, err := os.Stat(s.path(sealedName))
	return err == nil
}

// Locked tells whether the codes cannot be seen now: also where there is no safe yet.
func (s *Safe) Locked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open == nil
}

// Problem is what is wrong with the files, as far as that is known: nil,
// [ErrMissing] or [ErrRegister].
func (s *Safe) Problem() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.open != nil:
		return nil
	case s.damaged:
		return ErrRegister
	case anyHere(s.register) && !s.Exists():
		return ErrMissing
	}
	return nil
}

// anyHere tells whether the codes of a set should be in the sealed file.
func anyHere(rs []record) bool {
	return slices.ContainsFunc(rs, func(r record) bool { return r.Place == Here })
}

// Idle is how long ago the codes were last asked for or changed, for locking
// after a while. It is 0 while the safe is locked.
func (s *Safe) Idle() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return 0
	}
	now := s.now()
	if now.Before(s.touched) {
		s.touched = now // the clock was set back
	}
	return now.Sub(s.touched)
}

// all returns every set as the register has it: of those here what the sealed
// file says, where that is known. The caller has the mutex.
func (s *Safe) all() []record {
	if s.open == nil {
		return s.register
	}
	return merged(s.register, s.open.sets)
}

// merged is the register made anew from the sealed file.
func merged(register, here []record) []record {
	var out []record
	for _, r := range register {
		if r.Place == Elsewhere {
			out = append(out, r)
		}
	}
	for i := range here {
		out = append(out, here[i].public())
	}
	return out
}

// Sets returns the sets, those made last first.
func (s *Safe) Sets() []Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Set
	for _, r := range s.all() {
		if r.Removed == 0 {
			out = append(out, r.set())
		}
	}
	slices.SortFunc(out, func(a, b Set) int {
		return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Set returns one of them, or [ErrNoSet].
func (s *Safe) Set(id ID) (Set, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.all() {
		if r.ID == id && r.Removed == 0 {
			return r.set(), nil
		}
	}
	return Set{}, ErrNoSet
}

// Removed returns the sets that can be brought back, those removed last first.
func (s *Safe) Removed() []Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now().Unix()
	var out []Set
	for _, r := range s.all() {
		if r.Removed > 0 && !r.expired(now) {
			out = append(out, r.set())
		}
	}
	slices.SortFunc(out, func(a, b Set) int {
		return cmp.Or(b.Removed.Compare(a.Removed), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Codes tells of each code of a set whether it was used, in the order in which
// they were given out. It returns [ErrLocked], [ErrNoSet] or [ErrPlace].
func (s *Safe) Codes(id ID) ([]Code, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.opened(id)
	if err != nil {
		return nil, fmt.Errorf("look at backup codes: %w", err)
	}
	out := make([]Code, len(r.Codes))
	for i, c := range r.Codes {
		out[i].Used = at(c.Used)
	}
	return out, nil
}

// Reveal returns one code, i from 0; the caller clears it. It returns what
// [Safe.Codes] returns, or [ErrNoCode].
func (s *Safe) Reveal(id ID, i int) (secret.Value, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.opened(id)
	if err == nil && (i < 0 || i >= len(r.Codes)) {
		err = ErrNoCode
	}
	if err != nil {
		return secret.Value{}, fmt.Errorf("show backup code: %w", err)
	}
	return r.Codes[i].Text.Clone(), nil
}

// opened returns a set whose codes can be seen. The caller has the mutex.
func (s *Safe) opened(id ID) (*record, error) {
	for i := range s.register {
		if r := &s.register[i]; r.ID == id && r.Place == Elsewhere && r.Removed == 0 {
			return nil, ErrPlace
		}
	}
	if s.open == nil {
		return nil, ErrLocked
	}
	for i := range s.open.sets {
		if r := &s.open.sets[i]; r.ID == id && r.Removed == 0 {
			s.touched = s.now()
			return r, nil
		}
	}
	return nil, ErrNoSet
}

// Holding returns the set that has most of these codes already, and how many of
// them: the same codes may have been pasted twice. It is 0 where there are none,
// or the safe is locked.
func (s *Safe) Holding(codes []secret.Value) (Set, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return Set{}, 0
	}
	var best Set
	most := 0
	for i := range s.open.sets {
		r := &s.open.sets[i]
		if r.Removed > 0 {
			continue
		}
		if n := r.holds(codes); n > most {
			pub := r.public()
			best, most = pub.set(), n
		}
	}
	return best, most
}

// holds counts those of the codes that the set has.
func (r *record) holds(codes []secret.Value) int {
	n := 0
	for _, c := range codes {
		if slices.ContainsFunc(r.Codes, func(have code) bool { return have.Text.Equal(c) }) {
			n++
		}
	}
	return n
}

func newID() ID {
	var b [idDigits / 2]byte
	_, _ = rand.Read(b[:]) // never fails
	return ID(hex.EncodeToString(b[:]))
}
