// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/practice"
)

// practices are of training the helpdesk with the service's program.
var practices = []rule{
	{practice.ErrNoProgram, NotFound, func() (string, string, string) {
		return words.T("The program kutano-2fa is not on this computer."), words.T("Nothing was changed."),
			words.T("Put it in the same folder as this program, or on the PATH. It is built from the source: make -C server build.")
	}},
	{practice.ErrNoScenario, Usage, func() (string, string, string) {
		return words.T("There is no practice call with that name."), words.T("Nothing was changed."), words.T("Choose one from the list.")
	}},
	{practice.ErrNotStarted, Failed, func() (string, string, string) {
		return words.T("The practice did not start."), words.T("Nothing was changed."),
			words.T("Check that kutano-2fa is the same version as this program.")
	}},
	{practice.ErrNoScore, Failed, func() (string, string, string) {
		return words.T("The practice ended without giving a score."), words.T("Nothing was changed."), words.T("Start it again.")
	}},
}
