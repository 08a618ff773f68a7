// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !android

package system

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
	"golang.org/x/sys/unix"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

// much is more than Look takes, on a busy machine too.
const much = 10 * time.Second

// timedated puts a stand-in for systemd's service onto a bus of the test's own,
// which becomes the system bus.
func timedated(t *testing.T, answers map[string]any) {
	t.Helper()
	bus := keyringtest.StartBus(t)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.Address)
	if answers == nil {
		return
	}
	conn, err := bus.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	all := map[string]*prop.Prop{}
	for name, value := range answers {
		all[name] = &prop.Prop{Value: value}
	}
	if _, err := prop.Export(conn, timedatePath, prop.Map{timedate1: all}); err != nil {
		t.Fatal(err)
	}
	if r, err := conn.RequestName(timedate1, dbus.NameFlagDoNotQueue); err != nil || r != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own the name: %v, %v", r, err)
	}
}

func TestSettings(t *testing.T) {
	for name, tt := range map[string]struct {
		answers map[string]any
		want    Hint
	}{
		"switched on":        {map[string]any{"NTP": true, "CanNTP": true, "NTPSynchronized": true, "Timezone": "Europe/Berlin"}, Hint{Synced: Yes, Automatic: Yes, Zone: "Europe/Berlin"}},
		"on, not yet right":  {map[string]any{"NTP": true, "CanNTP": true, "NTPSynchronized": false}, Hint{Synced: No, Automatic: Yes}},
		"switched off":       {map[string]any{"NTP": false, "CanNTP": true, "NTPSynchronized": false}, Hint{Synced: No, Automatic: No}},
		"nothing to switch":  {map[string]any{"NTP": false, "CanNTP": false, "NTPSynchronized": true}, Hint{Synced: Yes}},
		"an old one":         {map[string]any{"NTP": false}, Hint{Automatic: No}},
		"another sort":       {map[string]any{"NTP": "yes", "NTPSynchronized": uint32(1)}, Hint{}},
		"no such service":    {nil, Hint{}},
		"one that says none": {map[string]any{}, Hint{}},
	} {
		t.Run(name, func(t *testing.T) {
			timedated(t, tt.answers)
			ctx, cancel := context.WithTimeout(t.Context(), much)
			defer cancel()
			if got := ofSettings(ctx); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// A bus that is not there, or takes calls and never answers: Look comes back,
// and knows what the kernel says.
func TestLookWithoutBus(t *testing.T) {
	silent := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", silent)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	synced, _ := ofKernel()
	for name, address := range map[string]string{
		"silent": "unix:path=" + silent, "gone": "unix:path=" + silent + "-not", "nonsense": "nonsense", "empty": "unix:path=",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
			t.Setenv("TZ", "Africa/Nairobi")
			start := time.Now()
			h := Look(t.Context())
			if took := time.Since(start); took > much {
				t.Errorf("it took %v", took)
			}
			if h.Automatic != NotKnown || h.Synced != synced || h.Zone != "Africa/Nairobi" {
				t.Errorf("%+v", h)
			}
		})
	}
}

// This machine's own kernel: the answer is that of the call itself.
func TestKernel(t *testing.T) {
	var x unix.Timex
	state, err := unix.Adjtimex(&x)
	got, most := ofKernel()
	if err != nil {
		if got != NotKnown {
			t.Errorf("%v, though it may not be asked: %v", got, err)
		}
		return
	}
	const timeError = 5 // what the call returns for a clock that is not kept right
	if right := state != timeError; (got == Yes) != right {
		t.Errorf("the kernel's state is %d, and its clock is kept right: %v", state, got)
	}
	if most < 0 || most >= limit || got != Yes && most != 0 {
		t.Errorf("%v, off by at most %v", got, most)
	}
}
