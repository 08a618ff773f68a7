// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package fakesecrets is a Secret Service that misbehaves on demand, for tests
// of what a real one does once a year. It runs on a private session bus in the
// test's own process and keeps its items in memory. It is for tests only.
package fakesecrets

import (
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

// Mode is a way to behave.
type Mode int

// The modes. A service starts with Normal.
const (
	Normal        Mode = iota // stores, and answers each prompt with yes
	Dismiss                   // every prompt is dismissed; storing and deleting need one
	IgnorePrompts             // a prompt stays up for ever
	Hang                      // no call is answered until Release
	HangPrompt                // only the call that shows a prompt is not answered until Release
	Noise                     // signals meant for others come before a prompt's answer
	Die                       // leaves the bus in the middle of storing
	DieInPrompt               // leaves the bus when a prompt is up
	Forget                    // says that it stored, and has not
	Change                    // gives another value than was stored
	Deny                      // refuses every call
	KeepItems                 // says that it deleted, and has not
	Mute                      // has no collection; a prompt makes one
)

const (
	busName      = "org.freedesktop.secrets"
	servicePath  = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath    = servicePath + "/collection/login"
	promptPath   = servicePath + "/prompt"
	sessionPath  = servicePath + "/session"
	serviceIface = "org.freedesktop.Secret.Service"
	collIface    = "org.freedesktop.Secret.Collection"
	itemIface    = "org.freedesktop.Secret.Item"
	promptIface  = "org.freedesktop.Secret.Prompt"
	sessionIface = "org.freedesktop.Secret.Session"
	propIface    = "org.freedesktop.DBus.Properties"
)

// Service is a running fake.
type Service struct {
	*keyringtest.Bus

	mu      sync.Mutex
	conn    *dbus.Conn
	mode    Mode
	locked  bool
	none    bool // there is no collection
	relock  bool // lock after the next look at the lock
	items   map[dbus.ObjectPath]item
	next    int
	prompts map[dbus.ObjectPath]func() // what the user's yes brings about
	shown   int
	release chan struct{}
}

type item struct {
	attributes map[string]string
	value      []byte
}

// Start gives the test a fake on a session bus of its own, which becomes the
// process's. The test must not run in parallel with others that use one.
func Start(t testing.TB) *Service {
	t.Helper()
	s := &Service{
		Bus: keyringtest.StartBus(t), items: map[dbus.ObjectPath]item{},
		prompts: map[dbus.ObjectPath]func(){}, release: make(chan struct{}),
	}
	t.Cleanup(func() {
		s.Release()
		if conn := s.connection(); conn != nil {
			_ = conn.Close()
		}
	})
	s.Restart(t)
	return s
}

// Restart puts the service on the bus, again after it left: with its items,
// and locked or not as it was.
func (s *Service) Restart(t testing.TB) {
	t.Helper()
	conn, err := s.Connect()
	if err != nil {
		t.Fatalf("connect the fake: %v", err)
	}
	if old := s.connection(); old != nil {
		_ = old.Close()
	}
	s.mu.Lock()
	s.conn = conn
	s.mu.Unlock()
	for _, x := range []struct {
		methods any
		path    dbus.ObjectPath
		iface   string
	}{
		{service{s}, servicePath, serviceIface},
		{properties{s}, servicePath, propIface},
		{properties{s}, loginPath, propIface},
		{collection{s}, loginPath, collIface},
		{items{s}, loginPath, itemIface},
		{prompts{s}, promptPath, promptIface},
		{sessions{}, sessionPath, sessionIface},
	} {
		if err := conn.ExportSubtree(x.methods, x.path, x.iface); err != nil {
			t.Fatalf("export %s: %v", x.iface, err)
		}
	}
	if reply, err := conn.RequestName(busName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own %s: %v, %v", busName, reply, err)
	}
}

// Set changes how the service behaves from the next call on.
func (s *Service) Set(m Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
	s.none = m == Mute
}

// Lock locks the collection; a prompt answered with yes unlocks it.
func (s *Service) Lock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locked = true
}

// LockAfterLook locks the collection right after somebody next asks whether it
// is locked, and is told that it is not.
func (s *Service) LockAfterLook() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.relock = true
}

// Release lets the calls go on that Hang and HangPrompt hold back.
func (s *Service) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.release)
	s.release = make(chan struct{})
}

// Prompts tells how many prompts were shown.
func (s *Service) Prompts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown
}

// Items tells how many items there are.
func (s *Service) Items() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.items)
}

// Plant adds an item as another program may do.
func (s *Service) Plant(attributes map[string]string, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(attributes, []byte(value))
}

func (s *Service) connection() *dbus.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// begin comes first in every call: it holds it back, or refuses it.
func (s *Service) begin() *dbus.Error {
	s.mu.Lock()
	mode, release := s.mode, s.release
	s.mu.Unlock()
	switch mode {
	case Hang:
		<-release
	case Deny:
		return dbus.NewError("org.freedesktop.DBus.Error.AccessDenied", []any{"not for you"})
	}
	return nil
}

// add stores an item; s.mu is held.
func (s *Service) add(attributes map[string]string, value []byte) dbus.ObjectPath {
	s.next++
	path := dbus.ObjectPath(fmt.Sprintf("%s/%d", loginPath, s.next))
	s.items[path] = item{maps.Clone(attributes), value}
	return path
}

// ask makes a prompt that does yes when it is answered so; s.mu is held.
func (s *Service) ask(yes func()) dbus.ObjectPath {
	s.next++
	path := dbus.ObjectPath(fmt.Sprintf("%s/p%d", promptPath, s.next))
	s.prompts[path] = yes
	return path
}
