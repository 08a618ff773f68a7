// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/ui"
	"github.com/kutano/authenticator/ui/helpdesk"
	linkpage "github.com/kutano/authenticator/ui/link"
	"github.com/kutano/authenticator/ui/setup"
	"github.com/kutano/authenticator/vault"
)

// linking reaches two-factor services for the vault of a data folder. Codes for
// them are made with the right time.
func linking(dir string, device clock.Clock, right *clock.True) *ui.Service {
	client := &remote.Client{Clock: device}
	home := func(v ui.Vault) *remote.Home { return &remote.Home{Client: client, Dir: dir, Secrets: v} }
	return &ui.Service{
		Home:     func(v ui.Vault) linkpage.Home { return home(v) },
		Desk:     func(v ui.Vault) helpdesk.Home { return home(v) },
		Discover: client.Discover,
		Kept:     (&remote.Home{Dir: dir}).Linked,
		Enrolling: func(v ui.Vault) setup.Enrolling {
			real, ok := v.(*vault.Vault)
			if !ok {
				return nil
			}
			return &enrolment.Machine{
				Home: home(v), Clock: right,
				Accounts: enrolment.InVault{Vault: real, Now: right.Now},
			}
		},
	}
}
