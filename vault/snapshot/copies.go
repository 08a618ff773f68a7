// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
)

const (
	copiesName    = "copies.json"
	copiesVersion = 1
)

// Every is how often a copy is due.
type Every string

// How often a copy is due. The zero Every is EveryNever.
const (
	// EveryNever makes no copies.
	EveryNever Every = "never"
	// EveryChange copies each snapshot.
	EveryChange Every = "change"
	// EveryDay copies the newest snapshot when the last copy is a day old.
	EveryDay Every = "day"
	// EveryWeek copies the newest snapshot when the last copy is a week old.
	EveryWeek Every = "week"
)

// period is the least time between two copies.
func (e Every) period() time.Duration {
	switch e {
	case EveryDay:
		return 24 * time.Hour
	case EveryWeek:
		return 7 * 24 * time.Hour
	default:
		return 0
	}
}

// Copies says where else snapshots are copied to, and how that went. Nothing of
// it is secret.
type Copies struct {
	// Dir is the folder, an absolute path, or empty.
	Dir string
	// Every is how often.
	Every Every
	// Last is when a copy was made last, to the second; zero is never.
	Last time.Time
	// Err is why the last attempt failed, empty if it did not.
	Err string
}

// copiesFile is copies.json.
type copiesFile struct {
	Version int    `json:"version"`
	Dir     string `json:"dir"`
	Every   Every  `json:"every"`
	Last    int64  `json:"last"`
	Err     string `json:"err"`
}

// Copies returns what was set, and EveryNever where nothing was or it cannot be
// read.
func (f *Folder) Copies() Copies {
	b, err := readRegular(f.path(copiesName), maxIndex)
	if err != nil {
		return Copies{Every: EveryNever}
	}
	return decodeCopies(b)
}

func decodeCopies(b []byte) Copies {
	var c copiesFile
	none := Copies{Every: EveryNever}
	if err := json.Unmarshal(b, &c); err != nil || c.Version != copiesVersion {
		return none
	}
	if !slices.Contains([]Every{EveryNever, EveryChange, EveryDay, EveryWeek}, c.Every) {
		return none
	}
	if c.Every != EveryNever && !filepath.IsAbs(c.Dir) {
		return none
	}
	return Copies{Dir: c.Dir, Every: c.Every, Last: unixTime(min(max(c.Last, 0), lastSecond)), Err: c.Err}
}

// SetCopies says where copies go, and how often. It returns [ErrCopies] for a
// folder that is not absolute or is the app's own, and for an unknown Every; else
// the system's error, also where the folder is not there.
func (f *Folder) SetCopies(c Copies) error {
	if c.Every == "" {
		c.Every = EveryNever
	}
	if c.Every != EveryNever {
		if err := f.checkCopies(c); err != nil {
			return fmt.Errorf("set folder for copies: %w", err)
		}
	}
	setting.Lock()
	defer setting.Unlock()
	return f.saveCopies(c)
}

func (f *Folder) checkCopies(c Copies) error {
	if c.Every != EveryChange && c.Every.period() == 0 {
		return fmt.Errorf("%w: how often is not known", ErrCopies)
	}
	if !filepath.IsAbs(c.Dir) {
		return fmt.Errorf("%w: its path is not absolute", ErrCopies)
	}
	fi, err := os.Stat(c.Dir)
	if err != nil {
		return err
	}
	if !fi.IsDir() {
		return fmt.Errorf("%w: it is a file", ErrCopies)
	}
	for dir := f.dir; ; dir = filepath.Dir(dir) { // the snapshots and the data folder
		if own, err := os.Stat(dir); err == nil && os.SameFile(own, fi) {
			return fmt.Errorf("%w: it is the app's own", ErrCopies)
		}
		if dir != f.dir {
			return nil
		}
	}
}

// setting is held while copies.json is read to be written: in this process
// nothing that is set is undone by a copy that was under way.
var setting sync.Mutex

// note keeps how a copy went, unless other copies were set meanwhile, and
// returns err.
func (f *Folder) note(c Copies, now time.Time, err error) error {
	setting.Lock()
	defer setting.Unlock()
	is := f.Copies()
	if is.Dir != c.Dir || is.Every != c.Every {
		return err
	}
	before := is
	if err != nil {
		is.Err = err.Error()
	} else {
		is.Last, is.Err = time.Unix(now.Unix(), 0), ""
	}
	if is != before {
		err = errors.Join(err, f.saveCopies(is))
	}
	return err
}

func (f *Folder) saveCopies(c Copies) error {
	b, err := json.MarshalIndent(copiesFile{copiesVersion, c.Dir, c.Every, seconds(c.Last), c.Err}, "", "  ")
	if err == nil {
		err = os.MkdirAll(f.dir, 0o700)
	}
	if err == nil {
		err = atomicfile.Write(f.path(copiesName), append(b, '\n'))
	}
	if err != nil {
		return fmt.Errorf("store folder for copies: %w", err)
	}
	return nil
}
