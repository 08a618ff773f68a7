// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
)

var start = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// sample is a page with something to show.
type sample struct {
	page, name string
	data       any
	say        saying
	as         people.Role // "" not signed in
	need       session.Need
}

var (
	smsOn = factor.Status{
		Method: factor.SMS, PhoneHint: "+49 ••• ••• 6789", Since: start.Add(-90 * 24 * time.Hour), LastUsed: start.Add(-time.Hour),
		CodesMade: start.Add(-90 * 24 * time.Hour), CodesLeft: 3, CodesAll: 10, CodesSaved: true, NewCodesAdvised: true,
	}
	appOn = factor.Status{
		Method: factor.TOTP, Since: start.Add(-9 * 24 * time.Hour), CodesMade: start.Add(-9 * 24 * time.Hour), CodesLeft: 10, CodesAll: 10, Drift: -1,
	}
	tenCodes = []string{
		"4K7QX-M2P9D", "R8T3W-YB6NA", "H5V0J-C1EZG", "9F2SK-7XQ4M", "P6D8B-NR3TW",
		"A1C5H-V0JEZ", "G9K4X-2MQ7P", "D3RT8-W6YBN", "E7ZG1-H5V0J", "M4P9D-R8T3W",
	}
	ana     = people.User{ID: "u1", Name: "Ana Moreau", Email: "ana@harbour.example", Role: people.Member, Created: start}
	request = link.Request{Client: link.Clients[0], RedirectURI: "http://127.0.0.1:51234/back", Scopes: []session.Scope{session.Read, session.EnrolOnly}}
	// deskRequest is one to work at the desk.
	deskRequest = link.Request{Client: link.Clients[0], RedirectURI: request.RedirectURI, Scopes: []session.Scope{session.Read, session.DeskWork}}

	two = []provider{{"google", "Google"}, {"apple", "Apple"}}
)

func subject(role people.Role) desk.Subject {
	u := ana
	u.Role, u.Reported = role, start.Add(-time.Hour)
	st := appOn
	st.Failures, st.Blocked = 50, true
	return desk.Subject{
		User: u, Status: st, Sessions: 2, CallBack: "+33 • •• •• •• 78", CallBackOK: false,
		May: []desk.Action{desk.Unlock, desk.Resync, desk.Bypass}, MayNot: map[desk.Action]string{desk.Reset: string(refusal.Forbidden)},
		Cases: []desk.Case{{ID: "c1", UserID: "u1", Action: desk.Unlock, By: "Henk de Vries", Reason: "Typed old codes all morning.", State: "done", Created: start, AuditID: 41}},
	}
}

