// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

const (
	maxFile = 64 << 20 // bytes
	maxWork = 20       // the logarithm of scrypt's N: about four seconds and a GiB
	intro   = "age-encryption.org/v1\n"
)

// Need is what a file is opened with.
type Need uint8

// The two kinds of lock.
const (
	// NeedPassphrase is a file that a passphrase opens.
	NeedPassphrase Need = iota + 1
	// NeedKey is a file that a recovery key or another age identity opens.
	NeedKey
)

// Needs tells from the header alone what opens a file. Its errors are those of
// [Decrypt] that need no key.
func Needs(file []byte) (Need, error) {
	file, err := unarmored(file)
	if err != nil {
		return 0, fmt.Errorf("read header: %w", err)
	}
	need, err := needs(file)
	if err != nil {
		return 0, fmt.Errorf("read header: %w", err)
	}
	return need, nil
}

// unarmored returns the file itself, out of the text form if it has that.
func unarmored(file []byte) ([]byte, error) {
	if len(file) > maxFile {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(file))
	}
	text := bytes.TrimSpace(file)
	if !bytes.HasPrefix(text, []byte(armor.Header)) {
		return file, nil
	}
	b, err := io.ReadAll(armor.NewReader(bytes.NewReader(text)))
	switch {
	case err == nil:
		return b, nil
	case !bytes.Contains(text, []byte(armor.Footer)):
		return nil, fmt.Errorf("%w: the last line of its text form is missing", ErrCutShort)
	default:
		return nil, fmt.Errorf("%w: its text form is broken", ErrDamaged)
	}
}

// probe is an identity that opens nothing and notes what would.
type probe struct{ stanzas []*age.Stanza }

// Unwrap notes the stanzas.
func (p *probe) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	p.stanzas = stanzas
	return nil, age.ErrIncorrectIdentity
}

// needs reads the header of a file that is not in the text form.
func needs(file []byte) (Need, error) {
	if !bytes.HasPrefix(file, []byte(intro)) {
		return 0, notAge(file)
	}
	var p probe
	_, err := age.Decrypt(bytes.NewReader(file), &p)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return p.need()
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return 0, fmt.Errorf("%w: within its header", ErrCutShort)
	default:
		return 0, fmt.Errorf("%w: its header cannot be read", ErrDamaged)
	}
}

// notAge says what a file is that does not begin as an age file.
func notAge(file []byte) error {
	name, _, _ := strings.Cut(intro, "v1")
	switch {
	case bytes.HasPrefix([]byte(intro), file):
		return fmt.Errorf("%w: it has %d bytes", ErrCutShort, len(file))
	case bytes.HasPrefix(file, []byte(name)):
		return fmt.Errorf("%w: it is of another version of the age format", ErrUnknownLock)
	default:
		return ErrNotAge
	}
}

func (p *probe) need() (Need, error) {
	need, err := Need(0), ErrUnknownLock
	for _, s := range p.stanzas {
		switch s.Type {
		case "scrypt":
			if len(p.stanzas) != 1 {
				return 0, fmt.Errorf("%w: a passphrase stands beside other locks", ErrDamaged)
			}
			return NeedPassphrase, work(s)
		case "X25519", "mlkem768x25519":
			need, err = NeedKey, nil
		}
	}
	return need, err
}

// work checks what a passphrase would take to try.
func work(s *age.Stanza) error {
	if len(s.Args) != 2 || s.Args[1] == "" || strings.Trim(s.Args[1], "0123456789") != "" || s.Args[1][0] == '0' {
		return fmt.Errorf("%w: its header does not say how to try a passphrase", ErrDamaged)
	}
	if n, err := strconv.Atoi(s.Args[1]); err != nil || n > maxWork {
		return ErrTooCostly
	}
	return nil
}
