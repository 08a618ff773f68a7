// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os/exec"
	"path"
	"strings"
	"time"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// pgp reads an OpenPGP message: an entry of a password store as pass, gopass and
// pass-otp keep it, or a Proton Pass export under a passphrase. It runs gpg,
// which has the keys and asks for passphrases itself.
type pgp struct{}

func (pgp) Format() foreign.Format { return foreign.Format{ID: "pass", App: "pass"} }

func (pgp) Detect(s *foreign.Source) foreign.Match {
	if bytes.HasPrefix(s.Data, []byte("-----BEGIN PGP MESSAGE-----")) || encryptedFor(s.Data) {
		return foreign.Sure
	}
	return foreign.No
}

// encryptedFor tells whether data begin with a packet that holds a session key
// (RFC 9580 section 5.1 and 5.3), in the old or the new way to write it. The
// version that follows its length tells it from other binary files.
func encryptedFor(data []byte) bool {
	if len(data) < 16 {
		return false
	}
	var tag byte
	at := 2 // where the version stands
	switch first := data[0]; {
	case first&0xC0 == 0xC0:
		tag = first & 0x3F
		if data[1] >= 192 {
			at = 3
		}
	case first&0xC0 == 0x80:
		tag = first >> 2 & 0xF
		at = []int{2, 3, 5, 1}[first&3]
	}
	const (
		forKey        = 1
		forPassphrase = 3
	)
	switch head := data[at:]; tag {
	case forKey: // version, eight bytes of a name, the kind of key
		return head[0] == 3 && bytes.IndexByte([]byte{1, 2, 16, 18, 25, 26}, head[9]) >= 0
	case forPassphrase: // version, cipher, how the key is derived
		return head[0] == 4 && head[1] >= 1 && head[1] <= 13 && head[2] <= 4
	}
	return false
}

// Runs tells that gpg does the work.
func (pgp) Runs(*foreign.Source) bool { return true }

func (pgp) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (pgp) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	plain, err := decryptPGP(ctx, s.Data)
	if err != nil {
		return err
	}
	defer clear(plain)
	if inside := foreign.NewSource(s.Name, plain); (protonPass{}).Detect(inside) == foreign.Sure {
		return protonPass{}.Read(ctx, inside, secret.Value{}, add)
	}
	readPassEntry(s.Name, plain, add)
	return nil
}

// gpgGrace is how long is waited for what gpg began, once gpg itself was ended.
const gpgGrace = time.Second

// decryptPGP runs gpg. What it says is not passed on.
func decryptPGP(ctx context.Context, sealed []byte) ([]byte, error) {
	gpg, err := exec.LookPath("gpg")
	if err != nil {
		return nil, foreign.ErrProgram
	}
	cmd := exec.CommandContext(ctx, gpg, "--batch", "--quiet", "--no-auto-key-retrieve", "--decrypt")
	cmd.Stdin = bytes.NewReader(sealed)
	cmd.WaitDelay = gpgGrace
	out := limited{most: foreign.MaxSource}
	cmd.Stdout = &out
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case out.over:
		return nil, foreign.ErrBomb
	case err != nil:
		clear(out.in.Bytes())
		return nil, foreign.ErrProgram
	}
	return out.in.Bytes(), nil
}

// limited holds what is written to it, up to a size.
type limited struct {
	in   bytes.Buffer
	most int
	over bool
}

var errOver = errors.New("too much")

// Write fails beyond the size, which ends the program that writes.
func (l *limited) Write(p []byte) (int, error) {
	if l.in.Len()+len(p) > l.most {
		l.over = true
		return 0, errOver
	}
	return l.in.Write(p)
}

// readPassEntry looks through the text of an entry: any of its lines may
// hold a key URI, and in gopass "totp: KEY". The
// entry's place in the store names what they do not: "shop.example/anna.gpg".
func readPassEntry(name string, text []byte, add func(foreign.Entry)) {
	place := strings.TrimSuffix(strings.TrimSuffix(strings.ReplaceAll(name, "\\", "/"), ".asc"), ".gpg")
	folder, account := path.Split(place)
	i := item{title: path.Base(folder), user: account}
	if folder == "" {
		i.title, i.user = account, ""
	}
	var all []foreign.Entry
	for line := range bytes.Lines(text) {
		all = append(all, i.fromLine(string(line))...)
	}
	i.addEntries(all, add)
}

// fromLine makes entries of a line in an entry of a password store.
func (i item) fromLine(line string) (all []foreign.Entry) {
	field, value, _ := strings.Cut(line, ":")
	field, value = strings.ToLower(strings.TrimSpace(field)), strings.TrimSpace(value)
	if field == "otpauth" && strings.HasPrefix(value, "//") { // gopass takes the scheme for a field's name
		line = field + ":" + value
	}
	for m := range otpauth.Mentions(line) {
		for _, f := range m.Found {
			e := foreign.FromFound(f, m.Text).Named(i.title, i.user)
			if e.Err == nil && e.Key.Type == otpauth.HOTP && e.Key.Counter < math.MaxInt64 { // pass counts before it makes a code
				e.Key.Counter++
				e.Remarks = append(e.Remarks, foreign.RaisedCounter)
			}
			all = append(all, e)
		}
	}
	if len(all) == 0 && field == "totp" && value != "" {
		all = append(all, i.fromText(value))
	}
	return all
}
