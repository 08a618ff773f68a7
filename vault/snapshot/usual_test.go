// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"regexp"
	"testing"

	"github.com/kutano/authenticator/vault/secret"
)

// usual is the work factor of the programs, from before TestMain makes it cheap.
var usual = workFactor

// What guessing a passphrase costs is age's usual 2^18, and stands in the file.
func TestUsualWorkFactor(t *testing.T) {
	if usual != 18 {
		t.Errorf("guessing costs 2^%d", usual)
	}
	cheap := workFactor
	workFactor = usual
	defer func() { workFactor = cheap }()
	file := encrypt(t, sample(), Lock{Passphrase: secret.FromString("one")})
	if !regexp.MustCompile(`\n-> scrypt \S+ 18\n`).Match(file) {
		t.Error("the file was not made with it")
	}
}
