// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// What the last TakeIn did is noted in the data folder, since it is too long for
// an item of the keyring. An item beside the pages vouches for the note: whoever
// can write to the folder only must not be able to have accounts erased. The item
// has the key of the note's tags, too, by which a key is known to be the same still.
const (
	intakeName    = "intake.json"
	intakeItem    = "intake"
	intakeMagic   = "kutano-intake1"
	intakeVersion = 1
	maxIntake     = 16 << 20 // bytes; twenty thousand accounts take two million
)

// Intake is what the last TakeIn did and UndoIntake can undo.
type Intake struct {
	At       time.Time
	Added    int // accounts that were not here
	Replaced int // accounts that got another key
	Back     int // accounts that had been removed
	Removed  int // accounts that the backup did not have, for Take.Replace
}

// intakeNote is what the file of that name holds.
type intakeNote struct {
	Version  int     `json:"version"`
	At       int64   `json:"at"` // Unix time
	Added    []noted `json:"added,omitempty"`
	Back     []noted `json:"back,omitempty"`
	Replaced []noted `json:"replaced,omitempty"`
	Removed  []noted `json:"removed,omitempty"`
	Lines    []tag   `json:"lines,omitempty"` // set aside
	Order    []ID    `json:"order,omitempty"` // of all accounts before, where it changed
	Stay     int     `json:"stay,omitempty"`  // changes that cannot be undone: accounts had no key before

	digest string // of the file
}

// noted is an account of an intake.
type noted struct {
	ID      ID    `json:"id"`
	Key     tag   `json:"key,omitzero"`      // of the key, and its counter, that it has since
	Old     ID    `json:"old,omitempty"`     // replaced: what keeps the old key; back: what it is the old key of
	Removed int64 `json:"removed,omitempty"` // Unix time of removal: added or removed: now, back: before
}

// undoes tells whether there is anything to be undone.
func (n *intakeNote) undoes() bool {
	return len(n.Added)+len(n.Back)+len(n.Replaced)+len(n.Removed)+len(n.Lines)+len(n.Order) > 0
}

// encode writes the note and learns its digest.
func (n *intakeNote) encode() ([]byte, error) {
	b, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", intakeName, err)
	}
	b = append(b, '\n')
	n.digest = digestOf(string(b))
	return b, nil
}

// decodeIntake reads a note. Anything else is ErrNothingToUndo, or ErrNewer for a
// later version's.
func decodeIntake(b []byte) (*intakeNote, error) {
	n := &intakeNote{digest: digestOf(string(b))}
	if json.Unmarshal(b, n) != nil || n.Version < 1 || n.Stay < 0 {
		return nil, ErrNothingToUndo
	}
	if n.Version > intakeVersion {
		return nil, fmt.Errorf("read %s: %w", intakeName, ErrNewer)
	}
	seen := map[ID]bool{}
	for _, list := range [][]noted{n.Added, n.Back, n.Replaced, n.Removed} {
		for _, e := range list {
			if seen[e.ID] || !validID(string(e.ID)) || e.Old != "" && !validID(string(e.Old)) || e.Removed < 0 {
				return nil, ErrNothingToUndo
			}
			seen[e.ID] = true
		}
	}
	if !n.undoes() {
		return nil, ErrNothingToUndo
	}
	return n, nil
}

func (v *Vault) intakePath() string { return filepath.Join(v.dir, intakeName) }

// noteOfIntake reads the note, which nothing vouches for yet.
func (v *Vault) noteOfIntake() (*intakeNote, error) {
	fi, err := os.Stat(v.intakePath())
	if errors.Is(err, fs.ErrNotExist) || err == nil && fi.Size() > maxIntake {
		return nil, ErrNothingToUndo
	}
	b, rerr := os.ReadFile(v.intakePath())
	if err = errors.Join(err, rerr); err != nil {
		return nil, readOnly(err)
	}
	return decodeIntake(b)
}

// LastIntake tells what UndoIntake would undo, if the data folder was not meddled
// with. It reads a file and asks nobody. After UndoIntake ok is false.
func (v *Vault) LastIntake() (last Intake, ok bool) {
	n, err := v.noteOfIntake()
	if err != nil {
		return Intake{}, false
	}
	return Intake{unixTime(n.At), len(n.Added), len(n.Replaced), len(n.Back), len(n.Removed)}, true
}

// voucher is what the item says of a note.
type voucher struct {
	state  string
	digest string
	key    secret.Value // of the note's tags
}

// The states of a voucher. While it is being taken in or undone, and the process
// ends, the rest is undone.
const (
	taking = "taking"
	taken  = "taken"
	undone = "undoing"
)

// as is the item for another state.
func (w voucher) as(state string) keystore.Item {
	b := append([]byte(intakeMagic+" "+state+" "+w.digest+" "), make([]byte, 2*w.key.Len())...)
	hex.Encode(b[len(b)-2*w.key.Len():], w.key.Bytes())
	return keystore.Item{Name: intakeItem, Value: secret.New(b)}
}

// vouched returns the note of the last intake, if it is the one that was made
// here, and what vouches for it.
func (v *Vault) vouched(ctx context.Context) (*intakeNote, voucher, error) {
	n, err := v.noteOfIntake()
	if err != nil {
		return nil, voucher{}, err
	}
	w, err := v.readVoucher(ctx)
	if err == nil && w.digest != n.digest {
		err = ErrNothingToUndo
	}
	return n, w, err
}

// readVoucher reads the item. Where it vouches for no note it returns ErrNothingToUndo.
func (v *Vault) readVoucher(ctx context.Context) (voucher, error) {
	item, err := v.kept().Get(ctx, intakeItem)
	if errors.Is(err, keystore.ErrNotFound) || errors.Is(err, keystore.ErrUnreadable) {
		return voucher{}, ErrNothingToUndo
	}
	if err != nil {
		return voucher{}, fmt.Errorf("look up what was taken in last: %w", err)
	}
	defer item.Clear()
	fields := bytes.Fields(item.Bytes())
	if len(fields) != 4 || string(fields[0]) != intakeMagic || len(fields[3]) != 2*sha256.Size {
		return voucher{}, ErrNothingToUndo
	}
	key := make([]byte, sha256.Size)
	if _, err := hex.Decode(key, fields[3]); err != nil {
		return voucher{}, ErrNothingToUndo
	}
	return voucher{string(fields[1]), string(fields[2]), secret.New(key)}, nil
}

// forgetIntake ends the last intake: the item vouches for no note any more, and
// the note goes.
func (v *Vault) forgetIntake(ctx context.Context) error {
	err := v.kept().Put(ctx, keystore.Item{Name: intakeItem, Value: secret.FromString(intakeMagic)})
	if err != nil {
		return err
	}
	return v.dropNote()
}

func (v *Vault) dropNote() error {
	if err := atomicfile.Remove(v.intakePath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", intakeName, readOnly(err))
	}
	return nil
}
