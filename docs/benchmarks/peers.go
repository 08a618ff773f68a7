// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

func writeFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

func prepare2fa(s *session) (command, error) {
	path, err := s.find("2fa")
	if err != nil {
		return command{}, err
	}
	home, env, err := s.home("2fa")
	if err != nil {
		return command{}, err
	}
	var b strings.Builder
	for _, a := range s.accounts {
		fmt.Fprintf(&b, "%s 6 %s\n", a.name, a.secret)
	}
	return command{path: path, args: []string{s.wanted.name}, env: env}, writeFile(filepath.Join(home, ".2fa"), b.String())
}

func prepareKeePassXC(s *session) (command, error) {
	path, err := s.find("keepassxc-cli")
	if err != nil {
		return command{}, err
	}
	home, env, err := s.home("keepassxc")
	if err != nil {
		return command{}, err
	}
	in, db := filepath.Join(home, "in.xml"), filepath.Join(home, "db.kdbx")
	if err := writeFile(in, keepassXML(s.accounts)); err != nil {
		return command{}, err
	}
	fill := command{path: path, args: []string{"import", "-p", in, db}, env: env, stdin: "benchmark\nbenchmark\n"}
	if _, _, err := fill.once(); err != nil {
		return command{}, err
	}
	return command{path: path, args: []string{"show", "-q", "-t", db, s.wanted.name}, env: env, stdin: "benchmark\n"}, nil
}

// keepassXML writes the accounts as KeePass 2 exports them.
func keepassXML(accounts []account) string {
	id := func(i int) string {
		raw := make([]byte, 16)
		binary.BigEndian.PutUint64(raw[8:], uint64(i+1))
		return base64.StdEncoding.EncodeToString(raw)
	}
	escaped := func(text string) string {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(text))
		return b.String()
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><KeePassFile><Meta/><Root><Group><UUID>` + id(1<<20) + `</UUID><Name>Root</Name>`)
	for i, a := range accounts {
		fmt.Fprintf(&b, "<Entry><UUID>%s</UUID><String><Key>Title</Key><Value>%s</Value></String><String><Key>otp</Key><Value>%s</Value></String></Entry>\n",
			id(i), a.name, escaped(a.uri))
	}
	b.WriteString("</Group></Root></KeePassFile>")
	return b.String()
}

// prepareGopassAge lays out a folder of age files as gopass does, and lets its agent
// hold the identity.
func prepareGopassAge(s *session) (command, error) {
	path, err := s.find("gopass")
	if err != nil {
		return command{}, err
	}
	home, env, err := s.home("gopass", "GOPASS_AGE_PASSWORD=benchmark", "GOPASS_NO_NOTIFY=true")
	if err != nil {
		return command{}, err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return command{}, err
	}
	do := func(args ...string) command { return command{path: path, args: args, env: env} }
	to := identity.Recipient().String()
	if err := all(
		do("--yes", "age", "identities", "add", identity.String(), to),
		do("--yes", "init", "--crypto", "age", "--storage", "fs", to),
	); err != nil {
		return command{}, err
	}
	if err := writeAge(filepath.Join(home, ".local/share/gopass/stores/root"), s.accounts, identity.Recipient()); err != nil {
		return command{}, err
	}
	// The agent takes the identities from the first command after it is
	// switched on; before that there are none.
	show := do("otp", "-o", s.wanted.name)
	s.onClose(func() { _ = all(do("age", "agent", "stop")) })
	return show, all(do("config", "age.agent-enabled", "true"), show)
}

func writeAge(folder string, accounts []account, to age.Recipient) error {
	for _, a := range accounts {
		var b bytes.Buffer
		w, err := age.Encrypt(&b, to)
		if err == nil {
			_, err = w.Write([]byte("none\n" + a.uri + "\n"))
			err = errors.Join(err, w.Close())
		}
		if err == nil {
			err = writeFile(filepath.Join(folder, a.name+".age"), b.String())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// all runs commands until one fails.
func all(commands ...command) error {
	for _, c := range commands {
		if _, _, err := c.once(); err != nil {
			return err
		}
	}
	return nil
}