func samples() []sample {
	resend := start.Add(58 * time.Second)
	waiting := []desk.Case{
		{ID: "c2", UserID: "u2", UserName: "Ada Okoye", ByID: "x", By: "Olga Lind", Reason: "Phone stolen on the train.", Checks: []desk.Check{desk.VideoWithID, desk.Manager}, State: "waiting", Created: start, NotBefore: start.Add(-time.Hour), Expires: start.Add(48 * time.Hour)},
		{ID: "c3", UserID: "u3", UserName: "Olga Lind", ByID: "u1", By: "Ana Moreau", Reason: "Phone fell into the harbour.", State: "waiting", Created: start, NotBefore: start.Add(9 * time.Hour), Expires: start.Add(48 * time.Hour)},
	}
	events := []audit.Event{
		{ID: 43, At: start, Actor: "u1", Subject: "u2", Action: audit.DeskBypass, Detail: map[string]string{"case": "c1"}},
		{ID: 42, At: start, Action: audit.SignInRefused},
	}
	flow := mailFlow{ID: "f", Address: "ana@harbour.example", Resend: resend}
	mapped := func(pairs ...any) map[string]any { return dict(pairs...) }
	return []sample{
		{page: "signin", data: mapped("To", "/settings", "Providers", two)},
		{page: "signin", name: "wrong", data: mapped("To", "", "Providers", two), say: saying{Kind: refusal.EmailInvalid, Field: "email", Left: -1, Typed: map[string]string{"email": "ana@"}}},
		{page: "signincode", data: flow, say: saying{Kind: refusal.CodeWrong, Field: "code", Left: 3}},
		{page: "signincode", name: "first", data: mailFlow{ID: "f", By: "google", Resend: resend}},
		{page: "second", name: "app", data: prompt{Use: factor.TOTP, Method: factor.TOTP, At: "/second", Again: "/second/sms"}, as: people.Member, need: session.Second},
		{page: "second", name: "wait", data: prompt{Use: factor.TOTP, Method: factor.TOTP, At: "/second", Again: "/second/sms"}, as: people.Member, need: session.Second, say: saying{Kind: refusal.TooManyTries, Until: start.Add(4 * time.Minute), Field: "code", Left: -1}},
		{page: "second", name: "sms", data: prompt{Use: factor.SMS, Method: factor.SMS, Hint: smsOn.PhoneHint, WasSent: true, Sent: sentText{Hint: smsOn.PhoneHint, Resend: resend}, At: "/second", Again: "/second/sms"}, as: people.Member, need: session.Second},
		{page: "second", name: "sms-unsent", data: prompt{Use: factor.SMS, Method: factor.SMS, Hint: smsOn.PhoneHint, At: "/elevate/second", Again: "/elevate/sms"}, as: people.Member},
		{page: "second", name: "backup", data: prompt{Use: factor.Backup, Method: factor.TOTP, At: "/second", Again: "/second/sms", Status: factor.Status{Blocked: true}}, as: people.Member, need: session.Second},
		{page: "second", name: "helpdesk", data: prompt{Use: factor.Bypass, Method: factor.TOTP, At: "/second", Again: "/second/sms"}, as: people.Member, need: session.Second},
		{page: "second", name: "resync", data: prompt{Use: factor.TOTP, Method: factor.TOTP, At: "/second", Again: "/second/sms", Status: factor.Status{Resync: start.Add(9 * time.Minute)}}, as: people.Member, need: session.Second},
		{page: "twocodes", data: start.Add(9 * time.Minute), as: people.Member, need: session.Second, say: saying{Kind: refusal.CodeWrong, Field: "first", Left: -1}},
		{page: "help"},
		{page: "home", data: factor.Status{}, as: people.Member},
		{page: "home", name: "on", data: smsOn, as: people.Helpdesk, say: saying{Text: "That backup code is used up now; you have 3 codes left."}},
		{page: "settings", as: people.Member},
		{page: "security", name: "off", data: factor.Status{}, as: people.Member},
		{page: "security", name: "sms", data: smsOn, as: people.Member},
		{page: "security", name: "app", data: appOn, as: people.Member},
		{page: "choose", data: factor.Status{}, as: people.Member},
		{page: "choose", name: "on", data: smsOn, as: people.Member},
		{page: "smsintro", data: factor.Status{}, as: people.Member},
		{page: "phone", data: factor.Status{}, as: people.Member, say: saying{Kind: refusal.PhoneInvalid, Field: "phone", Left: -1, Typed: map[string]string{"phone": "0151 2"}}},
		{page: "appintro", data: factor.Status{}, as: people.Member},
		{page: "scan", data: mapped("ID", "e1", "Side", 285, "Secret", "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", "Issuer", "Kutano", "Account", ana.Email, "Expires", start), as: people.Member},
		{page: "setupcode", name: "sms", data: mapped("ID", "e1", "Method", factor.SMS, "Hint", smsOn.PhoneHint, "Resend", resend, "Expires", start), as: people.Member},
		{page: "setupcode", name: "app", data: mapped("ID", "e1", "Method", factor.TOTP, "Hint", "", "Resend", start, "Expires", start), as: people.Member},
		{page: "codes", data: newCodes{Codes: tenCodes, Method: factor.TOTP, Changed: true, Made: start}, as: people.Member},
		{page: "codes", name: "new", data: newCodes{Codes: tenCodes, Made: start}, as: people.Member, say: saying{Kind: refusal.NeedsConfirm, Field: "saved", Left: -1}},
		{page: "codesgone", data: appOn, as: people.Member},
		{page: "newcodes", data: smsOn, as: people.Member},
		{page: "disable", data: smsOn, as: people.Member},
		{page: "enrol", data: start.Add(72 * time.Hour), as: people.Member, need: session.Enrol},
		{page: "elevate", data: mapped("Providers", two), as: people.Member},
		{page: "elevatecode", data: flow, as: people.Member},
		{page: "sessions", data: []session.Session{{ID: "s1", Device: "Firefox on Linux", Via: "email", Created: start, Seen: start}, {ID: "s2", Device: "Safari on iPhone", Via: "apple", Created: start, Seen: start, Need: session.Second}}, as: people.Member},
		{page: "apps", data: []link.Linked{{ID: "l1", Name: "Kutano Authenticator", Scopes: []session.Scope{session.Read}, Created: start, LastUse: start}}, as: people.Member},
		{page: "apps", name: "none", data: []link.Linked{}, as: people.Member},
		{page: "consent", data: mapped("Request", request, "Query", "client_id=kutano-companion", "Desk", false, "Barred", false), as: people.Member},
		{page: "consent", name: "desk", data: mapped("Request", deskRequest, "Query", "client_id=kutano-companion", "Desk", true, "Barred", false), as: people.Helpdesk},
		{page: "consent", name: "barred", data: mapped("Request", deskRequest, "Query", "client_id=kutano-companion", "Desk", true, "Barred", true), as: people.Member},
		{page: "device", data: "", as: people.Member},
		{page: "deviceconfirm", data: mapped("Request", request, "Code", "BCDF-GHJK"), as: people.Member},
		{page: "devicedone", as: people.Member},
		{page: "object", data: mapped("Token", "t", "Event", notice.MethodChanged)},
		{page: "objected"},
		{page: "trouble", data: trouble{sentence: unavailable, Status: 503, Number: "7f3a"}},
		{page: "desk/find", data: mapped("Query", "ana", "Looked", true, "Found", []people.User{ana, {ID: "u2", Name: "Ada Okoye", Email: "ada@harbour.example", Role: people.Admin, Reported: start}}, "Admin", true), as: people.Admin},
		{page: "desk/user", data: mapped("Subject", subject(people.Member), "Steps", steps(subject(people.Member)), "Roles", people.Roles, "Admin", false, "Owner", false), as: people.Helpdesk},
		{page: "desk/user", name: "admin", data: mapped("Subject", subject(people.Admin), "Steps", steps(subject(people.Admin)), "Roles", people.Roles, "Admin", true, "Owner", true), as: people.Owner},
		{page: "desk/act", data: mapped("Action", desk.Resync, "Subject", subject(people.Member), "Checks", checkInputs(subject(people.Member)), "Two", false), as: people.Helpdesk, say: saying{Kind: refusal.ChecksMissing, Field: "checks", Left: -1, Missing: missing(desk.Resync, desk.Record{}), Typed: map[string]string{"check-manager": "yes"}}},
		{page: "desk/act", name: "reset", data: mapped("Action", desk.Reset, "Subject", subject(people.Admin), "Checks", checkInputs(subject(people.Admin)), "Two", true), as: people.Admin},
		{page: "desk/code", data: bypass{User: "u1", Code: "BXKQWNRT", Expires: start.Add(15 * time.Minute), Audit: 44}, as: people.Helpdesk},
		{page: "desk/waiting", data: waiting, as: people.Admin},
		{page: "desk/waiting", name: "none", data: []desk.Case{}, as: people.Admin},
		{page: "desk/newuser", data: people.Roles, as: people.Admin},
		{page: "desk/audit", data: mapped("Events", events, "Names", map[string]string{"u1": "Henk de Vries", "u2": "Ana Moreau"}, "Next", "/desk/audit?before=2", "Subject", "u2", "First", false), as: people.Auditor},
	}
}

