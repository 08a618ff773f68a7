// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package assets

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
)

// drawn lists what Fyne's reader of SVG draws and what our drawings keep to.
var drawn = []string{"svg", "path", "rect", "circle"}

// elements reads a drawing and returns its root's attributes.
func elements(t *testing.T, svg []byte) map[string]string {
	t.Helper()
	root := map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains(drawn, start.Name.Local) {
			t.Errorf("%s would not be drawn", start.Name.Local)
		}
		for _, a := range start.Attr {
			if start.Name.Local == "svg" {
				root[a.Name.Local] = a.Value
			}
		}
	}
}

func TestLines(t *testing.T) {
	entries, err := lines.ReadDir("icons")
	if err != nil || len(entries) < 30 {
		t.Fatalf("%d icons, %v", len(entries), err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			svg := Line(strings.TrimSuffix(e.Name(), ".svg"))
			root := elements(t, svg)
			for name, want := range map[string]string{
				"viewBox": "0 0 24 24", "fill": "none", "stroke": "currentColor", "stroke-width": "1.8",
				"stroke-linecap": "round", "stroke-linejoin": "round",
			} {
				if root[name] != want {
					t.Errorf("%s is %q, want %q", name, root[name], want)
				}
			}
			if bytes.Contains(svg, []byte("#")) {
				t.Error("it has a colour of its own")
			}
		})
	}
	if Line("no-such") != nil || Line("../assets") != nil {
		t.Error("there is a drawing where there is none")
	}
}

func TestPictures(t *testing.T) {
	entries, err := pictures.ReadDir("pictures")
	if err != nil || len(entries) < 10 {
		t.Fatalf("%d pictures, %v", len(entries), err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			svg := Picture(strings.TrimSuffix(e.Name(), ".svg"))
			root := elements(t, svg)
			if root["viewBox"] != "0 0 240 150" || root["stroke"] != "currentColor" || root["stroke-width"] != "2" {
				t.Errorf("its root is %v", root)
			}
			if bytes.Contains(svg, []byte("#")) {
				t.Error("it has a colour of its own")
			}
		})
	}
	if Picture("no-such") != nil || Picture("../icon") != nil {
		t.Error("there is a picture where there is none")
	}
}

func TestAppIcon(t *testing.T) {
	if root := elements(t, Icon()); root["viewBox"] != "0 0 512 512" {
		t.Errorf("the icon's grid is %q", root["viewBox"])
	}
	elements(t, TrayIcon())
	img, err := png.Decode(bytes.NewReader(IconPNG()))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 512 || b.Dy() != 512 {
		t.Errorf("the icon is %v", b)
	}
	if _, _, _, a := img.At(2, 2).RGBA(); a != 0 {
		t.Error("the corner is not transparent")
	}
	if r, g, b, a := img.At(256, 40).RGBA(); a != 0xffff || g <= r || b <= r {
		t.Errorf("the ground is not teal: %x %x %x %x", r, g, b, a)
	}
}

func TestPhraseWords(t *testing.T) {
	langs := PhraseLanguages()
	if len(langs) != 6 {
		t.Errorf("lists for %q", langs)
	}
	for _, lang := range langs {
		if n := bytes.Count(PhraseWords(lang), []byte("\n")); n != 256 {
			t.Errorf("%s has %d lines", lang, n)
		}
	}
	if PhraseWords("no-such") != nil || PhraseWords("../icon") != nil {
		t.Error("there is a list where there is none")
	}
}
