// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package text sends text messages by a provider's HTTP interface, in the shape
// of Twilio's Messages.json: a form with To, From and Body, and basic
// authentication (https://www.twilio.com/docs/messaging/api/message-resource).
// Others offer the same shape.
package text

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/outbox"
)

// Config says how to reach the provider.
type Config struct {
	// URL is where messages are posted: "https://api.twilio.com/2010-04-01/Accounts/ACCOUNT/Messages.json".
	// Plain http is for loopback only.
	URL string
	// User is the account, PasswordFile a file with its token. It is read for each
	// message, so that a new token needs no restart.
	User, PasswordFile string
	// From is the number or name that messages come from.
	From string
	// HTTP is the client; nil is one with a time limit.
	HTTP *http.Client
}

// Sender sends text messages.
type Sender struct {
	config Config
	client *http.Client
}

// New checks a configuration and returns a Sender. It asks the provider nothing.
func New(c Config) (*Sender, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, errors.New("text messages: the provider's address is not understood, or has a password in it")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, errors.New("text messages: the provider's address must begin with https://")
	}
	if c.From == "" || c.User == "" || c.PasswordFile == "" {
		return nil, errors.New("text messages: sender, user and the file with the password are needed")
	}
	client := http.Client{Timeout: 20 * time.Second}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	// A redirect would carry the message and the password to someone else.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Sender{config: c, client: &client}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send posts a message.
func (s *Sender) Send(ctx context.Context, m outbox.Message) error {
	password, err := os.ReadFile(s.config.PasswordFile)
	if err != nil {
		return &outbox.TroubleError{Word: "password file", Away: true}
	}
	form := url.Values{"To": {m.To}, "From": {s.config.From}, "Body": {m.Text}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.config.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return &outbox.TroubleError{Word: "request"}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.SetBasicAuth(s.config.User, strings.TrimSpace(string(password)))
	answer, err := s.client.Do(r)
	if err != nil {
		return &outbox.TroubleError{Word: "unreachable", Away: true} // its own words have the address
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
	return verdict(answer.StatusCode)
}

// verdict tells what a status means. What is wrong with the message itself (400,
// 422) never gets better. Everything else lies with the provider, its limits or
// the account: the message is kept.
func verdict(status int) error {
	if status >= 200 && status < 300 {
		return nil
	}
	t := &outbox.TroubleError{Word: fmt.Sprintf("http-%d", status), Away: true}
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		t.Final, t.Away = true, false
	}
	return t
}
