// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
)

// find returns the accounts that a query means. An exact id, "issuer:name",
// issuer or name, in any case, goes before words found anywhere, so that
// "GitHub" is not ambiguous because a note elsewhere speaks of GitHub.
func find(as []vault.Account, query string) []vault.Account {
	query = strings.TrimSpace(query)
	var exact []vault.Account
	for i := range as {
		if query != "" && meant(&as[i], query) {
			exact = append(exact, as[i])
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return vault.Search(as, query)
}

func meant(a *vault.Account, query string) bool {
	if strings.EqualFold(a.Issuer, query) || strings.EqualFold(a.Name, query) || string(a.ID) == query {
		return true
	}
	// Put together only where the query can be both.
	return len(query) == len(a.Issuer)+1+len(a.Name) && strings.EqualFold(a.Label(), query)
}

// one returns the only account that a query means.
func one(as []vault.Account, query string) (vault.Account, error) {
	found := find(as, query)
	switch len(found) {
	case 0:
		return vault.Account{}, notFound(query)
	case 1:
		return found[0], nil
	}
	return vault.Account{}, ambiguous(query, found)
}

func notFound(query string) error {
	return tell(explain.NotFound,
		words.T("No account fits {query}.", "query", repeat(query)), "",
		words.T("kutano list shows all accounts."))
}

// maxCandidates are named in the hint for a query that several accounts fit.
const maxCandidates = 10

func ambiguous(query string, found []vault.Account) error {
	var names []string
	for _, a := range found[:min(len(found), maxCandidates)] {
		names = append(names, fmt.Sprintf("%s (%s)", title(a.Issuer, a.Name), a.ID))
	}
	if more := len(found) - maxCandidates; more > 0 {
		names = append(names, words.N(more, "1 more", "{n} more"))
	}
	return tell(explain.Ambiguous,
		words.T("Several accounts fit {query}.", "query", repeat(query)), "",
		words.T("Say which, by name or id: {names}", "names", strings.Join(names, ", ")))
}

// repeat quotes what a person typed, unless it may be a key in the wrong place.
func repeat(query string) string {
	if strings.Contains(query, "://") || len(query) > 40 || likeKey(query) {
		return words.T("that")
	}
	return `"` + clean(query) + `"`
}

// likeKey tells whether a word could be a key: 16 or more letters and digits of
// base32, in one piece or in groups of four.
func likeKey(s string) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' })
	for i, g := range groups {
		if len(groups) > 1 && len(g) != 4 && (i < len(groups)-1 || len(g) > 4) {
			return false
		}
	}
	all := strings.TrimRight(strings.ToUpper(strings.Join(groups, "")), "=")
	return len(all) >= 16 && strings.Trim(all, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// title names an account for a person.
func title(issuer, name string) string {
	switch {
	case issuer == "":
		return clean(name)
	case name == "":
		return clean(issuer)
	}
	return clean(issuer) + " · " + clean(name)
}

// clean keeps a name from moving the cursor, changing colours or turning the
// direction of a line: names come from QR codes.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return '\uFFFD'
		}
		return r
	}, s)
}

// completeQuery offers the names of the accounts, where the list can be read
// without asking anything.
func (a *App) completeQuery(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	quiet := *a
	quiet.In, quiet.Err, quiet.fd = nil, io.Discard, -1
	v, err := quiet.open(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer func() { _ = v.Close() }()
	var names []string
	for _, acc := range v.Accounts() {
		label := clean(acc.Label())
		if strings.HasPrefix(strings.ToLower(label), strings.ToLower(typed)) {
			names = append(names, label)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
