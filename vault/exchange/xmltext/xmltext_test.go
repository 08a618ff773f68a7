// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package xmltext

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// last reads up to an error.
func last(x *Reader) error {
	for {
		if _, err := x.Next(); err != nil {
			return err
		}
	}
}

// endless is a text without an end.
type endless string

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e) <= len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

func TestLongTokensAreRefused(t *testing.T) {
	for name, text := range map[string]io.Reader{
		"a text":                endless("a"),
		"a comment":             io.MultiReader(strings.NewReader("<a><!--"), endless("a")),
		"attributes":            io.MultiReader(strings.NewReader("<a "), endless(`a=""`)),
		"attributes after text": io.MultiReader(strings.NewReader("<a>b<a "), endless(`a=""`)),
		"a name":                io.MultiReader(strings.NewReader("<a></"), endless("a")),
		"an instruction":        io.MultiReader(strings.NewReader("<?a "), endless("a")),
	} {
		x := NewReader(text)
		x.in.most = 4 * maxTag
		if err := last(x); !errors.Is(err, foreign.ErrBomb) {
			t.Errorf("%s: %v", name, err)
		}
		if long := strings.HasPrefix(name, "a text") || strings.HasPrefix(name, "a comment"); !long && x.in.n > maxTag+1 {
			t.Errorf("%s: read to %d", name, x.in.n)
		}
	}
}

// What is no tag may be longer than one.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("x", 2*maxTag)
	for name, text := range map[string]string{
		"text":            "<a>" + long + "</a>",
		"comment":         "<a><!--" + long + "--></a>",
		"comment in text": "<a>b<!--" + long + "--></a>",
		"brackets":        "<a>b<![CDATA[" + long + "]]>b</a>",
		"after an end":    "<a></a>\n<!--" + long + "-->",
	} {
		if err := last(NewReader(strings.NewReader(text))); !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]error{
		"<a><b/>x</a>":                    io.EOF,
		`<!DOCTYPE x [<!ENTITY a "aa">]>`: foreign.ErrEntities,
		`<!DOCTYPE x SYSTEM "file:///a">`: foreign.ErrEntities,
		"<a>&b;</a>":                      foreign.ErrDamaged,
		"<a></b>":                         foreign.ErrDamaged,
		"</a>":                            foreign.ErrDamaged,
		"<a>b":                            foreign.ErrCutShort,
		"<a":                              foreign.ErrCutShort,
		strings.Repeat("<a>", maxDepth+1): foreign.ErrBomb,
	} {
		if err := last(NewReader(strings.NewReader(text))); !errors.Is(err, want) {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add("<a b='c'>d<!--e--><f/><![CDATA[g]]></a>")
	f.Fuzz(func(t *testing.T, text string) {
		x := NewReader(strings.NewReader(text))
		if err := last(x); errors.Is(err, io.EOF) && len(x.Open) > 0 {
			t.Errorf("it ended within %d elements", len(x.Open))
		}
	})
}
