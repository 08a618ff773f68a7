// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package keystore

import (
	"context"

	"github.com/godbus/dbus/v5"

	"github.com/kutano/authenticator/vault/secret"
)

// wireSecret is a secret as it goes over the bus.
type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// glance reads an item that is plainly there, one and unlocked, or says
// ErrNotFound where it plainly is not. It takes two exchanges with the service
// where go-keyring takes seven, and never prompts. On anything else it returns
// errUnsure, and go-keyring finds out what is wrong.
func glance(user string) (secret.Value, error) {
	ctx, cancel := context.WithTimeout(context.Background(), queue.limits.prompt)
	defer cancel()
	conn, err := bus()
	if err != nil {
		return secret.Value{}, errUnsure
	}
	svc := conn.Object(busName, servicePath)
	// Both go out before the first answer is waited for.
	opening := svc.GoWithContext(ctx, serviceIface+".OpenSession", 0, make(chan *dbus.Call, 1), "plain", dbus.MakeVariant(""))
	search := svc.GoWithContext(ctx, serviceIface+".SearchItems", 0, make(chan *dbus.Call, 1), attributes(user))
	session, opened := sessionOf(<-opening.Done)
	if opened {
		defer conn.Object(busName, session).Go(sessionIface+".Close", dbus.FlagNoReplyExpected, nil)
	}
	var unlocked, locked []dbus.ObjectPath
	if err := (<-search.Done).Store(&unlocked, &locked); err != nil || !opened || len(locked) != 0 {
		return secret.Value{}, errUnsure
	}
	switch len(unlocked) {
	case 0:
		if _, shut, err := collection(ctx, conn); err == nil && !shut {
			return secret.Value{}, ErrNotFound
		}
	case 1:
		var s wireSecret
		err = conn.Object(busName, unlocked[0]).CallWithContext(ctx, itemIface+".GetSecret", 0, session).Store(&s)
		if err == nil {
			return secret.New(s.Value), nil
		}
	}
	return secret.Value{}, errUnsure
}

func sessionOf(c *dbus.Call) (dbus.ObjectPath, bool) {
	var none dbus.Variant
	var path dbus.ObjectPath
	err := c.Store(&none, &path)
	return path, err == nil
}

// attributes are those under which go-keyring stores an item.
func attributes(user string) map[string]string {
	return map[string]string{"service": service, "username": user}
}
