// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package keep takes messages and sends them nowhere: it keeps them in memory or
// in a folder, for practice and tests. What it keeps has codes in it, readable:
// it is for machines on which nobody's real account is.
package keep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/kutano/authenticator/server/outbox"
)

// Memory keeps the newest messages. It is safe for concurrent use.
type Memory struct {
	most int
	mu   sync.Mutex
	all  []outbox.Message // the oldest first
}

// NewMemory returns a Memory of at most so many messages.
func NewMemory(most int) *Memory { return &Memory{most: most} }

// Send keeps a message. One with an ID that is here already replaces it.
func (k *Memory) Send(_ context.Context, m outbox.Message) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if i := slices.IndexFunc(k.all, func(o outbox.Message) bool { return o.ID() == m.ID() }); i >= 0 {
		k.all[i] = m
		return nil
	}
	k.all = append(k.all, m)
	if len(k.all) > k.most {
		k.all = slices.Delete(k.all, 0, len(k.all)-k.most)
	}
	return nil
}

// Messages returns what is kept, the newest first.
func (k *Memory) Messages() []outbox.Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := slices.Clone(k.all)
	slices.Reverse(all)
	return all
}

// Folder keeps each message in a text file of its own, which only its owner can
// read. The names of the files sort by time.
type Folder struct{ Dir string }

// Send writes a message. The file appears whole or not at all; one of the same
// message is replaced.
func (f Folder) Send(_ context.Context, m outbox.Message) (err error) {
	name := fmt.Sprintf("%s-%s-%s.txt", m.Written.UTC().Format("20060102T150405.000Z"), m.Channel, m.ID())
	text := fmt.Sprintf("To: %s\nSubject: %s\n\n%s\n", m.To, m.Subject, m.Text)
	tmp, err := os.CreateTemp(f.Dir, ".kutano-*") // mode 0600
	if err != nil {
		return trouble
	}
	_, err = tmp.WriteString(text)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(f.Dir, name))
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // it may not be there any more
		return trouble
	}
	return nil
}

var trouble = &outbox.TroubleError{Word: "folder", Away: true}
