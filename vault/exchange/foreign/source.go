// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import "sync"

// MaxSource is how large a file may be, in bytes.
const MaxSource = 64 << 20

// Source is a file, or a text that was pasted.
type Source struct {
	// Name tells it apart from others: a base name, or for what was found in a
	// folder the path from there, with slashes; "" for pasted text.
	Name string
	Data []byte
	// Path is where it was read from, "" for pasted text. It is for whoever
	// offers to delete the file: no reader looks at it.
	Path string
	// Met says that it was found in a folder, where nobody named it.
	Met bool
	// Texts are Google Authenticator exports that a reader met in it, for telling
	// which QR codes of a move are missing.
	Texts []string

	once  sync.Once
	shape Shape
}

// NewSource returns a source with that content. It keeps data; where that is a
// text in UTF-16, it keeps it in UTF-8 and clears data.
func NewSource(name string, data []byte) *Source {
	if text, ok := fromUTF16(data); ok {
		clear(data)
		data = text
	}
	return &Source{Name: name, Data: data}
}

// Shape returns what the content is as JSON. It is found out once.
func (s *Source) Shape() Shape {
	s.once.Do(func() { s.shape = skim(s.Data) })
	return s.shape
}

// Clear overwrites the content.
func (s *Source) Clear() { clear(s.Data) }
