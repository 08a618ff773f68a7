// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret_test

import (
	"os"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/secret"
	marked "github.com/kutano/authenticator/vault/secret/canary"
)

var keep [][]byte

// Copies that nothing refers to any more are gone from memory, though what lies
// between them is still in use.
func TestSweep(t *testing.T) {
	const copies = 2000
	mark := marked.Word(32)
	var m marked.Marks
	m.Text("copies", mark)
	keep = nil
	for i := range copies {
		b := []byte(mark)
		if i%10 == 0 {
			keep = append(keep, b)
		}
	}
	for _, b := range keep {
		copy(b, make([]byte, len(b)))
	}
	before, err := m.Memory(os.Getpid())
	if err != nil {
		t.Skipf("no right to read memory: %v", err)
	}
	start := time.Now()
	secret.Sweep()
	t.Logf("swept in %v", time.Since(start))
	after, err := m.Memory(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if before["copies"] < copies || after["copies"] > before["copies"]/10 {
		t.Errorf("%d pieces before, %d after", before["copies"], after["copies"])
	}
	keep = nil
}
