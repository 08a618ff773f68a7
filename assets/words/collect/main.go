// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Command collect prints every sentence of the source as a flat JSON object,
// for translators. Given a language's code it fills in what is translated
// already and leaves "" where a sentence is new.
//
//	go run ./assets/words/collect        # {"Add": "", …}
//	go run ./assets/words/collect de     # {"Add": "Hinzufügen", "New one": "", …}
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kutano/authenticator/assets/words/source"
)

func main() {
	lang := ""
	if len(os.Args) > 1 {
		lang = os.Args[1]
	}
	if err := run(".", lang, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "collect:", err)
		os.Exit(1)
	}
}

func run(root, lang string, out io.Writer) error {
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		return errors.New("run it from the root of the repository")
	}
	sentences, err := source.Collect(root)
	if err != nil {
		return err
	}
	have := map[string]string{}
	if lang != "" {
		data, err := os.ReadFile(filepath.Join(root, "assets", "words", lang+".json"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err == nil {
			if err := json.Unmarshal(data, &have); err != nil {
				return fmt.Errorf("read %s.json: %w", lang, err)
			}
		}
	}
	keys := make(map[string]string, len(sentences))
	for _, s := range sentences {
		keys[s.English] = have[s.English]
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(keys)
}
