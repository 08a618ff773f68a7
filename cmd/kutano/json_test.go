// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kutano/authenticator/vault/scan"
)

// wantJSON compares fields of the one object printed last: accounts.0.code=…;
// accounts=N compares a list's length. "! json FIELD" wants the field missing.
func wantJSON(ts *testscript.TestScript, neg bool, args []string) {
	dec := json.NewDecoder(strings.NewReader(ts.Getenv("PRINTED")))
	dec.UseNumber()
	var object map[string]any
	ts.Check(dec.Decode(&object))
	if dec.More() {
		ts.Fatalf("more than one object was printed")
	}
	for _, arg := range args {
		path, want, _ := strings.Cut(arg, "=")
		got, ok := field(object, strings.Split(path, "."))
		if neg {
			if ok {
				ts.Fatalf("%s is there: %s", path, got)
			}
			continue
		}
		if !ok || got != want {
			ts.Fatalf("%s is %q (there: %v), want %q", path, got, ok, want)
		}
	}
}

func field(v any, path []string) (string, bool) {
	for _, name := range path {
		switch x := v.(type) {
		case map[string]any:
			inner, ok := x[name]
			if !ok {
				return "", false
			}
			v = inner
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(x) {
				return "", false
			}
			v = x[i]
		default:
			return "", false
		}
	}
	if list, ok := v.([]any); ok {
		return strconv.Itoa(len(list)), true
	}
	return fmt.Sprint(v), true
}

// drawPicture draws the QR code of each text file below the other.
func drawPicture(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || neg {
		ts.Fatalf("usage: picture FILE TEXTFILE…")
	}
	const size = 600
	page := image.NewGray(image.Rect(0, 0, size, size*(len(args)-1)))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for i, name := range args[1:] {
		code, err := scan.Draw(strings.TrimSpace(ts.ReadFile(name)), size-40)
		ts.Check(err)
		at := image.Pt(20, size*i+20)
		draw.Draw(page, code.Bounds().Add(at), code, code.Bounds().Min, draw.Src)
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(png.Encode(f, page))
	ts.Check(f.Close())
}
