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
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// The recovery key's public half stands in the data folder, since it is too
// long for an item of the keyring. An item beside the pages says which one was
// made here: whoever can write to the folder only must not be able to have the
// snapshots encrypted to a key of their own.
const (
	recoveryName    = "recovery.json"
	recoveryItem    = "recovery"
	recoveryMagic   = "kutano-recovery1"
	recoveryVersion = 1
	maxRecovery     = 16 << 10 // bytes; a recipient has two thousand
)

// recovery is what the file of that name holds.
type recovery struct {
	Version   int    `json:"version"`
	Recipient string `json:"recipient"`
	Since     int64  `json:"since"`          // Unix time
	Lock      string `json:"lock,omitempty"` // the lock that unlock.age opens
}

// readRecovery returns ErrNoRecovery where no recovery key was made.
func readRecovery(dir string) (recovery, error) {
	var r recovery
	path := filepath.Join(dir, recoveryName)
	fi, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, ErrNoRecovery
	}
	if err == nil && fi.Size() > maxRecovery {
		return r, fmt.Errorf("read %s: %w", recoveryName, ErrForeignKey)
	}
	b, rerr := os.ReadFile(path)
	if err = errors.Join(err, rerr); err != nil {
		return r, fmt.Errorf("read recovery key: %w", err)
	}
	return decodeRecovery(b)
}

func decodeRecovery(b []byte) (recovery, error) {
	var r recovery
	if json.Unmarshal(b, &r) != nil || r.Recipient == "" {
		return recovery{}, fmt.Errorf("read %s: %w", recoveryName, ErrForeignKey)
	}
	if r.Version > recoveryVersion {
		return recovery{}, fmt.Errorf("read %s: %w", recoveryName, ErrNewer)
	}
	return r, nil
}

// Recovery tells which recovery key the snapshots are encrypted to, by its
// fingerprint, and since when. Without one ok is false.
func (v *Vault) Recovery() (fingerprint string, since time.Time, ok bool) {
	r, err := readRecovery(v.dir)
	if err != nil {
		return "", time.Time{}, false
	}
	return snapshot.Fingerprint(r.Recipient), unixTime(r.Since), true
}

func digestOf(recipient string) string {
	sum := sha256.Sum256([]byte(recipient))
	return hex.EncodeToString(sum[:])
}

// trusted returns the recovery key's recipient, if it is one that was made here.
func (v *Vault) trusted(ctx context.Context) (recovery, error) {
	r, err := readRecovery(v.dir)
	if err != nil {
		return r, err
	}
	known, err := v.recoveryDigests(ctx)
	if err != nil {
		return r, err
	}
	if !slices.Contains(known, digestOf(r.Recipient)) {
		return r, ErrForeignKey
	}
	return r, nil
}

// recoveryDigests returns the digests of the recipients that were made here:
// one, or two while one follows another.
func (v *Vault) recoveryDigests(ctx context.Context) ([]string, error) {
	item, err := v.kept().Get(ctx, recoveryItem)
	if errors.Is(err, keystore.ErrNotFound) || errors.Is(err, keystore.ErrUnreadable) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up recovery key: %w", err)
	}
	defer item.Clear()
	fields := strings.Fields(string(item.Bytes()))
	if len(fields) == 0 || fields[0] != recoveryMagic {
		return nil, nil
	}
	return fields[1:], nil
}

func (v *Vault) putDigests(ctx context.Context, digests ...string) error {
	text := recoveryMagic + " " + strings.Join(digests, " ")
	return v.kept().Put(ctx, keystore.Item{Name: recoveryItem, Value: secret.FromString(text)})
}

// SetRecovery makes a key the recovery key. It writes the first snapshot to it,
// opens it with the key and compares every account; only then the key's public
// half is kept. The key itself is not. When it fails the recovery key is the one
// it was. Snapshots made before open with the key that was the recovery key then.
func (v *Vault) SetRecovery(ctx context.Context, key snapshot.Key) error {
	err := v.setRecovery(ctx, key)
	if err != nil {
		return fmt.Errorf("set recovery key: %w", readOnly(err))
	}
	v.Tend() // a change may have come meanwhile
	return nil
}

func (v *Vault) setRecovery(ctx context.Context, key snapshot.Key) error {
	recipient := key.Recipient()
	if recipient == "" {
		return snapshot.ErrNotKey
	}
	if _, err := readRecovery(v.dir); errors.Is(err, ErrNewer) {
		return err
	}
	first, err := v.firstSnapshot(ctx, key)
	if err == nil {
		err = v.adopt(context.WithoutCancel(ctx), recipient)
	}
	if err != nil && first != "" { // nobody has the key that opens it
		err = errors.Join(err, v.Snapshots().Remove(first))
	}
	return err
}

