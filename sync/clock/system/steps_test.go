// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import (
	"slices"
	"strings"
	"testing"
)

func TestSteps(t *testing.T) {
	for _, tt := range []struct {
		goos, desktop string
		first, some   string // in the first step, and in one of them
	}{
		{"linux", "ubuntu:GNOME", "“System”", "“Automatic Date & Time”"},
		{"linux", "Unity:Unity7", "“Date & Time”", "“Automatic Date & Time”"},
		{"linux", "KDE", "System Settings", "“Set date and time automatically”"},
		{"linux", "X-Cinnamon", "System Settings", "“Network time”"},
		{"linux", "XFCE", "settings of your device", "time zone"},
		{"linux", "", "settings of your device", "timedatectl set-ntp true"},
		{"windows", "", "“Time & language”", "“Set time zone automatically”"},
		{"darwin", "", "“General”", "“Set time and date automatically”"},
		{"android", "", "“System”", "“Automatic date and time”"},
		{"ios", "", "“General”", "Screen Time"},
		{"freebsd", "", "settings of your device", "time zone"},
	} {
		all := steps(tt.goos, func(name string) string {
			if name == "XDG_CURRENT_DESKTOP" {
				return tt.desktop
			}
			return ""
		})
		if len(all) < 3 || !strings.Contains(all[0], tt.first) || !strings.Contains(strings.Join(all, "\n"), tt.some) {
			t.Errorf("%s, %s: %q", tt.goos, tt.desktop, all)
		}
		if last := all[len(all)-1]; strings.Contains(last, "timedatectl set-ntp true") != (tt.goos == "linux") {
			t.Errorf("%s, %s: the last step is %q", tt.goos, tt.desktop, last)
		}
		for i, s := range all {
			if strings.TrimSpace(s) != s || s == "" || strings.ContainsAny(s, "!{}") || slices.Index(all, s) != i {
				t.Errorf("%s: %q", tt.goos, s)
			}
		}
	}
}
