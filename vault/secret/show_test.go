// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret_test

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/kutano/authenticator/vault/secret"
)

const canary = "CANARY-5f3759df"

// forms are the shapes in which the canary could show in a text.
func forms() []string {
	list := fmt.Sprint([]byte(canary)) // [67 65 …]
	return []string{
		canary, hex.EncodeToString([]byte(canary)), strings.ToUpper(hex.EncodeToString([]byte(canary))),
		base64.StdEncoding.EncodeToString([]byte(canary)), strings.Trim(list, "[]"),
		strings.ReplaceAll(strings.Trim(list, "[]"), " ", ","), "0x43, 0x41, 0x4e", fmt.Sprintf("% x", canary), "CANARY",
	}
}

func mustHide(t *testing.T, how, text string) {
	t.Helper()
	for _, f := range forms() {
		if strings.Contains(text, f) {
			t.Errorf("%s shows the secret: %s", how, text)
			return
		}
	}
}

// holder has a Value in every place a structure can have one.
type holder struct {
	Public  secret.Value
	private secret.Value
	Pointer *secret.Value
	list    []secret.Value
	table   map[string]secret.Value
	any     any
	inner   struct{ deep struct{ v secret.Value } }
}

func newHolder() holder {
	v := secret.FromString(canary)
	h := holder{
		Public: v, private: v, Pointer: &v, list: []secret.Value{v},
		table: map[string]secret.Value{"k": v}, any: v,
	}
	h.inner.deep.v = v
	return h
}

func TestNoVerbShowsTheSecret(t *testing.T) {
	h := newHolder()
	values := map[string]any{
		"value": h.Public, "pointer": h.Pointer, "struct": h, "pointer to struct": &h, "slice": h.list,
		"map": h.table, "array": [1]secret.Value{h.Public}, "interface": []any{h}, "key": map[secret.Value]int{h.Public: 1},
	}
	for name, v := range values {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "20", ".3", "+#20.3", "# "} {
			for verb := 'A'; verb <= 'z'; verb++ {
				if verb == 'T' || verb == 'w' {
					continue // the type's name only; fmt.Errorf is below
				}
				format := "%" + flags + string(verb)
				mustHide(t, name+" "+format, fmt.Sprintf(format, v))
			}
		}
		mustHide(t, name+" Print", fmt.Sprint(v)+fmt.Sprintln(v))
	}
	for _, format := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(format, h.Public); got != "(elided)" {
			t.Errorf("%s prints %q", format, got)
		}
	}
}

func TestNoEncoderShowsTheSecret(t *testing.T) {
	h := newHolder()
	b, err := json.Marshal(h)
	if err != nil || !strings.Contains(string(b), `"Public":"(elided)"`) {
		t.Errorf("JSON: %s, %v", b, err)
	}
	mustHide(t, "JSON", string(b))
	b, err = json.Marshal(map[string]any{"a": h.table, "b": h.list, "c": h.any})
	mustHide(t, "JSON of containers", string(b))
	if err != nil {
		t.Error(err)
	}
	b, err = xml.Marshal(h.Public)
	if err != nil || !strings.Contains(string(b), "(elided)") {
		t.Errorf("XML: %s, %v", b, err)
	}
	var text bytes.Buffer
	if err := template.Must(template.New("").Parse("{{.}} {{.Public}} {{printf \"%s\" .Public}}")).Execute(&text, h); err != nil {
		t.Error(err)
	}
	mustHide(t, "template", text.String())
	var _ encoding.TextMarshaler = h.Public
}

func TestNoLogShowsTheSecret(t *testing.T) {
	h := newHolder()
	var out bytes.Buffer
	opts := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, opts), slog.NewJSONHandler(&out, opts)} {
		l := slog.New(handler).With("bound", h.Public)
		l.Info("values", "value", h.Public, "struct", h, "pointer", &h, "list", h.list, "map", h.table)
		l.WithGroup("g").Debug("group", slog.Group("in", "v", h.Public), slog.Any("any", h.any))
	}
	log.New(&out, "", log.LstdFlags).Printf("%v %+v %#v %s", h.Public, h, &h, h.Pointer)
	if n := strings.Count(out.String(), "(elided)"); n < 8 {
		t.Errorf("only %d of the values were logged: %s", n, out.String())
	}
	mustHide(t, "log", out.String())
}

func TestNoErrorOrPanicShowsTheSecret(t *testing.T) {
	h := newHolder()
	err := errors.Join(fmt.Errorf("read %v: %w", h, errors.New("failed")), fmt.Errorf("%s %q %x", h.Public, h.Public, h.Public))
	mustHide(t, "error", err.Error())
	defer func() { mustHide(t, "panic", fmt.Sprint(recover())) }()
	panic(h)
}
