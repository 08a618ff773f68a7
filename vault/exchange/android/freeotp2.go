// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"cmp"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" // #nosec G505 -- what FreeOTP has on Android before 8.0
	"crypto/sha512"
	"encoding/asn1"
	"errors"
	"hash"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/javaser"
	"github.com/kutano/authenticator/vault/secret"
)

// freeotp2 reads what FreeOTP 2 keeps for its backups: the file that it writes,
// externalBackup.xml, which is no XML but a Java map, and the preferences that hold the
// same, tokenBackup.xml. Its HOTP counter is the next one, unlike FreeOTP 1's.
type freeotp2 struct{}

// names of what is in the map.
const (
	masterName  = "masterKey"
	tokenSuffix = "-token"
)

func (freeotp2) Format() foreign.Format { return freeotpFormat }

func (freeotp2) Detect(s *foreign.Source) foreign.Match {
	if isPrefs(s.Data, masterName) {
		return foreign.Sure
	}
	if !javaser.Is(s.Data) {
		return foreign.No
	}
	pairs, err := javaser.Map(s.Data)
	for _, p := range pairs {
		if p.Key == masterName || strings.HasSuffix(p.Key, tokenSuffix) {
			return foreign.Sure
		}
	}
	if errors.Is(err, foreign.ErrCutShort) || errors.Is(err, foreign.ErrBomb) { // what tells it may stand behind that
		return foreign.Maybe
	}
	return foreign.No
}

func (freeotp2) Lock(s *foreign.Source) (foreign.Lock, error) {
	b, torn := loadBackup(s.Data)
	_, _, err := b.master()
	if err != nil && torn != nil {
		err = torn
	}
	return foreign.Password, err
}

func (freeotp2) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	b, torn := loadBackup(s.Data)
	master, err := b.open(ctx, pass)
	switch {
	case err != nil && torn != nil:
		return torn
	case err != nil:
		return err
	}
	defer clear(master)
	for _, id := range b.ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		add(b.entry(id, master))
	}
	return torn
}

// backup is the map, with the accounts' IDs in its order.
type backup struct {
	values map[string]string
	ids    []string
}

// loadBackup returns also what stands before an error.
func loadBackup(data []byte) (*backup, error) {
	b := &backup{values: map[string]string{}}
	if javaser.Is(data) {
		pairs, err := javaser.Map(data)
		for _, p := range pairs {
			b.put(p.Key, p.Value)
		}
		return b, err
	}
	prefs, err := parsePrefs(data)
	for _, p := range prefs {
		b.put(p.name, p.value)
	}
	return b, err
}

// put keeps a value. An account has two: its secret under its ID, the rest under that with a suffix.
func (b *backup) put(name, value string) {
	b.values[name] = value
	id, isToken := strings.CutSuffix(name, tokenSuffix)
	other := id
	if !isToken {
		other = id + tokenSuffix
	}
	if _, known := b.values[other]; !known && name != masterName {
		b.ids = append(b.ids, id)
	}
}

// sealedKey is a key that another one encrypts.
type sealedKey struct {
	Cipher     string    `json:"mCipher"`
	Text       javaBytes `json:"mCipherText"`
	Parameters javaBytes `json:"mParameters"` // ASN.1
	Token      string    `json:"mToken"`      // what the key is for, also the additional data
}

// masterKey is the key that all others are under.
type masterKey struct {
	Algorithm  string    `json:"mAlgorithm"`
	Key        sealedKey `json:"mEncryptedKey"`
	Iterations int       `json:"mIterations"`
	Salt       javaBytes `json:"mSalt"`
}

// master returns the key and its hash, or what makes it impossible to open it.
func (b *backup) master() (m masterKey, h func() hash.Hash, err error) {
	text, ok := b.values[masterName]
	if !ok {
		return m, nil, foreign.ErrDamaged
	}
	if err := foreign.Decode([]byte(text), &m); err != nil {
		return m, nil, err
	}
	switch strings.ToLower(m.Algorithm) {
	case "pbkdf2withhmacsha512":
		h = sha512.New
	case "pbkdf2withhmacsha1":
		h = sha1.New
	default:
		return m, nil, foreign.ErrNewer
	}
	if n := len(m.Salt); n != 16 && n != 24 && n != 32 { // the key is as long as the salt
		return m, nil, foreign.ErrDamaged
	}
	return m, h, foreign.CheckPBKDF2(m.Iterations)
}

// open decrypts the master key.
func (b *backup) open(ctx context.Context, pass secret.Value) ([]byte, error) {
	m, h, err := b.master()
	if err != nil {
		return nil, err
	}
	key, err := foreign.PBKDF2(ctx, h, pass.Bytes(), m.Salt, m.Iterations, len(m.Salt))
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return m.Key.open(key)
}

// open decrypts a key.
func (s *sealedKey) open(key []byte) ([]byte, error) {
	if s.Cipher != "AES/GCM/NoPadding" {
		return nil, foreign.ErrNewer
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	nonce, tag, ok := gcmParameters(s.Parameters)
	if !ok {
		return nil, foreign.ErrDamaged
	}
	gcm, err := cipher.NewGCMWithTagSize(block, tag)
	if err != nil || len(nonce) != gcm.NonceSize() {
		return nil, foreign.ErrDamaged
	}
	plain, err := gcm.Open(nil, nonce, s.Text, []byte(s.Token))
	if err != nil {
		return nil, foreign.ErrPassword
	}
	return plain, nil
}

// gcmParameters reads RFC 5084's GCMParameters; Android 6 wrote only the nonce in them.
func gcmParameters(der []byte) (nonce []byte, tag int, ok bool) {
	if rest, err := asn1.Unmarshal(der, &nonce); err == nil {
		return nonce, 16, len(rest) == 0
	}
	p := struct {
		Nonce []byte
		Tag   int `asn1:"optional,default:12"`
	}{Tag: 12}
	rest, err := asn1.Unmarshal(der, &p)
	return p.Nonce, p.Tag, err == nil && len(rest) == 0
}

// entry reads an account.
func (b *backup) entry(id string, master []byte) foreign.Entry {
	var t token
	text, ok := b.values[id+tokenSuffix]
	if !ok || foreign.Decode([]byte(text), &t) != nil {
		return foreign.Refused("", "", foreign.ErrDamaged)
	}
	issuer := cmp.Or(t.IssuerExt, t.IssuerInt)
	var outer struct {
		Key string `json:"key"`
	}
	var inner sealedKey
	if foreign.Decode([]byte(b.values[id]), &outer) != nil || foreign.Decode([]byte(outer.Key), &inner) != nil {
		return foreign.Refused(issuer, t.Label, foreign.ErrDamaged)
	}
	key, err := inner.open(master)
	if err != nil {
		return foreign.Refused(issuer, t.Label, foreign.ErrDamaged)
	}
	if t.Algo == "" { // the secret is "for" HmacSHA1 and the like
		t.Algo = inner.Token
	}
	return t.fields(issuer, t.Label, key).Entry()
}
