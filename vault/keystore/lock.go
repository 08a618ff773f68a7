// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/kutano/authenticator/vault/secret"
)

// A keyring's lock is an item of the name "lock" beside the items that it
// guards. It holds the key of the items, which never changes, sealed under the
// passphrase: so a new passphrase is one write. As text:
//
//	"kutano-lock1 " and base64, unpadded, of
//
//	offset size
//	     0   88  header, as in a sealed file: costs, salt, key check, checksum
//	    88    8  id, drawn at random when the lock is made
//	    96   24  nonce
//	   120   48  XChaCha20-Poly1305 of the items' key under the first half of
//	             the derived key, with bytes 0–95 as associated data
//	   168    1  1 when every item is sealed, 0 while that is on its way
//	   169   16  HMAC-SHA-256 of id and that byte under the items' key, cut
//
// Once every item is sealed, one that is not was put there by somebody who does
// not know the passphrase: it is not believed.
//
// An item under it is the text
//
//	"kutano-sealed1 ID " and base64, unpadded, of nonce and
//	XChaCha20-Poly1305 of the value, with "ID NAME" as associated data
//
// where ID is the lock's id in base64: another lock is not taken for damage.
const (
	lockMagic  = "kutano-lock1 "
	sealMagic  = "kutano-sealed1 "
	idSize     = 8
	idStart    = nonceStart
	wrapStart  = idStart + idSize
	fullStart  = wrapStart + chacha20poly1305.NonceSizeX + keySize + chacha20poly1305.Overhead
	proofStart = fullStart + 1
	proofSize  = 16
	lockSize   = proofStart + proofSize
	idText     = (idSize*8 + 5) / 6
	sealHead   = len(sealMagic) + idText + 1
	sealCost   = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead
)

// LockItem is the name of the item that holds a keyring's lock.
const LockItem = "lock"

// MaxSealed is the most that an item of a keyring may hold under a passphrase:
// sealed and as text it has to fit into MaxItem.
const MaxSealed = (MaxItem-sealHead)*3/4 - sealCost

// Sealed is the most that an item may hold under a passphrase where sealed it may
// have so many bytes.
func Sealed(room int) int { return (room-sealHead)*3/4 - sealCost }

var coding = base64.RawStdEncoding.Strict()

// lockKey opens the items of one lock.
type lockKey struct {
	id   [idSize]byte
	key  secret.Value
	full bool         // every item is sealed
	item secret.Value // the lock's item as it stands in the keyring
}

// clone returns a copy with a key of its own.
func (l *lockKey) clone() *lockKey {
	c := *l
	c.key, c.item = l.key.Clone(), l.item.Clone()
	return &c
}

func newLockKey() *lockKey {
	l := &lockKey{key: secret.New(make([]byte, keySize))}
	_, _ = rand.Read(l.id[:])       // never fails, see crypto/rand
	_, _ = rand.Read(l.key.Bytes()) // likewise
	return l
}

func (l *lockKey) name() string { return coding.EncodeToString(l.id[:]) }

func (l *lockKey) aead() cipher.AEAD { return aeadOf(l.key) }

// proof lets a key be told from one that is not this lock's, and shows that
// whoever said that every item is sealed knew the key.
func (l *lockKey) proof() []byte {
	mac := hmac.New(sha256.New, l.key.Bytes())
	mac.Write(l.id[:])
	mac.Write([]byte{l.fullness()})
	return mac.Sum(nil)[:proofSize]
}

func (l *lockKey) fullness() byte {
	if l.full {
		return 1
	}
	return 0
}

// wrap writes the lock's item for a passphrase.
func (l *lockKey) wrap(passphrase secret.Value, p params) {
	s := newSealer(passphrase, p)
	defer s.key.Clear()
	raw := make([]byte, 0, lockSize)
	raw = append(raw, s.header[:]...)
	raw = append(raw, l.id[:]...)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	_, _ = rand.Read(nonce)
	head := raw
	raw = append(raw, nonce...)
	raw = s.aead().Seal(raw, nonce, l.key.Bytes(), head)
	l.finish(raw)
}

// finish writes the item anew from what the passphrase is needed for.
func (l *lockKey) finish(wrapped []byte) {
	raw := append(bytes.Clone(wrapped[:fullStart]), l.fullness())
	raw = append(raw, l.proof()...)
	l.item = secret.New(coding.AppendEncode([]byte(lockMagic), raw))
}

