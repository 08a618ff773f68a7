// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strings"
	"unicode/utf8"
)

// table lays rows out in columns, two blanks apart, without trailing blanks.
// A header is for people; programs that read the rows get none.
func table(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// grouped writes a code as people read it: 123 456, 1234 5678, 12 345. Codes of
// letters (Steam) stay whole.
func grouped(code string) string {
	if strings.Trim(code, "0123456789") != "" || len(code) < 6 {
		return code
	}
	half := (len(code) + 1) / 2
	if len(code) == 9 {
		return code[:3] + " " + code[3:6] + " " + code[6:]
	}
	return code[:half] + " " + code[half:]
}
