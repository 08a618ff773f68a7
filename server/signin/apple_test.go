// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/signin"
)

func pemFile(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key.p8")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAppleSecret(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := signin.AppleSecret("TEAM", "KEY", "org.kutano.example", pemFile(t, key))
	if err != nil {
		t.Fatal(err)
	}
	now := time.UnixMilli(1_800_000_000_000)
	made, err := secret(now)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.ParseSigned(made, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || token.Headers[0].KeyID != "KEY" {
		t.Fatalf("%v, %+v", err, token)
	}
	var c jwt.Claims
	if err := token.Claims(&key.PublicKey, &c); err != nil {
		t.Fatal(err)
	}
	err = c.Validate(jwt.Expected{Issuer: "TEAM", Subject: "org.kutano.example", AnyAudience: jwt.Audience{"https://appleid.apple.com"}, Time: now})
	if err != nil || c.Expiry.Time().Sub(now) != 5*time.Minute {
		t.Fatalf("%v, %+v", err, c)
	}
}

func TestAppleSecretNeedsItsKey(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("canary"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pemFile(t, other), pemFile(t, wrong), text, filepath.Join(t.TempDir(), "none")} {
		if _, err := signin.AppleSecret("TEAM", "KEY", "client", path); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
}

// A provider whose client secret is made anew each time.
func TestSecretIsMadeEachTime(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	var asked []time.Time
	a.s.Providers[1].ClientSecret = ""
	a.s.Providers[1].Secret = func(now time.Time) (string, error) {
		asked = append(asked, now)
		return "practice", nil
	}
	for range 2 {
		a.advance(time.Minute)
		if _, err := a.signInAs("apple", "ana-at-apple"); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 2 || !asked[1].Equal(a.now()) {
		t.Fatalf("asked at %v", asked)
	}
}
