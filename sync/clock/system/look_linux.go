// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !android

package system

import (
	"cmp"
	"context"
	"os"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"
)

// patience is how long the service that knows of the settings may take. It is
// started by the bus when it is asked, and ends by itself.
const patience = 300 * time.Millisecond

func look(ctx context.Context) Hint {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	h := ofSettings(ctx)
	if synced, most := ofKernel(); synced != NotKnown {
		h.Synced, h.MaxError = synced, most
	}
	h.Zone = cmp.Or(zone(os.LookupEnv, localtime), h.Zone)
	return h
}

// What the kernel says, see adjtimex(2). It takes its clock for wrong once the
// bound on the error has grown to 16 s, which it does in nine hours.
const (
	unsynced = 0x40 // STA_UNSYNC
	limit    = 16 * time.Second
)

// ofKernel asks without changing anything, which everyone may. Where it is
// forbidden all the same, as in some containers, nothing is known. The kernel is
// not told by all that keep a clock right: the host of a virtual machine does
// not, nor chronyd without rtcsync.
func ofKernel() (Answer, time.Duration) {
	var t unix.Timex
	if _, err := unix.Adjtimex(&t); err != nil {
		return NotKnown, 0
	}
	most := time.Duration(t.Maxerror) * time.Microsecond
	if t.Status&unsynced != 0 || most >= limit {
		return No, 0
	}
	return Yes, most
}

// timedate1 is what GNOME, KDE and timedatectl ask: systemd's, or a stand-in.
const (
	timedate1    = "org.freedesktop.timedate1"
	timedatePath = dbus.ObjectPath("/org/freedesktop/timedate1")
)

// ofSettings does not wait longer than ctx, whatever the bus does.
func ofSettings(ctx context.Context) Hint {
	told := make(chan Hint, 1)
	go func() { told <- ask(ctx) }()
	select {
	case h := <-told:
		return h
	case <-ctx.Done():
		return Hint{}
	}
}

func ask(ctx context.Context) (h Hint) {
	conn, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return h
	}
	defer func() { _ = conn.Close() }()
	var all map[string]dbus.Variant
	err = conn.Object(timedate1, timedatePath).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.GetAll", 0, timedate1).Store(&all)
	if err != nil {
		return h
	}
	h.Synced = answer(all["NTPSynchronized"])
	h.Automatic = answer(all["NTP"])
	h.Zone, _ = all["Timezone"].Value().(string)
	if can := answer(all["CanNTP"]); h.Automatic == No && can == No {
		h.Automatic = NotKnown // it knows of nothing to switch on; there may be something all the same
	}
	return h
}

func answer(v dbus.Variant) Answer {
	switch v.Value() {
	case true:
		return Yes
	case false:
		return No
	}
	return NotKnown
}
