// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"net/url"
	"strings"
)

// local returns a path of this site that a browser may be sent to, or fallback:
// never another site, whatever was written into return_to. Browsers read "\" as
// "/" and skip tabs and line breaks, so none of those is taken.
func local(to, fallback string) string {
	if len(to) > 2048 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return fallback
	}
	for _, r := range to {
		if r <= ' ' || r == '\\' || r == 0x7f {
			return fallback
		}
	}
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		return fallback
	}
	return to
}

// with adds return_to to a path, where there is somewhere to return to.
func with(path, to string) string {
	if to == "" {
		return path
	}
	return path + "?" + url.Values{"return_to": {to}}.Encode()
}
