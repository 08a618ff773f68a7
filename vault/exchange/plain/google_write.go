// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"math"
	"strconv"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

const (
	qrPixels = 900  // the side of a picture: shown on a screen, phones read it
	qrLimit  = 2000 // characters in a QR code: with more, cameras begin to fail
)

// googleWriter draws the QR codes that Google Authenticator shows for a move to
// another phone, and reads as one.
type googleWriter struct{}

func (googleWriter) Target() foreign.Target {
	return foreign.Target{
		Format: foreign.Format{ID: "google-authenticator", App: "Google Authenticator"}, ID: "google-qr", Ext: ".png",
		Locking: foreign.NeverLocked, Several: true,
	}
}

func (googleWriter) Fits(k otpauth.Key) error {
	switch {
	case k.Type == otpauth.Steam:
		return foreign.NoPlace("type", "Google Authenticator has no Steam codes")
	case k.Digits != 6 && k.Digits != 8:
		return foreign.NoPlace("digits", "Google Authenticator has 6 and 8 only")
	case k.Type == otpauth.TOTP && k.Period != otpauth.DefaultPeriod:
		return foreign.NoPlace("period", "Google Authenticator has 30 seconds only")
	case k.Counter > math.MaxInt64:
		return foreign.NoPlace("counter", "Google Authenticator has no such large one")
	}
	uris, left := otpauth.Migration([]otpauth.Key{k})
	defer clearAll(uris)
	if len(left) > 0 || len(uris) != 1 {
		return foreign.NoPlace("", "Google Authenticator cannot hold it")
	}
	if uris[0].Len() > qrLimit {
		return foreign.NoPlace("", "it is too long for a QR code that cameras read")
	}
	if b, err := otpauth.ParseMigration(uris[0].Reveal()); err != nil || len(b.Entries) != 1 || !same(b.Entries[0], k) {
		return foreign.NoPlace("account", "its names would come out as others")
	}
	return nil
}

func same(f otpauth.Found, k otpauth.Key) bool {
	defer f.Key.Secret.Clear()
	return f.Err == nil && f.Key.Same(k) && f.Key.Counter == k.Counter && f.Key.Issuer == k.Issuer && f.Key.Account == k.Account
}

func clearAll(values []secret.Value) {
	for _, v := range values {
		v.Clear()
	}
}

func (googleWriter) Write(ctx context.Context, entries []foreign.Entry, _ secret.Value) ([]foreign.Output, error) {
	keys := make([]otpauth.Key, len(entries))
	for i, e := range entries {
		keys[i] = e.Key
	}
	uris, left := otpauth.Migration(keys)
	defer clearAll(uris)
	if len(left) > 0 {
		return nil, left[0].Err
	}
	out := make([]foreign.Output, len(uris))
	for i, uri := range uris {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		picture, err := qrCode(uri)
		if err != nil {
			return nil, err
		}
		out[i].Data = picture
		if len(uris) > 1 {
			out[i].Suffix = "-" + strconv.Itoa(i+1)
		}
	}
	return out, nil
}

func qrCode(text secret.Value) ([]byte, error) {
	img, err := scan.Draw(text.Reveal(), qrPixels)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("write the picture of a QR code: %w", err)
	}
	return b.Bytes(), nil
}
