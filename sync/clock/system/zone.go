// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package system

import (
	"os"
	"strings"
)

// localtime is the system's zone: a link to its file.
const localtime = "/etc/localtime"

// zone returns the zone of the process, which is that of the system unless the
// environment says otherwise; link is where the system keeps that.
func zone(env func(string) (string, bool), link string) string {
	if tz, ok := env("TZ"); ok {
		if tz = strings.TrimPrefix(tz, ":"); tz == "" {
			return "UTC"
		}
		return named(tz)
	}
	to, err := os.Readlink(link)
	if err != nil {
		return ""
	}
	if n := named(to); n != to {
		return n
	}
	return "" // a file of another place, which has no name
}

// named takes away where the files of the zones are.
func named(path string) string {
	const folder = "zoneinfo/"
	if i := strings.LastIndex(path, folder); i >= 0 {
		return path[i+len(folder):]
	}
	return path
}
