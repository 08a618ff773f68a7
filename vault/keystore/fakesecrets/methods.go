// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package fakesecrets

import (
	"maps"
	"slices"

	"github.com/godbus/dbus/v5"
)

// What stands on the bus: one type for each interface of the specification.
type (
	service    struct{ s *Service }
	properties struct{ s *Service }
	collection struct{ s *Service }
	items      struct{ s *Service }
	sessions   struct{}
)

// wireSecret is a secret as it goes over the bus.
type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

var noPrompt = dbus.ObjectPath("/")

func noSuchObject() *dbus.Error {
	return dbus.NewError("org.freedesktop.Secret.Error.NoSuchObject", nil)
}

func (x service) OpenSession(_ string, _ dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), sessionPath + "/s", x.s.begin()
}

// SearchItems looks through all collections, of which there is one.
func (x service) SearchItems(attributes map[string]string) (unlocked, locked []dbus.ObjectPath, _ *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return nil, nil, err
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if x.s.locked {
		return []dbus.ObjectPath{}, x.s.find(attributes), nil
	}
	return x.s.find(attributes), []dbus.ObjectPath{}, nil
}

func (x service) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return nil, noPrompt, err
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if !x.s.locked {
		return paths, noPrompt, nil
	}
	return nil, x.s.ask(func() { x.s.locked = false }), nil
}

func (x service) CreateCollection(map[string]dbus.Variant, string) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return noPrompt, noPrompt, err
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	return noPrompt, x.s.ask(func() { x.s.none = false }), nil
}

func (x properties) Get(msg dbus.Message, _, name string) (dbus.Variant, *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return dbus.Variant{}, err
	}
	path, _ := msg.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	switch {
	case name == "Collections" && x.s.none:
		return dbus.MakeVariant([]dbus.ObjectPath{}), nil
	case name == "Collections":
		return dbus.MakeVariant([]dbus.ObjectPath{loginPath}), nil
	case name == "Locked" && path == loginPath && !x.s.none:
		locked := x.s.locked
		x.s.locked = x.s.locked || x.s.relock
		x.s.relock = false
		return dbus.MakeVariant(locked), nil
	}
	return dbus.Variant{}, noSuchObject()
}

func (x collection) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return nil, err
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	return x.s.find(attributes), nil
}

// find returns the items with the attributes; s.mu is held.
func (s *Service) find(attributes map[string]string) []dbus.ObjectPath {
	found := []dbus.ObjectPath{}
	for _, path := range slices.Sorted(maps.Keys(s.items)) {
		if maps.Equal(s.items[path].attributes, attributes) {
			found = append(found, path)
		}
	}
	return found
}

func (x collection) CreateItem(
	props map[string]dbus.Variant, secret wireSecret, replace bool,
) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return noPrompt, noPrompt, err
	}
	attributes, _ := props[itemIface+".Attributes"].Value().(map[string]string)
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if x.s.locked {
		return noPrompt, noPrompt, dbus.NewError("org.freedesktop.Secret.Error.IsLocked", nil)
	}
	switch x.s.mode {
	case Die:
		_ = x.s.conn.Close()
		return noPrompt, noPrompt, nil
	case Dismiss:
		return noPrompt, x.s.ask(func() {}), nil
	case Forget:
		return loginPath + "/0", noPrompt, nil
	case Change:
		secret.Value = append([]byte("not "), secret.Value...)
	}
	if old := x.s.find(attributes); replace && len(old) > 0 {
		x.s.items[old[0]] = item{attributes, secret.Value}
		return old[0], noPrompt, nil
	}
	return x.s.add(attributes, secret.Value), noPrompt, nil
}

func (x items) GetSecret(msg dbus.Message, session dbus.ObjectPath) (wireSecret, *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return wireSecret{}, err
	}
	path, _ := msg.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	it, ok := x.s.items[path]
	if !ok {
		return wireSecret{}, noSuchObject()
	}
	return wireSecret{Session: session, Parameters: []byte{}, Value: it.value, ContentType: "text/plain"}, nil
}

func (x items) Delete(msg dbus.Message) (dbus.ObjectPath, *dbus.Error) {
	if err := x.s.begin(); err != nil {
		return noPrompt, err
	}
	path, _ := msg.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	switch x.s.mode {
	case Dismiss:
		return x.s.ask(func() {}), nil
	case KeepItems:
		return noPrompt, nil
	}
	delete(x.s.items, path)
	return noPrompt, nil
}

func (sessions) Close() *dbus.Error { return nil }
