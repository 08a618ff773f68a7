// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package canary_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret/canary"
)

// said checks a hunt and returns what it complains of.
func said(t *testing.T, h *canary.Hunt) string {
	t.Helper()
	r := &recorder{TB: t}
	h.Check(r)
	return strings.Join(r.said, "\n")
}

func TestProcessesAndPassingFiles(t *testing.T) {
	dir := t.TempDir()
	var h canary.Hunt
	arg, env, file := canary.Word(24), canary.Word(24), canary.Word(24)
	h.Text("the argument", arg)
	h.Text("the variable", env)
	h.Text("the file", file)
	stop := h.Watch(t, dir)
	name := filepath.Join(dir, "passing")
	if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "sleep 1; :", arg)
	cmd.Env = []string{"X=" + env}
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	stop()
	got := said(t, &h)
	for _, want := range []string{"cmdline of sh holds the argument", "environ of sh holds the variable", "passing holds the file"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said", want)
		}
	}
}

func TestBus(t *testing.T) {
	bus := keyringtest.StartBus(t)
	var h canary.Hunt
	open, hidden := canary.Word(24), canary.Word(24)
	h.Text("what was told to all", open)
	h.Text("what the secret service got", hidden)
	stop := h.Monitor(t, bus.Address)
	service, err := bus.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = service.Close() }()
	if _, err := service.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
	conn, err := bus.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	conn.Object("org.freedesktop.secrets", "/").Go("org.example.Keep", dbus.FlagNoReplyExpected, nil, hidden)
	conn.Object(service.Names()[0], "/").Go("org.example.Keep", dbus.FlagNoReplyExpected, nil, []byte(hidden))
	if err := conn.Emit("/", "org.example.Told", dbus.MakeVariant(map[string]string{"text": open})); err != nil {
		t.Fatal(err)
	}
	if seen, left := stop(); seen == 0 || left < 2 {
		t.Errorf("%d messages, %d of the secret service", seen, left)
	}
	got := said(t, &h)
	if !strings.Contains(got, "what was told to all") {
		t.Error("a signal was not searched")
	}
	if strings.Contains(got, "what the secret service got") {
		t.Errorf("the secret service was searched: %s", got)
	}
}

func TestMemory(t *testing.T) {
	var m canary.Marks
	kept, other := canary.Word(24), canary.Word(24)
	m.Text("kept", kept)
	m.Text("other", other)
	cmd := exec.Command("sh", "-c", "read x; echo; read y")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close(); _ = cmd.Wait() }()
	if _, err := io.WriteString(in, kept+"\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	n, err := m.Memory(cmd.Process.Pid)
	if err != nil {
		t.Skipf("no right to read memory on this %s: %v", runtime.GOOS, err)
	}
	if n["kept"] == 0 || n["other"] != 0 {
		t.Errorf("found %v", n)
	}
}
