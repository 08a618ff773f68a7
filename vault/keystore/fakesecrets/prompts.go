// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package fakesecrets

import "github.com/godbus/dbus/v5"

// prompts answers for the user.
type prompts struct{ s *Service }

func (x prompts) Prompt(sender dbus.Sender, msg dbus.Message, _ string) *dbus.Error {
	if err := x.s.begin(); err != nil {
		return err
	}
	path, _ := msg.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	x.s.mu.Lock()
	yes, ok := x.s.prompts[path]
	mode, conn, release := x.s.mode, x.s.conn, x.s.release
	x.s.shown++
	x.s.mu.Unlock()
	if !ok {
		return noSuchObject()
	}
	switch mode {
	case HangPrompt:
		<-release
	case IgnorePrompts:
	case DieInPrompt:
		go func() { _ = conn.Close() }()
	case Dismiss:
		go func() { _ = conn.Emit(path, promptIface+".Completed", true, dbus.MakeVariant("")) }()
	case Noise:
		go func() {
			noise(conn, string(sender))
			x.accept(conn, path, yes)
		}()
	default:
		go x.accept(conn, path, yes)
	}
	return nil
}

func (x prompts) accept(conn *dbus.Conn, path dbus.ObjectPath, yes func()) {
	x.s.mu.Lock()
	yes()
	delete(x.s.prompts, path)
	x.s.mu.Unlock()
	_ = conn.Emit(path, promptIface+".Completed", false, dbus.MakeVariant([]dbus.ObjectPath{loginPath}))
}

func (x prompts) Dismiss(msg dbus.Message) *dbus.Error {
	path, _ := msg.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	_ = x.s.connection().Emit(path, promptIface+".Completed", true, dbus.MakeVariant(""))
	return nil
}

// noise sends signals straight to the one who asked: such ones come through
// whatever it listens to, as those do that other parts of a program want.
func noise(conn *dbus.Conn, to string) {
	for range 3 {
		signal(conn, to, "/org/example/Noise", "org.example.Noise", "Sound", "loud")
		signal(conn, to, promptPath+"/other", promptIface, "Completed", true, dbus.MakeVariant(""))
		signal(conn, to, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged", "org.example", "", ":1.99")
	}
}

func signal(conn *dbus.Conn, to string, path dbus.ObjectPath, iface, member string, body ...any) {
	conn.Send(&dbus.Message{
		Type: dbus.TypeSignal,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldDestination: dbus.MakeVariant(to),
			dbus.FieldPath:        dbus.MakeVariant(path),
			dbus.FieldInterface:   dbus.MakeVariant(iface),
			dbus.FieldMember:      dbus.MakeVariant(member),
			dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(body...)),
		},
		Body: body,
	}, nil)
}
