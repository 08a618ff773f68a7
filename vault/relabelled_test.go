// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// The list gives an account another's name, by a flipped bit or by intention:
// no code is shown under the wrong name, and the list is mended.
func TestRelabelledIndex(t *testing.T) {
	for name, edit := range map[string]func(string) string{
		"names swapped": func(s string) string {
			return strings.NewReplacer("Service000", "Service001", "Service001", "Service000").Replace(s)
		},
		"period": func(s string) string { return strings.ReplaceAll(s, `"name"`, `"period":60,"name"`) },
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), newMemStore()
			v := openMem(t, dir, m)
			as, err := v.AddAll(t.Context(), keys(t, 3))
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(v.indexPath())
			if err != nil {
				t.Fatal(err)
			}
			next := edit(string(b))
			if next == string(b) {
				t.Fatal("nothing was edited")
			}
			if err := os.WriteFile(v.indexPath(), []byte(next), 0o600); err != nil {
				t.Fatal(err)
			}
			v = openMem(t, dir, m)
			if _, err := v.Code(t.Context(), as[0].ID, testNow); !errors.Is(err, ErrBusy) {
				t.Errorf("a code of an account that is listed as another: %v", err)
			}
			for range 2 {
				for i, a := range v.Accounts() {
					want, _ := numbered(t, i).Code(testNow)
					if got := codeOf(t, v, a.ID, testNow); got != want.Value || a.Issuer != as[i].Issuer || a.Period != 30 {
						t.Errorf("account %d is %s with the code %s", i, a.Issuer, got)
					}
				}
				v = openMem(t, dir, m)
			}
		})
	}
}
