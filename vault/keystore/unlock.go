// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package keystore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
)

// errWentAway means that the service left the bus while its prompt was up.
var errWentAway = fmt.Errorf("%w: it went away while it asked the user", ErrNoService)

// unlock makes the service ask the user to unlock the collection, or to make
// one where there is none, and waits for the answer until ctx ends or the
// limit has passed; then it takes the prompt down.
//
// go-keyring could do so too, but takes any signal on the shared connection
// for the answer, waits for ever, and leaves a channel behind that costs a
// goroutine a signal from then on.
func unlock(ctx context.Context, limit time.Duration) error {
	within, cancel := context.WithTimeoutCause(ctx, limit, errUnanswered)
	defer cancel()
	err := unlockWithin(within)
	if within.Err() == nil || err == nil {
		return err
	}
	if ctx.Err() != nil {
		return ended(ctx)
	}
	return fmt.Errorf("%w: nobody answered the prompt", ErrTimeout)
}

var errUnanswered = errors.New("unanswered")

func unlockWithin(ctx context.Context) error {
	conn, err := bus()
	if err != nil {
		return err
	}
	prompt, err := askFor(ctx, conn)
	if err != nil {
		return err
	}
	if prompt != "/" {
		if err := await(ctx, conn, prompt); err != nil {
			return err
		}
	}
	_, locked, err := collection(ctx, conn)
	if err == nil && locked {
		return fmt.Errorf("%w: unlocking changed nothing", ErrLocked)
	}
	return err
}

// askFor requests the unlocking or the new collection. It returns the prompt
// that has to be shown for it, "/" for none.
func askFor(ctx context.Context, conn *dbus.Conn) (prompt dbus.ObjectPath, err error) {
	service := conn.Object(busName, servicePath)
	path, locked, err := collection(ctx, conn)
	switch {
	case errors.Is(err, errNoCollection):
		label := map[string]dbus.Variant{collIface + ".Label": dbus.MakeVariant("Default keyring")}
		err = service.CallWithContext(ctx, serviceIface+".CreateCollection", 0, label, "default").Store(&path, &prompt)
	case err != nil || !locked:
		return "/", err
	default:
		var unlocked []dbus.ObjectPath
		err = service.CallWithContext(ctx, serviceIface+".Unlock", 0, []dbus.ObjectPath{path}).Store(&unlocked, &prompt)
	}
	return prompt, err
}

// await shows the prompt and waits for its end.
func await(ctx context.Context, conn *dbus.Conn, prompt dbus.ObjectPath) error {
	completed := []dbus.MatchOption{dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(promptIface)}
	owner := []dbus.MatchOption{
		dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, busName),
	}
	for _, match := range [][]dbus.MatchOption{completed, owner} {
		if err := conn.AddMatchSignalContext(ctx, match...); err != nil {
			return err
		}
		defer func() { _ = conn.RemoveMatchSignal(match...) }()
	}
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	defer conn.RemoveSignal(signals)

	object := conn.Object(busName, prompt)
	if err := object.CallWithContext(ctx, promptIface+".Prompt", 0, "").Err; err != nil {
		return err
	}
	for {
		select {
		case sig, ok := <-signals:
			if !ok {
				return errWentAway
			}
			if over, err := answer(sig, prompt); over {
				return err
			}
		case <-ctx.Done():
			object.Go(promptIface+".Dismiss", dbus.FlagNoReplyExpected, nil)
			return ctx.Err()
		}
	}
}

// answer tells whether the signal ends the prompt, and how. The connection is
// shared: most signals are meant for others.
func answer(sig *dbus.Signal, prompt dbus.ObjectPath) (over bool, err error) {
	switch {
	case sig.Name == "org.freedesktop.DBus.NameOwnerChanged" && sig.Sender == "org.freedesktop.DBus":
		if len(sig.Body) == 3 && sig.Body[0] == busName {
			return true, errWentAway
		}
	case sig.Name == promptIface+".Completed" && sig.Path == prompt:
		if len(sig.Body) == 0 || sig.Body[0] == true {
			return true, fmt.Errorf("%w: the prompt was dismissed", ErrDenied)
		}
		return true, nil
	}
	return false, nil
}
