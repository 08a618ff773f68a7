// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bytes"
	"slices"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// exports are the formats of files that an app wrote to be taken elsewhere, with
// accounts in them and nothing else. A password manager's hold passwords; Steam's,
// Battle.net's and those that a program goes on working with hold what nobody gets
// again.
var exports = []string{
	"2fas", "aegis", "andotp", "authenticator-plus", "bitwarden-authenticator", "ente", "freeotp", "freeotp-plus",
	"lastpass", "otpauth-qr", "proton-authenticator", "raivo", "stratum", "totp-authenticator",
}

// Disposable tells whether nothing is lost with a file once its accounts are
// elsewhere: whether it is an export that holds accounts alone. Of a text every line
// has to be a key's address or a comment. It goes by the content that was read.
func Disposable(f foreign.Format, content []byte) bool {
	switch f.ID {
	case "google-authenticator", "uri-list":
		return onlyAddresses(content)
	}
	return slices.Contains(exports, f.ID)
}

func onlyAddresses(text []byte) bool {
	for line := range bytes.Lines(foreign.Bare(text)) {
		line = bytes.ToLower(bytes.TrimSpace(line[:min(len(line), 80)]))
		switch {
		case len(line) == 0, line[0] == '#':
		case !bytes.HasPrefix(line, []byte("otpauth://")) && !bytes.HasPrefix(line, []byte("otpauth-migration://")):
			return false
		}
	}
	return true
}
