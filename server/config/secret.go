// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/kutano/authenticator/server/seal"
)

// KeyFile is the variable in the environment that names a key file, in place of
// keys.files. It holds a path, never a key.
const KeyFile = "KUTANO_2FA_KEY_FILE"

// loaded begins the name of a file in the folder of systemd's credentials
// (systemd.exec(5), LoadCredential=).
const loaded = "credential:"

// secretMost is how long a file with a secret may be, in bytes.
const secretMost = 16 << 10

// Secret reads the secret in a file, without the space around it. setting names
// the file in errors; the secret itself never stands in one.
func Secret(setting, path string) (string, error) {
	if path == "" {
		return "", fmt.Errorf("%s: no file is named", setting)
	}
	resolved, err := File(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	f, err := os.Open(resolved)
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	if err := private(info); err != nil {
		return "", fmt.Errorf("%s: %s %w", setting, resolved, err)
	}
	text, err := limited(f, secretMost)
	if err != nil {
		return "", fmt.Errorf("%s: %s: %w", setting, resolved, err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("%s: %s is empty", setting, resolved)
	}
	return secret, nil
}

// private refuses a file that others than its owner and its group can read, or
// others than its owner can change.
func private(info os.FileInfo) error {
	if !info.Mode().IsRegular() {
		return errors.New("is no file")
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o037 != 0 {
		return fmt.Errorf("can be read by others (mode %#o): run  chmod 600 on it", info.Mode().Perm())
	}
	return nil
}

// File is where a file is that a setting names: "credential:NAME" is one of systemd's.
func File(path string) (string, error) {
	name, ok := strings.CutPrefix(path, loaded)
	if !ok {
		return path, nil
	}
	folder := os.Getenv("CREDENTIALS_DIRECTORY")
	if folder == "" {
		return "", errors.New("there is no CREDENTIALS_DIRECTORY: systemd sets it for a unit with LoadCredential=")
	}
	if name == "" || name != filepath.Base(name) {
		return "", fmt.Errorf("%q is no name of a credential", name)
	}
	return filepath.Join(folder, name), nil
}

// limited reads all of r, which may be at most n bytes.
func limited(r io.Reader, n int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, n+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > n {
		return nil, fmt.Errorf("is longer than %d bytes", n)
	}
	return b, nil
}

// KeyFiles are the files of the keys: those of the environment before those of the file.
func (c *Config) KeyFiles() []string {
	if path := os.Getenv(KeyFile); path != "" {
		return []string{path}
	}
	return c.Keys.Files
}

// OpenKeys reads the keys.
func (c *Config) OpenKeys() (*seal.Keys, error) {
	var masters [][]byte
	for i, path := range c.KeyFiles() {
		text, err := Secret(fmt.Sprintf("keys.files[%d]", i), path)
		if err != nil {
			return nil, err
		}
		key, err := ParseKey(text)
		if err != nil {
			return nil, fmt.Errorf("keys.files[%d]: %w", i, err)
		}
		masters = append(masters, key)
	}
	if len(masters) == 0 {
		return nil, errors.New("keys.files: no key is named; make one with  kutano-2fa key new FILE")
	}
	return seal.New(masters...)
}

// ParseKey reads a key of seal.KeySize bytes as hexadecimal or base64 text; lines
// that begin with # are comments.
func ParseKey(text string) ([]byte, error) {
	var line string
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if line != "" {
			return nil, errKey
		}
		line = l
	}
	if b, err := hex.DecodeString(line); err == nil && len(b) == seal.KeySize {
		return b, nil
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := e.Strict().DecodeString(line); err == nil && len(b) == seal.KeySize {
			return b, nil
		}
	}
	return nil, errKey
}

var errKey = fmt.Errorf("a key file holds one key of %d bytes as hexadecimal or base64 text", seal.KeySize)

// DSN reads the address of the database.
func (c *Config) DSN() (string, error) {
	if c.Database.File == "" {
		return c.Database.DSN, nil
	}
	return Secret("database.dsn_file", c.Database.File)
}
