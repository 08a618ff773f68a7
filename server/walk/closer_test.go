// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"testing"

	qr "github.com/skip2/go-qrcode"
)

// What the walks read codes with reads all codes, not nearly all.
func TestCloserReadsEveryCode(t *testing.T) {
	for n := range 300 {
		text := fmt.Sprintf("otpauth://totp/Kutano:ana%d@harbour.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kutano&n=%d", n, n*7919)
		data, err := qr.Encode(text, qr.Medium, -5)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		got, err := closer(img, image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
		if err != nil || got.GetText() != text {
			t.Errorf("code %d: %v", n, err)
		}
	}
}
