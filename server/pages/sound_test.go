// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// element is what is needed of an element to judge it.
type element struct {
	*html.Node
	text string
}

func (e element) attr(name string) string {
	for _, a := range e.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func elements(t *testing.T, page string) []element {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []element
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, element{n, textOf(n)})
		}
	}
	return all
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// sound tells what of a page a screen reader, a keyboard or the policy would stumble over.
func sound(t *testing.T, page string) {
	t.Helper()
	all := elements(t, page)
	count, ids, labelled := map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, e := range all {
		count[e.Data]++
		if id := e.attr("id"); id != "" {
			if ids[id] {
				t.Errorf("the id %q is there twice", id)
			}
			ids[id] = true
		}
		if e.Data == "label" {
			labelled[e.attr("for")] = true
		}
	}
	for _, name := range []string{"h1", "main", "header", "footer", "title"} {
		if count[name] != 1 {
			t.Errorf("%d × <%s>, not one", count[name], name)
		}
	}
	heading := 0
	for _, e := range all {
		soundElement(t, e, ids, labelled)
		if len(e.Data) == 2 && e.Data[0] == 'h' && e.Data[1] >= '1' && e.Data[1] <= '6' {
			level := int(e.Data[1] - '0')
			if level > heading+1 {
				t.Errorf("the heading %q skips a level", e.text)
			}
			heading = level
		}
	}
	if strings.Contains(page, "<no value>") || strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "!(") {
		t.Error("a template shows something that is not there")
	}
	text := strings.ToLower(textOf(all[0].Node))
	for _, word := range []string{"token", "skew", "seed", "payload", "!"} {
		if strings.Contains(text, word) {
			t.Errorf("the page says %q", word)
		}
	}
}

func soundElement(t *testing.T, e element, ids, labelled map[string]bool) {
	t.Helper()
	for _, a := range e.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			t.Errorf("<%s> has the attribute %s", e.Data, a.Key)
		}
	}
	for _, name := range []string{"aria-labelledby", "aria-describedby"} {
		for id := range strings.FieldsSeq(e.attr(name)) {
			if !ids[id] {
				t.Errorf("<%s> refers to %q, which is not there", e.Data, id)
			}
		}
	}
	switch e.Data {
	case "html":
		if e.attr("lang") != "en" {
			t.Error("the page has no language")
		}
	case "title", "h1", "h2", "h3", "label", "legend":
		if e.text == "" {
			t.Errorf("<%s> is empty", e.Data)
		}
	case "style":
		t.Error("style in the page")
	case "script":
		if e.attr("src") == "" || e.text != "" {
			t.Error("script in the page")
		}
	case "img":
		if e.attr("alt") == "" {
			t.Error("a picture without words")
		}
	case "input", "select", "textarea":
		if e.attr("type") != "hidden" && (!labelled[e.attr("id")] || e.attr("id") == "") {
			t.Errorf("the input %q has no label", e.attr("name"))
		}
	case "a", "button":
		if e.text == "" && e.attr("aria-label") == "" {
			t.Errorf("<%s> has no name", e.Data)
		}
		if to := e.attr("href"); strings.HasPrefix(to, "#") && !ids[to[1:]] {
			t.Errorf("a link to %q, which is not there", to)
		}
	case "form":
		soundForm(t, e)
	}
}

func soundForm(t *testing.T, e element) {
	t.Helper()
	if e.attr("method") != "post" || !strings.HasPrefix(e.attr("action"), "/") {
		t.Errorf("a form with the method %q to %q", e.attr("method"), e.attr("action"))
	}
	for n := range e.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && (element{Node: n}).attr("name") == "form_token" {
			return
		}
	}
	t.Errorf("the form to %q has no form_token", e.attr("action"))
}
