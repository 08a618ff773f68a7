// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"

	"github.com/rymdport/portal/settings/appearance"

	"github.com/kutano/authenticator/vault/secret"
)

// portalPatience is how long the desktop's portal may take to answer, for it
// may have to be started first.
const portalPatience = 5 * time.Second

// greetPortal makes a first call to the desktop's portal on the connection
// that Fyne uses too, and lets it see who is calling. Fyne asks it whether the
// desktop is light or dark at some moment of the start; that works meanwhile,
// and afterwards because the portal knows the connection. Without it the app
// would be light on a dark desktop: see [secret.Recognisable].
func greetPortal() {
	end := secret.Recognisable()
	time.AfterFunc(portalPatience, end)
	go func() {
		_, _ = appearance.GetColorScheme() // the answer is Fyne's to ask for
		end()
	}()
}
