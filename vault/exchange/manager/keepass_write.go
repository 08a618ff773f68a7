// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/cipher"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// keepassWriter writes a KDBX 4 database: Argon2id, as RFC 9106 section 4
// recommends where memory is short, and ChaCha20.
type keepassWriter struct{}

func (keepassWriter) Target() foreign.Target {
	return foreign.Target{
		Format: keepassFormat, ID: keepassFormat.ID, Ext: ".kdbx", Locking: foreign.AlwaysLocked,
		Holds: foreign.Tags | foreign.Note | foreign.Parameters,
	}
}

// Fits refuses counters with anything but six digits and SHA1: KeePass has no
// place for more, and KeePassXC none for counters at all.
func (keepassWriter) Fits(k otpauth.Key) error {
	switch {
	case k.Type != otpauth.HOTP:
		return nil
	case k.Digits != otpauth.DefaultDigits:
		return foreign.NoPlace("digits", "KeePass has 6 only with a counter")
	case k.Algorithm != otpauth.SHA1:
		return foreign.NoPlace("algorithm", "KeePass has SHA1 only with a counter")
	case strings.ContainsAny(k.Issuer+k.Account, "\uFFFE\uFFFF"): // which XML has not, and a key URI escapes
		return foreign.NoPlace("account", "KeePass has not all signs of its names")
	}
	return nil
}

// Changes knows what plainTags and XML have no place for, and that there is no key
// URI for a counter.
func (keepassWriter) Changes(e foreign.Entry) bool {
	return !slices.Equal(plainTags(e.Tags), e.Tags) || !inXML(e.Note) || !inXML(strings.Join(e.Tags, "")) ||
		e.Key.Type == otpauth.HOTP && len(e.Key.Extra) > 0
}

// inXML tells whether XML has all characters of a text (XML 1.0, section 2.2).
func inXML(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF'
	})
}

func (keepassWriter) Write(ctx context.Context, entries []foreign.Entry, pass secret.Value) ([]foreign.Output, error) {
	k := &kdbx{cipher: cipherChaCha, packed: true, seed: foreign.RandomBytes(32), iv: foreign.RandomBytes(12), kdf: kdbxKDF{
		kind: kdfArgon2id, salt: foreign.RandomBytes(32), rounds: 3, memory: 64 << 20, threads: 4, version: argon2Version,
	}}
	keys, err := k.derive(ctx, pass.Bytes())
	if err != nil {
		return nil, err
	}
	defer keys.clear()
	body, err := keepassContent(ctx, entries)
	if err != nil {
		return nil, err
	}
	if body, err = k.decrypt(keys, body); err != nil { // a stream cipher: it is the same both ways
		return nil, err
	}
	return []foreign.Output{{Data: k.seal(keys, body)}}, nil
}

// keepassContent returns the header inside and the XML, packed.
func keepassContent(ctx context.Context, entries []foreign.Entry) ([]byte, error) {
	key := foreign.RandomBytes(64)
	defer clear(key)
	stream, err := newStream(streamChaCha, key)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	inner := appendField(nil, innerCipher, binary.LittleEndian.AppendUint32(nil, streamChaCha))
	inner = appendField(appendField(inner, innerKey, key), innerEnd, nil)
	defer clear(inner)
	if _, err := z.Write(inner); err != nil {
		return nil, err
	}
	w := keepassText{stream: stream}
	w.put(`<?xml version="1.0" encoding="utf-8" standalone="yes"?><KeePassFile><Meta><Generator>Kutano Authenticator</Generator></Meta><Root><Group>`)
	w.element("UUID", base64.StdEncoding.EncodeToString(foreign.RandomBytes(16)))
	w.element("Name", "Kutano Authenticator")
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w.entry(e)
		if _, err := w.WriteTo(z); err != nil {
			return nil, err
		}
	}
	w.put(`</Group></Root></KeePassFile>`)
	if _, err := w.WriteTo(z); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// keepassText is a piece of the XML.
type keepassText struct {
	bytes.Buffer
	stream cipher.Stream
}

func (w *keepassText) put(text string) { _, _ = w.WriteString(text) } // never fails

// element writes an element with a text. What XML has no place for is left out.
func (w *keepassText) element(name, text string) {
	w.put("<" + name + ">")
	_ = xml.EscapeText(w, []byte(text)) // never fails on a buffer
	w.put("</" + name + ">")
}

// field writes one of an entry's.
func (w *keepassText) field(name, text string) {
	w.put("<String>")
	w.element("Key", name)
	w.element("Value", text)
	w.put("</String>")
}

// secret writes a field that is protected. It clears the value.
func (w *keepassText) secret(name string, value secret.Value) {
	defer value.Clear()
	w.put("<String>")
	w.element("Key", name)
	w.stream.XORKeyStream(value.Bytes(), value.Bytes())
	w.put(`<Value Protected="True">` + base64.StdEncoding.EncodeToString(value.Bytes()) + "</Value></String>")
}

func (w *keepassText) entry(e foreign.Entry) {
	w.put("<Entry>")
	w.element("UUID", base64.StdEncoding.EncodeToString(foreign.RandomBytes(16)))
	if len(e.Tags) > 0 {
		w.element("Tags", strings.Join(plainTags(e.Tags), ";"))
	}
	title := e.Key.Issuer
	if title == "" && e.Key.Type != otpauth.HOTP { // whose names stand nowhere else
		title = e.Key.Account
	}
	w.field("Title", title)
	w.field("UserName", e.Key.Account)
	w.field("Notes", e.Note)
	if e.Key.Type == otpauth.HOTP {
		text := base32.StdEncoding.AppendEncode(nil, e.Key.Secret.Bytes())
		w.secret("HmacOtp-Secret-Base32", secret.New(text))
		w.field("HmacOtp-Counter", strconv.FormatUint(e.Key.Counter, 10))
	} else {
		w.secret("otp", keepassURI(e.Key))
	}
	w.put("</Entry>")
}

// plainTags returns tags without what separates them there.
func plainTags(tags []string) []string {
	plain := make([]string, len(tags))
	for i, tag := range tags {
		plain[i] = strings.Map(func(r rune) rune {
			if r == ';' || r == ',' {
				return ' '
			}
			return r
		}, tag)
	}
	return plain
}

// keepassURI writes a key URI as KeePassXC does: it takes what is missing to be
// zero, and knows Steam by the encoder alone.
func keepassURI(k otpauth.Key) secret.Value {
	uri := k.URI()
	defer uri.Clear()
	const steam = "otpauth://steam/"
	b := make([]byte, 0, uri.Len()+len("&period=30&digits=6"))
	if rest, ok := bytes.CutPrefix(uri.Bytes(), []byte(steam)); ok {
		b = append(append(b, "otpauth://totp/"...), rest...)
		b = append(b, "&digits="+strconv.Itoa(otpauth.SteamDigits)...)
	} else {
		b = append(b, uri.Bytes()...)
		if k.Digits == otpauth.DefaultDigits {
			b = append(b, "&digits="+strconv.Itoa(otpauth.DefaultDigits)...)
		}
	}
	if k.Period == otpauth.DefaultPeriod {
		b = append(b, "&period="+strconv.Itoa(otpauth.DefaultPeriod)...)
	}
	return secret.New(b)
}
