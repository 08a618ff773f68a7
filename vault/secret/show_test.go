// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
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
	pp := &h.Pointer
	values := map[string]any{
		"pointer to pointer": pp, "slice of pointers": []*secret.Value{h.Pointer}, "map of pointers": map[string]*secret.Value{"k": h.Pointer},
		"struct in slice": []holder{h}, "pointers to structs": []*holder{&h}, "embedded": struct{ secret.Value }{h.Public},
		"embedded pointer": struct{ *secret.Value }{h.Pointer}, "function": h.Public.Reveal, "channel": make(chan secret.Value),
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
	b, err = json.Marshal(map[secret.Value]int{h.Public: 1})
	if err != nil || string(b) != `{"(elided)":1}` {
		t.Errorf("JSON of a key: %s, %v", b, err)
	}
	type attributes struct {
		Attr  secret.Value   `xml:"attr,attr"`
		Text  secret.Value   `xml:",chardata"`
		Inner *secret.Value  `xml:"inner"`
		List  []secret.Value `xml:"list>v"`
	}
	b, err = xml.Marshal(attributes{h.Public, h.Public, h.Pointer, h.list})
	if err != nil || strings.Count(string(b), "(elided)") != 4 {
		t.Errorf("XML: %s, %v", b, err)
	}
	mustHide(t, "XML", string(b))
	var text bytes.Buffer
	if err := template.Must(template.New("").Parse("{{.}} {{.Public}} {{printf \"%s %q %x %#v\" .Public .Public .Public .Public}} {{.Public | js}} {{len (print .Public)}}")).Execute(&text, h); err != nil {
		t.Error(err)
	}
	if err := htmltemplate.Must(htmltemplate.New("").Parse(
		"<a title='{{.Public}}' href='?q={{.Public}}'>{{.}}</a><script>v = {{.Public}}; w = {{.}}</script>",
	)).Execute(&text, h); err != nil {
		t.Error(err)
	}
	mustHide(t, "template", text.String())
}

// Binary encoders refuse, wherever the secret is, and have written nothing of it.
func TestNoBinaryEncoderTakesTheSecret(t *testing.T) {
	h := newHolder()
	for name, v := range map[string]any{
		"value": h.Public, "pointer": h.Pointer, "slice": h.list, "map": h.table,
		"struct": struct{ A, B secret.Value }{h.Public, h.Public}, "beside others": struct {
			Name string
			Key  secret.Value
		}{"Ana", h.Public},
	} {
		var out bytes.Buffer
		if err := gob.NewEncoder(&out).Encode(v); err == nil {
			t.Errorf("gob wrote a %s", name)
		}
		if err := binary.Write(&out, binary.BigEndian, v); err == nil {
			t.Errorf("encoding/binary wrote a %s", name)
		}
		mustHide(t, name, out.String())
		if strings.Contains(name, "map") {
			continue // asn1 panics at none of the others
		}
		b, _ := asn1.Marshal(v) // an error, or an empty sequence
		mustHide(t, name, string(b))
	}
}

// A secret comes in on purpose or not at all.
func TestNothingIsReadIntoAValue(t *testing.T) {
	v := secret.FromString(canary)
	type in struct {
		Key secret.Value `xml:"key,attr"`
	}
	for name, read := range map[string]func() error{
		"JSON":        func() error { return json.Unmarshal([]byte(`"(elided)"`), &v) },
		"JSON object": func() error { return json.Unmarshal([]byte(`{"in":1}`), &v) },
		"JSON field":  func() error { return json.Unmarshal([]byte(`{"Key":"x"}`), &in{}) },
		"JSON key":    func() error { return json.Unmarshal([]byte(`{"x":1}`), &map[secret.Value]int{}) },
		"XML":         func() error { return xml.Unmarshal([]byte(`<a>x</a>`), &v) },
		"XML attr":    func() error { return xml.Unmarshal([]byte(`<in key="x"/>`), &in{}) },
		"text":        func() error { return v.UnmarshalText([]byte("x")) },
		"binary":      func() error { return v.UnmarshalBinary([]byte("x")) },
		"scanf":       func() error { _, err := fmt.Sscan("x", &v); return err },
		"gob": func() error {
			var b bytes.Buffer
			if err := gob.NewEncoder(&b).Encode(struct{ Key []byte }{[]byte("x")}); err != nil {
				t.Fatal(err)
			}
			return gob.NewDecoder(&b).Decode(&in{})
		},
	} {
		err := read()
		if err == nil {
			t.Errorf("%s was read into a Value", name)
			continue
		}
		mustHide(t, name, err.Error())
	}
	if v.Reveal() != canary {
		t.Error("a failed reading changed the Value")
	}
}

func TestNoLogShowsTheSecret(t *testing.T) {
	h := newHolder()
	var out bytes.Buffer
	opts := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, opts), slog.NewJSONHandler(&out, opts)} {
		l := slog.New(handler).With("bound", h.Public)
		l.Info("values", "value", h.Public, "struct", h, "pointer", &h, "list", h.list, "map", h.table)
		l.WithGroup("g").Debug("group", slog.Group("in", "v", h.Public), slog.Any("any", h.any))
		l.LogAttrs(t.Context(), slog.LevelInfo, "attrs", slog.Any("p", h.Pointer), slog.Any("e", fmt.Errorf("with %w: %v", errors.New("cause"), h)),
			slog.Any("keys", map[secret.Value]int{h.Public: 1}), slog.Any("pointers", []*secret.Value{h.Pointer}))
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
