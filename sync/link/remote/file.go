// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/atomicfile"
)

const (
	fileName    = "link.json"
	lockName    = "link.lock"
	fileVersion = 1
	maxFile     = 64 << 10 // far more than it ever is
)

// file is link.json. Nothing of it is secret.
type file struct {
	Version int          `json:"version"`
	Address string       `json:"address,omitempty"`
	Who     *whoJSON     `json:"who,omitempty"`
	Since   time.Time    `json:"since,omitzero"`
	Scopes  []link.Scope `json:"scopes,omitempty"`
	Ended   bool         `json:"ended,omitempty"`
	// Enrol says until when a permission to enrol may be kept beside.
	Enrol time.Time `json:"enrol,omitzero"`
	// Desk says who works at the desk, by a permission that is kept beside.
	Desk *deskNote `json:"desk,omitempty"`
	// Unwatched says that the user wants no looks at the status without asking for one.
	Unwatched bool        `json:"unwatched,omitempty"`
	Seen      *statusJSON `json:"seen,omitempty"`
	SeenAt    time.Time   `json:"seen_at,omitzero"`
	// Untold is what happened elsewhere until the user was told.
	Untold []link.Event `json:"untold,omitempty"`
	// Enrolment is the note of what is being set up, of package enrolment.
	Enrolment json.RawMessage `json:"enrolment,omitempty"`
}

// decodeFile reads link.json: ErrNewer of a later version, ErrUnreadable for what is none.
func decodeFile(b []byte) (file, error) {
	var f file
	if len(b) > maxFile || json.Unmarshal(b, &f) != nil || f.Version < 1 {
		return file{}, link.ErrUnreadable
	}
	if f.Version > fileVersion {
		return file{}, link.ErrNewer
	}
	if f.Desk != nil && !f.Desk.ok() {
		return file{}, link.ErrUnreadable
	}
	if f.Address == "" {
		return f, nil
	}
	if base, err := link.ParseAddress(f.Address); err != nil || base != f.Address || f.Who == nil || !scopesOK(f.Scopes) {
		return file{}, link.ErrUnreadable
	}
	var err error
	if f.Seen != nil {
		_, err = f.seen()
	}
	if err != nil || f.Who.odd() != "" {
		return file{}, link.ErrUnreadable
	}
	return f, nil
}

// of tells whether a user of a service is linked.
func (f file) of(address string, who link.Who) bool {
	return f.Address == address && f.Who != nil && f.Who.ID == who.ID
}

// seen is the last status; zero for none.
func (f file) seen() (link.Status, error) {
	if f.Seen == nil {
		return link.Status{}, nil
	}
	b, err := json.Marshal(f.Seen)
	if err != nil {
		return link.Status{}, link.ErrUnreadable
	}
	return decodeStatus(b)
}

// tell notes what happened until the user was told, the most urgent first.
func (f *file) tell(events ...link.Event) {
	f.Untold = append(f.Untold, events...)
	slices.SortStableFunc(f.Untold, link.ByUrgency)
	f.Untold = slices.Compact(f.Untold)
}

// end notes that the service takes the permission no more.
func (f *file) end() {
	if !f.Ended {
		f.Ended = true
		f.tell(link.LinkEnded)
	}
}

// told takes away what the user was told.
func (f *file) told(events ...link.Event) {
	f.Untold = slices.DeleteFunc(f.Untold, func(e link.Event) bool { return slices.Contains(events, e) })
}

func encodeStatus(s link.Status) *statusJSON {
	codes := codesJSON(s.Codes)
	j := &statusJSON{
		Enabled: &s.Enabled, Method: s.Method, PhoneHint: s.PhoneHint, Since: s.Since, LastUsed: s.LastUsed, Drift: s.Drift,
		Codes: &codes, Failures: s.Failures, NotBefore: s.NotBefore, Blocked: s.Blocked, EnrolBy: s.EnrolBy,
	}
	return j // what was pending then is nobody's business later
}

func (h *Home) path() string { return filepath.Join(h.Dir, fileName) }

// read returns what link.json says; an empty one where there is none.
func (h *Home) read() (file, error) {
	info, err := os.Stat(h.path())
	if errors.Is(err, fs.ErrNotExist) {
		return file{Version: fileVersion}, nil
	}
	var b []byte
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxFile) {
		return file{}, fmt.Errorf("read %s: %w", fileName, link.ErrUnreadable)
	}
	if err == nil {
		b, err = os.ReadFile(h.path())
	}
	if err != nil {
		return file{}, fmt.Errorf("read the link: %w", err)
	}
	f, err := decodeFile(b)
	if err != nil {
		return file{}, fmt.Errorf("read %s: %w", fileName, err)
	}
	return f, nil
}

// write keeps what link.json says; where that is nothing it goes.
func (h *Home) write(f file) error {
	f.Version = fileVersion
	if f.Address == "" && len(f.Enrolment) == 0 && !f.Unwatched && f.Desk == nil {
		if err := atomicfile.Remove(h.path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", fileName, err)
		}
		return nil
	}
	b, err := json.MarshalIndent(f, "", "  ")
	if err == nil {
		err = os.MkdirAll(h.Dir, 0o700)
	}
	if err == nil {
		err = atomicfile.Write(h.path(), append(b, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", fileName, err)
	}
	return nil
}

// readOver is read for who is about to write a new link: one that makes no sense is
// put aside first, one of a newer version stays.
func (h *Home) readOver() (file, error) {
	f, err := h.read()
	if !errors.Is(err, link.ErrUnreadable) {
		return f, err
	}
	if err := atomicfile.PutAside(h.path()); err != nil {
		return file{}, fmt.Errorf("put %s aside: %w", fileName, err)
	}
	return file{Version: fileVersion}, nil
}
