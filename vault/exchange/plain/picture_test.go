// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/scan"
)

// codes draws QR codes beside each other on white.
func codes(t testing.TB, texts ...string) *image.Gray {
	t.Helper()
	const side = 330
	img := image.NewGray(image.Rect(0, 0, side*len(texts), side))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for i, text := range texts {
		one, err := scan.Draw(text, side)
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(img, image.Rect(i*side, 0, (i+1)*side, side), one, one.Bounds().Min, draw.Src)
	}
	return img
}

func encoded(t testing.TB, encode func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, texts ...string) []byte {
	t.Helper()
	return encoded(t, func(w io.Writer) error { return png.Encode(w, codes(t, texts...)) })
}

func TestPictures(t *testing.T) {
	whole := asPNG(t, ann)
	huge := bytes.Clone(whole[:33])
	binary.BigEndian.PutUint32(huge[16:], 1_000_000) // the width
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for _, tt := range []struct {
		name string
		data []byte
		want string
		err  error
	}{
		{"PNG", whole, "otpauth-qr ann/10", nil},
		{"JPEG", encoded(t, func(w io.Writer) error { return jpeg.Encode(w, codes(t, bob), nil) }), "otpauth-qr bob/10", nil},
		{"GIF", encoded(t, func(w io.Writer) error { return gif.Encode(w, codes(t, bob), nil) }), "otpauth-qr bob/10", nil},
		{"two codes", asPNG(t, ann, bob), "otpauth-qr ann/10 bob/10", nil},
		{"an export", asPNG(t, migration(t, ann, bob, ann)), "otpauth-qr ann/10 bob/10 ann/10", nil},
		{"a defect", asPNG(t, "otpauth://totp/x?secret=1"), "otpauth-qr [x: the secret is not base32]", nil},
		{"of something else", asPNG(t, "https://example.com"), "otpauth-qr", nil},
		{"cut short", whole[:len(whole)/2], "otpauth-qr", foreign.ErrDamaged},
		{"huge", huge, "otpauth-qr", foreign.ErrBomb},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, s, err := read(t, tt.data)
			if tt.name == "two codes" { // in any order
				words := strings.Fields(got)
				slices.Sort(words[1:])
				got = strings.Join(words, " ")
			}
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %s, %v\nwant %s, %v", got, err, tt.want, tt.err)
			}
			if tt.name == "an export" && len(s.Texts) != 1 {
				t.Errorf("%d exports noted", len(s.Texts))
			}
		})
	}
}

// zipped returns a camera's brightness plane with that padding of its rows, as a gzip file.
func zipped(t testing.TB, img *image.Gray, f frame, tail int) []byte {
	t.Helper()
	plane := make([]byte, f.stride*f.height+tail)
	for y := range f.height {
		row := plane[y*f.stride:][:f.width]
		for x := range row {
			row[x] = 255
		}
		if y < img.Rect.Dy() {
			copy(row, img.Pix[y*img.Stride:][:img.Rect.Dx()])
		}
	}
	return encoded(t, func(w io.Writer) error {
		z := gzip.NewWriter(w)
		if _, err := z.Write(plane); err != nil {
			return err
		}
		return z.Close()
	})
}

func TestFrames(t *testing.T) {
	img := codes(t, ann)
	for _, tt := range []struct {
		name string
		f    frame
		tail int
	}{
		{"bare", frame{640, 480, 640}, 0},
		{"padded", frame{800, 600, 832}, 0},
		{"without the last padding", frame{800, 600, 832}, -32},
		{"with colours", frame{640, 480, 640}, 640 * 480 / 2},
		{"padded far", frame{1440, 1080, 1536}, 0},
	} {
		if got, _, err := read(t, zipped(t, img, tt.f, tt.tail)); got != "otpauth-qr ann/10" || err != nil {
			t.Errorf("%s: %s, %v", tt.name, got, err)
		}
	}
	if got, _, _ := read(t, zipped(t, img, frame{640, 480, 640}, 5)); got != "" {
		t.Errorf("of another size: %s", got)
	}
	data := zipped(t, img, frame{640, 480, 640}, 0)
	data = append(data[:len(data)-9], data[len(data)-8:]...)
	if got, _, err := read(t, data); got != "otpauth-qr" || !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("damaged: %s, %v", got, err)
	}
	lies := zipped(t, img, frame{1440, 1080, 1536}, 0)
	binary.LittleEndian.PutUint32(lies[len(lies)-4:], 640*480)
	if _, _, err := read(t, lies); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("larger than it says: %v", err)
	}
}

// What is in a picture is for scan, which is fuzzed there.
func FuzzFrames(f *testing.F) {
	f.Add(zipped(f, codes(f, ann), frame{640, 480, 640}, 0))
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\xb0\x04\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, l := range frames(data) {
			pix, err := unpacked(data)
			if err == nil && len(pix) < l.stride*(l.height-1)+l.width {
				t.Errorf("%d bytes for %v", len(pix), l)
			}
		}
	})
}
