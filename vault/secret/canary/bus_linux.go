// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	secrets = "org.freedesktop.secrets"
	control = "com.github.kutano.Canary"
)

// Monitor takes every message on a session bus but those to and from the
// secret service, which is where secrets belong. The returned function waits until
// all that was sent has been taken. It returns how many messages there were, and
// how many of the secret service's.
func (h *Hunt) Monitor(t testing.TB, address string) (stop func() (seen, left int)) {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	m := &monitor{hunt: h, heard: make(chan string, 16)}
	if err := conn.BusObject().Call("org.freedesktop.DBus.GetNameOwner", 0, secrets).Store(&m.service); err != nil {
		m.service = "-" // not there
	}
	messages := make(chan *dbus.Message, 1<<14)
	conn.Eavesdrop(messages) // gets the answers to our own calls, too
	conn.BusObject().Go("org.freedesktop.DBus.Monitoring.BecomeMonitor", dbus.FlagNoReplyExpected, nil, []string{}, uint32(0))
	go m.take(messages)
	t.Cleanup(func() {
		conn.Eavesdrop(nil) // else a message that comes while it is closed ends the program
		_ = conn.Close()
		close(messages)
	})
	other, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	m.await(t, other, "first")
	return func() (int, int) {
		t.Helper()
		m.await(t, other, "last")
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.seen, m.left
	}
}

// await says a word on the bus until it is heard: what was sent before has been
// taken then.
func (m *monitor) await(t testing.TB, conn *dbus.Conn, word string) {
	t.Helper()
	for range 200 {
		if err := conn.Emit("/", control+"."+word, word); err != nil {
			t.Fatal(err)
		}
		select {
		case heard := <-m.heard:
			if heard == word {
				return
			}
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("the bus is not heard: what is sent there would not be searched")
}

type monitor struct {
	hunt    *Hunt
	heard   chan string // words of await
	service string      // the secret service's own name on the bus

	mu         sync.Mutex
	seen, left int
}

func (m *monitor) take(messages <-chan *dbus.Message) {
	for msg := range messages {
		m.mu.Lock()
		m.seen++
		secret := m.secret(msg)
		if secret {
			m.left++
		}
		m.mu.Unlock()
		if secret {
			continue
		}
		text := wire(msg)
		m.hunt.Saw("a message on the bus ("+msg.Type.String()+" "+header(msg, dbus.FieldInterface)+"."+header(msg, dbus.FieldMember)+")", text)
		if header(msg, dbus.FieldInterface) == control {
			select {
			case m.heard <- header(msg, dbus.FieldMember):
			default: // said more often than it was waited for
			}
		}
	}
}

// secret tells whether a message is one of the secret service's.
func (m *monitor) secret(msg *dbus.Message) bool {
	from, to := header(msg, dbus.FieldSender), header(msg, dbus.FieldDestination)
	if header(msg, dbus.FieldMember) == "NameOwnerChanged" && len(msg.Body) == 3 && msg.Body[0] == secrets {
		m.service = fmt.Sprint(msg.Body[2])
	}
	return from == m.service || to == m.service || to == secrets
}

func header(msg *dbus.Message, f dbus.HeaderField) string {
	return strings.Trim(fmt.Sprint(msg.Headers[f].Value()), `"`)
}

// wire is the message as it was sent.
func wire(msg *dbus.Message) []byte {
	var b bytes.Buffer
	if err := msg.EncodeTo(&b, binary.LittleEndian); err != nil {
		fmt.Fprint(&b, msg.Headers, msg.Body) // it carries a file
	}
	return b.Bytes()
}
