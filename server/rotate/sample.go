// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package rotate

import (
	"context"
	"fmt"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// Sample opens a few hundred of the sealed values and tells how many of them
// there are and how many do not open with the keys that are here.
func Sample(ctx context.Context, q store.Q, keys *seal.Keys) (looked, unreadable int, err error) {
	for _, c := range sealed {
		page, err := c.page(ctx, q, nil)
		if err != nil {
			return looked, unreadable, fmt.Errorf("look at %s.%s: %w", c.table, c.name, err)
		}
		for _, v := range page {
			looked++
			if _, err := keys.Open(seal.Place{Table: c.table, Row: v.row, Column: c.name}, v.sealed); err != nil {
				unreadable++
			}
		}
	}
	return looked, unreadable, nil
}
