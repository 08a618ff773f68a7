// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// webpSample is a lossless WebP picture of one opaque pixel.
const webpSample = "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"

func codePicture(tb testing.TB) image.Image {
	tb.Helper()
	img, err := Draw(sample, 300)
	if err != nil {
		tb.Fatal(err)
	}
	return img
}

// encoded returns a picture in each kind that is read.
func encoded(tb testing.TB, img image.Image) map[string][]byte {
	tb.Helper()
	out := map[string][]byte{}
	for name, encode := range map[string]func(io.Writer) error{
		"png":  func(w io.Writer) error { return png.Encode(w, img) },
		"jpeg": func(w io.Writer) error { return jpeg.Encode(w, img, nil) },
		"gif":  func(w io.Writer) error { return gif.Encode(w, img, nil) },
		"bmp":  func(w io.Writer) error { return bmp.Encode(w, img) },
		"tiff": func(w io.Writer) error { return tiff.Encode(w, img, &tiff.Options{Compression: tiff.Deflate}) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			tb.Fatal(err)
		}
		out[name] = b.Bytes()
	}
	return out
}

// R36: picture files of all kinds, whatever they are called.
func TestLoadFile(t *testing.T) {
	for name, data := range encoded(t, codePicture(t)) {
		path := filepath.Join(t.TempDir(), "code.dat")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		img, err := LoadFile(t.Context(), path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := Decode(t.Context(), img); err != nil || len(got) != 1 || got[0] != sample {
			t.Errorf("%s: read %q, %v", name, got, err)
		}
	}
	img, err := Load(t.Context(), strings.NewReader(webpSample))
	if err != nil || img.Bounds().Dx() != 1 {
		t.Errorf("webp: %v", err)
	}
	if _, err := LoadFile(t.Context(), filepath.Join(t.TempDir(), "none.png")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := LoadFile(t.Context(), t.TempDir()); !errors.Is(err, ErrNotPicture) {
		t.Errorf("a folder: %v, want ErrNotPicture", err)
	}
}

// pngHeader is the beginning of a PNG picture that claims a size.
func pngHeader(w, h uint32, depth, kind byte) []byte {
	chunk := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	chunk = append(chunk, depth, kind, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// bmpHeader is the beginning of a BMP picture that claims a size.
func bmpHeader(w, h uint32) []byte {
	out := make([]byte, 54)
	copy(out, "BM")
	out[10], out[14], out[26], out[28] = 54, 40, 1, 24
	binary.LittleEndian.PutUint32(out[18:], w)
	binary.LittleEndian.PutUint32(out[22:], h)
	return out
}

func TestLoadRefused(t *testing.T) {
	whole := encoded(t, codePicture(t))["png"]
	for _, tt := range []struct {
		name string
		data []byte
		want error
		says string
	}{
		{"100 million pixels", pngHeader(10_000, 10_000, 8, 2), ErrTooBig, "10000 × 10000"},
		{"just above the limit", pngHeader(50_001, 1000, 8, 2), ErrTooBig, "at most 50 million"},
		{"16 bits a channel", pngHeader(6000, 5000, 16, 2), ErrTooBig, "at most 25 million"},
		{"a huge size", pngHeader(1<<31-1, 1<<31-1, 8, 0), ErrTooBig, ""},
		{"a huge BMP", bmpHeader(60_000, 60_000), ErrTooBig, ""},
		{"no pixels", pngHeader(0, 0, 8, 0), ErrNotPicture, ""},
		{"no height", bmpHeader(10, 0), ErrNotPicture, "the BMP picture is"},
		{"a negative size", pngHeader(0xffffffff, 5, 8, 0), ErrNotPicture, ""},
		{"nothing", nil, ErrNotPicture, "an empty file"},
		{"text", []byte("otpauth://totp/x"), ErrNotPicture, "a text file"},
		{"text with half a letter", []byte("Zo\xc3"), ErrNotPicture, "a text file"},
		{"SVG", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`), ErrNotPicture, "an SVG drawing"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), ErrNotPicture, "a HEIC photo"},
		{"PDF", []byte("%PDF-1.7\n"), ErrNotPicture, "a PDF document"},
		{"web page", []byte("\n<!DOCTYPE html><html>"), ErrNotPicture, "a web page"},
		{"noise", []byte{1, 2, 3, 0xff, 0xfe}, ErrNotPicture, ""},
		{"half a PNG", whole[:len(whole)/2], ErrNotPicture, "the PNG picture is"},
		{"a PNG's header", whole[:33], ErrNotPicture, "the PNG picture is"},
		{"a broken PNG", append(append([]byte{}, whole[:60]...), make([]byte, 200)...), ErrNotPicture, "damaged"},
		{"only a signature", []byte("II*\x00"), ErrNotPicture, "the TIFF picture is"},
	} {
		img, err := Load(t.Context(), bytes.NewReader(tt.data))
		if img != nil || !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v; want %v with %q", tt.name, err, tt.want, tt.says)
		}
	}
}

func TestKnown(t *testing.T) {
	for name, data := range encoded(t, codePicture(t)) {
		if !Known(data) || !Known(data[:32]) {
			t.Errorf("%s is not known", name)
		}
	}
	for _, data := range []string{"", "text", "BMW: otpauth://totp/x", "\x00\x00\x00\x18ftypheic"} {
		if Known([]byte(data)) {
			t.Errorf("%q is taken for a picture", data)
		}
	}
}

// An animated picture may hold thousands of frames: only the first is decoded,
// so a broken second one is not even noticed.
func TestLoadAnimated(t *testing.T) {
	var b bytes.Buffer
	palette := color.Palette{color.White, color.Black}
	first := image.NewPaletted(image.Rect(0, 0, 40, 30), palette)
	anim := &gif.GIF{Image: []*image.Paletted{first, first, first}, Delay: []int{1, 1, 1}}
	if err := gif.EncodeAll(&b, anim); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	var one bytes.Buffer
	if err := gif.EncodeAll(&one, &gif.GIF{Image: anim.Image[:1], Delay: anim.Delay[:1]}); err != nil {
		t.Fatal(err)
	}
	cut := data[:one.Len()+30] // within the second frame
	img, err := Load(t.Context(), bytes.NewReader(cut))
	if err != nil || img.Bounds().Dx() != 40 {
		t.Errorf("%v", err)
	}
}

// zeros is a file without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// hangs is a pipe to which nobody writes.
type hangs struct{ until <-chan struct{} }

func (h hangs) Read([]byte) (int, error) { <-h.until; return 0, io.EOF }

func TestLoadLimits(t *testing.T) {
	if _, err := Load(t.Context(), zeros{}); !errors.Is(err, ErrTooBig) || !strings.Contains(err.Error(), "64 MiB") {
		t.Errorf("an endless file: %v", err)
	}
	big := filepath.Join(t.TempDir(), "big.png")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, MaxBytes+1); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadFile(t.Context(), big); !errors.Is(err, ErrTooBig) {
		t.Errorf("a file above the limit: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := Load(ctx, hangs{t.Context().Done()}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a pipe that hangs: %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("cancelled after %v", took)
	}
}

// Whatever is loaded, nothing panics, and what comes out is within the limits.
func FuzzLoad(f *testing.F) {
	for _, data := range encoded(f, image.NewGray(image.Rect(0, 0, 5, 4))) { // small ones, for speed
		f.Add(data)
	}
	f.Add([]byte(webpSample))
	f.Add(pngHeader(1, 1, 8, 2))
	f.Add(bmpHeader(3, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		img, err := Load(t.Context(), bytes.NewReader(data))
		if err != nil {
			if !errors.Is(err, ErrNotPicture) && !errors.Is(err, ErrTooBig) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		if b := img.Bounds(); b.Dx() <= 0 || b.Dy() <= 0 || b.Dx()*b.Dy() > MaxPixels {
			t.Fatalf("a picture of %v", b)
		}
	})
}
