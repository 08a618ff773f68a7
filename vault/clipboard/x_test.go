// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package clipboard

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/scan/xserver/xvfb"
)

// give puts data into the clipboard as another program does.
func give(t *testing.T, kind string, data []byte) {
	t.Helper()
	args := []string{"-selection", "clipboard", "-in"}
	if kind != "" {
		args = append(args, "-t", kind)
	}
	cmd := exec.Command("xclip", args...)
	cmd.Stdin = bytes.NewReader(data)
	if err := cmd.Run(); err != nil { // it stays in the background
		t.Fatal(err)
	}
	if kind == "" {
		kind = "UTF8_STRING"
	}
	// It may have gone there before the server has heard of it.
	waitFor(t, func() bool { got, _ := get(t, kind); return got == string(data) })
}

// get asks for the clipboard as another program does.
func get(t *testing.T, kind string) (string, bool) {
	t.Helper()
	out, err := exec.Command("xclip", "-selection", "clipboard", "-out", "-t", kind).Output()
	return string(out), err == nil
}

func startX(t *testing.T) {
	t.Helper()
	xvfb.Start(t, 640, 480)
	xvfb.Need(t, "xclip")
}

// noise is a picture that does not compress.
func noise(w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(rnd.Uint32())
	}
	return img
}

func encodePNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// R36: the clipboard as a source, text and pictures.
func TestReadX(t *testing.T) {
	startX(t)
	if _, err := Read(t.Context()); !errors.Is(err, ErrEmpty) {
		t.Errorf("nothing copied: %v, want ErrEmpty", err)
	}
	const text = "otpauth://totp/Kutano:zoë?secret=JBSWY3DPEHPK3PXP"
	give(t, "", []byte(text))
	if clip, err := Read(t.Context()); err != nil || clip.Text != text || clip.Picture != nil {
		t.Errorf("text: %q, %v", clip.Text, err)
	}

	big := noise(1300, 1000)
	data := encodePNG(t, big)
	if len(data) < 1<<20 {
		t.Fatalf("%d bytes are not sent in pieces", len(data))
	}
	give(t, "image/png", data)
	clip, err := Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := clip.Picture.(*image.Gray); !ok || !bytes.Equal(got.Pix, big.Pix) {
		t.Error("another picture came out of the clipboard")
	}

	give(t, "image/png", data[:len(data)/2])
	if _, err := Read(t.Context()); !errors.Is(err, scan.ErrNotPicture) {
		t.Errorf("half a picture: %v, want ErrNotPicture", err)
	}
}

