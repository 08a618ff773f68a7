// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/web"
)

//go:embed templates
var templates embed.FS

// looks are the templates by the names of their pages.
type looks map[string]*template.Template

// mustLooks reads the templates; that they are right is tested.
func mustLooks() looks {
	shared := template.Must(template.New("").Funcs(words()).ParseFS(templates, "templates/shared/*.html"))
	all := looks{}
	for _, folder := range []string{"", "desk/"} {
		files, err := fs.Glob(templates, "templates/"+folder+"*.html")
		if err != nil {
			panic(err) // the pattern is a constant
		}
		for _, f := range files {
			one := template.Must(template.Must(shared.Clone()).ParseFS(templates, f))
			all[folder+strings.TrimSuffix(path.Base(f), ".html")] = one
		}
	}
	return all
}

// look is what a template sees.
type look struct {
	Workspace string
	Contact   string
	Inbox     string
	User      people.User // ID "" for who is not signed in
	Session   session.Session
	Token     string
	Path      string
	Good      string   // what went well
	Bad       *problem // what was refused
	Now       time.Time
	Data      any
}

// problem is a refusal as the page of its form shows it.
type problem struct {
	sentence
	Field string // the input it is about
	Left  int    // tries left, -1 unknown
	Until time.Time
	Wait  string
	// Missing is what an identity check still lacks.
	Missing []string
	typed   map[string]string
}

// Typed is what was typed into an input before.
func (l look) Typed(name string) string {
	if l.Bad == nil {
		return ""
	}
	return l.Bad.typed[name]
}

// Wrong tells whether an input has to be marked.
func (l look) Wrong(name string) bool { return l.Bad != nil && l.Bad.Field == name }

// Desk tells whether the user works at the desk.
func (l look) Desk() bool {
	return l.User.Role != people.Member && l.User.Role != "" && l.Session.Ready()
}

// page shows a page.
func (v *visit) page(name string, data any) error {
	v.show(http.StatusOK, name, data)
	return nil
}

// show writes a page. It is written as a whole, so that none ends in the middle.
func (v *visit) show(status int, name string, data any) {
	l := look{
		Workspace: v.Workspace, Contact: v.Contact, Inbox: v.Inbox, User: v.user, Session: v.session,
		Token: v.token(), Path: v.r.URL.Path, Now: v.now, Data: data,
	}
	var n saying
	if v.left != nil && v.read(sayNote, &n) {
		v.drop(sayNote)
		l.Good = n.Text
		l.Bad = v.problem(n)
	}
	var b bytes.Buffer
	if err := v.looks[name].ExecuteTemplate(&b, "page", l); err != nil {
		v.Log.LogAttrs(v.ctx(), levelOf(0), "a page cannot be shown", logged(web.RequestID(v.ctx()), v.r.Pattern, err)...)
		http.Error(v.w, broken.What+" "+broken.Safe+" "+broken.Next, http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = b.WriteTo(v.w) // the browser may be gone
}

func (v *visit) problem(n saying) *problem {
	if n.Kind == "" {
		return nil
	}
	p := &problem{sentence: says(n.Kind), Field: n.Field, Left: n.Left, Until: n.Until, Missing: n.Missing, typed: maps.Clone(n.Typed)}
	if n.Detail != "" && (n.Kind == refusal.Invalid || n.Kind == refusal.Forbidden) {
		p.What = sentenceCase(n.Detail)
	}
	if n.Until.After(v.now) {
		p.Wait = span(n.Until.Sub(v.now))
	}
	return p
}

func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
