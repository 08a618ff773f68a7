// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practicetest

import (
	"net/http"
	"net/url"
	"testing"
)

// Train answers a call of a scenario at the address of a training, and presses what is
// said and done there.
func Train(t testing.TB, address, scenario string, moves ...string) {
	t.Helper()
	press := func(path, name, value string) {
		resp, err := http.PostForm(address+path, url.Values{name: {value}})
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", value, resp.Status)
		}
	}
	press("/answer", "scenario", scenario)
	for _, m := range moves {
		press("/press", "move", m)
	}
}
