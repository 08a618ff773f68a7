// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Remark returns a sentence or two on an entry that came in, for a person who
// sees it in the list; "" for a remark that is not known.
func Remark(r foreign.Remark) string {
	switch r {
	case foreign.AssumedSHA1:
		return words.T("The file does not say how its codes are computed; the usual way is taken. Compare a code with the other app's.")
	case foreign.OddSecret:
		return words.T("The key has an odd length: perhaps a character is missing. Compare a code with the other app's.")
	case foreign.RaisedCounter:
		return words.T("The other app notes the counter one lower than others do; it was raised by one.")
	case foreign.FromLink:
		return words.T("A name was missing and comes from the link that the account was made from.")
	case foreign.OneOfSeveral:
		return words.T("It was in one item with other keys.")
	case foreign.DroppedPIN:
		return words.T("The other app asks for a PIN before it shows this code; here it is shown without.")
	case foreign.Assumed6x30:
		return words.T("The file does not say how long codes are and how often they change; 6 digits and 30 seconds are taken.")
	}
	return ""
}
