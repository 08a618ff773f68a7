// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"filippo.io/age"
)

// Checked is a snapshot and what is wrong with it, nil if nothing is.
type Checked struct {
	Info
	// Err wraps [ErrCutShort], [ErrDamaged], another of the sentinels for
	// files, or the system's error.
	Err error
}

// Verify checks what can be checked of each snapshot without its key: header,
// size and digest. The newest is first. The error is that of [Folder.List].
func (f *Folder) Verify() ([]Checked, error) {
	infos, err := f.List()
	if err != nil {
		return nil, err
	}
	out := make([]Checked, 0, len(infos))
	for _, info := range infos {
		file, err := f.Read(info.Name)
		if errors.Is(err, ErrNoSnapshot) {
			continue // pruned meanwhile
		}
		if err == nil {
			err = info.verify(file)
		}
		out = append(out, Checked{info, err})
	}
	return out, nil
}

// verify checks a file against what is known of it.
func (i Info) verify(file []byte) error {
	need, err := Needs(file)
	if err != nil {
		return err
	}
	header, err := age.ExtractHeader(bytes.NewReader(file))
	switch size := len(file) - len(header); {
	case err != nil || need != NeedKey:
		return fmt.Errorf("%w: its header is not that of a snapshot", ErrDamaged)
	case i.Digest == "" && !possible(size):
		return fmt.Errorf("%w: it does not have the size of a whole one", ErrCutShort)
	case i.Digest == "":
		return nil
	}
	sum := sha256.Sum256(file)
	switch {
	case hex.EncodeToString(sum[:]) == i.Digest:
		return nil
	case int64(len(file)) < i.Size:
		return fmt.Errorf("%w: %d of %d bytes are left", ErrCutShort, len(file), i.Size)
	default:
		return fmt.Errorf("%w: it is not what was written", ErrDamaged)
	}
}
