// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package text_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/text"
)

var message = outbox.Message{Channel: outbox.SMS, To: "+15550100123", Text: "Your code is 123456.\n\n@host #123456", Dedupe: "x"}

func passwordFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func sender(t *testing.T, address string) *text.Sender {
	t.Helper()
	s, err := text.New(text.Config{URL: address + "/2010-04-01/Accounts/AC1/Messages.json", User: "AC1", PasswordFile: passwordFile(t), From: "+15550100000"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// R27: a text message goes to the provider as Twilio's interface wants it.
func TestSend(t *testing.T) {
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		got = r
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"sid":"SM1","status":"queued"}`))
	}))
	defer server.Close()
	if err := sender(t, server.URL).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	user, password, _ := got.BasicAuth()
	if got.Method != http.MethodPost || got.URL.Path != "/2010-04-01/Accounts/AC1/Messages.json" || user != "AC1" || password != "secret" {
		t.Errorf("%s %s as %s", got.Method, got.URL.Path, user)
	}
	if f := got.PostForm; len(f) != 3 || f.Get("To") != message.To || f.Get("From") != "+15550100000" || f.Get("Body") != message.Text {
		t.Errorf("posted %v", f)
	}
}

func TestAnswers(t *testing.T) {
	for status, want := range map[int]outbox.TroubleError{
		400: {Word: "http-400", Final: true},
		401: {Word: "http-401", Away: true}, // the account's trouble, not the message's
		403: {Word: "http-403", Away: true},
		404: {Word: "http-404", Away: true},
		422: {Word: "http-422", Final: true},
		429: {Word: "http-429", Away: true},
		500: {Word: "http-500", Away: true},
		503: {Word: "http-503", Away: true},
		302: {Word: "http-302", Away: true},
	} {
		var asked int
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"message":"to +15550100123"}`))
		}))
		err := sender(t, server.URL).Send(t.Context(), message)
		server.Close()
		var got *outbox.TroubleError
		if !errors.As(err, &got) || *got != want || asked != 1 {
			t.Errorf("%d: %+v, asked %d times", status, got, asked)
		}
	}
}

func TestAway(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	s := sender(t, server.URL)
	server.Close()
	err := s.Send(t.Context(), message)
	var got *outbox.TroubleError
	if !errors.As(err, &got) || got.Final || !got.Away || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("got %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Send(ctx, message); !errors.As(err, &got) || got.Final {
		t.Errorf("got %v", err)
	}
}

// A token that cannot be read now is no reason to drop a message.
func TestPasswordFileGone(t *testing.T) {
	s, err := text.New(text.Config{URL: "http://127.0.0.1:1/", User: "AC1", PasswordFile: filepath.Join(t.TempDir(), "none"), From: "x"})
	if err != nil {
		t.Fatal(err)
	}
	var got *outbox.TroubleError
	if err := s.Send(t.Context(), message); !errors.As(err, &got) || got.Final || got.Word != "password file" {
		t.Errorf("got %v", err)
	}
}

func TestConfig(t *testing.T) {
	good := text.Config{URL: "https://api.example.org/Messages.json", User: "u", PasswordFile: "f", From: "x"}
	if _, err := text.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*text.Config){
		"plain http":  func(c *text.Config) { c.URL = "http://api.example.org/" },
		"no scheme":   func(c *text.Config) { c.URL = "api.example.org" },
		"a password":  func(c *text.Config) { c.URL = "https://u:canary@api.example.org/" },
		"no sender":   func(c *text.Config) { c.From = "" },
		"no user":     func(c *text.Config) { c.User = "" },
		"no password": func(c *text.Config) { c.PasswordFile = "" },
		"not an URL":  func(c *text.Config) { c.URL = "https://[::1" },
	} {
		c := good
		change(&c)
		if _, err := text.New(c); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
