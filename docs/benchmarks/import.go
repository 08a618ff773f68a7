// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"log"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

const (
	importRuns = 5
	importMost = 10_000
)

// importer is a program that takes accounts in from a file.
type importer struct {
	name, from string
	// begin makes a new store for the accounts. It returns the command that takes
	// them in and one that prints the wanted account's code then.
	begin func(s *session, set settings, home string, accounts []account) (take, show command, err error)
}

// benchImport measures accounts taken in from a file into a new store, from the
// start of the process to its end.
func benchImport(s *session, set settings) ([]table, error) {
	importers := []importer{
		{"**kutano import** (keyring)", "URI list", beginKutano("keyring")},
		{"**kutano import** (sealed file)", "URI list", beginKutano("file")},
		{"keepassxc-cli import", "KeePass XML", beginKeePassXC},
		{"totp-cli import", "YAML", beginTotpCLI},
	}
	accounts, wanted := s.accounts, s.wanted
	defer func() { s.accounts, s.wanted = accounts, wanted }() // for the sections that follow
	if err := s.atLeast(importMost); err != nil {
		return nil, err
	}
	t := table{
		title: "Importing accounts into a new store",
		head:  []string{"program", "from", "1000", fmt.Sprint(importMost)},
		note: fmt.Sprintf("Medians of %d runs, the keyring's each into a new keyring. Afterwards each store gives a right code. "+
			"Sealed file and KDBX include the derivation of a key from the passphrase.", importRuns),
	}
	for _, im := range importers {
		row := []string{im.name, im.from}
		for _, n := range []int{1000, importMost} {
			s.wanted = s.accounts[n/2]
			taken, err := s.imports(set, im, n)
			switch {
			case errors.Is(err, exec.ErrNotFound):
				row = append(row, "not installed")
			case err != nil:
				log.Printf("%s: %v", im.name, err)
				row = append(row, "failed")
			default:
				row = append(row, taken.median())
			}
		}
		t.add(row...)
	}
	return []table{t}, nil
}

// imports measures one importer.
func (s *session) imports(set settings, im importer, n int) (taken times, err error) {
	for i := range importRuns {
		fresh, err := keyringtest.Open() // the daemon writes all that it has with each change
		if err != nil {
			return nil, err
		}
		before := s.keyring
		s.keyring = fresh
		take, show, err := im.begin(s, set, fmt.Sprintf("import-%s-%d-%d", strings.Trim(im.name, "*"), n, i), s.accounts[:n])
		if err == nil {
			_, took, terr := take.once()
			taken, err = append(taken, took), terr
		}
		if err == nil {
			var out string
			if out, _, err = show.once(); err == nil {
				err = s.right(out)
			}
		}
		s.keyring = before
		fresh.Close()
		if err != nil {
			return nil, err
		}
	}
	return taken, nil
}

// atLeast draws more accounts where there are fewer.
func (s *session) atLeast(n int) error {
	if len(s.accounts) >= n {
		return nil
	}
	more, err := draw(n)
	if err == nil {
		s.accounts = append(s.accounts, more[len(s.accounts):]...)
	}
	return err
}

func beginKutano(store string) func(*session, settings, string, []account) (command, command, error) {
	return func(s *session, set settings, name string, accounts []account) (take, show command, err error) {
		name = strings.NewReplacer(" ", "-", "(", "", ")", "").Replace(name)
		list := filepath.Join(s.dir, name, "accounts.txt")
		if err := writeFile(list, uris(accounts)); err != nil {
			return take, show, err
		}
		if take, err = s.kutano(set, store, name, "import", list, "--yes"); err != nil {
			return take, show, err
		}
		show, err = s.kutano(set, store, name, "code", s.wanted.name)
		return take, show, err
	}
}

func beginKeePassXC(s *session, _ settings, name string, accounts []account) (take, show command, err error) {
	path, err := s.find("keepassxc-cli")
	if err != nil {
		return take, show, err
	}
	home, env, err := s.home(name)
	if err != nil {
		return take, show, err
	}
	in, db := filepath.Join(home, "in.xml"), filepath.Join(home, "db.kdbx")
	take = command{path: path, args: []string{"import", "-p", in, db}, env: env, stdin: "benchmark\nbenchmark\n"}
	show = command{path: path, args: []string{"show", "-q", "-t", db, s.wanted.name}, env: env, stdin: "benchmark\n"}
	return take, show, writeFile(in, keepassXML(accounts))
}

func beginTotpCLI(s *session, _ settings, name string, accounts []account) (take, show command, err error) {
	path, err := s.find("totp-cli")
	if err != nil {
		return take, show, err
	}
	home, env, err := s.home(name)
	if err != nil {
		return take, show, err
	}
	in := filepath.Join(home, "in.yaml")
	env = with(env, "TOTP_PASS=benchmark", "TOTP_CLI_CREDENTIAL_FILE="+filepath.Join(home, "credentials"))
	take = command{path: path, args: []string{"import", "--input", in}, env: env}
	show = command{path: path, args: []string{"generate", "all", s.wanted.name}, env: env}
	return take, show, writeFile(in, totpYAML(accounts))
}

// totpYAML writes the accounts as totp-cli dumps them, in one namespace.
func totpYAML(accounts []account) string {
	var b strings.Builder
	b.WriteString("- name: all\n  accounts:\n")
	for _, a := range accounts {
		fmt.Fprintf(&b, "  - name: %s\n    token: %s\n", a.name, a.secret)
	}
	return b.String()
}
