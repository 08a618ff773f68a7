// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package scan

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/scan/xserver/xvfb"
)

// drawFile puts the code of a text into a file.
func drawFile(t *testing.T, text string, px int) string {
	t.Helper()
	img, err := Draw(text, px)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "code.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	return path
}

// R36: the screen as a source: another program's window, on screens of two
// sizes, one of which is no multiple of anything.
func TestScreenX(t *testing.T) {
	for _, size := range [][2]int{{1920, 1080}, {1366, 769}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			xvfb.Start(t, size[0], size[1])
			xvfb.Need(t, "display")
			cmd := exec.Command("display", "-geometry", "+301+203", drawFile(t, sample, 320))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			}()
			for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
				imgs, err := Screen(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if len(imgs) != 1 || imgs[0].Bounds().Dx() != size[0] || imgs[0].Bounds().Dy() != size[1] {
					t.Fatalf("%d pictures, the first of %v", len(imgs), imgs[0].Bounds())
				}
				texts, err := Decode(t.Context(), imgs[0])
				if err != nil {
					t.Fatal(err)
				}
				if len(texts) == 1 && texts[0] == sample {
					return
				}
				if len(texts) > 0 {
					t.Fatalf("read %q", texts)
				}
			}
			t.Fatal("the window's code is not read")
		})
	}
}

func TestScreenNone(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_SESSION_TYPE", "tty")
	for _, display := range []string{"", ":4711", "nonsense"} {
		t.Setenv("DISPLAY", display)
		start := time.Now()
		if _, err := Screen(t.Context()); !errors.Is(err, ErrNoScreen) {
			t.Errorf("DISPLAY=%q: %v, want ErrNoScreen", display, err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("DISPLAY=%q: took %v", display, took)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Screen(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Servers write pixels in several ways; all are to be the same picture.
func TestUnpack(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    shape
		from []byte
		want [4]byte
	}{
		{"32 bits", shape{4, 4, false, [3]int{16, 8, 0}, [3]int{8, 8, 8}}, []byte{3, 2, 1, 0}, [4]byte{1, 2, 3, 255}},
		{"32 bits, big end first", shape{4, 4, true, [3]int{16, 8, 0}, [3]int{8, 8, 8}}, []byte{0, 1, 2, 3}, [4]byte{1, 2, 3, 255}},
		{"30 bits", shape{4, 4, false, [3]int{20, 10, 0}, [3]int{10, 10, 10}}, []byte{0, 0, 0xf0, 0x3f}, [4]byte{255, 0, 0, 255}},
		{"16 bits", shape{2, 4, false, [3]int{11, 5, 0}, [3]int{5, 6, 5}}, []byte{0xe0, 0x07, 0, 0}, [4]byte{0, 255, 0, 255}},
	} {
		var got [4]byte
		if err := tt.s.unpack(got[:], tt.from, 1, 1); err != nil || got != tt.want {
			t.Errorf("%s: %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
	s := shape{4, 4, false, [3]int{16, 8, 0}, [3]int{8, 8, 8}}
	if err := s.unpack(make([]byte, 8), make([]byte, 4), 2, 1); !errors.Is(err, ErrNoScreen) {
		t.Errorf("too few bytes: %v, want ErrNoScreen", err)
	}
}
