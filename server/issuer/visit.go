// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package issuer

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Visit does at an issuer what a browser does whose user chooses to be someone, and
// returns what it brings back to the service: for programs and tests that
// have no browser. address is where the service sent it; subject "" is a user who cancels.
func Visit(ctx context.Context, client *http.Client, address, subject string) (url.Values, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("visit an issuer: %w", err)
	}
	form := u.Query()
	form.Set("user", subject)
	u.RawQuery = ""
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("visit an issuer: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	stay := *client
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := stay.Do(r)
	if err != nil {
		return nil, fmt.Errorf("visit an issuer: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusSeeOther {
		to, err := answer.Location()
		if err != nil {
			return nil, fmt.Errorf("visit an issuer: %w", err)
		}
		return to.Query(), nil
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil || answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("visit an issuer: it answered %d", answer.StatusCode)
	}
	back := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(string(body), -1) {
		back.Add(field[1], html.UnescapeString(field[2]))
	}
	return back, nil
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
