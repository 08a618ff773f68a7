// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/scan"
)

// e2eKey is made up for this test.
const e2eKey = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"

// kutanoPage is a page as a person has it open: Kutano's dialog with its QR
// code, in dark text on white, not in the middle.
func kutanoPage(t *testing.T, uri string) string {
	t.Helper()
	img, err := scan.Draw(uri, 240)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return `<!doctype html><meta charset="utf-8"><title>Kutano settings</title>
<body style="font:16px sans-serif;background:#f3f5f7;margin:0">
<div style="margin:60px 0 0 420px;width:420px;background:#fff;border:1px solid #ccc;padding:24px">
<h2>Two factor authentication</h2><p>Scan this QR code with your authenticator app.</p>
<img alt="" src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(b.Bytes()) + `">
<p><button>Continue</button></p></div>`
}

// TestFromScreenToCodeOffline is the main job (R19, R36, R41): Kutano's QR code
// stands on the screen in a browser, the app takes it from there with the
// network cut off, and the code it shows is the one oathtool computes.
func TestFromScreenToCodeOffline(t *testing.T) {
	need(t, "chromium", "oathtool", "strace", "unshare")
	d := newDesktop(t, "1600x900x24")
	page := filepath.Join(d.tmp, "kutano.html")
	uri := "otpauth://totp/Kutano:ana%40example.com?secret=" + e2eKey + "&issuer=Kutano"
	d.must(os.WriteFile(page, []byte(kutanoPage(t, uri)), 0o600))
	d.background("chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking",
		"--user-data-dir="+filepath.Join(d.tmp, "chromium"), "--force-device-scale-factor=1",
		"--window-position=0,0", "--window-size=1600,900", "--app=file://"+page)
	d.window("Kutano settings")

	data, trace := filepath.Join(d.tmp, "data"), filepath.Join(d.tmp, "trace")
	offline := "-n"
	if os.Getuid() != 0 {
		offline = "-rn" // a user may cut the network off in a namespace of their own
	}
	app := d.background("unshare", offline, "strace", "-f", "-qq", "--seccomp-bpf",
		"-e", "trace=connect,sendto,sendmsg,bind", "-o", trace, d.bin, "--data", data)
	w := d.window("^Kutano Authenticator$")
	v := d.scanAndConfirm(w, data)

	d.keys("Return") // Done
	got := ""
	d.eventually("the code in the clipboard", func() bool {
		d.keys("Return")
		time.Sleep(300 * time.Millisecond)
		got = d.clipboard()
		return regexp.MustCompile(`^\d{6}$`).MatchString(got)
	})
	d.compare(v, got)
	d.closesCleanly(app)
	if d.clipboard() == got {
		t.Error("the code is still in the clipboard after the app has ended")
	}
	onlyLocal(t, trace)
}

// scanAndConfirm scans the screen by the keyboard and confirms what was found.
// It returns the vault as another process sees it.
func (d *desktop) scanAndConfirm(window, data string) *vault.Vault {
	d.t.Helper()
	ctx := context.Background()
	for range 3 {
		d.activate(window)
		d.keys("ctrl+shift+s")
		time.Sleep(4 * time.Second)
		d.activate(window)
		d.keys("Return")
		for range 50 {
			time.Sleep(100 * time.Millisecond)
			v, err := vault.Open(ctx, vault.Options{Dir: data, Now: time.Now})
			if err != nil {
				d.t.Fatal(err)
			}
			if len(v.Accounts()) == 1 {
				d.t.Cleanup(func() { _ = v.Close() })
				return v
			}
			d.must(v.Close())
		}
		d.keys("Escape")
	}
	d.t.Fatal("the account on the screen was not added")
	return nil
}

// compare holds the code against oathtool's and the command line's.
func (d *desktop) compare(v *vault.Vault, got string) {
	d.t.Helper()
	a := v.Accounts()[0]
	if a.Issuer != "Kutano" || a.Name != "ana@example.com" || !a.Kutano {
		d.t.Errorf("the account is %q %q", a.Issuer, a.Name)
	}
	var want []string
	for _, back := range []string{"now", "-30 seconds", "-60 seconds"} { // a step may have begun since
		out, err := d.run("oathtool", "--totp", "-b", e2eKey, "-N", back)
		d.must(err)
		want = append(want, out)
	}
	if !strings.Contains(strings.Join(want, " "), got) {
		d.t.Errorf("the app shows %s, oathtool %v", got, want)
	}
	ctx := context.Background()
	now := time.Now()
	c, err := v.Code(ctx, a.ID, now)
	d.must(err)
	out, err := d.run("oathtool", "--totp", "-b", e2eKey, "-N", now.UTC().Format("2006-01-02 15:04:05 UTC"))
	d.must(err)
	if c.Value != out {
		d.t.Errorf("the vault says %s, oathtool %s", c.Value, out)
	}
}

// closesCleanly ends the app as the session does, with SIGTERM.
func (d *desktop) closesCleanly(strace *exec.Cmd) {
	d.t.Helper()
	out, err := d.run("pgrep", "-f", "^"+regexp.QuoteMeta(d.bin))
	d.must(err)
	_, err = d.run("kill", append([]string{"-TERM"}, strings.Fields(out)...)...)
	d.must(err)
	done := make(chan error, 1)
	go func() { done <- strace.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			d.t.Errorf("the app ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		_ = strace.Process.Signal(syscall.SIGKILL)
		d.t.Error("the app does not end at SIGTERM")
	}
}

// onlyLocal fails at any attempt to reach anything but a local socket.
func onlyLocal(t *testing.T, trace string) {
	t.Helper()
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("AF_UNIX")) {
		t.Fatal("the trace shows no connection at all: it did not work")
	}
	for _, line := range strings.Split(string(b), "\n") {
		if strings.Contains(line, "AF_") && !strings.Contains(line, "AF_UNIX") {
			t.Errorf("not a local connection: %s", line)
		}
	}
}
