// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package scan

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"github.com/kutano/authenticator/vault/scan/xserver/xvfb"
	"github.com/kutano/authenticator/vault/secret"
)

// portal stands in for the desktop's screenshot portal.
type portal struct {
	conn *dbus.Conn
	next atomic.Pointer[answer]
	saw  atomic.Bool // when it was called, it could look up by whom
}

// answer is what the portal says, when it does.
type answer struct {
	code   uint32
	uri    string
	silent bool
}

// dumpable reports whether /proc/PID/root of this process, which also is the
// caller's, can be read by others of the same user.
func dumpable() bool {
	n, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	return err == nil && n == 1
}

func (p *portal) answer(code uint32, uri string) { p.next.Store(&answer{code: code, uri: uri}) }

// Screenshot is what the portal is called for.
func (p *portal) Screenshot(sender dbus.Sender, _ string, _ map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	const path = dbus.ObjectPath("/org/freedesktop/portal/desktop/request/1_1/t")
	p.saw.Store(dumpable())
	go func() {
		time.Sleep(200 * time.Millisecond) // until the caller listens
		if a := p.next.Load(); !a.silent {
			// Portals answer the caller alone, who has no rule for it.
			p.conn.Send(&dbus.Message{
				Type: dbus.TypeSignal,
				Headers: map[dbus.HeaderField]dbus.Variant{
					dbus.FieldDestination: dbus.MakeVariant(string(sender)),
					dbus.FieldPath:        dbus.MakeVariant(path),
					dbus.FieldInterface:   dbus.MakeVariant("org.freedesktop.portal.Request"),
					dbus.FieldMember:      dbus.MakeVariant("Response"),
					dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(a.code, map[string]dbus.Variant{})),
				},
				Body: []any{a.code, map[string]dbus.Variant{"uri": dbus.MakeVariant(a.uri)}},
			}, nil)
		}
	}()
	return path, nil
}

// startBus starts a message bus of our own and makes it this process's. The
// library keeps its first connection, so there is one for all tests.
func startBus(t *testing.T) *portal {
	t.Helper()
	xvfb.Need(t, "dbus-daemon")
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line := make([]byte, 4096)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSpace(string(line[:n]))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &portal{conn: conn}
}

func (p *portal) export(t *testing.T) {
	t.Helper()
	const name = "org.freedesktop.portal."
	if err := p.conn.Export(p, "/org/freedesktop/portal/desktop", name+"Screenshot"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.conn.RequestName(name+"Desktop", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

// R36: the screen as a source on Wayland: the desktop's picture is read and
// deleted; saying no, no portal, and one that never answers.
func TestScreenWayland(t *testing.T) {
	p := startBus(t)
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if _, err := Screen(soon(t)); !errors.Is(err, ErrNoScreen) {
		t.Errorf("without a portal: %v, want ErrNoScreen", err)
	}
	p.next.Store(&answer{silent: true})
	p.export(t)

	var data bytes.Buffer
	if err := png.Encode(&data, page(t, 1280, 720, true, sample)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "Screenshot from today.png")
	if err := os.WriteFile(file, data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := secret.Private(); err != nil || dumpable() {
		t.Fatalf("this process is as any other: %v", err)
	}
	p.answer(0, "file://"+strings.ReplaceAll(file, " ", "%20"))
	imgs, err := Screen(soon(t))
	if err != nil || len(imgs) != 1 {
		t.Fatalf("%d pictures, %v", len(imgs), err)
	}
	if got, err := Decode(t.Context(), imgs[0]); err != nil || len(got) != 1 || got[0] != sample {
		t.Errorf("read %q, %v", got, err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the desktop's picture is still there: %v", err)
	}

	if !p.saw.Load() {
		t.Error("the portal could not look up who is calling, and would refuse")
	}
	if dumpable() {
		t.Error("everybody still can")
	}

	p.answer(1, "")
	if _, err := Screen(soon(t)); !errors.Is(err, ErrScreenDenied) {
		t.Errorf("the person says no: %v, want ErrScreenDenied", err)
	}
	p.answer(0, "https://example.com/x.png")
	if _, err := Screen(soon(t)); !errors.Is(err, ErrNoScreen) {
		t.Errorf("an address that is no file: %v, want ErrNoScreen", err)
	}
	p.next.Store(&answer{silent: true})
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := Screen(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no answer: %v, want the time limit", err)
	}
}

// soon is a context that ends before the test does.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}
