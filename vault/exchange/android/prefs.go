// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/xmltext"
)

// pref is a text in the preferences that Android keeps for an app, in shared_prefs.
type pref struct{ name, value string }

// prefsHead is how far into a file the preferences have to begin.
const prefsHead = 256

// isPrefs tells whether data is a preferences file that has one of these names.
func isPrefs(data []byte, names ...string) bool {
	if !bytes.Contains(data[:min(len(data), prefsHead)], []byte("<map")) {
		return false
	}
	for _, name := range names {
		if bytes.Contains(data, []byte(`name="`+name+`"`)) {
			return true
		}
	}
	return false
}

// parsePrefs reads the texts of a preferences file, also those before an error. Numbers,
// flags and sets are passed over.
func parsePrefs(data []byte) ([]pref, error) {
	x := xmltext.NewReader(bytes.NewReader(foreign.Bare(data)))
	var all []pref
	for {
		t, err := x.Next()
		if err == nil {
			switch t := t.(type) {
			case xml.StartElement:
				if len(x.Open) == 2 && t.Name.Local == "string" {
					var p pref
					if p, err = text(x, t); err == nil {
						all = append(all, p)
					}
				}
			case xml.EndElement:
				if len(x.Open) == 0 {
					return all, nil
				}
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return all, foreign.ErrCutShort
		case err != nil:
			return all, err
		}
	}
}

// text reads what follows <string name="…"> up to its end.
func text(x *xmltext.Reader, start xml.StartElement) (pref, error) {
	p := pref{name: attribute(start, "name")}
	var value strings.Builder
	for {
		t, err := x.Next()
		if err != nil {
			return p, err
		}
		switch t := t.(type) {
		case xml.CharData:
			value.Write(t)
		case xml.EndElement:
			p.value = value.String()
			return p, nil
		default:
			return p, foreign.ErrDamaged
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
