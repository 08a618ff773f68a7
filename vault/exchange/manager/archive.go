// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"context"
	"path"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/zipfile"
	"github.com/kutano/authenticator/vault/secret"
)

// fileIn returns the file of that name in a source that is a zip archive, or
// nil. Folder is the one that the file is in, or "" for any or none.
func fileIn(s *foreign.Source, folder, name string) *zipfile.File {
	if !zipfile.Is(s.Data) {
		return nil
	}
	a, err := zipfile.Open(s.Data)
	if err != nil {
		return nil
	}
	for _, f := range a.Files {
		in, base := path.Split(strings.ReplaceAll(f.Name(), "\\", "/"))
		if strings.EqualFold(base, name) && (folder == "" || strings.EqualFold(path.Base(in), folder)) {
			return f
		}
	}
	return nil
}

// archive takes any zip archive that no other reader knows, to say what is wrong with it.
type archive struct{}

func (archive) Format() foreign.Format { return foreign.Format{ID: "zip", App: "ZIP"} }

func (archive) Detect(s *foreign.Source) foreign.Match {
	if zipfile.Is(s.Data) {
		return foreign.Maybe
	}
	return foreign.No
}

func (archive) Lock(s *foreign.Source) (foreign.Lock, error) {
	if _, err := zipfile.Open(s.Data); err != nil {
		return foreign.Open, err
	}
	return foreign.Open, foreign.ErrUnknown
}

func (a archive) Read(_ context.Context, s *foreign.Source, _ secret.Value, _ func(foreign.Entry)) error {
	_, err := a.Lock(s)
	return err
}
