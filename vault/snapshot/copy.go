// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
)

const (
	keepCopies = 10
	unknownKey = "00000000"
	leftAfter  = 24 * time.Hour // a temporary file so old is nobody's any more
)

// errHangs is what Copies tells of a copy that was given up.
var errHangs = errors.New("copy snapshot: the folder did not answer in time")

// copying are the copies that this process has under way. A drive that does not
// answer holds up one, and nothing else.
var copying = struct {
	sync.Mutex
	at map[route]*wish
}{at: map[route]*wish{}}

// route is a folder of snapshots and where copies of it go.
type route struct{ from, to string }

// wish is whether a copy was asked for again while one was under way, and when.
type wish struct {
	again bool
	now   time.Time
}

// begin tells whether no copy is under way there. One that is will look again.
func (r route) begin(now time.Time) bool {
	copying.Lock()
	defer copying.Unlock()
	if w := copying.at[r]; w != nil {
		w.again, w.now = true, now
		return false
	}
	copying.at[r] = &wish{}
	return true
}

// next tells whether a copy was asked for meanwhile, and ends otherwise.
func (r route) next() (time.Time, bool) {
	copying.Lock()
	defer copying.Unlock()
	w := copying.at[r]
	if !w.again {
		delete(copying.at, r)
		return time.Time{}, false
	}
	w.again = false
	return w.now, true
}

func (r route) busy() bool {
	copying.Lock()
	defer copying.Unlock()
	return copying.at[r] != nil
}

// CopyIfDue copies the newest snapshot if a copy of it is due, and keeps the
// newest ten of the copies that it made with the same key in the same era. Other
// files are never touched, also copies of another device's snapshots. An error is noted in [Copies] too, and tried again when called
// again. It needs no lock, and takes as long as the folder for copies does; while
// a copy there is under way in this process, it returns at once and that one looks
// for a newer snapshot at its end.
func (f *Folder) CopyIfDue(now time.Time) error {
	c := f.Copies()
	r := route{f.dir, c.Dir}
	if c.Every == EveryNever || !r.begin(now) {
		return nil
	}
	for {
		err := f.copyIfDue(c.Dir, now)
		var again bool
		if now, again = r.next(); !again {
			return err
		}
	}
}

// CopyHangs notes in [Copies] that a copy under way has not come to its end in
// the time that there was. If it does after all, it notes that.
func (f *Folder) CopyHangs() {
	if c := f.Copies(); (route{f.dir, c.Dir}).busy() {
		_ = f.note(c, time.Time{}, errHangs)
	}
}

func (f *Folder) copyIfDue(dir string, now time.Time) error {
	c := f.Copies()
	if c.Every == EveryNever || c.Dir != dir {
		return nil
	}
	x, err := f.load()
	if err != nil || len(x.infos) == 0 {
		return err
	}
	name, end := copyName(x.infos[0], x.id)
	target := filepath.Join(c.Dir, name)
	if _, err := os.Lstat(target); err == nil && c.Err == "" {
		return nil
	}
	if since := now.Sub(c.Last); !c.Last.IsZero() && c.Err == "" && since >= 0 && since < c.Every.period() {
		return nil
	}
	if err = f.copyTo(target, x.infos[0]); err == nil && end != "" {
		pruneCopies(target, end, now)
	}
	return f.note(c, now, err)
}

// copyName is the name of a copy: its time and generation, which key it is for,
// of which folder of snapshots it is, and its era. So two devices can share a
// folder, and none removes what it did not make. The end of the name is that of
// the copies that one more may remove; it is empty where nobody can tell.
func copyName(i Info, id string) (name, end string) {
	key := i.Key
	if len(key) < len(unknownKey) {
		key = unknownKey
	}
	name = "kutano-backup-" + i.Made.UTC().Format(nameTime) + fmt.Sprintf("-%06d", i.Generation)
	end = "-" + key[:len(unknownKey)]
	if id == "" || i.Era == 0 {
		return name + end + ".age", ""
	}
	end += "-" + id + "-" + strconv.Itoa(i.Era) + ".age"
	return name + end, end
}

// copyPattern does not match names without an id: those copies stay.
var copyPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\.?)(kutano-backup-\d{8}T\d{6}Z-\d{6,20}-[0-9a-f]{8}-[0-9a-f]{8}-\d{1,10}\.age)(\.\d+\.tmp)?$`)
})

// copyNamed returns the name of the copy that a file is, or that a temporary file
// was to become; none where it is neither.
func copyNamed(file string) (name string, temporary bool) {
	m := copyPattern().FindStringSubmatch(file)
	if m == nil || (m[1] == "") != (m[3] == "") {
		return "", false
	}
	return m[2], m[3] != ""
}

// copyTo copies a snapshot that is whole, and reads it back.
func (f *Folder) copyTo(target string, info Info) error {
	file, err := f.Read(info.Name)
	if err == nil {
		err = info.verify(file)
	}
	if err == nil {
		err = atomicfile.Write(target, file)
	}
	if err == nil {
		var back []byte
		if back, err = readBack(target); err == nil && !bytes.Equal(back, file) {
			_ = atomicfile.Remove(target)
			err = ErrReadBack
		}
	}
	if err != nil {
		return fmt.Errorf("copy snapshot: %w", err)
	}
	return nil
}

// pruneCopies removes the oldest copies beside one, never that one, and what
// copies that were cut short have left: of those whose names end like its own.
func pruneCopies(target, end string, now time.Time) {
	dir := filepath.Dir(target)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var older []string
	for _, e := range entries {
		name, temporary := copyNamed(e.Name())
		switch {
		case !strings.HasSuffix(name, end) || !e.Type().IsRegular():
		case temporary: // temporary; a new one may be another process's, which is at work
			if fi, err := e.Info(); err == nil && now.Sub(fi.ModTime()) > leftAfter {
				_ = atomicfile.Remove(filepath.Join(dir, e.Name()))
			}
		case name != filepath.Base(target):
			older = append(older, name)
		}
	}
	slices.Sort(older)
	for len(older) >= keepCopies {
		_ = atomicfile.Remove(filepath.Join(dir, older[0]))
		older = older[1:]
	}
}
