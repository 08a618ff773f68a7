// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package system

import (
	"os"
	"path/filepath"
	"testing"
)

func TestZone(t *testing.T) {
	dir := t.TempDir()
	link := func(to string) string {
		path := filepath.Join(dir, filepath.Base(to)+"-link")
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	berlin := link("/usr/share/zoneinfo/Europe/Berlin")
	unset := "unset"
	for _, tt := range []struct{ tz, link, want string }{
		{unset, berlin, "Europe/Berlin"},
		{unset, link("../usr/share/zoneinfo/Africa/Nairobi"), "Africa/Nairobi"},
		{unset, link("/var/db/timezone/zoneinfo/America/Argentina/Ushuaia"), "America/Argentina/Ushuaia"}, // macOS
		{unset, link("/etc/my-own"), ""},
		{unset, filepath.Join(dir, "nothing"), ""},
		{"Asia/Tokyo", berlin, "Asia/Tokyo"},
		{":Asia/Tokyo", berlin, "Asia/Tokyo"},
		{":/usr/share/zoneinfo/Asia/Tokyo", berlin, "Asia/Tokyo"},
		{"CET-1CEST", berlin, "CET-1CEST"},
		{"", berlin, "UTC"},
	} {
		env := func(string) (string, bool) { return tt.tz, tt.tz != unset }
		if got := zone(env, tt.link); got != tt.want {
			t.Errorf("TZ %q, link %s: %q, want %q", tt.tz, filepath.Base(tt.link), got, tt.want)
		}
	}
}
