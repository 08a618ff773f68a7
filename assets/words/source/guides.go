// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/BurntSushi/toml"
)

// The sentences that stand in data: where, who alone may say them with
// words.Sentence, and in which fields.
const (
	guidesFolder = "assets/guides"
	guidesReader = "recovery/guide"
)

var said = map[string]bool{
	"title": true, "text": true, "points": true, "without": true, "look": true, "best": true, "pros": true, "cons": true, "label": true,
}

// guides collects the sentences of the guides.
func (c *collector) guides() error {
	folder := filepath.Join(c.root, filepath.FromSlash(guidesFolder))
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".toml" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return err
		}
		var all map[string]any
		if err := toml.Unmarshal(data, &all); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
		g := guideFile{name: path.Join(guidesFolder, e.Name()), data: data, to: c}
		g.table(all)
	}
	return nil
}

type guideFile struct {
	name string
	data []byte
	to   *collector
}

func (g guideFile) table(t map[string]any) {
	for key, value := range t {
		g.value(value, said[key])
	}
}

// value takes a string of a field that is said, and looks into everything else.
func (g guideFile) value(value any, isSaid bool) {
	switch v := value.(type) {
	case string:
		if isSaid {
			g.take(v)
		}
	case []any:
		for _, x := range v {
			g.value(x, isSaid)
		}
	case []map[string]any:
		for _, x := range v {
			g.table(x)
		}
	case map[string]any:
		if !isSaid {
			g.table(v)
			return
		}
		for _, x := range v { // for each operating system, or for each placeholder
			g.value(x, true)
		}
	}
}

func (g guideFile) take(english string) {
	if _, seen := g.to.found[english]; !seen {
		g.to.found[english] = Sentence{English: english, Where: g.place(english)}
	}
}

// place finds the line that a sentence first stands in.
func (g guideFile) place(english string) string {
	at := max(0, bytes.Index(g.data, []byte(english)))
	return fmt.Sprintf("%s:%d", g.name, 1+bytes.Count(g.data[:at], []byte("\n")))
}
