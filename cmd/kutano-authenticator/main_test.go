// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

func TestParse(t *testing.T) {
	t.Setenv("KUTANO_DATA", "")
	link := "otpauth://totp/Kutano:ana?secret=GEZDGNBVGY3TQOJQ"
	for name, tc := range map[string]struct {
		args []string
		want choices
		bad  bool
	}{
		"data":       {args: []string{"--data", "/d"}, want: choices{dir: "/d"}},
		"store":      {args: []string{"--data=/d", "--store=file"}, want: choices{dir: "/d", store: "file"}},
		"link":       {args: []string{"-data", "/d", link}, want: choices{dir: "/d", link: link}},
		"migration":  {args: []string{"-data", "/d", "otpauth-migration://offline?data=x"}, want: choices{dir: "/d", link: "otpauth-migration://offline?data=x"}},
		"bad store":  {args: []string{"--store", "cloud"}, bad: true},
		"not a link": {args: []string{"https://example.com"}, bad: true},
		"two links":  {args: []string{link, link}, bad: true},
		"flag":       {args: []string{"--wrong"}, bad: true},
	} {
		var out strings.Builder
		got, err := parse(tc.args, &out)
		if (err != nil) != tc.bad {
			t.Errorf("%s: error %v", name, err)
		}
		if !tc.bad && got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
		if strings.Contains(out.String(), "GEZDG") {
			t.Errorf("%s: a key is repeated: %s", name, out.String())
		}
	}
	t.Setenv("KUTANO_DATA", "/from/env")
	if got, err := parse(nil, io.Discard); err != nil || got.dir != "/from/env" {
		t.Errorf("KUTANO_DATA: %+v, %v", got, err)
	}
}

// One instance: the second start hands its link to the first.
func TestHandOver(t *testing.T) {
	dir := t.TempDir()
	first, err := claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	took := make(chan string, 4)
	first.listen(func(link string) { took <- link })
	second, err := claim(dir)
	if !errors.Is(err, errRunning) {
		t.Fatalf("a second start gets the folder: %v", err)
	}
	for _, link := range []string{"otpauth://totp/x?secret=y", ""} {
		if err := second.handOver(link); err != nil {
			t.Fatalf("hand over %q: %v", link, err)
		}
		select {
		case got := <-took:
			if got != link {
				t.Errorf("took %q, want %q", got, link)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("nothing was taken")
		}
	}
	if info, err := os.Stat(filepath.Join(dir, socketName)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is %v, %v; want 0600", info, err)
	}
	first.release()
	third, err := claim(dir)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	third.release()
}

// A socket that was left behind by a process that was killed is no obstacle,
// and a program that sends rubbish does not stop the others.
func TestSocketLeftBehindAndRubbish(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, socketName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	one, err := claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer one.release()
	took := make(chan string, 4)
	one.listen(func(link string) { took <- link })
	conn, err := net.Dial("unix", filepath.Join(dir, socketName))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = conn.Write([]byte(strings.Repeat("x", 100_000)))
	_ = conn.Close()
	if err := one.handOver("otpauth://totp/after"); err != nil {
		t.Fatal(err)
	}
	if got := <-took; got != "otpauth://totp/after" {
		t.Errorf("took %.40q", got)
	}
}

func TestTheRunningAppDoesNotAnswer(t *testing.T) {
	if _, err := dial(filepath.Join(t.TempDir(), "none.sock")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if err := (&instance{}).handOver("x"); !errors.Is(err, errRunning) {
		t.Errorf("without a socket: %v", err)
	}
}

func TestLongFolderNames(t *testing.T) {
	long := filepath.Join(string(filepath.Separator), strings.Repeat("a", 60), strings.Repeat("b", 60))
	if p := socketPath(long); len(p) > maxSocketPath {
		t.Errorf("a socket's name of %d bytes", len(p))
	}
	t.Chdir(t.TempDir())
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if p := socketPath(filepath.Join(wd, strings.Repeat("c", 80))); p == "" {
		t.Error("a folder near the working folder has no socket")
	}
}

func TestTracer(t *testing.T) {
	t.Setenv("KUTANO_TRACE_START", "")
	if tracer(clock.System{}) != nil {
		t.Error("traces without being asked")
	}
	path := filepath.Join(t.TempDir(), "trace")
	t.Setenv("KUTANO_TRACE_START", path)
	tracer(clock.System{})()
	b, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(b), `{"event":"first_code","unix_ms":1`) {
		t.Errorf("%s, %v", b, err)
	}
}
