// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// placeless says which part of an account another app has no place for; "" where
// that is not known.
func placeless(e *foreign.PlaceError) string {
	switch e.Field {
	case "type":
		return words.T("The other app does not have this kind of code.")
	case "digits":
		return words.T("The other app does not have codes of this length.")
	case "period":
		return words.T("The other app does not have codes that change at this pace.")
	case "algorithm":
		return words.T("The other app does not compute codes in this way.")
	case "counter":
		return words.T("The other app does not count this far.")
	case "secret":
		return words.T("The other app does not take this key, or not twice.")
	case "issuer", "account":
		return words.T("The other app does not take this name.")
	}
	return ""
}
