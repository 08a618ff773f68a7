// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin && !android && !ios

package away

import (
	"context"
	"os"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"

	"github.com/kutano/authenticator/vault/scan/xserver"
)

// answerIn is how long a service may take to answer.
const answerIn = time.Second

// SystemIdle asks the X server, or GNOME's Mutter under Wayland. The screen
// saver's interface of freedesktop.org is left aside: it says seconds, and some
// answer with milliseconds.
func SystemIdle(ctx context.Context) func() (time.Duration, bool) {
	if os.Getenv("WAYLAND_DISPLAY") == "" && os.Getenv("DISPLAY") != "" {
		// Under Wayland an X server sees only what happens in X windows.
		if f := xIdle(ctx); f != nil {
			return f
		}
	}
	return mutterIdle(ctx)
}

func xIdle(ctx context.Context) func() (time.Duration, bool) {
	ctx, cancel := context.WithCancel(ctx) // closes the connection
	late := time.AfterFunc(answerIn, cancel)
	conn, err := xserver.Connect(ctx)
	if err == nil {
		if idle := askX(conn); idle != nil && late.Stop() {
			context.AfterFunc(ctx, cancel)
			return idle
		}
	}
	cancel()
	return nil
}

func askX(conn *xgb.Conn) func() (time.Duration, bool) {
	if screensaver.Init(conn) != nil {
		return nil
	}
	root := xproto.Drawable(xproto.Setup(conn).DefaultScreen(conn).Root)
	return func() (time.Duration, bool) {
		info, err := screensaver.QueryInfo(conn, root).Reply()
		if err != nil || info == nil {
			return 0, false
		}
		return time.Duration(info.MsSinceUserInput) * time.Millisecond, true
	}
}

func mutterIdle(ctx context.Context) func() (time.Duration, bool) {
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return nil
	}
	monitor := conn.Object("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core")
	ask := func() (time.Duration, bool) {
		ctx, cancel := context.WithTimeout(ctx, answerIn)
		defer cancel()
		var ms uint64
		err := monitor.CallWithContext(ctx, "org.gnome.Mutter.IdleMonitor.GetIdletime", dbus.FlagNoAutoStart).Store(&ms)
		return time.Duration(ms) * time.Millisecond, err == nil
	}
	if _, ok := ask(); !ok {
		_ = conn.Close()
		return nil
	}
	return ask
}
