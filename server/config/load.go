// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/BurntSushi/toml"
)

// most is how long a file may be, in bytes.
const most = 1 << 20

// Load reads a file over the Defaults. It does not Check them yet: flags may
// still change something.
func Load(path string) (Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := limited(f, most)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration %s: %w", path, err)
	}
	c, err := Parse(string(text))
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// Parse reads the text of a file. Errors name the line.
func Parse(text string) (Config, error) {
	c := Defaults()
	meta, err := toml.Decode(text, &c)
	if err != nil {
		return Config{}, located(err)
	}
	var unknown []error
	for _, key := range meta.Undecoded() {
		unknown = append(unknown, fmt.Errorf("line %d: there is no setting %q", lineOf(text, key), key.String()))
	}
	return c, errors.Join(unknown...)
}

// located says where, without quoting the line: a secret may have been put there.
func located(err error) error {
	var p toml.ParseError
	if !errors.As(err, &p) {
		if text := err.Error(); strings.Contains(text, "incompatible types") {
			return errors.New(strings.TrimPrefix(text, "toml: ")) // the line, the setting and the names of types
		}
		return errors.New("this is no valid TOML")
	}
	if p.LastKey != "" {
		return fmt.Errorf("line %d (last setting %q): %s", p.Position.Line, p.LastKey, unquoted(p.Message))
	}
	return fmt.Errorf("line %d: %s", p.Position.Line, unquoted(p.Message))
}

// unquoted is what a message says before it quotes what stands there.
func unquoted(message string) string {
	if before, _, found := strings.Cut(message, "'"); found {
		message = strings.TrimRight(before, " :;,") + " …"
	}
	if before, _, found := strings.Cut(message, `"`); found {
		message = strings.TrimRight(before, " :;,") + " …"
	}
	return message
}

// lineOf finds the line of a key: the library does not tell it.
func lineOf(text string, key toml.Key) int {
	table := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			table = strings.TrimSpace(strings.Trim(strings.SplitN(line, "#", 2)[0], "[] \t"))
			if table == key.String() {
				return i + 1
			}
			continue
		}
		name, _, isSetting := strings.Cut(line, "=")
		if !isSetting {
			continue
		}
		name = strings.ReplaceAll(strings.Trim(strings.TrimSpace(name), `"'`), " ", "")
		if table != "" {
			name = table + "." + name
		}
		if name == key.String() || strings.HasPrefix(key.String(), name+".") {
			return i + 1
		}
	}
	return 1
}
