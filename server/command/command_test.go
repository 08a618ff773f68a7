// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/command"
	"github.com/kutano/authenticator/server/store"
)

func TestExitCodes(t *testing.T) {
	h := build(t, "")
	wrong := h.write(t, "wrong.toml", "workspaec = \"K\"\n")
	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"version":              {[]string{"version"}, command.Done, "test"},
		"help":                 {[]string{"help"}, command.Done, "practice"},
		"nothing":              {nil, command.Usage, "practice"},
		"no such command":      {[]string{"swerve"}, command.Usage, "swerve"},
		"no such flag":         {[]string{"serve", "--bogus"}, command.Usage, "bogus"},
		"an argument too many": {[]string{"version", "now"}, command.Usage, "now"},
		"no configuration":     {[]string{"serve", "-c", filepath.Join(h.folder, "none")}, command.Usage, "none"},
		"wrong configuration":  {[]string{"serve", "-c", wrong}, command.Usage, "line 1"},
		"password in a flag":   {[]string{"serve", "-c", h.config, "--database", "postgres://u:hunter2@h/d"}, command.Usage, "dsn_file"},
		"for everyone":         {[]string{"serve", "-c", h.config, "--address", "0.0.0.0:0"}, command.Usage, "in the clear"},
		"a key that is there":  {[]string{"key", "new", filepath.Join(h.folder, "key")}, command.Refused, "left as it is"},
		"old tables":           {[]string{"admin", "list", "-c", h.config}, command.Refused, "migrate"},
		"practice for all":     {[]string{"practice", "--addr", "0.0.0.0:0"}, command.Refused, "this machine alone"},
		"practice anywhere":    {[]string{"practice", "--addr", ":0"}, command.Refused, "this machine alone"},
		"doctor, no mail":      {[]string{"doctor", "-c", h.config}, command.Found, "✗ mail"},
		"doctor as JSON":       {[]string{"doctor", "-c", h.config, "--json"}, command.Found, `"level": "failed"`},
	} {
		t.Run(name, func(t *testing.T) {
			out := must(t, tt.code, tt.args...)
			if !strings.Contains(out, tt.want) {
				t.Errorf("%q is missing in:\n%s", tt.want, out)
			}
			if strings.Contains(out, "hunter2") {
				t.Error("a password is shown")
			}
		})
	}
}

func TestKeyFileIsPrivate(t *testing.T) {
	h := build(t, "")
	info, err := os.Stat(filepath.Join(h.folder, "key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestAdmin(t *testing.T) {
	h := build(t, "")
	must(t, command.Done, "migrate", "-c", h.config)
	must(t, command.Done, "admin", "owner", who, "--name", "Olga", "-c", h.config)
	second := []string{"admin", "owner", "ada@example.com", "-c", h.config}
	if out := must(t, command.Refused, second...); !strings.Contains(out, "at the desk") {
		t.Error(out)
	}
	must(t, command.Usage, append(second, "--break-glass")...)
	must(t, command.Refused, append(second, "--break-glass", "--reason", "short")...)
	must(t, command.Done, append(second, "--break-glass", "--reason", "the owner left and cannot be reached")...)
	out := must(t, command.Done, "admin", "list", "-c", h.config)
	for _, want := range []string{who, "ada@example.com", "owner", "off"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	must(t, command.Refused, "admin", "reset", who, "-c", h.config)
	must(t, command.Refused, "admin", "reset", who, "--break-glass", "--reason", "nothing is set up yet", "-c", h.config)
	must(t, command.Refused, "admin", "sign-out", "-c", h.config)
	if out := must(t, command.Done, "admin", "sign-out", "--everybody", "-c", h.config); !strings.Contains(out, "0 users") {
		t.Error(out)
	}
}

func TestAudit(t *testing.T) {
	h := build(t, "")
	must(t, command.Done, "migrate", "-c", h.config)
	must(t, command.Done, "admin", "owner", who, "-c", h.config)
	head := strings.TrimSpace(must(t, command.Done, "audit", "head", "-c", h.config))
	if !strings.HasPrefix(head, "2:") {
		t.Fatalf("head %q", head)
	}
	must(t, command.Done, "audit", "verify", "-c", h.config, "--head", head)
	must(t, command.Usage, "audit", "verify", "-c", h.config, "--head", "nonsense")

	db, err := store.Open(h.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(context.Background(), "UPDATE audit SET detail = '{}' WHERE seq = 1"); err != nil {
		t.Fatal(err)
	}
	if out := must(t, command.Found, "audit", "verify", "-c", h.config); !strings.Contains(out, "changed") {
		t.Error(out)
	}
}

func TestKeyRotate(t *testing.T) {
	h := build(t, "")
	must(t, command.Done, "migrate", "-c", h.config)
	must(t, command.Done, "admin", "owner", who, "-c", h.config)
	must(t, command.Done, "audit", "head", "-c", h.config)
	must(t, command.Done, "key", "new", filepath.Join(h.folder, "new"))
	h.configure(t, "new", "key")
	if out := must(t, command.Done, "key", "rotate", "-c", h.config); !strings.Contains(out, "Complete") {
		t.Error(out)
	}
	h.configure(t, "new")
	must(t, command.Done, "audit", "verify", "-c", h.config)
}
