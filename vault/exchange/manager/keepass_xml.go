// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"context"
	"crypto/cipher"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/xmltext"
)

// keepassGroup is a folder.
type keepassGroup struct {
	in       *keepassGroup // nil for the root
	id, name string
}

// path returns the names from below the root, and whether one of them is the bin.
func (g *keepassGroup) path(bin string) (path string, binned bool) {
	var names []string
	for ; g != nil; g = g.in {
		binned = binned || bin != "" && g.id == bin
		if g.in != nil {
			names = append([]string{g.name}, names...)
		}
	}
	return strings.Join(names, "/"), binned
}

// keepassEntry is what counts of an entry.
type keepassEntry struct {
	in      *keepassGroup
	fields  map[string]string // by their names in lower case
	links   []string          // key URIs in fields of other names
	tags    string
	damaged bool // a value could not be read
}

// keepassXML reads what is in a database and what KeePass exports as XML.
type keepassXML struct {
	*xmltext.Reader
	stream  cipher.Stream // of protected values; nil where they are plain
	text    []byte        // of the element that is open
	secrets bool          // the text is protected

	group   *keepassGroup
	entry   *keepassEntry
	key     string
	value   string
	history int // elements of old versions that are open

	found  []*keepassEntry
	bin    string
	noBin  bool
	isRoot bool // the document is KeePass's
}

// read adds all entries that have codes, as far as the text goes. The bin is known only when
// all groups are, so they are added at the end.
func (k *keepassXML) read(ctx context.Context, add func(foreign.Entry)) error {
	err := k.all(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if k.noBin {
		k.bin = ""
	}
	for _, e := range k.found {
		if path, binned := e.in.path(k.bin); !binned {
			e.add(path, add)
		}
	}
	return err
}

func (k *keepassXML) all(ctx context.Context) error {
	for {
		t, err := k.Next()
		switch {
		case errors.Is(err, io.EOF) && k.isRoot:
			return nil
		case errors.Is(err, io.EOF):
			return foreign.ErrDamaged
		case err != nil:
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			k.start(t)
		case xml.CharData:
			if k.secrets || k.keeps() {
				k.text = append(k.text, t...)
			}
		case xml.EndElement:
			if err := k.end(t.Name.Local); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

// keeps tells whether the text of the element that is open counts.
func (k *keepassXML) keeps() bool {
	if len(k.Open) == 0 {
		return false
	}
	switch k.Open[len(k.Open)-1] {
	case "Key", "Value", "UUID", "Name", "Tags", "RecycleBinUUID", "RecycleBinEnabled":
		return true
	}
	return false
}

func (k *keepassXML) start(t xml.StartElement) {
	k.text, k.secrets = k.text[:0], false
	for _, a := range t.Attr {
		if a.Name.Local == "Protected" && strings.EqualFold(a.Value, "true") {
			k.secrets = true
		}
	}
	switch t.Name.Local {
	case "KeePassFile":
		k.isRoot = true
	case "Group":
		k.group = &keepassGroup{in: k.group}
	case "History":
		k.history++
	case "Entry":
		if k.history == 0 {
			k.entry = &keepassEntry{in: k.group, fields: map[string]string{}}
		}
	case "String":
		k.key, k.value = "", ""
	}
}

func (k *keepassXML) end(name string) error {
	text, ok := k.reveal()
	k.text, k.secrets = k.text[:0], false
	switch name {
	case "RecycleBinUUID":
		k.bin = text
	case "RecycleBinEnabled":
		k.noBin = strings.EqualFold(text, "false")
	case "Group":
		if k.group == nil {
			return foreign.ErrDamaged
		}
		k.group = k.group.in
	case "History":
		k.history--
	case "Entry":
		if k.history == 0 && k.entry != nil {
			k.found = append(k.found, k.entry)
			k.entry = nil
		}
	case "String":
		if k.entry != nil && k.history == 0 {
			k.entry.set(k.key, k.value)
		}
	default:
		k.part(name, text, ok)
	}
	return nil
}

// part takes the text of a part of a group, an entry or a field.
func (k *keepassXML) part(name, text string, ok bool) {
	switch {
	case k.history > 0:
	case name == "Key":
		k.key = text
	case name == "Value":
		k.value = text
		if !ok && k.entry != nil {
			k.entry.damaged = true
		}
	case name == "Tags" && k.entry != nil:
		k.entry.tags = text
	case name == "UUID" && k.entry == nil && k.group != nil:
		k.group.id = text
	case name == "Name" && k.entry == nil && k.group != nil:
		k.group.name = text
	}
}

// reveal returns the text that was collected. What is protected is decrypted,
// wherever it stands: the cipher runs on from one to the next.
func (k *keepassXML) reveal() (text string, ok bool) {
	if !k.secrets {
		return string(k.text), true
	}
	raw, err := base64.StdEncoding.DecodeString(string(k.text))
	if err != nil || k.stream == nil {
		return "", len(k.text) == 0
	}
	k.stream.XORKeyStream(raw, raw)
	text = string(raw)
	clear(raw)
	return text, true
}