// adopt keeps a new recovery key. Whatever can fail comes before the file that
// names it is replaced. At every moment that names one which the item knows.
func (v *Vault) adopt(ctx context.Context, recipient string) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	digests := []string{digestOf(recipient)}
	if before, err := v.trusted(ctx); err == nil && before.Recipient != recipient {
		digests = append(digests, digestOf(before.Recipient))
	}
	opens, err := v.sealEscrow(ctx, recipient)
	if err != nil {
		return err
	}
	if err := v.putDigests(ctx, digests...); err != nil {
		return err
	}
	r := recovery{Version: recoveryVersion, Recipient: recipient, Since: v.now().Unix()}
	if err := v.writeRecovery(r); err != nil {
		if now, rerr := readRecovery(v.dir); rerr != nil || now.Recipient != recipient {
			return err
		}
	}
	// It counts from here on. What is left undone Tend makes good.
	_ = v.keepEscrow(r, opens)
	if len(digests) > 1 {
		_ = v.putDigests(ctx, digests[0])
	}
	return nil
}

func (v *Vault) writeRecovery(r recovery) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(v.dir, recoveryName), append(b, '\n'))
}

// firstSnapshot writes a snapshot to a new key and opens it again.
// It returns the name of one that was written, also where it does not open.
func (v *Vault) firstSnapshot(ctx context.Context, key snapshot.Key) (string, error) {
	d, meta, err := v.document(ctx)
	if err != nil {
		return "", err
	}
	defer d.Clear()
	unlock, err := v.lock(ctx)
	if err != nil {
		return "", err
	}
	info, err := v.Snapshots().Write(d, key.Recipient(), meta, v.now())
	unlock()
	if err != nil {
		return "", err
	}
	return info.Name, v.opens(info.Name, key, d)
}

// opens tells whether a snapshot opens with the key and holds what it should.
func (v *Vault) opens(name string, key snapshot.Key, d snapshot.Document) error {
	file, err := v.Snapshots().Read(name)
	if err != nil {
		return err
	}
	back, err := snapshot.Decrypt(file, snapshot.Opener{Key: key})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUntested, err)
	}
	defer back.Clear()
	want, got := snapshot.Encode(d), snapshot.Encode(back)
	defer want.Clear()
	defer got.Clear()
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		return ErrUntested
	}
	return nil
}

// Snapshots returns the folder of snapshots.
func (v *Vault) Snapshots() *snapshot.Folder { return snapshot.OpenFolder(v.dir) }

// Snapshot writes a snapshot now, though nothing changed. Without a recovery
// key it is ErrNoRecovery.
func (v *Vault) Snapshot(ctx context.Context) (snapshot.Info, error) {
	info, err := v.writeSnapshot(ctx)
	if err != nil {
		return info, fmt.Errorf("write snapshot: %w", err)
	}
	v.behind.mu.Lock()
	v.behind.err = nil
	v.behind.mu.Unlock()
	return info, nil
}

func (v *Vault) writeSnapshot(ctx context.Context) (snapshot.Info, error) {
	r, err := v.trusted(ctx)
	if err != nil {
		return snapshot.Info{}, err
	}
	d, meta, err := v.document(ctx)
	if err != nil {
		return snapshot.Info{}, err
	}
	defer d.Clear()
	unlock, err := v.lock(ctx)
	if err != nil {
		return snapshot.Info{}, err
	}
	defer unlock()
	folder := v.Snapshots()
	// Another process may have been faster, with a newer one.
	if list, err := folder.List(); err == nil && len(list) > 0 && list[0].Generation > meta.Generation {
		if _, err := v.reload(); err == nil && v.current().generation() > meta.Generation {
			return list[0], nil
		}
	}
	info, err := folder.Write(d, r.Recipient, meta, v.now())
	if err != nil {
		return info, readOnly(err)
	}
	v.copySoon()
	return info, v.writeEscrow(ctx, r)
}

// TrustAgain makes a key that has just opened a backup the recovery key again,
// where the vault has none any more: its secret store was lost, or the folder is
// new. It tells whether it did. Where there is a recovery key it stays.
func (v *Vault) TrustAgain(ctx context.Context, key snapshot.Key) (bool, error) {
	_, err := v.trusted(ctx)
	if !errors.Is(err, ErrNoRecovery) && !errors.Is(err, ErrForeignKey) {
		return false, err
	}
	return true, v.SetRecovery(ctx, key)
}

// RecoveryRecipient returns the recovery key's public half, age1pq1…, to which
// other files can be encrypted too. It is ErrNoRecovery where there is none,
// and ErrForeignKey where the one noted was not made here.
func (v *Vault) RecoveryRecipient(ctx context.Context) (string, error) {
	r, err := v.trusted(ctx)
	if err != nil {
		return "", fmt.Errorf("read recovery key: %w", err)
	}
	return r.Recipient, nil
}
