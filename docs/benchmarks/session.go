// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/otpauth"
)

// account is one of the accounts that every store is filled with.
type account struct {
	name, secret, uri string
	key               otpauth.Key
}

// session is the temporary world that everything is measured in.
type session struct {
	dir      string
	path     string // PATH of what is started
	keyring  *keyringtest.Daemon
	accounts []account
	wanted   account // the one whose code is asked for
	display  string  // set when one runs
	closers  []func()
	closed   sync.Once
}

func newSession(set settings) (*session, error) {
	dir, err := os.MkdirTemp("", "kb") // short: gpg-agent's socket lies in it
	if err != nil {
		return nil, err
	}
	s := &session{dir: dir, path: os.Getenv("PATH")}
	s.onClose(func() { _ = os.RemoveAll(dir) })
	if set.peers != "" {
		s.path = set.peers + string(os.PathListSeparator) + s.path
	}
	if s.accounts, err = draw(set.accounts); err != nil {
		s.close()
		return nil, err
	}
	s.wanted = s.accounts[len(s.accounts)/2]
	if s.keyring, err = keyringtest.Open(); err != nil {
		s.close()
		return nil, fmt.Errorf("start a keyring: %w", err)
	}
	s.onClose(s.keyring.Close)
	return s, nil
}

func (s *session) onClose(f func()) { s.closers = append(s.closers, f) }

// close ends all that was started, the last first.
func (s *session) close() {
	s.closed.Do(func() {
		for _, end := range slices.Backward(s.closers) {
			end()
		}
	})
}

// closeOnSignal ends the session, and with it the program, at Ctrl-C.
func (s *session) closeOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		s.close()
		os.Exit(130)
	}()
}

// draw makes accounts with random keys.
func draw(n int) ([]account, error) {
	accounts := make([]account, n)
	for i := range accounts {
		raw := make([]byte, 20)
		if _, err := rand.Read(raw); err != nil {
			return nil, err
		}
		a := &accounts[i]
		a.name = fmt.Sprintf("Service-%05d", i)
		a.secret = base32.StdEncoding.EncodeToString(raw)
		a.uri = fmt.Sprintf("otpauth://totp/%s:user%d%%40example.org?secret=%s&issuer=%s", a.name, i, a.secret, a.name)
		var err error
		if a.key, err = otpauth.Parse(a.uri); err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

// uris returns the key URIs, a line each.
func uris(accounts []account) string {
	var b strings.Builder
	for _, a := range accounts {
		b.WriteString(a.uri + "\n")
	}
	return b.String()
}

// right tells whether an output holds the code of the wanted account, now or
// when the program may have started.
func (s *session) right(out string) error {
	for _, at := range []time.Time{time.Now(), time.Now().Add(-10 * time.Second)} {
		code, err := s.wanted.key.Code(at)
		if err != nil {
			return err
		}
		if strings.Contains(out, code.Value) {
			return nil
		}
	}
	return fmt.Errorf("printed no right code: %d characters", len(out))
}

// home makes a folder and returns an environment that has it as its home, so
// that no program finds another's settings or the user's own.
func (s *session) home(name string, more ...string) (string, []string, error) {
	home := filepath.Join(s.dir, name)
	runtimeDir := filepath.Join(home, "r")
	if err := os.MkdirAll(runtimeDir, 0o700); err != nil {
		return "", nil, err
	}
	env := []string{
		"PATH=" + s.path, "HOME=" + home, "XDG_RUNTIME_DIR=" + runtimeDir,
		"XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "XDG_DATA_HOME=" + filepath.Join(home, ".local/share"),
		"XDG_CACHE_HOME=" + filepath.Join(home, ".cache"), "LANG=C.UTF-8", "TMPDIR=" + os.TempDir(),
	}
	return home, append(env, more...), nil
}

// with returns a copy of an environment with more in it.
func with(env []string, more ...string) []string { return slices.Concat(env, more) }

// find returns a program's path, looking where the session's programs look.
func (s *session) find(name string) (string, error) {
	for _, dir := range filepath.SplitList(s.path) {
		if p, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, exec.ErrNotFound)
}
