// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
)

const (
	folderName = "snapshots"
	nameTime   = "20060102T150405Z"
	latest     = "latest"
)

// namePattern is what a file must be called to be one of ours. No other is ever
// removed. It is compiled when it is first needed: every start of a program
// would pay for it.
var namePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^kutano-(\d{8}T\d{6}Z)-(\d{6,20})\.age$`)
})

// write and readFile are how a snapshot goes to the disk and comes back. Tests
// replace them.
var (
	create   = atomicfile.Create
	readBack = os.ReadFile
)

// Folder is the folder of snapshots in a data folder. Whoever writes must hold a
// lock that keeps others from writing; reading needs none.
type Folder struct{ dir string }

// Info is what is known of a snapshot without its key.
type Info struct {
	// Name is the file's name.
	Name string
	// Made is when it was written, to the second.
	Made time.Time
	// Size is in bytes.
	Size int64
	// Digest is the SHA-256 of the file in hex, empty where it is not known.
	Digest string
	// Generation, Accounts and Lost are the Meta with which it was written;
	// zero where they are not known.
	Generation     uint64
	Accounts, Lost int
	// Key is the fingerprint of the recipient, empty where it is not known.
	Key string
	// Era rises where accounts were lost or the vault went back to an older
	// state. It is 0 where that is not known; such a snapshot is never pruned.
	Era int
}

// Meta is what the vault says of a document: the number of its last change, how
// many accounts there are with their keys, and how much is lost. Lost need not be
// exact, but it must rise with each loss.
type Meta struct {
	Generation     uint64
	Accounts, Lost int
}

// OpenFolder returns the folder of snapshots in a data folder. Nothing is made
// before the first Write.
func OpenFolder(dir string) *Folder { return &Folder{dir: filepath.Join(dir, folderName)} }

// Write encrypts the document to the recipient and adds it to the folder. It is
// read back and compared before it counts, and then older ones are pruned. When
// an error comes, everything is as it was; it wraps [ErrRecipient], [ErrTooLarge],
// [ErrReadBack] or the system's.
func (f *Folder) Write(d Document, recipient string, m Meta, now time.Time) (Info, error) {
	file, err := Encrypt(d, Lock{Recipients: []string{recipient}})
	if err != nil {
		return Info{}, fmt.Errorf("write snapshot: %w", err)
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return Info{}, fmt.Errorf("write snapshot: %w", err)
	}
	_ = atomicfile.Sweep(f.dir, writtenHere) // what stays is in nobody's way
	known, err := f.load()
	if err != nil {
		return Info{}, fmt.Errorf("write snapshot: %w", err)
	}
	sum := sha256.Sum256(file)
	info := Info{
		Size: int64(len(file)), Digest: hex.EncodeToString(sum[:]), Key: Fingerprint(recipient),
		Generation: m.Generation, Accounts: m.Accounts, Lost: m.Lost, Era: nextEra(known.infos, m),
	}
	if info.Name, info.Made, err = f.add(file, m.Generation, now); err != nil {
		return Info{}, fmt.Errorf("write snapshot: %w", err)
	}
	known.infos = append([]Info{info}, known.infos...)
	if known.id == "" {
		known.id = newID()
	}
	if err := f.save(known); err != nil {
		return Info{}, fmt.Errorf("write snapshot: %w", errors.Join(err, atomicfile.Remove(f.path(info.Name))))
	}
	if !known.newer {
		f.prune(known.infos)
	}
	return info, nil
}

// writtenHere tells the files that are written under the lock.
func writtenHere(name string) bool { return name == indexName || namePattern().MatchString(name) }

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }

// add writes a file under a name of its own, for the time or the next second
// that is free, and reads it back.
func (f *Folder) add(file []byte, generation uint64, now time.Time) (name string, made time.Time, err error) {
	made = time.Unix(min(max(now.Unix(), 0), lastSecond-100), 0)
	for range 100 {
		name = fmt.Sprintf("kutano-%s-%06d.age", made.UTC().Format(nameTime), generation)
		if err = create(f.path(name), file); !errors.Is(err, fs.ErrExist) {
			break
		}
		made = made.Add(time.Second)
	}
	if errors.Is(err, fs.ErrExist) {
		return "", made, err
	}
	if err == nil {
		var back []byte
		if back, err = readBack(f.path(name)); err == nil && !bytes.Equal(back, file) {
			err = ErrReadBack
		}
	}
	if err == nil {
		_, err = Needs(file)
	}
	if err != nil { // also where it is there but may not survive a power cut
		_ = atomicfile.Remove(f.path(name))
		return "", made, err
	}
	return name, made, nil
}

// List returns the snapshots, the newest first: in the order in which they were
// written, whatever the clock said. A file that its list does not know has only
// a name and a size. The errors are the system's.
func (f *Folder) List() ([]Info, error) {
	known, err := f.load()
	if err != nil {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	return known.infos, nil
}

// Read returns the file of a snapshot, by its name or "latest". It returns
// [ErrNoSnapshot], [ErrTooLarge] or the system's error.
func (f *Folder) Read(name string) ([]byte, error) {
	if name == latest {
		infos, err := f.List()
		if err != nil {
			return nil, fmt.Errorf("read snapshot: %w", err)
		}
		if len(infos) == 0 {
			return nil, fmt.Errorf("read snapshot: %w: %w", ErrNoSnapshot, fs.ErrNotExist)
		}
		name = infos[0].Name
	}
	if !namePattern().MatchString(name) {
		return nil, fmt.Errorf("read snapshot: %w: %w", ErrNoSnapshot, fs.ErrNotExist)
	}
	b, err := readRegular(f.path(name), maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: %w", ErrNoSnapshot, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	return b, nil
}

// Remove removes one snapshot, by its name: the first one of a recovery key that
// did not come to be. It returns [ErrNoSnapshot] or the system's error. The same
// lock must be held as for Write.
func (f *Folder) Remove(name string) error {
	if _, ours := named(name); !ours {
		return fmt.Errorf("remove snapshot: %w: %w", ErrNoSnapshot, fs.ErrNotExist)
	}
	fi, err := os.Lstat(f.path(name))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !fi.Mode().IsRegular() {
		err = fmt.Errorf("%w: %w", ErrNoSnapshot, fs.ErrNotExist)
	}
	if err == nil {
		err = atomicfile.Remove(f.path(name))
	}
	if err != nil {
		return fmt.Errorf("remove snapshot: %w", err)
	}
	known, err := f.load() // without it, as it is not there
	if err == nil {
		err = f.save(known)
	}
	if err != nil {
		return fmt.Errorf("remove snapshot: %w", err)
	}
	return nil
}

// readRegular reads a file of at most limit bytes. A link, a pipe and the like
// are as good as not there.
func readRegular(path string, limit int64) ([]byte, error) {
	if fi, err := os.Lstat(path); err != nil {
		return nil, err
	} else if !fi.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fs.ErrNotExist}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = ErrTooLarge
	}
	return b, err
}

// named returns what a file's name tells, false if it is none of ours.
func named(name string) (Info, bool) {
	m := namePattern().FindStringSubmatch(name)
	if m == nil {
		return Info{}, false
	}
	made, err := time.Parse(nameTime, m[1])
	if err != nil {
		return Info{}, false
	}
	generation, err := strconv.ParseUint(m[2], 10, 64)
	return Info{Name: name, Made: made.Local(), Generation: generation}, err == nil
}
