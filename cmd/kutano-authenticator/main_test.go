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
	none := &instance{path: filepath.Join(t.TempDir(), "none.sock")}
	if err := none.handOver("x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if err := (&instance{}).handOver("x"); !errors.Is(err, errRunning) {
		t.Errorf("without a socket: %v", err)
	}
}

// An app that was killed holds its lock, and leaves its socket, until the
// system has cleared it away: the next start waits for that.
func TestStartAfterAKill(t *testing.T) {
	dir := t.TempDir()
	dying, err := claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	dying.listen(func(string) {})
	dying.listener.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := dying.listener.Close(); err != nil {
		t.Fatal(err)
	}
	dying.listener = nil
	time.AfterFunc(300*time.Millisecond, dying.release)
	one, err := enter(dir, "")
	if err != nil || one == nil {
		t.Fatalf("entered with %v, %v", one, err)
	}
	one.release()
}

// An app that takes the link but says nothing gets it once.
func TestARunningAppThatHangs(t *testing.T) {
	dir := t.TempDir()
	hung, err := claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer hung.release()
	l, err := net.Listen("unix", hung.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	calls := make(chan net.Conn, 9)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			calls <- conn
		}
	}()
	if one, err := enter(dir, "otpauth://totp/x"); !errors.Is(err, errRunning) || one != nil {
		t.Errorf("entered with %v, %v", one, err)
	}
	if len(calls) != 1 {
		t.Errorf("handed over %d times", len(calls))
	}
}

// One that connects and says nothing holds up nobody; a link of any length and
// any lines arrives as one that the app can refuse.
func TestHandOverBesideASlowOne(t *testing.T) {
	dir := t.TempDir()
	one, err := claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer one.release()
	took := make(chan string, 4)
	one.listen(func(link string) { took <- link })
	slow, err := net.Dial("unix", one.path)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	for _, link := range []string{
		"otpauth-migration://offline?data=" + strings.Repeat("A", 20_000),
		"otpauth://totp/" + strings.Repeat("x", 200_000),
		"otpauth://totp/a?secret=b\nc",
	} {
		began := time.Now()
		if again, err := enter(dir, link); err != nil || again != nil {
			t.Fatalf("%.30s: entered with %v, %v", link, again, err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%.30s: took %v", link, took)
		}
		want := strings.ReplaceAll(link[:min(len(link), maxLink+1)], "\n", " ")
		if got := <-took; got != want {
			t.Errorf("%.30s arrived as %d bytes, want %d", link, len(got), len(want))
		}
	}
}

// In a folder that everyone can write to another user could be listening.
func TestNoSocketWhereOthersCanWrite(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no such modes
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	one, err := claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer one.release()
	one.listen(func(string) {})
	if _, err := os.Stat(filepath.Join(dir, socketName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a socket: %v", err)
	}
	if err := one.handOver("otpauth://totp/x"); !errors.Is(err, errRunning) {
		t.Errorf("handed over: %v", err)
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
	if tracer(clock.Wall{}) != nil {
		t.Error("traces without being asked")
	}
	path := filepath.Join(t.TempDir(), "trace")
	t.Setenv("KUTANO_TRACE_START", path)
	tracer(clock.Wall{})()
	b, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(b), `{"event":"first_code","unix_ms":1`) {
		t.Errorf("%s, %v", b, err)
	}
}
