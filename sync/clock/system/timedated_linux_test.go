// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !android

package system

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// daemon is systemd's service as distributions install it.
const daemon = "/usr/lib/systemd/systemd-timedated"

// systemd's own service on a bus of the test's own says what it does of this
// machine: as here, its second source is the kernel.
func TestRealService(t *testing.T) {
	if _, err := os.Stat(daemon); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("systemd-timedated is not installed; this test needs it")
		}
		t.Skip("systemd-timedated is not installed; this test needs it")
	}
	timedated(t, nil)
	service := exec.Command(daemon)
	// Where a time service is installed it would ask systemd about it, which is not on this bus.
	service.Env = append(os.Environ(), "SYSTEMD_LOG_TARGET=null", "SYSTEMD_TIMEDATED_NTP_SERVICES=")
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = service.Process.Kill()
		_ = service.Wait()
	})
	var h Hint
	for start := time.Now(); h.Synced == NotKnown && time.Since(start) < much; time.Sleep(10 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), much)
		h = ofSettings(ctx)
		cancel()
	}
	if want, _ := ofKernel(); want != NotKnown && h.Synced != want {
		t.Errorf("%+v; the kernel says %v", h, want)
	}
	if want := zone(func(string) (string, bool) { return "", false }, localtime); want != "" && h.Zone != want {
		t.Errorf("the zone is %q, the system's link says %q", h.Zone, want)
	}
}
