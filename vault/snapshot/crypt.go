// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"github.com/kutano/authenticator/vault/secret"
)

// workFactor is the logarithm of scrypt's N for our own files: age's usual one,
// about a second. Tests lower it.
var workFactor = 18

// Lock is what a backup is encrypted to. Exactly one of the two is set.
type Lock struct {
	// Passphrase opens the file again.
	Passphrase secret.Value
	// Recipients are age's, age1pq1… or age1…; the two kinds do not mix. The
	// key of any one of them opens the file again.
	Recipients []string
}

// Encrypt returns the document as an age file. It returns [ErrRecipient] for a
// lock that is none, and [ErrTooLarge] for a document beyond what [Decrypt] reads.
func Encrypt(d Document, to Lock) ([]byte, error) {
	recipients, err := to.recipients()
	if err != nil {
		return nil, fmt.Errorf("encrypt backup: %w", err)
	}
	if len(d.Accounts) > MaxAccounts || len(d.Aside) > MaxAccounts {
		return nil, fmt.Errorf("encrypt backup: %w: it has more than %d accounts", ErrTooLarge, MaxAccounts)
	}
	text := Encode(d)
	defer text.Clear()
	if text.Len() > maxText-maxText/100 { // age adds less than a hundredth
		return nil, fmt.Errorf("encrypt backup: %w: %d bytes", ErrTooLarge, text.Len())
	}
	var file bytes.Buffer
	file.Grow(text.Len() + text.Len()/1000 + 4096)
	w, err := age.Encrypt(&file, recipients...)
	if err != nil { // it wraps a file key only; the usual cause is a mix of kinds
		return nil, fmt.Errorf("encrypt backup: %w: the recipients do not go together", ErrRecipient)
	}
	if _, err = w.Write(text.Bytes()); err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt backup: %w", err)
	}
	return file.Bytes(), nil
}

// recipients returns the lock as age has it. Errors do not quote it: it can be
// a key that was put in the wrong place.
func (l Lock) recipients() ([]age.Recipient, error) {
	if (l.Passphrase.Len() > 0) == (len(l.Recipients) > 0) {
		return nil, fmt.Errorf("%w: it must be a passphrase or recipients", ErrRecipient)
	}
	if l.Passphrase.Len() > 0 {
		r, err := age.NewScryptRecipient(l.Passphrase.Reveal())
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrRecipient, err)
		}
		r.SetWorkFactor(workFactor)
		return []age.Recipient{r}, nil
	}
	list := make([]age.Recipient, len(l.Recipients))
	for i, s := range l.Recipients {
		var err error
		if s = strings.TrimSpace(s); strings.HasPrefix(s, "age1pq1") {
			list[i], err = age.ParseHybridRecipient(s)
		} else {
			list[i], err = age.ParseX25519Recipient(s)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: recipient %d cannot be read", ErrRecipient, i+1)
		}
	}
	return list, nil
}

// Opener is what opens a backup. What is set is tried where it can fit.
type Opener struct {
	Passphrase secret.Value
	Key        Key
	// Identities is the text of an age identity file. It is as secret as a key.
	Identities string
}

// Decrypt opens a backup, also in age's text form. Nothing of it is used before
// all of it was authenticated. Its errors wrap one sentinel of this package each,
// also those of [Decode]; [ErrNotKey] is an Identities without any that is known.
func Decrypt(file []byte, with Opener) (Document, error) {
	file, err := unarmored(file)
	if err != nil {
		return Document{}, fmt.Errorf("open backup: %w", err)
	}
	text, err := with.open(file)
	if err != nil {
		return Document{}, fmt.Errorf("open backup: %w", err)
	}
	defer text.Clear()
	return Decode(text)
}

// open returns the plain text of a file that is not in the text form.
func (o Opener) open(file []byte) (secret.Value, error) {
	need, err := needs(file)
	if err != nil {
		return secret.Value{}, err
	}
	ids, err := o.identities(need)
	if err != nil {
		return secret.Value{}, err
	}
	header, err := age.ExtractHeader(bytes.NewReader(file))
	if err != nil {
		return secret.Value{}, fmt.Errorf("%w: its header cannot be read", ErrDamaged)
	}
	key, err := age.DecryptHeader(header, ids...)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch) && need == NeedPassphrase:
		return secret.Value{}, ErrPassphrase
	case errors.As(err, &noMatch):
		return secret.Value{}, ErrWrongKey
	case err != nil:
		return secret.Value{}, fmt.Errorf("%w: its header was changed", ErrDamaged)
	}
	defer clear(key)
	text, err := payload(file, key)
	if err != nil {
		return secret.Value{}, diagnose(file, len(header), key, err)
	}
	return text, nil
}

// payload decrypts the whole file with its own key.
func payload(file, key []byte) (secret.Value, error) {
	r, err := age.Decrypt(bytes.NewReader(file), age.NewInjectedFileKeyIdentity(key))
	if err != nil {
		return secret.Value{}, err
	}
	text := bytes.NewBuffer(make([]byte, 0, len(file)+bytes.MinRead))
	if _, err := io.Copy(text, r); err != nil {
		clear(text.Bytes())
		return secret.Value{}, err
	}
	return secret.New(text.Bytes()), nil
}

// identities returns what can open a file of that kind.
func (o Opener) identities(need Need) ([]age.Identity, error) {
	if need == NeedPassphrase {
		id, err := age.NewScryptIdentity(o.Passphrase.Reveal())
		if err != nil { // it is empty
			return nil, ErrPassphrase
		}
		id.SetMaxWorkFactor(maxWork)
		return []age.Identity{id}, nil
	}
	var ids []age.Identity
	if !o.Key.IsZero() {
		id, err := age.ParseHybridIdentity(o.Key.Identity().Reveal())
		if err != nil {
			return nil, ErrNotKey
		}
		ids = append(ids, id)
	}
	if o.Identities != "" {
		more, err := readIdentities(o.Identities)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	if len(ids) == 0 {
		return nil, ErrWrongKey
	}
	return ids, nil
}

// readIdentities reads the lines of an identity file that this program can use.
// Errors quote none.
func readIdentities(text string) (ids []age.Identity, err error) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "AGE-SECRET-KEY-") {
			continue
		}
		more, err := age.ParseIdentities(strings.NewReader(line))
		if err != nil {
			return nil, fmt.Errorf("%w: a line of the identity file cannot be read", ErrNotKey)
		}
		ids = append(ids, more...)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("%w: the identity file holds none", ErrNotKey)
	}
	return ids, nil
}
