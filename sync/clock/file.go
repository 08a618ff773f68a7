// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
)

const (
	fileName    = "clock.json"
	fileVersion = 1
	maxFile     = 1 << 20 // far more than it ever is; a larger one is not ours
)

// ErrNewer is returned where the file is of a newer version, which is left as it
// is.
var ErrNewer = errors.New("clock.json was made by a newer version")

// kept is what outlives the process. Of its Status the fields that go by the
// moment are not written.
type kept struct {
	Status
	Next int64 // Unix time of the next daily measurement
}

// file is clock.json. Nothing in it is secret.
type file struct {
	path    string // "" for none
	damaged bool
	newer   bool
	unread  error // why it could not be read, though it is there
	stamp   stamp
}

// stamp tells a file from what it was.
type stamp struct {
	size int64
	time time.Time
}

// Kept tells whether anything about the clock is noted in a data folder. Where
// nothing is, codes go by the device's clock, and [Open] can be spared.
func Kept(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, fileName))
	return err == nil
}

func newFile(dir string) file {
	if dir == "" {
		return file{}
	}
	return file{path: filepath.Join(dir, fileName)}
}

func (f *file) look() stamp {
	info, err := os.Stat(f.path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

// changed tells whether another process has written the file.
func (f *file) changed() bool { return f.path != "" && f.look() != f.stamp }

// load reads the file. One that makes no sense is put aside as
// clock.json.damaged: what it held can be measured again.
func (f *file) load() kept {
	if f.path == "" {
		return kept{}
	}
	f.stamp = f.look()
	b, err := readSmall(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return kept{}
	}
	var k kept
	if err == nil {
		k, err = decode(b)
	}
	f.newer, f.damaged, f.unread = errors.Is(err, ErrNewer), errors.Is(err, errDamaged), nil
	switch {
	case f.damaged:
		_ = atomicfile.PutAside(f.path) // else the next change writes over it
		f.stamp = stamp{}
	case err != nil && !f.newer: // it cannot be read now, and is looked at again
		f.unread, f.stamp = err, stamp{}
	}
	if err != nil {
		return kept{}
	}
	return k
}

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, errDamaged
	}
	return os.ReadFile(path)
}

func (f *file) save(k *kept) error {
	if f.path == "" {
		return nil
	}
	if f.newer {
		return fmt.Errorf("write clock.json: %w", ErrNewer)
	}
	if f.unread != nil { // what is in it must not be lost
		return fmt.Errorf("read clock.json: %w", f.unread)
	}
	b, err := encode(k)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(f.path), 0o700)
	}
	if err == nil {
		err = atomicfile.Write(f.path, b)
	}
	if err != nil {
		return fmt.Errorf("write clock.json: %w", err)
	}
	f.stamp, f.damaged = f.look(), false
	return nil
}

var errDamaged = errors.New("clock.json is damaged")

// record is the file's format, see docs/formats.md.
type record struct {
	Version  int             `json:"version"`
	Network  Network         `json:"network,omitempty"`
	Servers  []string        `json:"servers,omitempty"`
	Refused  []string        `json:"refused,omitempty"`
	Next     int64           `json:"next,omitempty"`
	Measured *measuredRecord `json:"measured,omitempty"`
	Stale    Why             `json:"stale,omitempty"`
	Applied  int64           `json:"applied_ns,omitempty"`
	Off      bool            `json:"off,omitempty"`
	Ask      bool            `json:"ask,omitempty"`
	Dropped  *droppedRecord  `json:"dropped,omitempty"`
}

type droppedRecord struct {
	Why    Why   `json:"why"`
	Offset int64 `json:"offset_ns"`
}

type measuredRecord struct {
	Offset      int64          `json:"offset_ns"`
	Uncertainty int64          `json:"uncertainty_ns"`
	Majority    bool           `json:"majority,omitempty"`
	Wall        time.Time      `json:"wall"`
	Boot        int64          `json:"boot_ns"`
	Slewed      int64          `json:"slewed_ns,omitempty"`
	BootID      string         `json:"boot_id,omitempty"`
	With        []sourceRecord `json:"with,omitempty"`
	Against     []sourceRecord `json:"against,omitempty"`
}

