// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"

	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/pages"
)

//go:embed templates
var templates embed.FS

var looks = template.Must(template.New("").Funcs(template.FuncMap{
	"css": pages.Stylesheet, "badge": pages.Badge, "linked": linked,
	"clock": func(t time.Time) string { return t.UTC().Format("15:04:05") },
}).ParseFS(templates, "templates/*.html"))

// Handler is the service with the pages of practice beside it.
func (p *Practice) Handler() http.Handler {
	own := http.NewServeMux()
	own.HandleFunc("GET /practice", p.front)
	own.HandleFunc("GET /practice/inbox", p.showInbox)
	own.HandleFunc("GET /practice/inbox.json", func(w http.ResponseWriter, _ *http.Request) { reply(w, p.mails()) })
	own.HandleFunc("GET /practice/people", p.showPeople)
	own.HandleFunc("GET /practice/people.json", func(w http.ResponseWriter, _ *http.Request) { reply(w, p.persons()) })
	own.HandleFunc("GET /practice/people/{n}/qr.png", p.picture)
	own.HandleFunc("GET /practice/clock", p.showClock)
	own.HandleFunc("POST /practice/clock", p.turnClock)
	p.callRoutes(own)
	for name, stand := range p.stand {
		own.Handle("/practice/"+name+"/", stand)
	}
	all := http.NewServeMux()
	all.Handle("/practice", strict(own))
	all.Handle("/practice/", strict(own))
	all.Handle("/", p.Service.Handler())
	return onlyHere(all)
}

// onlyHere refuses requests by another name than a loopback one: a page
// elsewhere could have its own name mean this machine and read the inbox.
func onlyHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = strings.Trim(r.Host, "[]")
		}
		ip, err := netip.ParseAddr(host)
		if host != "localhost" && (err != nil || !ip.IsLoopback()) {
			http.Error(w, "Practice is for this machine alone. Open it by the address that it printed.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// strict sets the same policy as the service's pages have, and takes forms from this site alone.
func strict(next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		next.ServeHTTP(w, r)
	})
}

// view is what each page of practice shows.
type view struct {
	Path   string
	Base   string
	Title  string
	Ahead  int64 // seconds that the service's clock is ahead
	Behind int64
	Now    time.Time // the service's
	Wall   time.Time
	Live   bool
	Mails  []mail
	People []row
	Left   int // seconds until the next codes
	Bad    string
	Call   *callView
}

func (p *Practice) view(r *http.Request, title string) view {
	seconds := int64(p.Shift() / time.Second)
	return view{
		Path: r.URL.Path, Base: p.base, Title: title, Ahead: max(0, seconds), Behind: max(0, -seconds), Now: p.Now(), Wall: p.wall(),
	}
}

func show(w http.ResponseWriter, status int, page string, v view) {
	var b bytes.Buffer
	if err := looks.ExecuteTemplate(&b, page, v); err != nil {
		http.Error(w, "This page cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // who went away needs no page
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(body) // who went away needs no answer
}

func (p *Practice) front(w http.ResponseWriter, r *http.Request) {
	v := p.view(r, "Practice")
	v.People = p.rows()
	show(w, http.StatusOK, "front.html", v)
}

// mail is a message as the inbox shows it.
type mail struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"` // mail, sms
	To      string    `json:"to"`
	Subject string    `json:"subject,omitempty"`
	Text    string    `json:"text"`
	Written time.Time `json:"written"`
}

func (m mail) SMS() bool { return m.Channel == string(outbox.SMS) }

func (p *Practice) mails() []mail {
	all := []mail{}
	for _, m := range p.inbox.Messages() {
		all = append(all, mail{ID: m.ID(), Channel: string(m.Channel), To: m.To, Subject: m.Subject, Text: m.Text, Written: m.Written})
	}
	return all
}

// refresh is how often, in seconds, the inbox is loaded anew once that was asked for.
const refresh = "3"

func (p *Practice) showInbox(w http.ResponseWriter, r *http.Request) {
	v := p.view(r, "Messages")
	v.Mails = p.mails()
	if v.Live = r.URL.Query().Get("live") == "1"; v.Live {
		w.Header().Set("Refresh", refresh)
	}
	show(w, http.StatusOK, "inbox.html", v)
}

// linked is a text with the links to this site made links.
func linked(base, text string) template.HTML {
	var b strings.Builder
	for {
		at := strings.Index(text, base+"/")
		if at < 0 {
			break
		}
		end := at + strings.IndexAny(text[at:]+"\n", " \r\n\t")
		link := template.HTMLEscapeString(text[at:end])
		b.WriteString(template.HTMLEscapeString(text[:at]) + `<a href="` + link + `">` + link + `</a>`)
		text = text[end:]
	}
	return template.HTML(b.String() + template.HTMLEscapeString(text)) //nolint:gosec // every part is escaped above
}

// row is a person as shown, with what the person's app would show now.
type row struct {
	Person
	N    int
	Code string
}

func (p *Practice) rows() []row {
	var all []row
	for n, who := range p.persons() {
		shown := row{Person: who, N: n}
		if who.Secret != "" {
			shown.Code, _ = who.code(p.wall()) // a phone goes by the world's time, not by the service's; its key was made here
		}
		all = append(all, shown)
	}
	return all
}

func (p *Practice) showPeople(w http.ResponseWriter, r *http.Request) {
	v := p.view(r, "People")
	v.People = p.rows()
	v.Left = 30 - int(p.wall().Unix()%30)
	if v.Live = r.URL.Query().Get("live") == "1"; v.Live {
		w.Header().Set("Refresh", strconv.Itoa(min(v.Left+1, 5)))
	}
	show(w, http.StatusOK, "people.html", v)
}

// picture is the QR code of a sample's app.
func (p *Practice) picture(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	all := p.persons()
	if err != nil || n < 0 || n >= len(all) || all[n].KeyURI == "" {
		http.NotFound(w, r)
		return
	}
	png, err := qrcode.Encode(all[n].KeyURI, qrcode.Medium, -4)
	if err != nil {
		http.Error(w, "This QR code cannot be drawn.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(png) // who went away needs no picture
}

func (p *Practice) showClock(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusOK, "clock.html", p.view(r, "Clock"))
}

// mostShift is how far the clock can be turned: what a practice needs, and no time that is not one.
const mostShift = 7 * 24 * time.Hour

func (p *Practice) turnClock(w http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.ParseInt(strings.TrimSpace(r.PostFormValue("seconds")), 10, 64)
	if err != nil || seconds > int64(mostShift/time.Second) || seconds < -int64(mostShift/time.Second) {
		v := p.view(r, "Clock")
		v.Bad = "Type a number of seconds, at most a week: 47 is ahead, -47 behind."
		show(w, http.StatusUnprocessableEntity, "clock.html", v)
		return
	}
	p.SetShift(time.Duration(seconds) * time.Second)
	http.Redirect(w, r, "/practice/clock", http.StatusSeeOther)
}