// mark says whether every item is sealed. The passphrase is not needed for it.
func (l *lockKey) mark(full bool) error {
	raw, err := decodeLock(l.item)
	if err != nil {
		return err
	}
	l.full = full
	l.finish(raw)
	return nil
}

// fits tells whether the key is that of the lock, which says truly whether
// every item is sealed; then it takes over what the lock says.
func (l *lockKey) fits(raw []byte) bool {
	t := *l
	t.full = raw[fullStart] == 1
	if !hmac.Equal(raw[idStart:wrapStart], l.id[:]) || raw[fullStart] > 1 || !hmac.Equal(raw[proofStart:], t.proof()) {
		return false
	}
	l.full = t.full
	l.item = secret.New(coding.AppendEncode([]byte(lockMagic), raw))
	return true
}

// decodeLock reads the lock's item as far as that needs no passphrase.
func decodeLock(item secret.Value) ([]byte, error) {
	text, ours := bytes.CutPrefix(item.Bytes(), []byte(lockMagic))
	if !ours {
		if bytes.HasPrefix(item.Bytes(), []byte("kutano-lock")) {
			return nil, fmt.Errorf("%w: %w: the lock", ErrDamaged, ErrNewer)
		}
		return nil, fmt.Errorf("%w: what stands in its place is no lock", ErrDamaged)
	}
	raw, err := coding.DecodeString(string(text))
	if err != nil || len(raw) != lockSize {
		return nil, fmt.Errorf("%w: the lock cannot be read", ErrDamaged)
	}
	var h header
	copy(h[:], raw)
	if string(h[:len(magic)]) != magic || h[8] != version || !bytes.Equal(checksum(h), h[sumStart:]) {
		return nil, fmt.Errorf("%w: the lock's checksum is wrong", ErrDamaged)
	}
	return raw, nil
}

// unwrap opens the lock with its passphrase.
func unwrap(raw []byte, passphrase secret.Value) (*lockKey, error) {
	var h header
	copy(h[:], raw)
	s, err := unlockHeader(h, passphrase)
	if err != nil {
		return nil, err
	}
	defer s.key.Clear()
	nonce := raw[wrapStart : wrapStart+chacha20poly1305.NonceSizeX]
	key, err := s.aead().Open(nil, nonce, raw[wrapStart+len(nonce):fullStart], raw[:wrapStart])
	if err != nil {
		return nil, fmt.Errorf("%w: the lock was changed", ErrDamaged)
	}
	l := &lockKey{key: secret.New(key)}
	copy(l.id[:], raw[idStart:])
	if !l.fits(raw) {
		l.key.Clear()
		return nil, fmt.Errorf("%w: the lock was changed", ErrDamaged)
	}
	return l, nil
}

// nameOf is the name of the lock that an item describes.
func nameOf(raw []byte) string { return coding.EncodeToString(raw[idStart:wrapStart]) }

// seal returns the text that stands in the keyring for a value.
func (l *lockKey) seal(name string, v secret.Value) secret.Value {
	box := make([]byte, chacha20poly1305.NonceSizeX, sealCost+v.Len())
	_, _ = rand.Read(box)
	secret.Do(func() { box = l.aead().Seal(box, box, v.Bytes(), []byte(l.name()+" "+name)) })
	return secret.New(coding.AppendEncode([]byte(sealMagic+l.name()+" "), box))
}

// sealedUnder returns the name of the lock that a value is sealed under, "" for
// one that is not sealed.
func sealedUnder(v secret.Value) string {
	b := v.Bytes()
	if len(b) < sealHead || string(b[:len(sealMagic)]) != sealMagic || b[sealHead-1] != ' ' {
		return ""
	}
	return string(b[len(sealMagic) : sealHead-1])
}

// open returns the value of a text that is sealed under this lock.
func (l *lockKey) open(name string, v secret.Value) (secret.Value, error) {
	box, err := coding.DecodeString(string(v.Bytes()[sealHead:]))
	if err != nil || len(box) < sealCost {
		return secret.Value{}, fmt.Errorf("read %s: %w", name, ErrUnreadable)
	}
	nonce := box[:chacha20poly1305.NonceSizeX]
	var plain []byte
	secret.Do(func() { plain, err = l.aead().Open(nil, nonce, box[len(nonce):], []byte(l.name()+" "+name)) })
	if err != nil {
		return secret.Value{}, fmt.Errorf("read %s: %w", name, ErrUnreadable)
	}
	return secret.New(plain), nil
}
