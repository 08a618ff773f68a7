// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // what WinAuth derives keys with
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"

	"golang.org/x/crypto/blowfish" //nolint:staticcheck // what WinAuth encrypts with

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/xmltext"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// winAuthConfig reads the file that WinAuth keeps its accounts in. All of it, or
// each account, may be encrypted: with a password, or for one Windows account,
// computer or YubiKey, and then it cannot be opened elsewhere.
//
// Source: WinAuthConfig.cs and Authenticator.cs of winauth/winauth.
type winAuthConfig struct{}

func (winAuthConfig) Format() foreign.Format { return winAuth{}.Format() }

func (winAuthConfig) Detect(s *foreign.Source) foreign.Match {
	const start = 4096
	data := bytes.TrimSpace(foreign.Bare(s.Data))
	if bytes.HasPrefix(data, []byte("<")) && bytes.Contains(data[:min(len(data), start)], []byte("<WinAuth")) {
		return foreign.Sure
	}
	return foreign.No
}

// The ways in which something is encrypted. They are letters of one attribute,
// and may be together.
const (
	winAuthPassword = "y"
	winAuthBound    = "umab" // Windows account, computer, the two places of a YubiKey
)

func (winAuthConfig) Lock(s *foreign.Source) (foreign.Lock, error) {
	c := winAuthText{look: true}
	err := c.read(context.Background(), foreign.Bare(s.Data))
	if err == nil && c.bound && !c.open && !c.locked {
		return foreign.Password, foreign.ErrRestricted
	}
	if c.locked {
		return foreign.Password, foreign.Afford(foreign.Rounds, uint64(c.sealings)*winAuthRounds, maxWinAuthRounds)
	}
	return foreign.Open, nil // what is wrong with it is said when it is read
}

func (winAuthConfig) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	c := winAuthText{pass: pass.Bytes()}
	err := c.read(ctx, foreign.Bare(s.Data))
	if err == nil && c.failed > 0 && c.opened == 0 {
		err = foreign.ErrPassword
	}
	if errors.Is(err, foreign.ErrPassword) || ctx.Err() != nil { // it is read again
		for _, e := range c.found {
			e.Clear()
		}
		return err
	}
	for _, e := range c.found {
		add(e)
	}
	return err
}

// What one password takes, in rounds of PBKDF2 for each block of the key, and the
// most for a file.
const (
	winAuthRounds    = 2000 * 13
	maxWinAuthRounds = 5 * foreign.MaxRounds
	winAuthTries     = 10 // how many accounts a password may fail on before it is wrong
)

// winAuthText reads the XML, and the XML that is encrypted in it.
type winAuthText struct {
	look bool // for locks alone
	pass []byte

	found          []foreign.Entry
	opened, failed int // accounts under a password of their own, which may differ
	sealings       int // under passwords

	locked, bound, open bool // some of it is under a password, bound, neither

	name, kind, sealed string // of the account that is open
	text               []byte
	depth              int // of encrypted texts in one another
}

func (c *winAuthText) read(ctx context.Context, data []byte) error {
	x := xmltext.NewReader(bytes.NewReader(data))
	for {
		t, err := x.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		}
		switch t := t.(type) {
		case xml.StartElement:
			c.start(t)
		case xml.CharData:
			c.text = append(c.text, t...)
		case xml.EndElement:
			if err := c.end(ctx, t.Name.Local); err != nil {
				return err
			}
		}
	}
}

func (c *winAuthText) start(t xml.StartElement) {
	c.text, c.sealed = c.text[:0], ""
	for _, a := range t.Attr {
		switch {
		case t.Name.Local == "WinAuthAuthenticator" && a.Name.Local == "type":
			c.kind = a.Value
		case a.Name.Local == "encrypted":
			c.sealed = a.Value
			bound := strings.ContainsAny(a.Value, winAuthBound)
			c.bound = c.bound || bound
			if !bound && strings.Contains(a.Value, winAuthPassword) {
				c.locked = true
				c.sealings++
			}
		}
	}
}

func (c *winAuthText) end(ctx context.Context, name string) error {
	text := strings.TrimSpace(string(c.text))
	c.text = c.text[:0]
	switch name {
	case "name":
		c.name = text
	case "secretdata":
		c.open = true
		if !c.look {
			c.found = append(c.found, winAuthEntry(c.name, c.kind, text))
		}
	case "WinAuthAuthenticator":
		c.name, c.kind = "", ""
	case "data", "authenticatordata", "WinAuth":
		sealed := c.sealed
		c.sealed = ""
		if sealed != "" && text != "" && !c.look {
			return c.inner(ctx, sealed, text, name == "authenticatordata")
		}
	}
	return nil
}