type sourceRecord struct {
	Offset      int64  `json:"offset_ns"`
	Uncertainty int64  `json:"uncertainty_ns"`
	Kind        Kind   `json:"kind"`
	Name        string `json:"name,omitempty"`
	Operator    string `json:"operator,omitempty"`
	Proven      bool   `json:"proven,omitempty"`
	Smeared     bool   `json:"smeared,omitempty"`
}

func encode(k *kept) ([]byte, error) {
	r := record{
		Version: fileVersion, Network: k.Network, Servers: k.Servers, Refused: k.Refused, Next: k.Next, Stale: k.Stale,
		Applied: int64(k.Applied), Off: k.Off, Ask: k.Ask,
	}
	if d := k.Dropped; d != nil {
		r.Dropped = &droppedRecord{d.Why, int64(d.Offset)}
	}
	if m := k.Measured; m != nil {
		r.Measured = &measuredRecord{
			Offset: int64(m.Offset), Uncertainty: int64(m.Uncertainty), Majority: m.Majority,
			Wall: m.At.Wall.Round(0).UTC(), Boot: int64(m.At.Boot), Slewed: int64(m.At.Slewed), BootID: m.At.BootID,
			With: records(m.With), Against: records(m.Against),
		}
	}
	b, err := json.MarshalIndent(r, "", "  ")
	return append(b, '\n'), err
}

func records(es []Estimate) []sourceRecord {
	var rs []sourceRecord
	for _, e := range es {
		rs = append(rs, sourceRecord{int64(e.Offset), int64(e.Uncertainty), e.Kind, e.Name, e.Operator, e.Proven, e.Smeared})
	}
	return rs
}

func estimates(rs []sourceRecord) []Estimate {
	var es []Estimate
	for _, r := range rs {
		es = append(es, Estimate{time.Duration(r.Offset), time.Duration(r.Uncertainty), r.Kind, r.Name, r.Operator, r.Proven, r.Smeared})
	}
	return es
}

// decode reads the file. What cannot have been written by us is refused: nothing
// is ever corrected by an offset that nobody measured.
func decode(b []byte) (kept, error) {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.Version < 1 {
		return kept{}, errDamaged
	}
	if head.Version > fileVersion {
		return kept{}, ErrNewer
	}
	var r record
	if err := json.Unmarshal(b, &r); err != nil {
		return kept{}, errDamaged
	}
	k := kept{Next: r.Next, Status: Status{
		Network: r.Network, Servers: r.Servers, Refused: r.Refused, Stale: r.Stale,
		Applied: time.Duration(r.Applied), Off: r.Off, Ask: r.Ask,
	}}
	if d := r.Dropped; d != nil {
		k.Dropped = &Dropped{d.Why, time.Duration(d.Offset)}
	}
	if m := r.Measured; m != nil {
		k.Measured = &Measurement{
			Agreement: Agreement{
				Offset: time.Duration(m.Offset), Uncertainty: time.Duration(m.Uncertainty), Majority: m.Majority,
				With: estimates(m.With), Against: estimates(m.Against),
			},
			At: Times{Wall: m.Wall, Boot: time.Duration(m.Boot), Slewed: time.Duration(m.Slewed), BootID: m.BootID},
		}
	}
	if !k.sound() {
		return kept{}, errDamaged
	}
	return k, nil
}

// longest is an uncertainty that nothing has, and to which can be added.
const longest = 100 * 365 * day

// sound tells whether something like this can have been written by us.
func (k *kept) sound() bool {
	switch k.Network {
	case Unasked, Never, OnDemand, Daily:
	default:
		return false
	}
	for _, why := range []Why{k.Stale, k.whyDropped()} {
		if why != "" && why != Stepped && why != Restarted {
			return false
		}
	}
	m := k.Measured
	if m == nil {
		return k.Applied == 0 && !k.Ask && k.Stale == ""
	}
	return m.sound() && (k.Applied == 0 || k.Applied == m.Offset && m.worth() && !k.Off && k.Stale == "")
}

func (m *Measurement) sound() bool {
	return m.Uncertainty >= 0 && m.Uncertainty <= longest && m.At.Boot >= 0 && !m.At.Wall.IsZero()
}

func (k *kept) whyDropped() Why {
	if k.Dropped == nil {
		return ""
	}
	return k.Dropped.Why
}
