// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/statefile"
)

// Saved returns the run that was kept in a data folder; ok is false where there
// is none, or none of this guide. A file that cannot be read is put aside as
// setup.json.damaged or recover.json.damaged, and counts as none. The error is statefile.ErrNewer or the
// system's.
func (g *Guide) Saved(dir string, f Facts) (r *Run, ok bool, err error) {
	s, _, err := g.file(dir).Load()
	if err != nil {
		return nil, false, fmt.Errorf("read the way through the guide: %w", err)
	}
	r, err = g.Restore(s, f)
	return r, err == nil, nil
}

// Save keeps the run in a data folder. A pending enrolment that another process
// noted since is taken over, unless SetPending was called. The errors are those
// of package statefile.
func (r *Run) Save(dir string) error {
	_, err := r.guide.file(dir).Change(context.Background(), func(s *State) error {
		if !r.state.decided {
			r.state.Pending = s.Pending
		}
		*s = r.State()
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the way through the guide: %w", err)
	}
	return nil
}

// errNothingLeft ends a change with nothing to write.
var errNothingLeft = errors.New("nothing is left to keep")

// Forget removes the run that was kept: it has come to its end. A run with an
// enrolment under way stays.
func (g *Guide) Forget(dir string) error {
	f := g.file(dir)
	if _, _, err := f.Load(); err != nil {
		return fmt.Errorf("forget the way through the guide: %w", err)
	}
	_, err := f.Change(context.Background(), func(s *State) error {
		if s.Pending != nil {
			return errNothingLeft
		}
		if err := atomicfile.Remove(f.Path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return errNothingLeft
	})
	if err != nil && !errors.Is(err, errNothingLeft) {
		return fmt.Errorf("forget the way through the guide: %w", err)
	}
	return nil
}

// file is where a run is kept: setup.json or recover.json.
func (g *Guide) file(dir string) *statefile.File[State] {
	return statefile.New[State](dir, g.Name+".json", StateVersion)
}
