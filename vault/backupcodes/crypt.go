// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"filippo.io/age"

	"github.com/kutano/authenticator/vault/secret"
)

// workFactor is the logarithm of scrypt's N: age's usual one, about a second.
// Tests lower it.
var workFactor = 18

// SetWorkFactor sets the logarithm of scrypt's N for files that are written from
// now on. Tests lower it; nothing else calls it.
func SetWorkFactor(log int) { workFactor = log }

const (
	maxSealed = 16 << 20 // bytes; the most that fits the bounds is about half
	maxWork   = 20       // the logarithm of scrypt's N: about four seconds and a GiB
	ageName   = "age-encryption.org/"
	intro     = ageName + "v1\n"
)

// seal encrypts sets under a passphrase, as an age file.
func seal(ctx context.Context, rs []record, passphrase secret.Value) ([]byte, error) {
	if passphrase.Len() == 0 {
		return nil, ErrNoPassphrase
	}
	plain, err := encodeSealed(rs)
	if err != nil {
		return nil, err
	}
	pass, factor := passphrase.Clone(), workFactor
	return await(ctx, func() ([]byte, error) {
		defer plain.Clear()
		defer pass.Clear()
		r, err := age.NewScryptRecipient(pass.Reveal())
		if err != nil {
			return nil, fmt.Errorf("seal backup codes: %w", err)
		}
		r.SetWorkFactor(factor)
		var file bytes.Buffer
		w, err := age.Encrypt(&file, r)
		if err == nil {
			_, err = w.Write(plain.Bytes())
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("seal backup codes: %w", err)
		}
		return file.Bytes(), nil
	}, func([]byte) {})
}

// unseal reads an age file. Nothing of it is used before all was authenticated.
func unseal(ctx context.Context, file []byte, passphrase secret.Value) ([]record, error) {
	if err := checkHeader(file); err != nil {
		return nil, err
	}
	if passphrase.Len() == 0 {
		return nil, ErrPassphrase
	}
	pass := passphrase.Clone()
	return await(ctx, func() ([]record, error) {
		defer pass.Clear()
		plain, err := decrypt(file, pass)
		if err != nil {
			return nil, err
		}
		defer plain.Clear()
		return decodeSealed(plain.Bytes())
	}, wipe)
}

func decrypt(file []byte, pass secret.Value) (secret.Value, error) {
	id, err := age.NewScryptIdentity(pass.Reveal())
	if err != nil {
		return secret.Value{}, ErrPassphrase
	}
	id.SetMaxWorkFactor(maxWork)
	r, err := age.Decrypt(bytes.NewReader(file), id)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return secret.Value{}, ErrPassphrase
	case err != nil:
		return secret.Value{}, fmt.Errorf("%w: its header was changed", ErrDamaged)
	}
	plain := bytes.NewBuffer(make([]byte, 0, len(file)+bytes.MinRead))
	if _, err := io.Copy(plain, r); err != nil {
		clear(plain.Bytes())
		return secret.Value{}, fmt.Errorf("%w: it was changed or cut off", ErrDamaged)
	}
	return secret.New(plain.Bytes()), nil
}

// checkHeader tells what can be told of a file without a passphrase.
func checkHeader(file []byte) error {
	switch {
	case len(file) > maxSealed:
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(file))
	case bytes.HasPrefix([]byte(intro), file):
		return fmt.Errorf("%w: it has only %d bytes", ErrDamaged, len(file))
	case bytes.HasPrefix(file, []byte(ageName)) && !bytes.HasPrefix(file, []byte(intro)):
		return fmt.Errorf("%w: it is of another version of the age format", ErrNotSafe)
	case !bytes.HasPrefix(file, []byte(intro)):
		return ErrNotSafe
	}
	var p probe
	_, err := age.Decrypt(bytes.NewReader(file), &p)
	var noMatch *age.NoIdentityMatchError
	if !errors.As(err, &noMatch) {
		return fmt.Errorf("%w: its header cannot be read", ErrDamaged)
	}
	return p.check()
}

// probe is an identity that opens nothing and notes what would.
type probe struct{ stanzas []*age.Stanza }

// Unwrap notes the stanzas.
func (p *probe) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	p.stanzas = stanzas
	return nil, age.ErrIncorrectIdentity
}

func (p *probe) check() error {
	if len(p.stanzas) != 1 || p.stanzas[0].Type != "scrypt" {
		return fmt.Errorf("%w: it is not locked with a passphrase", ErrNotSafe)
	}
	args := p.stanzas[0].Args
	if len(args) != 2 || args[1] == "" || args[1][0] == '0' || strings.Trim(args[1], "0123456789") != "" {
		return fmt.Errorf("%w: its header does not say how to try a passphrase", ErrDamaged)
	}
	if n, err := strconv.Atoi(args[1]); err != nil || n > maxWork {
		return ErrTooCostly
	}
	return nil
}

// await does slow work that cannot be interrupted. Where ctx ends before it does,
// what comes of it is discarded.
func await[T any](ctx context.Context, do func() (T, error), discard func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := do()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		go func() {
			if r := <-done; r.err == nil {
				discard(r.value)
			}
		}()
		var none T
		return none, ctx.Err()
	}
}
