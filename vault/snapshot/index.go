// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
)

const (
	indexName    = "snapshots.json"
	indexVersion = 1
	maxIndex     = 16 << 20 // bytes; a snapshot takes three hundred
	idDigits     = 8
)

// index is snapshots.json, brought into line with the files that are there. It
// can be lost: then eras, numbers and digests are, and no snapshot.
type index struct {
	infos []Info
	id    string // tells copies of these snapshots from those of others with the same key; may be empty
	newer bool   // a later version's: not ours to change
}

// listed is a snapshot in snapshots.json.
type listed struct {
	Name       string `json:"name"`
	Made       int64  `json:"made"`
	Size       int64  `json:"size"`
	Digest     string `json:"digest"`
	Generation uint64 `json:"generation"`
	Accounts   int    `json:"accounts"`
	Lost       int    `json:"lost"`
	Key        string `json:"key"`
	Era        int    `json:"era"`
}

// indexFile is the whole of snapshots.json.
type indexFile struct {
	Version   int      `json:"version"`
	ID        string   `json:"id,omitempty"`
	Snapshots []listed `json:"snapshots"`
}

// load reads the list and merges it with the files. A list that cannot be read
// is as good as none.
func (f *Folder) load() (index, error) {
	files, err := f.files()
	if err != nil {
		return index{}, err
	}
	var x index
	b, err := readRegular(f.path(indexName), maxIndex)
	switch {
	case err == nil:
		x = decodeIndex(b)
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrTooLarge):
		return index{}, err
	}
	x.infos = merge(x.infos, files)
	return x, nil
}

// files returns what is there under a name of ours, as far as that tells.
func (f *Folder) files() ([]Info, error) {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var infos []Info
	for _, e := range entries {
		info, ok := named(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		fi, err := e.Info()
		if err != nil {
			continue // it was removed just now
		}
		info.Size = fi.Size()
		infos = append(infos, info)
	}
	return infos, nil
}

// decodeIndex reads the list, the part of it that makes sense.
func decodeIndex(b []byte) (x index) {
	var head struct {
		Version   int             `json:"version"`
		ID        json.RawMessage `json:"id"`
		Snapshots json.RawMessage `json:"snapshots"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.Version < 1 {
		return x
	}
	if head.Version > indexVersion {
		return index{newer: true}
	}
	if json.Unmarshal(head.ID, &x.id) != nil || !hexDigits(x.id, idDigits) {
		x.id = ""
	}
	seen := map[string]bool{}
	for raw := range elements(head.Snapshots) {
		var l listed
		if err := json.Unmarshal(raw, &l); err != nil {
			continue
		}
		if _, ours := named(l.Name); !ours || seen[l.Name] || !l.sound() {
			continue
		}
		seen[l.Name] = true
		x.infos = append(x.infos, Info{
			Name: l.Name, Made: time.Unix(l.Made, 0), Size: l.Size, Digest: l.Digest, Generation: l.Generation,
			Accounts: l.Accounts, Lost: l.Lost, Key: l.Key, Era: l.Era,
		})
	}
	return x
}

// sound tells whether the values can be true.
func (l listed) sound() bool {
	return l.Made >= 0 && l.Made <= lastSecond && l.Size >= 0 && l.Accounts >= 0 && l.Lost >= 0 && l.Era >= 0 && l.Era < 1<<30 &&
		hexDigits(l.Key, 16) && hexDigits(l.Digest, 64)
}

// hexDigits tells n lower-case hex digits, or none.
func hexDigits(s string, n int) bool {
	return s == "" || len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

// newID draws an id for a folder of snapshots.
func newID() string {
	b := make([]byte, idDigits/2)
	_, _ = rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}

func encodeIndex(x index) ([]byte, error) {
	file := indexFile{Version: indexVersion, ID: x.id, Snapshots: []listed{}}
	for _, i := range x.infos {
		file.Snapshots = append(file.Snapshots, listed{
			Name: i.Name, Made: i.Made.Unix(), Size: i.Size, Digest: i.Digest, Generation: i.Generation,
			Accounts: i.Accounts, Lost: i.Lost, Key: i.Key, Era: i.Era,
		})
	}
	b, err := json.MarshalIndent(file, "", "  ")
	return append(b, '\n'), err
}

// save writes the list, unless that is a later version's.
func (f *Folder) save(x index) error {
	if x.newer {
		return nil
	}
	b, err := encodeIndex(x)
	if err != nil {
		return fmt.Errorf("write the list of snapshots: %w", err)
	}
	return atomicfile.Write(f.path(indexName), b)
}

// merge drops from the list what is not there any more, and adds what it does
// not know where its time puts it.
func merge(list, files []Info) []Info {
	there := map[string]bool{}
	for _, f := range files {
		there[f.Name] = true
	}
	list = slices.DeleteFunc(list, func(i Info) bool { return !there[i.Name] })
	for _, i := range list {
		there[i.Name] = false
	}
	files = slices.DeleteFunc(files, func(i Info) bool { return !there[i.Name] })
	slices.SortFunc(files, func(a, b Info) int {
		return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(b.Generation, a.Generation), cmp.Compare(b.Name, a.Name))
	})
	out := make([]Info, 0, len(list)+len(files))
	for _, i := range list {
		for len(files) > 0 && files[0].Made.After(i.Made) {
			out, files = append(out, files[0]), files[1:]
		}
		out = append(out, i)
	}
	return append(out, files...)
}
