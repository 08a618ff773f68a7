// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// turnedBy is the variable of the environment that turns the clock of the
// program under test: by how much it is ahead of the real one.
const turnedBy = "KUTANO_TEST_CLOCK"

// turned is a clock that is ahead by so much.
type turned time.Duration

func (o turned) Now() time.Time { return time.Now().Add(time.Duration(o)) }

func turnClock() {
	if by, err := time.ParseDuration(os.Getenv(turnedBy)); err == nil {
		device = turned(by)
	}
}

// timeServers makes the command that starts time servers. Each has an address of
// its own, so that they count as several operators'.
func timeServers(t *testing.T) func(*testscript.TestScript, bool, []string) {
	var started atomic.Int32
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if len(args) != 2 || neg {
			ts.Fatalf("usage: timeserver NAME OFFSET")
		}
		by, err := time.ParseDuration(args[1])
		ts.Check(err)
		host := "127.0.0." + strconv.Itoa(int(started.Add(1))%250+2)
		ts.Setenv(args[0], lietest.StartAt(t, host+":0", lietest.Lie{Offset: by}).Addr)
	}
}

// measured notes a measurement as kutano clock would.
func measured(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 1 || neg {
		ts.Fatalf("usage: measured OFFSET [alone]")
	}
	offset, err := time.ParseDuration(args[0])
	ts.Check(err)
	by, _ := time.ParseDuration(ts.Getenv(turnedBy))
	read := func() clock.Times {
		t := clock.Now()
		t.Wall = turned(by).Now()
		return t
	}
	m := clock.Single(clock.Estimate{Offset: offset, Uncertainty: 10 * time.Millisecond, Kind: clock.NTP, Name: "time.example"}, read())
	m.Majority = len(args) == 1
	ts.Check(clock.Open(ts.Getenv("KUTANO_DATA"), read).Take(m))
}

// truly wants the first code printed to be the one of true time, whatever the
// device's clock says: computed anew from the key that all scripts use.
func truly(ts *testscript.TestScript, neg bool, _ []string) {
	var doc struct {
		Accounts []struct {
			Code string
			From int64 `json:"valid_from"`
		}
	}
	ts.Check(json.Unmarshal([]byte(ts.Getenv("PRINTED")), &doc))
	if len(doc.Accounts) == 0 {
		ts.Fatalf("no code was printed")
	}
	key := otpauth.Key{Type: otpauth.TOTP, Secret: secret.FromString("12345678901234567890")}.Normal()
	began, err := strconv.ParseInt(ts.Getenv("BEGAN"), 10, 64)
	ts.Check(err)
	found := false
	// The run may have gone on from one step to the next.
	for at := began; at <= time.Now().Unix(); at++ {
		c, err := key.Code(time.Unix(at, 0))
		ts.Check(err)
		found = found || c.Value == doc.Accounts[0].Code && c.From.Unix() == doc.Accounts[0].From
	}
	if found == neg {
		ts.Fatalf("the code of true time: %v", found)
	}
}

// otherCode writes down the code that a device with the right time shows for the
// account of eight digits.
func otherCode(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 0 || neg {
		ts.Fatalf("usage: othercode")
	}
	ts.Check(os.WriteFile(ts.MkAbs("other"), []byte(codeNow(ts.Check, 8)+"\n"), 0o600))
}

// codeNow is the code that a service would take now, with the key of RFC 6238.
func codeNow(check func(error), digits int) string {
	key := otpauth.Key{Type: otpauth.TOTP, Digits: digits, Secret: secret.FromString("12345678901234567890")}.Normal()
	c, err := key.Code(time.Now())
	check(err)
	return c.Value
}
