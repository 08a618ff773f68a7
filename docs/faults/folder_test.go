// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// without has a file changed before the operation; edit returns its new
// content, false for none at all.
func (r *trial) without(name string, l lens, edit func(string) (string, bool)) []finding {
	text, there := r.base.files[name]
	if !there {
		return []finding{unused}
	}
	r.restore(r.base)
	path := filepath.Join(r.dir, name)
	next, keep := edit(text)
	err := os.Remove(path)
	if keep {
		err = os.WriteFile(path, []byte(next), 0o600)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	l.confirmed = r.here(func() {}) == nil
	return r.verdict(l, name+" is not what it was")
}

func (r *trial) indexDeleted() []finding {
	return r.without("accounts.json", usual(false), func(string) (string, bool) { return "", false })
}

func (r *trial) indexDamaged() []finding {
	var all []finding
	for _, edit := range []func(string) string{
		func(s string) string { return s[:len(s)/2] },
		func(s string) string { return strings.Repeat("\x00", len(s)) },
		func(string) string { return "" },
	} {
		all = append(all, r.without("accounts.json", usual(false), func(s string) (string, bool) { return edit(s), true })...)
	}
	return all
}

func (r *trial) sealedDeleted() []finding {
	return r.without("secrets.sealed", lens{lost: true}, func(string) (string, bool) { return "", false })
}

// folderOlder has the data folder as it was put back after the operation.
func (r *trial) folderOlder() []finding {
	if r.op().founds {
		return []finding{unused}
	}
	r.restore(r.base)
	err := r.here(func() {})
	r.write(r.dir, r.base.files)
	return r.verdict(lens{confirmed: err == nil, lost: true, older: true, snapshots: true}, fmt.Sprintf("an older folder was put back (%v)", err))
}

// clock has the operation done at odd times.
func (r *trial) clock() []finding {
	var all []finding
	for _, years := range []int{-60, -1, 80} {
		r.restore(r.base)
		o := r.order()
		o.Shift = time.Duration(years) * 365 * 24 * time.Hour
		out, err := r.child(o)
		l := usual(err == nil)
		l.expired = years > 0
		all = append(all, r.verdict(l, fmt.Sprintf("the clock is %d years off (%v, %s)", years, err, out))...)
	}
	return all
}

// flipped has a bit of each file changed before the operation, at a random
// place; TestEveryByte has every one of them.
func (r *trial) flipped() []finding {
	for name, text := range r.base.files {
		if text == "" {
			continue
		}
		at := rand.IntN(len(text))
		found := r.without(name, lens{lost: true, older: true}, func(s string) (string, bool) { return flip(s, at), true })
		if sum(found) == failed {
			r.t.Errorf("it was byte %d of %s", at, name)
			return found
		}
	}
	if len(r.base.files) == 0 {
		return []finding{unused}
	}
	return []finding{kept}
}

func flip(s string, at int) string { return s[:at] + string([]byte{s[at] ^ 1}) + s[at+1:] }