// inner reads what is encrypted. Of one account it says that account alone.
func (c *winAuthText) inner(ctx context.Context, sealed, text string, one bool) error {
	const most = 4 // one is in the other at most once
	if c.depth++; c.depth > most {
		return foreign.ErrBomb
	}
	defer func() { c.depth-- }()
	if strings.ContainsAny(sealed, winAuthBound) {
		if !one {
			return foreign.ErrRestricted
		}
		c.refuse(foreign.ErrRestricted)
		return nil
	}
	if err := foreign.Afford(foreign.Rounds, uint64(c.sealings)*winAuthRounds, maxWinAuthRounds); err != nil {
		return err
	}
	plain, err := openWinAuth(ctx, c.pass, text)
	if errors.Is(err, foreign.ErrPassword) {
		c.failed++
	}
	switch {
	case err == nil:
		c.opened++
	case one && ctx.Err() == nil && (c.opened > 0 || c.failed < winAuthTries):
		c.refuse(err)
		return nil
	default:
		return err
	}
	defer clear(plain)
	return c.read(ctx, plain)
}

// refuse adds the account that is open as one that cannot come in.
func (c *winAuthText) refuse(err error) {
	issuer, account := winAuthName(c.name)
	c.found = append(c.found, foreign.Refused(issuer, account, err))
}

// openWinAuth decrypts a text: in hexadecimal a magic word, a salt, a hash of
// salt and plain text, another salt and the text under Blowfish. Older versions
// have neither of the first three.
func openWinAuth(ctx context.Context, pass []byte, text string) ([]byte, error) {
	const rounds, keySize, saltSize = 2000, 256, 8
	raw, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	c := cutter{rest: raw}
	var salt, sum []byte
	if bytes.HasPrefix(raw, []byte("WINAUTH3")) {
		c.bytes(uint32(len("WINAUTH3")))
		salt, sum = c.bytes(saltSize), c.bytes(sha256.Size)
	}
	keySalt := c.bytes(saltSize)
	if c.short || len(c.rest) == 0 || len(c.rest)%blowfish.BlockSize != 0 {
		return nil, foreign.ErrDamaged
	}
	key, err := foreign.PBKDF2(ctx, sha1.New, pass, keySalt, rounds, keySize)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	block, err := blowfish.NewSaltedCipher(key, make([]byte, 1)) // a salt of zeros is none, and lets the key be so long
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	plain := make([]byte, len(c.rest))
	for at := 0; at < len(plain); at += blowfish.BlockSize {
		block.Decrypt(plain[at:], c.rest[at:])
	}
	pad := int(plain[len(plain)-1])
	if pad > len(plain) {
		return nil, foreign.ErrPassword
	}
	plain = plain[:len(plain)-pad]
	if salt == nil && !bytes.Contains(plain, []byte("<")) {
		return nil, foreign.ErrPassword
	}
	if salt != nil && sha256.Sum256(append(salt[:saltSize:saltSize], plain...)) != [sha256.Size]byte(sum) {
		return nil, foreign.ErrPassword
	}
	return plain, nil
}

// winAuthName splits what an account is called there.
func winAuthName(name string) (issuer, account string) {
	issuer, account, ok := strings.Cut(name, ":")
	if !ok {
		return "", name
	}
	return issuer, account
}

// winAuthEntry reads "KEY<tab>DIGITS<tab>HASH<tab>PERIOD", the key in
// hexadecimal, and behind a bar what a kind needs besides.
func winAuthEntry(name, kind, text string) foreign.Entry {
	main, more, _ := strings.Cut(text, "|")
	parts := append(strings.Split(main, "\t"), "", "", "")
	f := foreign.Fields{Digits: foreign.ParseNumber(parts[1]), Algorithm: parts[2], Period: foreign.ParseNumber(parts[3])}
	f.Issuer, f.Name = winAuthName(name)
	encoded(&f, "hex", parts[0])
	switch {
	case strings.HasSuffix(kind, "SteamAuthenticator"):
		f.Type, f.Algorithm = otpauth.Steam.String(), ""
	case strings.HasSuffix(kind, "HOTPAuthenticator"):
		f.Type = otpauth.HOTP.String()
		number, _, _ := strings.Cut(more, "|")
		f.Counter = foreign.ParseNumber(number).Or(foreign.Int(0))
		f.Counter.Bad = f.Counter.Bad || f.Counter.Value == math.MaxInt64
		f.Counter.Value++ // the program notes the last one that it used
		e := f.Entry()
		if e.Err == nil {
			e.Remarks = append(e.Remarks, foreign.RaisedCounter)
		}
		return e
	}
	return f.Entry()
}
