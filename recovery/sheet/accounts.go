// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

// ErrNoAccounts is returned for a sheet without accounts.
var ErrNoAccounts = errors.New("there are no accounts")

// List is what stands on a paper with accounts.
type List struct {
	Keys   []otpauth.Key // in the order in which they are printed; valid and normal
	Made   time.Time     // when, in the time zone to be shown
	Device string        // the device's name; may be empty
}

// Accounts returns a PDF document with a QR code for each account, its names, its
// parameters in words and its key in letters, in the language in use. The pages
// are of A4 and stand on US Letter as [PDF]'s does.
//
// Each QR code was read again before it is there. A key that is too long for one,
// which no service gives out, stands there in letters only. The document is not
// encrypted; its properties hold nothing secret, and copies that the PDF library
// makes cannot be cleared.
func Accounts(ctx context.Context, l List) ([]byte, error) {
	if len(l.Keys) == 0 {
		return nil, fmt.Errorf("sheet of accounts: %w", ErrNoAccounts)
	}
	return drawList(ctx, l, sayList(l), codeOf)
}

// listTexts are the sentences on it.
type listTexts struct {
	lang, title      string
	warning          string
	useTitle         string
	steps            []string
	made, device     string
	count            string
	noCode, lettersQ string
}

func sayList(l List) listTexts {
	t := listTexts{
		lang:  strings.ReplaceAll(words.Current(), "_", "-"),
		title: words.T("Your accounts on paper"),
		warning: words.T("Whoever has this paper can make your codes: it is not encrypted. " +
			"Keep it in a safe place, away from this device, and never send a picture of it."),
		useTitle: words.T("If the device is lost or its passphrase forgotten"),
		steps: []string{
			words.T("Install Kutano Authenticator or another authenticator app."),
			words.T("Scan the QR codes one after the other. Where one cannot be scanned, type the name and the key."),
			words.T("Burn or shred this paper when you print a new one: the keys on it work as long as nobody changes them."),
		},
		made:     words.T("Made: {date}", "date", l.Made.Format("2006-01-02")),
		count:    words.T("Accounts: {n}", "n", len(l.Keys)),
		noCode:   words.T("This key is too long for a QR code."),
		lettersQ: words.T("A sign that cannot be printed stands here as a square. The QR code has it."),
	}
	if name := printable(l.Device); name != "" {
		t.device = words.T("Device: {name}", "name", name)
	}
	return t
}

// pace says in words how the codes of a key go.
func pace(k otpauth.Key) string {
	var s string
	switch k.Type {
	case otpauth.Steam:
		return words.T("Steam codes, a new one every 30 seconds")
	case otpauth.HOTP:
		s = words.T("{digits} digits, by counter", "digits", k.Digits) + " · " + words.T("counter {n}", "n", k.Counter)
	default:
		s = words.T("{digits} digits, a new code every {period} seconds", "digits", k.Digits, "period", k.Period)
	}
	return s + " · " + k.Algorithm.String()
}

// letters writes the key in base32 in groups of four, as people type it.
func letters(k otpauth.Key) string {
	return grouped(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.Secret.Bytes()))
}

// picture is a QR code.
type picture struct {
	png   []byte
	side  int // pixels, with the quiet zone
	white int // pixels of the quiet zone, at each edge
	cells int // modules a side, without it
}

const (
	listPixels = 300 // a QR code's side
	listCells  = 125 // its modules a side at most: larger ones are not scanned from paper
)

// codeOf draws the QR code of a key and reads it again. It is nil for a key that
// is too long.
func codeOf(ctx context.Context, k otpauth.Key) (*picture, error) {
	uri := k.URI()
	defer uri.Clear()
	p, err := pictureOf(ctx, uri, listPixels)
	if err != nil {
		return nil, fmt.Errorf("sheet of accounts: %w", err)
	}
	return p, nil
}

// pictureOf draws the QR code of a text and reads it again. It is nil for a text
// that is too long to be scanned from paper.
func pictureOf(ctx context.Context, text secret.Value, pixels int) (*picture, error) {
	img, err := scan.Draw(text.Reveal(), pixels)
	if errors.Is(err, scan.ErrTooMuchData) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	white := quiet(img)
	n := cells(img, white)
	if n > listCells {
		return nil, nil
	}
	back, err := scan.Decode(ctx, img)
	if err != nil {
		return nil, err
	}
	if len(back) != 1 || back[0] != text.Reveal() {
		return nil, nil
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, err
	}
	return &picture{b.Bytes(), img.Bounds().Dx(), white, n}, nil
}

// cells counts the modules of a side: the finder pattern in the corner is seven wide.
func cells(img image.Image, white int) int {
	n := white
	for dark(img, n, white) {
		n++
	}
	module := max(1, (n-white)/7)
	return (img.Bounds().Dx() - 2*white) / module
}
