// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package clipboard

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/scan/xserver/xvfb"
)

// startWayland starts a Wayland desktop without a screen and makes it the one
// that this process uses.
func startWayland(t *testing.T) {
	t.Helper()
	xvfb.Need(t, "sway", "wl-copy", "wl-paste")
	dir, err := os.MkdirTemp("", "wl") // short, for the socket's name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	conf := filepath.Join(dir, "config")
	if err := os.WriteFile(conf, []byte("xwayland disable\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("DISPLAY", "")
	t.Setenv("WLR_BACKENDS", "headless")
	t.Setenv("WLR_RENDERER", "pixman")
	t.Setenv("WLR_LIBINPUT_NO_DEVICES", "1")
	cmd := exec.Command("sway", "--config", conf)
	if os.Geteuid() == 0 { // sway refuses to run as root
		const nobody = 65534
		if err := errors.Join(os.Chown(dir, nobody, nobody), os.Chown(conf, nobody, nobody)); err != nil {
			t.Fatal(err)
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	waitFor(t, func() bool {
		sockets, _ := filepath.Glob(filepath.Join(dir, "wayland-?"))
		if len(sockets) == 1 {
			t.Setenv("WAYLAND_DISPLAY", filepath.Base(sockets[0]))
		}
		return len(sockets) == 1
	})
}

// R36: the clipboard as a source, on Wayland.
func TestWayland(t *testing.T) {
	startWayland(t)
	if _, err := Read(t.Context()); !errors.Is(err, ErrEmpty) {
		t.Errorf("nothing copied: %v, want ErrEmpty", err)
	}
	data := encodePNG(t, noise(1300, 1000))
	cmd := exec.Command("wl-copy", "--type", "image/png")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = in.Write(data)
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	clip, err := Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if clip.Picture == nil || clip.Picture.Bounds().Dx() != 1300 {
		t.Errorf("read %v", clip.Picture)
	}

	done := make(chan error, 1)
	go func() { done <- Serve(t.Context(), "Zoë 123456", time.Second) }()
	waitFor(t, func() bool { clip, _ := Read(t.Context()); return clip.Text == "Zoë 123456" })
	if err := <-done; err != nil {
		t.Error(err)
	}
	waitFor(t, func() bool { _, err := Read(t.Context()); return errors.Is(err, ErrEmpty) })
}

func TestWaylandTaken(t *testing.T) {
	startWayland(t)
	done := make(chan error, 1)
	go func() { done <- Serve(t.Context(), "123456", time.Minute) }()
	waitFor(t, func() bool { clip, _ := Read(t.Context()); return clip.Text == "123456" })
	if err := exec.Command("wl-copy", "something else").Run(); err != nil {
		t.Fatal(err)
	}
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

// Without wl-clipboard a person hears what to install.
func TestWaylandWithoutTools(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	t.Setenv("PATH", t.TempDir())
	_, err := Read(t.Context())
	if !errors.Is(err, ErrNoClipboard) || err.Error() != errNoTool().Error() {
		t.Errorf("read: %v", err)
	}
	if err := Serve(t.Context(), "1", time.Second); !errors.Is(err, ErrNoClipboard) {
		t.Errorf("serve: %v", err)
	}
}