// bare are pages without rooms behind them: enough to draw all there is.
func bare(t *testing.T) *site {
	t.Helper()
	keys, err := seal.New([]byte(strings.Repeat("k", seal.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	return &site{
		Services: Services{Keys: keys, Workspace: "Harbour School", Contact: "Ada in IT, extension 12", Inbox: "/practice/inbox", Log: slog.New(slog.DiscardHandler)},
		looks:    mustLooks(), cookies: namesFor(false),
	}
}

// draw draws a sample as a browser gets it.
func draw(t *testing.T, p *site, s sample) string {
	t.Helper()
	w := httptest.NewRecorder()
	v := &visit{site: p, w: w, r: httptest.NewRequest(http.MethodGet, "/settings/security", nil), now: start, left: map[note][]byte{}, before: "b"}
	if s.as != "" {
		v.user = ana
		v.user.Role = s.as
		v.session = session.Session{ID: "s1", UserID: "u1", Via: "email", Need: s.need}
	}
	if s.say.Kind != "" || s.say.Text != "" {
		v.say(s.say)
	}
	v.show(http.StatusOK, s.page, s.data)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d", s.page, w.Code)
	}
	return w.Body.String()
}

// Each page, in each of its states, is sound HTML that a screen reader can use.
// R06 R10 R13 R14 R15 R16 R17 R18 R21 R22 R23 R31 R33 R37 R47
func TestEachPageIsSound(t *testing.T) {
	p := bare(t)
	var drawn []string
	for _, s := range samples() {
		t.Run(s.page+" "+s.name, func(t *testing.T) {
			html := draw(t, p, s)
			sound(t, html)
			drawn = append(drawn, s.page)
		})
	}
	for name := range p.looks {
		if !slices.Contains(drawn, name) {
			t.Errorf("no sample of the page %s", name)
		}
	}
}
