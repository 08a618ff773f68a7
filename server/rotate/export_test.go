// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package rotate

// Known are all columns that are sealed anew, as table.column.
func Known() []string {
	var all []string
	for _, c := range sealed {
		all = append(all, c.table+"."+c.name)
	}
	return all
}
