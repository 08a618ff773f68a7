// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
)

const gpgUser = "benchmark@example.org"

// gpgStore lays out a folder as pass does, under a gpg key without a
// passphrase. Only the wanted account is encrypted for itself, the others are
// copies of one file, since gpg takes its time and no program reads them.
func gpgStore(s *session) (store string, env []string, err error) {
	gpg, err := s.find("gpg")
	if err != nil {
		return "", nil, err
	}
	home, env, err := s.home("g")
	if err != nil {
		return "", nil, err
	}
	store = filepath.Join(home, ".password-store")
	env = with(env, "GNUPGHOME="+filepath.Join(home, "r"), "PASSWORD_STORE_DIR="+store)
	if exists(filepath.Join(store, ".gpg-id")) {
		return store, env, nil
	}
	s.onClose(func() {
		if conf, err := s.find("gpgconf"); err == nil {
			_ = all(command{path: conf, args: []string{"--kill", "all"}, env: env})
		}
	})
	do := func(stdin string, args ...string) (string, error) {
		out, _, err := command{path: gpg, args: append([]string{"--batch", "--quiet", "--trust-model", "always"}, args...), env: env, stdin: stdin}.once()
		return out, err
	}
	if _, err := do("", "--passphrase", "", "--quick-gen-key", gpgUser, "default", "default", "never"); err != nil {
		return "", nil, err
	}
	encrypt := func(a account) (string, error) {
		return do(a.uri+"\n", "--encrypt", "--recipient", gpgUser)
	}
	filler, err := encrypt(s.accounts[0])
	if err != nil {
		return "", nil, err
	}
	for _, a := range s.accounts {
		text := filler
		if a.name == s.wanted.name {
			if text, err = encrypt(a); err != nil {
				return "", nil, err
			}
		}
		if err := writeFile(filepath.Join(store, a.name+".gpg"), text); err != nil {
			return "", nil, err
		}
	}
	return store, env, writeFile(filepath.Join(store, ".gpg-id"), gpgUser+"\n")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func preparePass(s *session) (command, error) {
	path, err := s.find("pass")
	if err != nil {
		return command{}, err
	}
	if !exists("/usr/lib/password-store/extensions/otp.bash") && !exists("/usr/lib64/password-store/extensions/otp.bash") {
		return command{}, exec.ErrNotFound
	}
	_, env, err := gpgStore(s)
	return command{path: path, args: []string{"otp", "code", s.wanted.name}, env: env}, err
}

func prepareGopassGPG(s *session) (command, error) {
	path, err := s.find("gopass")
	if err != nil {
		return command{}, err
	}
	store, env, err := gpgStore(s)
	if err != nil {
		return command{}, err
	}
	home := filepath.Dir(store)
	env = with(env, "GOPASS_NO_NOTIFY=true")
	conf := "[mounts]\n\tpath = " + store + "\n[age]\n\tagent-enabled = false\n"
	show := command{path: path, args: []string{"otp", "-o", s.wanted.name}, env: env}
	return show, writeFile(filepath.Join(home, ".config/gopass/config"), conf)
}
