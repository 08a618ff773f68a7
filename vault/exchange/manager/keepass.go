// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/xmltext"
	"github.com/kutano/authenticator/vault/secret"
)

var keepassFormat = foreign.Format{ID: "keepass", App: "KeePass"}

// keepass reads a database, KDBX 4. It is opened with a password alone: whether
// a key file or a hardware key is needed beside it cannot be told.
type keepass struct{}

func (keepass) Format() foreign.Format { return keepassFormat }

func (keepass) Detect(s *foreign.Source) foreign.Match {
	if isKDBX(s.Data) {
		return foreign.Sure
	}
	return foreign.No
}

func (keepass) Lock(s *foreign.Source) (foreign.Lock, error) {
	_, err := parseKDBX(s.Data)
	return foreign.Password, err
}

func (keepass) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	k, err := parseKDBX(s.Data)
	if err != nil {
		return err
	}
	text, stream, err := k.open(ctx, pass.Bytes())
	if err != nil {
		return err
	}
	x := keepassXML{Reader: xmltext.NewReader(text), stream: stream}
	return x.read(ctx, add)
}

// keepassExport reads the XML that KeePass 2 and KeePassXC export.
type keepassExport struct{}

func (keepassExport) Format() foreign.Format { return keepassFormat }

func (keepassExport) Detect(s *foreign.Source) foreign.Match {
	const start = 4096 // there may be a declaration and comments before the root
	data := bytes.TrimSpace(foreign.Bare(s.Data))
	if bytes.HasPrefix(data, []byte("<")) && bytes.Contains(data[:min(len(data), start)], []byte("<KeePassFile")) {
		return foreign.Sure
	}
	return foreign.No
}

func (keepassExport) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (keepassExport) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	x := keepassXML{Reader: xmltext.NewReader(bytes.NewReader(foreign.Bare(s.Data)))}
	return x.read(ctx, add)
}
