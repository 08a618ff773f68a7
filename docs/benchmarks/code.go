// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"log"
	"os/exec"
	"path/filepath"
)

// contender is a program that prints a code from a store.
type contender struct {
	name, atRest string
	// prepare fills a store with the session's accounts and returns the
	// command that prints the wanted one's code.
	prepare func(*session) (command, error)
}

// benchCode measures one code, from the start of the process to its end.
func benchCode(s *session, set settings) ([]table, error) {
	contenders := []contender{
		{"**kutano** (keyring)", "keyring", prepareKutano(set, "keyring")},
		{"**kutano** (sealed file)", "Argon2id, XChaCha20-Poly1305", prepareKutano(set, "file")},
		{"gopass otp, age agent warm", "age", prepareGopassAge},
		{"gopass otp, gpg agent warm", "gpg", prepareGopassGPG},
		{"pass otp, gpg agent warm", "gpg", preparePass},
		{"keepassxc-cli", "KDBX, AES-KDF", prepareKeePassXC},
		{"rsc/2fa", "plain text", prepare2fa},
		{"oathtool, no store", "none", prepareOathtool},
	}
	commands, skipped := map[string]command{}, map[string]string{}
	for _, c := range contenders {
		cmd, err := c.prepare(s)
		switch {
		case errors.Is(err, exec.ErrNotFound):
			skipped[c.name] = "not installed"
		case err != nil:
			log.Printf("%s: %v", c.name, err)
			skipped[c.name] = "could not be set up"
		default:
			commands[c.name] = cmd
		}
	}
	taken, failed := contest(set.runs, commands, s.right)
	t := table{
		title: fmt.Sprintf("One code on the command line, %d accounts", len(s.accounts)),
		head:  []string{"program", "median", "p90", "at rest"},
		note:  "Each run's code was compared with the right one.",
	}
	for _, c := range contenders {
		switch {
		case skipped[c.name] != "":
			t.add(c.name, skipped[c.name], "", c.atRest)
		case failed[c.name] != nil:
			t.add(c.name, "failed", "", c.atRest)
		default:
			t.add(c.name, taken[c.name].median(), taken[c.name].slow(), c.atRest)
		}
	}
	return []table{t}, nil
}

// kutano returns a command of ours on a data folder of its own.
func (s *session) kutano(set settings, store, folder string, args ...string) (command, error) {
	home, env, err := s.home(folder, s.keyring.Env()...)
	if err != nil {
		return command{}, err
	}
	c := command{path: filepath.Join(set.bin, "kutano"), env: env}
	c.args = []string{"--data", filepath.Join(home, "data"), "--store", store}
	if store == "file" {
		c.third = filepath.Join(home, "passphrase")
		c.args = append(c.args, "--passphrase-fd", "3")
		if err := writeFile(c.third, "only for benchmarks\n"); err != nil {
			return command{}, err
		}
	}
	c.args = append(c.args, args...)
	return c, nil
}

func prepareKutano(set settings, store string) func(*session) (command, error) {
	return func(s *session) (command, error) {
		add, err := s.kutano(set, store, "kutano-"+store, "add")
		if err != nil {
			return command{}, err
		}
		add.stdin = uris(s.accounts)
		if _, _, err := add.once(); err != nil {
			return command{}, err
		}
		return s.kutano(set, store, "kutano-"+store, "code", s.wanted.name)
	}
}

func prepareOathtool(s *session) (command, error) {
	path, err := s.find("oathtool")
	return command{path: path, args: []string{"--totp", "--base32", s.wanted.secret}}, err
}
