// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// AppleIssuer is Apple's issuer, which client secrets are made out to.
const AppleIssuer = "https://appleid.apple.com"

// AppleSecret returns a Provider.Secret for Apple, whose client secret is a JWT
// signed with ES256 by a key that Apple gives out as a .p8 file (PKCS #8 in PEM).
// https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
func AppleSecret(team, keyID, clientID, keyFile string) (func(now time.Time) (string, error), error) {
	key, err := readES256(keyFile)
	if err != nil {
		return nil, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: keyID}}, nil)
	if err != nil {
		return nil, errors.New("the key for Sign in with Apple cannot sign")
	}
	return func(now time.Time) (string, error) {
		return jwt.Signed(signer).Claims(jwt.Claims{
			Issuer: team, Subject: clientID, Audience: jwt.Audience{AppleIssuer},
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(5 * time.Minute)),
		}).Serialize() //nolint:misspell // as the library writes it
	}, nil
}

// readES256 reads a private key. Its errors say nothing of what is in the file.
func readES256(path string) (*ecdsa.PrivateKey, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key for Sign in with Apple: %w", err)
	}
	wrong := errors.New("the file with the key for Sign in with Apple holds no ES256 key in PKCS #8 and PEM")
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, wrong
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, wrong
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, wrong
	}
	return key, nil
}
