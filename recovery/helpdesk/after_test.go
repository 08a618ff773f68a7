// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/sync/link"
)

// source reads a file of the service.
func source(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return html.UnescapeString(string(b))
}

// quoted are the words in typographic quotes of a sentence.
func quoted(sentence string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`“([^”]+)”`).FindAllStringSubmatch(sentence, -1) {
		all = append(all, m[1])
	}
	return all
}

// Buttons and choices are named as the service's own pages name them. R59
func TestNamesOfThePage(t *testing.T) {
	labels := map[string]string{}
	for _, m := range regexp.MustCompile(`case desk\.(\w+):\s+return "([^"]+)"`).FindAllStringSubmatch(source(t, "../../server/pages/words.go"), -1) {
		labels[m[1]] = m[2]
	}
	for act, name := range map[link.DeskAct]string{
		link.ActSignOut: "SignOut", link.ActUnlock: "Unlock", link.ActResync: "Resync", link.ActBypass: "Bypass", link.ActReset: "Reset",
	} {
		label := OnPage(act)
		if label == "" || label != labels[name] {
			t.Errorf("%s: %q, but the page says %q", act, label, labels[name])
		}
		if got := quoted(Elsewhere(act)); !slices.Equal(got, []string{"Administration", label}) {
			t.Errorf("%s: %q", act, Elsewhere(act))
		}
	}
	if got := OnPage(link.ActLookUp); got != "" {
		t.Errorf("a button to look somebody up: %q", got)
	}
	if !strings.Contains(source(t, "../../server/pages/templates/shared/header.html"), ">Administration</a>") {
		t.Error("the page has no section of that name")
	}
	second := source(t, "../../server/pages/templates/second.html")
	for _, act := range []link.DeskAct{link.ActResync, link.ActBypass} {
		choices := quoted(SayAfter(Deed{Act: act}))
		if len(choices) != 1 || !strings.Contains(second, "<span>"+choices[0]+"</span>") {
			t.Errorf("%s: %q is no choice of the page", act, choices)
		}
	}
}

func TestSayAfter(t *testing.T) {
	for d, want := range map[Deed]string{
		{Act: link.ActLookUp}:                                    "",
		{Act: link.ActSignOut, Audit: 7}:                         "",
		{Act: link.ActUnlock, Audit: 7}:                          "Please try again now",
		{Act: link.ActUnlock, Audit: 7, Earlier: true}:           "",
		{Act: link.ActResync, Audit: 7, Earlier: true}:           "",
		{Act: link.ActReset, Audit: 7, Earlier: true}:            "Please sign in as usual",
		{Act: link.ActResync}:                                    "Please reload Kutano’s sign-in page",
		{Act: link.ActResync, Unknown: true}:                     "",
		{Act: link.ActBypass}:                                    "I will read you a code",
		{Act: link.ActBypass, Earlier: true}:                     "",
		{Act: link.ActReset}:                                     "Please sign in as usual",
		{Act: link.ActReset, Waiting: true}:                      SayTwoAdmins(),
		{Act: link.ActReset, Waiting: true, Earlier: true}:       SayTwoAdmins(),
		{Act: link.ActReset, Waiting: true, Unknown: true}:       "",
		{Act: link.DeskAct("suspend"), Audit: 7, Unknown: false}: "",
	} {
		if got := SayAfter(d); !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%+v: %q, want %q", d, got, want)
		}
	}
	for _, act := range []link.DeskAct{link.ActUnlock, link.ActResync} {
		if got := SayAfter(Deed{Act: act}); !strings.Contains(got, "Do not tell") {
			t.Errorf("%s: a code may be said: %q", act, got)
		}
	}
}
