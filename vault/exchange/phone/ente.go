// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/url"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// Ente reads what Ente Auth exports: key URIs, a line each, with a parameter of
// its own, plain or encrypted.
var Ente foreign.Reader = &reader{
	format: foreign.Format{ID: "ente", App: "Ente Auth"},
	detect: detectEnte,
	lock:   lockEnte,
	read:   readEnte,
}

const enteVersion = 1 // of encrypted files, the newest that is known

// enteFile is an encrypted export. Memory is in bytes.
type enteFile struct {
	Version   foreign.Number `json:"version"`
	KDFParams struct {
		MemLimit uint64      `json:"memLimit"`
		OpsLimit uint32      `json:"opsLimit"`
		Salt     base64Bytes `json:"salt"`
	} `json:"kdfParams"`
	EncryptedData   base64Bytes `json:"encryptedData"`
	EncryptionNonce base64Bytes `json:"encryptionNonce"` // the stream's header
}

// enteDisplay is the parameter codeDisplay.
type enteDisplay struct {
	Pinned  flag  `json:"pinned"`
	Trashed flag  `json:"trashed"`
	Tags    texts `json:"tags"`
	Note    text  `json:"note"`
}

const enteMark = "codeDisplay"

func enteSealed(s *foreign.Source) bool {
	shape := s.Shape()
	return shape.Has("kdfParams") && (shape.Has("encryptedData") || shape.At("kdfParams").Has("memLimit", "opsLimit"))
}

func detectEnte(s *foreign.Source) bool {
	if s.Shape().Kind != foreign.NoJSON {
		return enteSealed(s)
	}
	text := bytes.TrimSpace(foreign.Bare(s.Data))
	return bytes.HasPrefix(text, []byte("otpauth://")) && bytes.Contains(text, []byte("&"+enteMark+"="))
}

func lockEnte(s *foreign.Source) (foreign.Lock, error) {
	if !enteSealed(s) {
		return foreign.Open, nil
	}
	_, err := parseEnte(s)
	return foreign.Password, err
}

func parseEnte(s *foreign.Source) (*enteFile, error) {
	var f enteFile
	if err := foreign.Decode(s.Data, &f); err != nil {
		return nil, err
	}
	// More memory than fits the number is more than is allowed, too.
	memory := min(f.KDFParams.MemLimit>>10, math.MaxUint32)
	return &f, foreign.CheckArgon2id(f.KDFParams.OpsLimit, uint32(memory), 1)
}

func readEnte(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	if !enteSealed(s) {
		return enteLines(ctx, s.Data, add)
	}
	f, err := parseEnte(s)
	if err != nil {
		return err
	}
	k := f.KDFParams
	key, err := foreign.Argon2id(ctx, pass.Bytes(), k.Salt, k.OpsLimit, uint32(k.MemLimit>>10), 1, keySize)
	if err != nil {
		return err
	}
	defer clear(key)
	plain, err := openStream(key, f.EncryptionNonce, f.EncryptedData)
	if err != nil {
		return err
	}
	defer clear(plain)
	return newest(f.Version, enteVersion, add, func(add func(foreign.Entry)) error {
		return enteLines(ctx, append(plain, '\n'), add)
	})
}

// enteLines reads URIs, a line each. The last line, where nothing ends it and its
// mark is not whole, may have lost the end of its secret, too.
func enteLines(ctx context.Context, data []byte, add func(foreign.Entry)) error {
	for line := range bytes.Lines(foreign.Bare(data)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		uri := strings.TrimSpace(string(line))
		if uri == "" {
			continue
		}
		e, marked, err := enteEntry(uri)
		if last := !bytes.HasSuffix(line, []byte("\n")); last && !marked {
			e.Clear()
			add(foreign.Entry{Label: otpauth.URIName(uri), Err: foreign.ErrCutShort})
			return foreign.ErrCutShort
		} else if last && err != nil {
			add(e)
			return foreign.ErrCutShort
		}
		add(e)
	}
	return nil
}

// enteEntry reads one URI. Marked tells whether Ente's parameter is there; err,
// that it is not whole.
func enteEntry(uri string) (e foreign.Entry, marked bool, err error) {
	base, query, _ := strings.Cut(uri, "?")
	var kept []string
	var display enteDisplay
	counter := !strings.HasPrefix(strings.ToLower(base), "otpauth://hotp/")
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if strings.EqualFold(name, enteMark) {
			marked = true
			err = display.parse(value)
			continue
		}
		counter = counter || strings.EqualFold(name, "counter") && value != ""
		kept = append(kept, part)
	}
	if !counter {
		kept = append(kept, "counter=0") // Ente leaves it out until the first use
	}
	e = foreign.FromURI(base + "?" + strings.Join(kept, "&"))
	e.Tags, e.Note = display.Tags.strings(), string(display.Note)
	e.Favourite, e.Trashed = bool(display.Pinned), bool(display.Trashed)
	return e, marked, err
}

func (d *enteDisplay) parse(value string) error {
	s, err := url.QueryUnescape(value)
	if err == nil {
		err = json.Unmarshal([]byte(s), d)
	}
	var kind *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &kind) {
		return foreign.ErrDamaged
	}
	return nil
}
