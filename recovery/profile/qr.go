// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bytes"
	"compress/flate"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
)

// qrPrefix begins the text of a QR code; the digit is the packing's version.
const qrPrefix = "KUTANO-PROFILE:1:"

// letters are base32 (RFC 4648, section 6) without padding: a QR code holds them
// in its dense alphanumeric mode, and no blank gets lost where they are pasted.
var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

// IsQR tells whether the text of a QR code or of the clipboard is a profile, as
// far as its beginning tells.
func IsQR(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "KUTANO-PROFILE:") }

// Why no profile is taken from what QR codes say.
var (
	ErrNone    = errors.New("no QR code with a profile")
	ErrSeveral = errors.New("several different profiles in view")
)

// Among returns the text of the one profile among those of QR codes; the same one
// twice counts once. It fails with ErrNone or ErrSeveral: which of them is meant
// only a person can say.
func Among(texts []string) (string, error) {
	found := ""
	for _, text := range texts {
		switch text = strings.TrimSpace(text); {
		case !IsQR(text) || text == found:
		case found != "":
			return "", ErrSeveral
		default:
			found = text
		}
	}
	if found == "" {
		return "", ErrNone
	}
	return found, nil
}

// QR returns the profile as the text of a QR code: the file, compressed
// (RFC 1951), in base32.
func (p Profile) QR() (string, error) {
	data, err := p.TOML()
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	w, err := flate.NewWriterDict(&packed, flate.BestCompression, []byte(dictionary))
	if err != nil {
		return "", fmt.Errorf("pack profile: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return "", fmt.Errorf("pack profile: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("pack profile: %w", err)
	}
	return qrPrefix + letters.EncodeToString(packed.Bytes()), nil
}

// dictionary is what nearly every profile says, so that the code need not. It is
// part of the format.
const dictionary = "[[note]]\nstep = \"keep\"\ntext = \"[signature]\nkey = \"\nvalue = \"version = 1\nname = \"\nissuers = [\"Kutano\"]\n" +
	"settings = \"https://app.kutano.com\"\nhelp = \"https://www.kutano.com/guides/using/two-factor-authentication\"\n" +
	"service = \"https://\ncontact = \"\nreview_months = 6\n"

// unpack reads a QR code's text, to at most MaxBytes. It may have been wrapped on
// its way.
func unpack(text string) ([]byte, error) {
	packed, err := letters.DecodeString(strings.Join(strings.Fields(strings.TrimPrefix(text, qrPrefix)), ""))
	if err != nil {
		return nil, ErrFormat
	}
	r := flate.NewReaderDict(bytes.NewReader(packed), []byte(dictionary))
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, ErrFormat
	}
	if len(data) > MaxBytes {
		return nil, ErrTooLarge
	}
	return data, nil
}
