// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package notice

import (
	"fmt"
	"net/url"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/server/people"
)

// facts is what the templates may show.
type facts struct {
	Workspace, Site, Link       string
	Name, When, Method, EnrolBy string
	Device                      string
	Left                        int
}

// code is what a message with a code shows.
type code struct{ Workspace, Host, Code, Minutes string }

// layout is a time as notices show it, in UTC: where users are is not known.
const layout = "2 January 2006, 15:04 UTC"

func (w *Writer) facts(u people.User, f Facts, token string, now time.Time) facts {
	d := facts{
		Workspace: w.workspace(), Site: w.BaseURL,
		Link: strings.TrimSuffix(w.BaseURL, "/") + "/objection?t=" + url.QueryEscape(token),
		Name: tame(u.Name), When: now.UTC().Format(layout),
		Method: "your second method", Device: tame(f.Device), Left: f.Left,
	}
	switch f.Method {
	case "totp":
		d.Method = "your authenticator app"
	case "sms":
		d.Method = "text messages (SMS)"
	case "google":
		d.Method = "Google"
	case "apple":
		d.Method = "Apple"
	}
	if !u.EnrolBy.IsZero() {
		d.EnrolBy = u.EnrolBy.UTC().Format(layout)
	}
	return d
}

func (w *Writer) code(digits string, expires, now time.Time) code {
	left := int(expires.Sub(now).Round(time.Minute) / time.Minute)
	minutes := fmt.Sprintf("%d minutes", left)
	if left <= 1 {
		minutes = "a minute"
	}
	return code{Workspace: w.workspace(), Host: w.Host, Code: digits, Minutes: minutes}
}

func (w *Writer) workspace() string {
	if name := tame(w.Workspace); name != "" {
		return name
	}
	return "Kutano"
}

func render(t *template.Template, data any) string {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(err) // the templates are constants, and tests run each
	}
	return b.String()
}

// most is the number of characters that a name in a notice may have.
const most = 60

// tame makes a name that someone else chose fit for a notice: one line, and
// nothing that a mail program makes a link of. Whoever names their browser
// "call 555 or open evil.example" must not get it into the mail of another.
func tame(s string) string {
	var b strings.Builder
	runes := []rune(strings.ToValidUTF8(s, ""))
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("()-+,'’&", r):
			b.WriteRune(r)
		case r == '.' && i > 0 && i+1 < len(runes) && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1]):
			b.WriteRune(r)
		default:
			b.WriteRune(' ')
		}
	}
	short := strings.Join(strings.Fields(b.String()), " ")
	for utf8.RuneCountInString(short) > most {
		_, size := utf8.DecodeLastRuneInString(short)
		short = short[:len(short)-size]
	}
	return strings.TrimSpace(short)
}
