// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package people_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/store"
)

func TestRoles(t *testing.T) {
	for role, want := range map[people.Role][2]bool{
		people.Member: {true, false}, people.Auditor: {true, false}, people.Helpdesk: {true, false}, people.Admin: {true, true}, people.Owner: {true, true},
		"": {false, false}, "Admin": {false, false}, "root": {false, false},
	} {
		if role.Valid() != want[0] || role.Administrator() != want[1] {
			t.Errorf("%q: valid %v, administrator %v", role, role.Valid(), role.Administrator())
		}
	}
	if len(people.Roles) != 5 {
		t.Errorf("%d roles", len(people.Roles))
	}
}

// Of several that add one address at once, one does.
func TestCreateRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		var made atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				err := db.Tx(t.Context(), func(q store.Q) error {
					_, err := people.Create(t.Context(), q, "ana@example.org", "Ana", people.Member, start)
					return err
				})
				if err == nil {
					made.Add(1)
				} else if !errors.Is(err, people.ErrTaken) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Fatalf("%d users have one address", made.Load())
		}
	})
}
