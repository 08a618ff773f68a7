// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && screenshots

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// export is a backup of Aegis with accounts that are made up: some are in sample.
func (s *shots) export(pass string) string {
	s.t.Helper()
	var all []foreign.Entry
	uris := append(sample()[:3], uri("totp", "GitHub", "ana-example", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", ""))
	for i := range 40 {
		uris = append(uris, uri("totp", fmt.Sprint("Service ", i+1), "ana@example.com", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", ""))
	}
	for _, u := range uris {
		all = append(all, foreign.FromURI(u))
	}
	w, err := exchange.Write(context.Background(), "aegis", all, secret.FromString(pass))
	s.must(err)
	return string(w.Files[0].Data)
}

// apps are the ways from and to other apps.
func (s *shots) apps() {
	const pass = "four words for tests"
	s.start(sample())
	time.Sleep(2 * time.Second)
	s.keys("ctrl+o")
	s.take("bring-" + s.theme)
	s.keys("Tab", "Tab", "Tab", "Return")
	s.keys("Tab", "Return")
	s.take("bring-guides-" + s.theme)
	s.keys("Escape", "ctrl+o", "Tab", "Tab", "Tab", "Tab", "Return")
	s.take("bring-google-" + s.theme)
	s.keys("Escape", "ctrl+o", "Tab", "Tab", "Tab", "Tab", "Tab", "Return")
	s.take("bring-no-export-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("bring-no-export-phone-" + s.theme)
	s.keys("Escape", "ctrl+o")
	s.take("bring-phone-" + s.theme)
	s.keys("Escape")
	s.size(wideW, wideH)
	s.paste(s.export(pass))
	time.Sleep(time.Second)
	s.text("not this one")
	s.keys("Return")
	time.Sleep(4 * time.Second)
	s.take("bring-password-" + s.theme)
	s.text(pass)
	s.keys("Return")
	time.Sleep(5 * time.Second)
	s.take("bring-preview-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("bring-preview-phone-" + s.theme)
	s.size(wideW, wideH)
	s.keys("Return")
	time.Sleep(3 * time.Second)
	s.take("bring-done-" + s.theme)
	s.keys("Return")

	s.keys("ctrl+e")
	time.Sleep(2 * time.Second)
	s.take("take-out-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("take-out-phone-" + s.theme)
	s.size(wideW, wideH)
	s.keys("Return")
	time.Sleep(time.Second)
	s.take("take-out-accounts-" + s.theme)
	s.keys("Return")
	s.take("take-out-who-" + s.theme)
	s.keys("Return")
	s.text("short")
	s.keys("Return", "Return")
	s.take("take-out-password-" + s.theme)
	s.stop()
}