// R36: picture files copied in a file manager.
func TestReadCopiedFiles(t *testing.T) {
	startX(t)
	dir := t.TempDir()
	picture := filepath.Join(dir, "a picture é.png")
	if err := os.WriteFile(picture, encodePNG(t, noise(30, 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(dir, "note.png")
	if err := os.WriteFile(note, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	address := func(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }
	for _, tt := range []struct{ kind, list string }{
		{"text/uri-list", address(picture) + "\r\n"},
		{"text/uri-list", "# two\r\n" + address(note) + "\r\n" + address(picture) + "\r\n"},
		{"x-special/gnome-copied-files", "copy\n" + address(picture)},
	} {
		give(t, tt.kind, []byte(tt.list))
		clip, err := Read(t.Context())
		if err != nil {
			t.Errorf("%s: %v", tt.kind, err)
			continue
		}
		if clip.Picture.Bounds().Dx() != 30 || clip.Text != "" {
			t.Errorf("%s: %v, %q", tt.kind, clip.Picture.Bounds(), clip.Text)
		}
	}
	give(t, "text/uri-list", []byte(address(note)+"\r\n"))
	if _, err := Read(t.Context()); !errors.Is(err, scan.ErrNotPicture) {
		t.Errorf("a copied text file: %v, want ErrNotPicture", err)
	}
}

func TestServeX(t *testing.T) {
	startX(t)
	const text = "123456"
	done := make(chan error, 1)
	start := time.Now()
	go func() { done <- Serve(t.Context(), text, 1500*time.Millisecond) }()
	waitFor(t, func() bool { got, _ := get(t, "UTF8_STRING"); return got == text })
	for _, kind := range []string{"STRING", "TEXT", "text/plain;charset=utf-8", "text/plain"} {
		if got, _ := get(t, kind); got != text {
			t.Errorf("%s: %q, want %q", kind, got, text)
		}
	}
	if got, _ := get(t, "x-kde-passwordManagerHint"); got != "secret" {
		t.Errorf("the mark for clipboard managers is %q, want secret", got)
	}
	if got, _ := get(t, "TARGETS"); !strings.Contains(got, "UTF8_STRING") || !strings.Contains(got, "TARGETS") {
		t.Errorf("offered: %q", got)
	}
	if got, ok := get(t, "image/png"); ok {
		t.Errorf("a picture was given: %q", got)
	}
	if clip, err := Read(t.Context()); err != nil || clip.Text != text {
		t.Errorf("read back %q, %v", clip.Text, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took < 1500*time.Millisecond {
		t.Errorf("gone after %v already", took)
	}
	waitFor(t, func() bool { _, err := Read(t.Context()); return errors.Is(err, ErrEmpty) })
}

func TestServeUTF8(t *testing.T) {
	startX(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, "Zoë ✓", time.Minute) }()
	waitFor(t, func() bool { got, _ := get(t, "UTF8_STRING"); return got == "Zoë ✓" })
	if got, ok := get(t, "STRING"); ok && got != "" {
		t.Errorf("STRING, which is Latin-1, was answered with %q", got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("cancelled: %v, want no error", err)
	}
	waitFor(t, func() bool { _, err := Read(t.Context()); return errors.Is(err, ErrEmpty) })
}

// What another program copies meanwhile is left alone.
func TestServeTaken(t *testing.T) {
	startX(t)
	done := make(chan error, 1)
	go func() { done <- Serve(t.Context(), "123456", time.Minute) }()
	waitFor(t, func() bool { got, _ := get(t, "UTF8_STRING"); return got == "123456" })
	give(t, "", []byte("something else"))
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("Serve goes on though another program has the clipboard")
	}
	if clip, err := Read(t.Context()); err != nil || clip.Text != "something else" {
		t.Errorf("%q, %v", clip.Text, err)
	}
}

// A program that owns the clipboard and hangs costs two seconds, or less when
// the caller gives up earlier.
func TestReadHungOwner(t *testing.T) {
	startX(t)
	c, err := newXClient(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if err := xproto.SetSelectionOwnerChecked(c.conn, c.win, c.clipboard, c.now).Check(); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if _, err := Read(t.Context()); !errors.Is(err, ErrNoClipboard) {
		t.Errorf("%v, want ErrNoClipboard", err)
	}
	if took := time.Since(start); took > limit+time.Second {
		t.Errorf("took %v", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start = time.Now()
	if _, err := Read(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the caller's own time limit", err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v after the caller gave up", took)
	}
}

func TestNoDisplay(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, display := range []string{"", ":4711", "nonsense"} {
		t.Setenv("DISPLAY", display)
		if _, err := Read(t.Context()); !errors.Is(err, ErrNoClipboard) {
			t.Errorf("DISPLAY=%s: read: %v, want ErrNoClipboard", display, err)
		}
		if err := Lacking(); errors.Is(err, ErrNoClipboard) != (display == "") {
			t.Errorf("DISPLAY=%s: lacking: %v", display, err)
		}
		if err := Serve(t.Context(), "1", time.Second); !errors.Is(err, ErrNoClipboard) {
			t.Errorf("DISPLAY=%s: serve: %v, want ErrNoClipboard", display, err)
		}
	}
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("it does not happen")
}
