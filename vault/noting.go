// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"slices"
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// noting is the note of an intake that is being made.
type noting struct {
	n    intakeNote
	key  secret.Value // of the tags
	tags tagger
}

func newNoting(now time.Time) noting {
	key := newTagKey()
	return noting{intakeNote{Version: intakeVersion, At: now.Unix()}, key, newTagger(key)}
}

func (m *noting) added(a Account, k otpauth.Key) {
	m.n.Added = append(m.n.Added, noted{ID: a.ID, Key: m.tags.counted(k), Removed: unixSeconds(a.Removed)})
}

func (m *noting) back(a Account, k otpauth.Key) {
	m.n.Back = append(m.n.Back, noted{ID: a.ID, Key: m.tags.counted(k), Old: a.of, Removed: unixSeconds(a.Removed)})
}

// replaced notes that an account got a key. One that had none keeps it: to have
// none again helps nobody.
func (m *noting) replaced(id ID, k otpauth.Key, old ID) {
	if old == "" {
		m.n.Stay++
		return
	}
	m.n.Replaced = append(m.n.Replaced, noted{ID: id, Key: m.tags.counted(k), Old: old})
}

// removed notes an account that the backup does not have. One that was forgotten,
// because it had no key, does not come back.
func (m *noting) removed(id ID, at time.Time, forgotten bool) {
	if forgotten {
		m.n.Stay++
		return
	}
	m.n.Removed = append(m.n.Removed, noted{ID: id, Removed: unixSeconds(at)})
}

func (m *noting) line(text []byte) { m.n.Lines = append(m.n.Lines, m.tags.line(text)) }

// order notes the order before it changes, ordered that it may have changed.
func (m *noting) order(as []Account) {
	m.n.Order = make([]ID, len(as))
	for i := range as {
		m.n.Order[i] = as[i].ID
	}
}

func (m *noting) ordered(as []Account) {
	if slices.EqualFunc(as, m.n.Order, func(a Account, id ID) bool { return a.ID == id }) {
		m.n.Order = nil
	}
}

// attach has the note stored with the change, if there is anything to be undone.
func (m *noting) attach(t *tx) error {
	if !m.n.undoes() {
		return nil
	}
	text, err := m.n.encode()
	if err != nil {
		return err
	}
	w := voucher{digest: m.n.digest, key: m.key}
	t.whole.note, t.whole.cut, t.whole.item, t.whole.done = text, true, w.as(taking), w.as(taken)
	return nil
}
