// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// window returns a test window in our theme. Never in a parallel test: the
// app is one for the whole process.
func window(t *testing.T, mode Mode, content fyne.CanvasObject, size fyne.Size) fyne.Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(mode, 100))
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	w.Resize(size)
	return w
}

func TestGroupCode(t *testing.T) {
	for _, c := range []struct{ code, want, hidden string }{
		{"", "", ""},
		{"1234", "1234", "••••"},
		{"12345", "12345", "•••••"},
		{"123456", "123 456", "••• •••"},
		{"1234567", "123 4567", "••• ••••"},
		{"12345678", "1234 5678", "•••• ••••"},
		{"123456789", "123 456 789", "••• ••• •••"},
		{"1234567890", "123 456 7890", "••• ••• ••••"},
	} {
		if got := GroupCode(c.code); got != c.want {
			t.Errorf("GroupCode(%q) = %q, want %q", c.code, got, c.want)
		}
		if got := HiddenCode(len(c.code)); got != c.hidden {
			t.Errorf("HiddenCode(%d) = %q, want %q", len(c.code), got, c.hidden)
		}
	}
	// Steam's codes have letters and stay whole.
	if got := GroupCode("2BCD4F"); got != "2BCD4F" {
		t.Errorf("GroupCode of letters = %q", got)
	}
	if got := HiddenCode(-1); got != "" {
		t.Errorf("HiddenCode(-1) = %q", got)
	}
}
