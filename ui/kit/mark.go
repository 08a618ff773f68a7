// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import "fyne.io/fyne/v2/driver/desktop"

// Mark is a short sign with an icon, such as "+47 s" beside a clock, that is a
// button to what it stands for. The sentence behind it is read by screen readers
// and shown as a hint under the mouse and with the focus.
type Mark struct {
	Button
	icon IconName // drawn only once there is a sign: most users never see one
}

// NewMark returns a hidden mark that calls do.
func NewMark(icon IconName, do func()) *Mark {
	m := &Mark{Button{Style: Quiet}, icon}
	m.OnTapped = do
	m.extend(m)
	m.Hide()
	return m
}

// Set shows a sign and its sentence; "" hides the mark. It tells whether that
// changed anything.
func (m *Mark) Set(sign, sentence string) bool {
	if m.Text == sign && m.Spoken == sentence {
		return false
	}
	m.Spoken = sentence
	if m.Hidden = sign == ""; m.Hidden {
		hideHint(m)
	} else {
		m.Icon = m.icon
	}
	m.SetText(sign)
	return true
}

// MouseIn shows the hint.
func (m *Mark) MouseIn(ev *desktop.MouseEvent) {
	m.press.MouseIn(ev)
	showHint(m, m.Spoken)
}

// MouseOut takes it away.
func (m *Mark) MouseOut() {
	m.press.MouseOut()
	hideHint(m)
}

// FocusGained shows the ring and the hint.
func (m *Mark) FocusGained() {
	m.press.FocusGained()
	showHint(m, m.Spoken)
}

// FocusLost takes both away.
func (m *Mark) FocusLost() {
	m.press.FocusLost()
	hideHint(m)
}
