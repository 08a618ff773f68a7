// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// takeBackLimit is how long it may take to undo what was stored of a change.
const takeBackLimit = 2 * time.Minute

// whole is a change that is stored as a whole or not at all, however many items
// it has: taking in, and undoing that. When it fails on the way, what was stored
// is put back. When the process ends on the way, the next change or start goes by
// what the voucher says, see resume.
type whole struct {
	note []byte        // to be written first; nil when undoing
	item keystore.Item // the voucher while it is on its way, stored before the pages
	done keystore.Item // the voucher once all is stored; without a value, more is to follow and the mark stays
	cut  bool          // resume is to look when it is cut short

	was map[int]secret.Value // the pages as they were
}

func newWhole() *whole { return &whole{was: map[int]secret.Value{}} }

// bare tells that nothing of it is to be stored beside pages and index.
func (w *whole) bare() bool { return w == nil || w.item.Value.Len() == 0 }

// remember keeps a page as it is before the change.
func (w *whole) remember(n int, p *page) (err error) {
	if w == nil {
		return nil
	}
	w.was[n], err = p.encode()
	return err
}

func (w *whole) clear() {
	if w == nil {
		return
	}
	clearItems([]keystore.Item{w.item, w.done})
	for _, v := range w.was {
		v.Clear()
	}
}

// commitWhole stores the change.
func (t *tx) commitWhole(ctx context.Context, items []keystore.Item) error {
	v, w := t.v, t.whole
	note, err := v.readNote()
	if err != nil {
		return err
	}
	if !w.bare() {
		items = append([]keystore.Item{w.item}, items...)
	}
	old, err := t.oldItems(ctx, items)
	defer clearItems(old)
	if err != nil {
		return err
	}
	before := v.current()
	found, _ := v.readMark() // of the change that this one makes good
	if err := v.writeMark(mark{t.ids, w.cut}, t.spaceNeeded()+len(w.note)); err != nil {
		return err
	}
	err = t.storeWhole(ctx, items)
	if err == nil && w.cut && w.done.Value.Len() == 0 {
		return nil
	}
	if err == nil {
		return v.clearMark()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), takeBackLimit)
	defer cancel()
	if v.takeBack(ctx, old) != nil {
		v.afterFailure(ctx, t.ids)
		if w.note != nil {
			_ = v.resume(ctx) // or the next change does
		}
		return err
	}
	return errors.Join(err, v.asBefore(before, note, found))
}

// storeWhole writes the note, the items and the index.
func (t *tx) storeWhole(ctx context.Context, items []keystore.Item) error {
	v, w := t.v, t.whole
	if w.note != nil {
		if err := v.writeNote(w.note); err != nil {
			return err
		}
	}
	if err := v.kept().Put(ctx, items...); err != nil {
		return err
	}
	v.freeMark()
	if err := v.save(t.idx); err != nil || w.done.Value.Len() == 0 {
		return err
	}
	return v.kept().Put(context.WithoutCancel(ctx), w.done)
}

// asBefore puts the files back as they were, after the items.
func (v *Vault) asBefore(x *index, note []byte, found mark) error {
	if v.current() != x {
		if err := v.save(x); err != nil {
			return err
		}
	}
	if err := v.writeNote(note); err != nil {
		return err
	}
	if found.Intake {
		return v.writeMark(found, 0)
	}
	return v.clearMark()
}

// oldItems returns what stands in the store for the items: in place of what was not
// there, an item without a value.
func (t *tx) oldItems(ctx context.Context, items []keystore.Item) ([]keystore.Item, error) {
	names := make(map[string]secret.Value, len(t.whole.was))
	for n, value := range t.whole.was {
		names[pageName(n)] = value
	}
	old := make([]keystore.Item, len(items))
	for i, it := range items {
		old[i].Name = it.Name
		if it.Name != intakeItem {
			old[i].Value = names[it.Name].Clone()
			continue
		}
		value, err := t.v.kept().Get(ctx, it.Name)
		if err != nil && !errors.Is(err, keystore.ErrNotFound) && !errors.Is(err, keystore.ErrUnreadable) {
			return old, err
		}
		old[i].Value = value
	}
	return old, nil
}

// errStored tells that what was stored cannot be taken back piece by piece.
var errStored = errors.New("the store may have all of it")

// takeBack puts the items back as they were, the last first: so an entry that was
// moved is never nowhere. A sealed file has all of them or none.
func (v *Vault) takeBack(ctx context.Context, old []keystore.Item) error {
	store := v.kept()
	if store.Kind() == keystore.File {
		return untouched(ctx, store, old)
	}
	for i := len(old) - 1; i >= 0; i-- {
		var err error
		if old[i].Value.Len() == 0 {
			err = store.Delete(ctx, old[i].Name)
		} else {
			err = store.Put(ctx, old[i])
		}
		if err != nil {
			return fmt.Errorf("take back %s: %w", old[i].Name, err)
		}
	}
	return nil
}

// untouched returns errStored unless the first item is as it was.
func untouched(ctx context.Context, store keystore.Store, old []keystore.Item) error {
	if len(old) == 0 {
		return nil
	}
	value, err := store.Get(ctx, old[0].Name)
	defer value.Clear()
	if err != nil && !errors.Is(err, keystore.ErrNotFound) {
		return err
	}
	if !value.Equal(old[0].Value) {
		return errStored
	}
	return nil
}

// readNote returns the note of the last intake as it stands in the file, nil where
// there is none.
func (v *Vault) readNote() ([]byte, error) {
	fi, err := os.Stat(v.intakePath())
	if errors.Is(err, os.ErrNotExist) || err == nil && fi.Size() > maxIntake {
		return nil, nil
	}
	b, rerr := os.ReadFile(v.intakePath())
	if err := errors.Join(err, rerr); err != nil {
		return nil, fmt.Errorf("read %s: %w", intakeName, readOnly(err))
	}
	return b, nil
}

// writeNote replaces the note, or removes it where there was none.
func (v *Vault) writeNote(b []byte) error {
	if b == nil {
		return v.dropNote()
	}
	if err := atomicfile.Write(v.intakePath(), b); err != nil {
		return fmt.Errorf("write %s: %w", intakeName, readOnly(err))
	}
	return nil
}
