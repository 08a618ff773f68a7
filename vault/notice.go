// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
)

// NoticeKind says what was noticed.
type NoticeKind string

// What is noticed when a part of the data is older than the rest, or gone:
// somebody put an older copy back, by mistake or not.
const (
	NoticeOlderFolder NoticeKind = "older_folder" // the list of accounts; the keys are the newer ones
	NoticeOlderKeys   NoticeKind = "older_keys"   // the keys: accounts or counters may be missing
	NoticeUnguarded   NoticeKind = "unguarded"    // the passphrase is gone, and nobody here removed it
)

// Notice is something a person has to see. It stays until Dismiss.
type Notice struct {
	Kind NoticeKind `json:"kind"`
	At   int64      `json:"at"` // Unix time at which it was noticed
}

// Notices returns what was noticed and not dismissed.
func (v *Vault) Notices() []Notice { return slices.Clone(v.current().Notices) }

// Dismiss forgets a notice: the user has seen it.
func (v *Vault) Dismiss(ctx context.Context, kind NoticeKind) error {
	return v.update(ctx, "dismiss notice", func(t *tx) error {
		t.minor = true
		t.idx.Notices = slices.DeleteFunc(t.idx.Notices, func(n Notice) bool { return n.Kind == kind })
		return nil
	})
}

// notice adds what was noticed, once.
func (x *index) notice(kind NoticeKind, now time.Time) {
	if kind != "" && !slices.ContainsFunc(x.Notices, func(n Notice) bool { return n.Kind == kind }) {
		x.Notices = append(x.Notices, Notice{kind, now.Unix()})
	}
}

// rolledBack compares the generations of the pages found with those the index
// knows. Where no change was cut short they differ only if one side is an older
// copy.
func (s *survey) rolledBack(old *index) NoticeKind {
	var kind NoticeKind
	for n, info := range old.Pages {
		p := s.pages[n]
		switch {
		case p == nil || info == (pageInfo{}) || info.Opaque:
		case p.gen < info.Gen:
			return NoticeOlderKeys
		case p.gen > info.Gen:
			kind = NoticeOlderFolder
		}
	}
	return kind
}

// StateDir returns the folder for Options.State: where this system's programs
// keep what may be lost, outside the data folder.
func StateDir() string {
	if base := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(base) && runtime.GOOS != "windows" {
		return filepath.Join(base, folderName)
	}
	switch runtime.GOOS {
	case "windows", "darwin", "ios", "android":
		if base, err := os.UserCacheDir(); err == nil {
			return filepath.Join(base, folderName)
		}
		return ""
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", folderName)
}

// anchorPath is the file that notes the generation of this folder's accounts.
func (v *Vault) anchorPath() string {
	name := spaceOf(v.dir)
	if name == "" {
		name = "default"
	}
	return filepath.Join(v.state, "generation-"+name)
}

func (v *Vault) readAnchor() uint64 {
	b, err := os.ReadFile(v.anchorPath())
	if err != nil {
		return 0
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(b)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// writeAnchor notes the generation. It is a help, no promise: where it cannot
// be written an older copy of the whole folder is not noticed.
func (v *Vault) writeAnchor() error {
	gen := v.current().generation()
	if v.state == "" || v.readAnchor() == gen {
		return nil
	}
	if err := os.MkdirAll(v.state, 0o700); err != nil {
		return fmt.Errorf("note generation: %w", err)
	}
	return atomicfile.Write(v.anchorPath(), []byte(strconv.FormatUint(gen, 10)+"\n"))
}

// lookBack notices that the whole folder, keys included, is older than it was.
// A folder that was just founded has no past.
func (v *Vault) lookBack(ctx context.Context, founded bool) {
	if v.state == "" {
		return
	}
	if founded {
		_ = v.writeAnchor()
		return
	}
	if v.readAnchor() <= v.current().generation() {
		return
	}
	unlock, err := v.lock(withoutWaiting(ctx))
	if err != nil {
		return
	}
	defer unlock()
	if _, err := v.reload(); err != nil || v.readAnchor() <= v.current().generation() {
		return
	}
	if v.rebuild(ctx, nil) != nil { // keys that are newer than the list make it good, and say so
		return
	}
	if v.readAnchor() <= v.current().generation() {
		return
	}
	x := v.current().clone()
	x.notice(NoticeOlderKeys, v.now())
	if x.seal() == nil && v.save(x) == nil {
		_ = v.writeAnchor()
	}
}
