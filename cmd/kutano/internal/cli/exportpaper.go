// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"os"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// targets are the formats beside our own: those of other apps, and paper.
func targets() []foreign.Target { return append(exchange.Targets(), paper()) }

// paper is a document to print, with a QR code for each account.
func paper() foreign.Target {
	return foreign.Target{
		Format: foreign.Format{ID: "pdf", App: words.T("paper")},
		ID:     "pdf", Ext: ".pdf", Locking: foreign.NeverLocked, Holds: foreign.Parameters,
	}
}

// fit tells which accounts have a place in the file.
func (l *leaving) fit() (exchange.Written, error) {
	if l.f.target.ID != paper().ID {
		return exchange.Fit(l.f.target.ID, l.entries)
	}
	plan := exchange.Written{Target: l.f.target}
	for i, e := range l.entries {
		k := e.Key.Normal()
		if err := k.Validate(); err != nil {
			plan.Left = append(plan.Left, foreign.Refused(k.Issuer, k.Account, err))
			continue
		}
		if plan.Target.Lacks(e) {
			plan.Lacking++
		}
		plan.Fitting = append(plan.Fitting, i)
	}
	plan.In = len(plan.Fitting)
	return plan, nil
}

// make makes the file, read back.
func (l *leaving) make(ctx context.Context, plan exchange.Written, pass secret.Value) (exchange.Written, error) {
	if l.f.target.ID != paper().ID {
		return exchange.Write(ctx, l.f.target.ID, l.entries, pass)
	}
	keys := make([]otpauth.Key, 0, plan.In)
	for _, i := range plan.Fitting {
		keys = append(keys, l.entries[i].Key.Normal())
	}
	device, _ := os.Hostname()
	page, err := sheet.Accounts(ctx, sheet.List{Keys: keys, Made: l.app.Clock.Now(), Device: device})
	plan.Files = []foreign.Output{{Data: page}}
	return plan, err
}
