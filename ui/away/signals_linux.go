// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !android

package away

import (
	"context"
	"os"
	"sync"

	"github.com/godbus/dbus/v5"
)

// KnowsScreen reports whether the system may tell that the screen is locked.
const KnowsScreen = true

const (
	login1        = "org.freedesktop.login1"
	loginPath     = dbus.ObjectPath("/org/freedesktop/login1")
	loginManager  = login1 + ".Manager"
	loginSession  = login1 + ".Session"
	properties    = "org.freedesktop.DBus.Properties"
	activeChanged = "ActiveChanged"
)

// savers are the names under which desktops tell that the screen saver began.
var savers = []string{
	"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver", "org.xfce.ScreenSaver",
}

// Signals listens to logind and to the desktop's screen saver until ctx ends, on
// connections of its own. Where there is no bus it hears nothing.
func Signals(ctx context.Context, say func(Reason)) {
	var both sync.WaitGroup
	both.Go(func() { listen(ctx, dbus.ConnectSystemBus, loginRules, heardLogin, say) })
	both.Go(func() { listen(ctx, dbus.ConnectSessionBus, saverRules, heardSaver, say) })
	both.Wait()
}

// rule is what a signal has to be.
type rule []dbus.MatchOption

// listen says what one bus tells, until ctx ends or the bus does.
func listen(ctx context.Context, connect func(...dbus.ConnOption) (*dbus.Conn, error),
	rules func(context.Context, *dbus.Conn) []rule, heard func(*dbus.Signal) Reason, say func(Reason),
) {
	conn, err := connect(dbus.WithContext(ctx))
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	for _, r := range rules(ctx, conn) {
		// What a bus refuses is as good as a service that is not there.
		_ = conn.AddMatchSignalContext(ctx, r...)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case s, ok := <-signals:
			if !ok {
				return
			}
			if why := heard(s); why != None {
				say(why)
			}
		}
	}
}

func saverRules(context.Context, *dbus.Conn) []rule {
	var rules []rule
	for _, name := range savers {
		rules = append(rules, rule{dbus.WithMatchInterface(name), dbus.WithMatchMember(activeChanged)})
	}
	return rules
}

func heardSaver(s *dbus.Signal) Reason {
	for _, name := range savers {
		if on, ok := first[bool](s); ok && on && s.Name == name+"."+activeChanged {
			return ScreenLocked
		}
	}
	return None
}

// loginRules asks for the signals of the manager and of our own session: those
// of another user's session are none of our business.
func loginRules(ctx context.Context, conn *dbus.Conn) []rule {
	rules := []rule{{
		dbus.WithMatchSender(login1), dbus.WithMatchObjectPath(loginPath),
		dbus.WithMatchInterface(loginManager), dbus.WithMatchMember("PrepareForSleep"),
	}}
	session, ok := ownSession(ctx, conn)
	if !ok {
		return rules
	}
	return append(
		rules,
		rule{
			dbus.WithMatchSender(login1), dbus.WithMatchObjectPath(session),
			dbus.WithMatchInterface(loginSession), dbus.WithMatchMember("Lock"),
		},
		rule{
			dbus.WithMatchSender(login1), dbus.WithMatchObjectPath(session),
			dbus.WithMatchInterface(properties), dbus.WithMatchMember("PropertiesChanged"), dbus.WithMatchArg(0, loginSession),
		},
	)
}

// ownSession finds the session in which this process shows its window. A process
// that the user's service manager started belongs to none: then it is the one of
// the environment, or the one that logind takes for the user's.
func ownSession(ctx context.Context, conn *dbus.Conn) (path dbus.ObjectPath, ok bool) {
	manager := conn.Object(login1, loginPath)
	ask := func(method string, arg any) bool {
		ctx, cancel := context.WithTimeout(ctx, answerIn)
		defer cancel()
		return manager.CallWithContext(ctx, loginManager+"."+method, dbus.FlagNoAutoStart, arg).Store(&path) == nil
	}
	if ask("GetSessionByPID", uint32(os.Getpid())) {
		return path, true
	}
	if id := os.Getenv("XDG_SESSION_ID"); id != "" && ask("GetSession", id) {
		return path, true
	}
	var id string
	got, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	err := conn.Object(login1, loginPath+"/session/auto").
		CallWithContext(got, properties+".Get", dbus.FlagNoAutoStart, loginSession, "Id").Store(&id)
	return path, err == nil && ask("GetSession", id)
}

func heardLogin(s *dbus.Signal) Reason {
	switch s.Name {
	case loginSession + ".Lock":
		return ScreenLocked
	case loginManager + ".PrepareForSleep":
		if begins, ok := first[bool](s); ok && begins {
			return Suspended
		}
	case properties + ".PropertiesChanged":
		if len(s.Body) < 2 {
			return None
		}
		changed, _ := s.Body[1].(map[string]dbus.Variant)
		if locked, _ := changed["LockedHint"].Value().(bool); locked {
			return ScreenLocked
		}
	}
	return None
}

// first returns the first argument of a signal.
func first[T any](s *dbus.Signal) (v T, ok bool) {
	if len(s.Body) > 0 {
		v, ok = s.Body[0].(T)
	}
	return v, ok
}
