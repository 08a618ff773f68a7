// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/secret"
)

func TestValue(t *testing.T) {
	b := []byte("abc")
	v := secret.New(b)
	if v.Reveal() != "abc" || v.Len() != 3 || &v.Bytes()[0] != &b[0] {
		t.Errorf("New does not own the bytes: %q", v.Reveal())
	}
	clone, copied := v.Clone(), v
	if !v.Equal(clone) || &clone.Bytes()[0] == &b[0] {
		t.Error("Clone is not an equal copy")
	}
	v.Clear()
	if v.Len() != 0 || copied.Len() != 0 || v.Bytes() != nil {
		t.Error("Clear does not empty every copy")
	}
	if !bytes.Equal(b, []byte{0, 0, 0}) {
		t.Errorf("Clear leaves %q in memory", b)
	}
	if clone.Reveal() != "abc" {
		t.Error("Clear reaches a clone")
	}
}

func TestZeroValue(t *testing.T) {
	var v secret.Value
	v.Clear()
	if v.Len() != 0 || v.Bytes() != nil || v.Reveal() != "" || v.String() != "(elided)" {
		t.Errorf("the zero Value holds %q", v.Reveal())
	}
	if !v.Equal(secret.Value{}) || !v.Equal(secret.New(nil)) || !v.Equal(v.Clone()) {
		t.Error("empty values differ")
	}
	if v.Equal(secret.FromString("x")) {
		t.Error("an empty value equals another")
	}
}

// Property: Equal is equality of content, FromString and Reveal are inverse.
func TestEqualProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.ByteRange(0, 2), 0, 4).Draw(t, "a")
		b := rapid.SliceOfN(rapid.ByteRange(0, 2), 0, 4).Draw(t, "b")
		va, vb := secret.New(bytes.Clone(a)), secret.FromString(string(b))
		if va.Equal(vb) != bytes.Equal(a, b) || vb.Reveal() != string(b) {
			t.Fatalf("%q and %q: equal is %v", a, b, va.Equal(vb))
		}
	})
}
