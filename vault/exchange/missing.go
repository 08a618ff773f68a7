// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// missing finds moves of which QR codes are not among the sources.
func missing(sources []*foreign.Source) []otpauth.Missing {
	var texts []string
	for _, s := range sources {
		texts = append(texts, s.Texts...)
	}
	return otpauth.Incomplete(texts)
}
