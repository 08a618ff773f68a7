// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
)

// cutShort is a vault in which an import was cut short and finished later.
type cutShort struct {
	Vault
	accounts int
	last     vault.Intake
}

func (c cutShort) Accounts() []vault.Account        { return make([]vault.Account, c.accounts) }
func (c cutShort) LastIntake() (vault.Intake, bool) { return c.last, !c.last.At.IsZero() }

// What became of an import that the lock cut short is only known afterwards.
func TestWhatBecameOfAnImport(t *testing.T) {
	before := vault.Intake{At: noon, Added: 4}
	later := vault.Intake{At: noon.Add(time.Minute), Replaced: 2}
	for what, v := range map[string]cutShort{
		"No account came in.": {accounts: 4, last: before},
		"1 account is in.":    {accounts: 5, last: before},
		"2 accounts are in.":  {accounts: 4, last: later},
		"3 accounts are in.":  {accounts: 7, last: later},
	} {
		if got := sinceThen(v, before, 4).What; got != what {
			t.Errorf("it says %q, want %q", got, what)
		}
	}
	if got := sinceThen(cutShort{}, vault.Intake{}, 0).What; got != "No account came in." {
		t.Errorf("with nothing ever taken in it says %q", got)
	}
}
