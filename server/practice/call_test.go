// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/practice"
)

// trainee is a learner who answers the phone, with the desk open beside it.
type trainee struct {
	*learner
	user string // id of whose account the call is about
}

func (l *learner) post(path string, fields url.Values) (at, text string) {
	l.t.Helper()
	r, text := l.read(l.client.PostForm(l.base+path, fields))
	if r.StatusCode != http.StatusOK {
		l.t.Fatalf("%s: %s\n%s", path, r.Status, text)
	}
	return r.Request.URL.Path, text
}

// training is a practice in which a call is answered.
func training(t *testing.T, o practice.Options, scenario, email string) *trainee {
	t.Helper()
	l := begin(t, o)
	l.base = strings.TrimSuffix(strings.TrimSuffix(l.URL, "/practice"), "/practice/call")
	tr := &trainee{learner: l}
	tr.answer(scenario, email)
	return tr
}

var userForm = regexp.MustCompile(`/desk/users/([0-9a-f]{32})`)

func (tr *trainee) answer(scenario, email string) {
	tr.t.Helper()
	if at, text := tr.post("/practice/call/answer", url.Values{"scenario": {scenario}}); at != "/practice/call" || !strings.Contains(text, "Caller:") {
		tr.t.Fatalf("%s: %s", at, text)
	}
	if at, text := tr.post("/practice/call/desk", nil); at != "/desk" || !strings.Contains(text, "Find a user") {
		tr.t.Fatalf("%s: %s", at, text)
	}
	tr.user = tr.find(email)
}

// find looks a user up at the desk.
func (tr *trainee) find(email string) (id string) {
	tr.t.Helper()
	_, page := tr.get("/desk")
	tr.form(page, "/desk/find", "q", email)
	_, page = tr.get("/desk")
	found := userForm.FindStringSubmatch(page)
	if found == nil {
		tr.t.Fatalf("%s is not found: %s", email, page)
	}
	return found[1]
}

var tokenForm = regexp.MustCompile(`name="form_token" value="([^"]+)"`)

// form sends a form of a page.
func (tr *trainee) form(page, action string, pairs ...string) (at, text string) {
	tr.t.Helper()
	token := tokenForm.FindStringSubmatch(page)
	if token == nil {
		tr.t.Fatalf("no form: %s", page)
	}
	fields := url.Values{"form_token": {html.UnescapeString(token[1])}}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields.Add(pairs[i], pairs[i+1])
	}
	return tr.post(action, fields)
}

// do makes a move on the phone, or does something at the desk: "desk bypass-code manager video-id",
// or "desk@ela@example.com unlock" for somebody who has not called.
func (tr *trainee) do(step string) (page string) {
	tr.t.Helper()
	parts := strings.Fields(step)
	user := tr.user
	verb, email, other := strings.Cut(parts[0], "@")
	if other {
		user = tr.find(email)
	}
	if verb != "desk" {
		_, page = tr.post("/practice/call/press", url.Values{"move": {step}})
		return page
	}
	action := "/desk/users/" + user + "/do/" + parts[1]
	_, page = tr.get(action)
	fields := []string{"reason", "Cannot get in, as described in the ticket", "confirmed", "yes"}
	for _, c := range parts[2:] {
		fields = append(fields, "check-"+c, "yes")
	}
	if _, page = tr.form(page, action, fields...); strings.Contains(page, `id="problem"`) {
		tr.t.Fatalf("%s: %s", step, page)
	}
	return page
}

func (tr *trainee) score() practice.Summary {
	tr.t.Helper()
	_, text := tr.get("/practice/call/score.json")
	var s practice.Summary
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		tr.t.Fatal(err)
	}
	return s
}

// sound fails for a page that a browser without scripts or a screen reader cannot use.
func sound(t *testing.T, page string) {
	t.Helper()
	for _, want := range []string{`<html lang="en">`, "<title>", `<main id="main"`, "</html>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s:\n%s", want, page)
		}
	}
	for _, not := range []string{"<script", "style=", "ZgotmplZ", "<no value>", "onclick"} {
		if strings.Contains(page, not) {
			t.Errorf("%s:\n%s", not, page)
		}
	}
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[id[1]] {
			t.Errorf("%s is there twice", id[1])
		}
		ids[id[1]] = true
	}
	for _, by := range regexp.MustCompile(`aria-labelledby="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !ids[by[1]] {
			t.Errorf("nothing is called %s", by[1])
		}
	}
	if strings.Count(page, "<h1") != 1 {
		t.Errorf("%d headings of the page", strings.Count(page, "<h1"))
	}
}

// Each scenario, answered well and badly: a table of moves, and what they score. // R53 R57 R58 R59 R60
func TestCalls(t *testing.T) {
	const dan, ela = "dan@example.com", "ela@example.com"
	for name, c := range map[string]struct {
		scenario, email, moves string
		ending                 practice.Ending
		points                 int
		broken                 string // names of rules
	}{
		"slow clock, well":                 {"slow-clock", dan, "ask-phrase,set-clock,ask-phrase,next-code", practice.In, 100, ""},
		"slow clock, two codes":            {"slow-clock", dan, "next-code,call-back,desk resync called-back,two-codes,next-code", practice.In, 85, "least-first"},
		"slow clock, a code spoken":        {"slow-clock", dan, "ask-code,set-clock,next-code", practice.In, 50, "no-code-asked"},
		"slow clock, given up":             {"slow-clock", dan, "ask-what,hang-up", practice.HungUp, 40, "ended-well"},
		"slow clock, unlocked":             {"slow-clock", dan, "ask-manager,desk unlock manager,set-clock,next-code", practice.In, 95, "nothing-needless"},
		"slow clock, two codes, a manager": {"slow-clock", dan, "next-code,ask-manager,desk resync manager,two-codes,next-code", practice.In, 85, "least-first"},
		"slow clock, wrong number":         {"slow-clock", dan, "call-given,set-clock,next-code", practice.In, 90, "called-back"},
		"without codes, not called":        {"lost-without-codes", dan, "backup-code,ask-manager,ask-video,desk bypass-code manager video-id,read-out", practice.In, 90, "called-back"},
		"with codes, well":                 {"lost-with-codes", dan, "ask-what,backup-code", practice.In, 100, ""},
		"with codes, a bypass":             {"lost-with-codes", dan, "call-back,ask-manager,ask-video,desk bypass-code called-back manager video-id,read-out", practice.In, 85, "least-first"},
		"without codes, well":              {"lost-without-codes", dan, "ask-what,backup-code,call-back,ask-video,ask-manager,desk bypass-code called-back video-id manager,read-out", practice.In, 100, ""},
		"without codes, too soon":          {"lost-without-codes", dan, "call-back,ask-video,ask-manager,desk bypass-code called-back video-id manager,read-out", practice.In, 85, "least-first"},
		"without codes, checks lied":       {"lost-without-codes", dan, "backup-code,call-back,ask-video,desk bypass-code called-back video-id manager,read-out", practice.In, 40, "two-proofs"},
		"without codes, given in":          {"lost-without-codes", dan, "hurry,desk bypass-code manager video-id,read-out", practice.In, 40, "called-back two-proofs least-first urgency-refused"},
		"without codes, no code":           {"lost-without-codes", dan, "backup-code,read-out,refuse", practice.Refused, 40, "ended-well"},
		"texts, well":                      {"sms-blocked", ela, "ask-signal,ask-number,text-again,ask-blocked,text-again", practice.In, 100, ""},
		"texts, a bypass":                  {"sms-blocked", ela, "call-back,ask-video,ask-manager,desk bypass-code called-back video-id manager,read-out", practice.In, 85, "least-first"},
		"attack, well":                     {"social-engineering", dan, "ask-what,call-back,refuse", practice.Refused, 100, ""},
		"attack, hung up":                  {"social-engineering", dan, "ask-video,hang-up", practice.HungUp, 100, ""},
		"attack, hung up at once":          {"social-engineering", dan, "hang-up", practice.HungUp, 40, "ended-well"},
		"attack, another let in":           {"social-engineering", dan, "call-back,ask-video,desk@ela@example.com unlock called-back,refuse", practice.Refused, 40, "two-proofs nothing-needless ended-well"},
		"attack, signed out":               {"social-engineering", dan, "call-back,desk sign-out,refuse", practice.Refused, 100, ""},
		"attack, wrong number":             {"social-engineering", dan, "call-given,refuse", practice.Refused, 90, "called-back"},
		"attack, let in":                   {"social-engineering", dan, "hurry,change-address,desk bypass-code manager video-id,read-out", practice.In, 30, "called-back two-proofs least-first urgency-refused ended-well"},
		"without codes, nobody asked":      {"lost-without-codes", dan, "backup-code,desk bypass-code manager video-id,read-out", practice.In, 40, "called-back two-proofs"},
		"attack, address changed":          {"social-engineering", dan, "call-back,change-address,refuse", practice.Refused, 40, "urgency-refused ended-well"},
		"attack, unlocked":                 {"social-engineering", dan, "call-back,desk unlock called-back,refuse", practice.Refused, 40, "two-proofs nothing-needless ended-well"},
		"attack, nearly let in":            {"social-engineering", dan, "call-back,desk bypass-code called-back manager video-id,refuse", practice.Refused, 40, "two-proofs least-first ended-well"},
	} {
		t.Run(name, func(t *testing.T) {
			tr := training(t, practice.Options{}, c.scenario, c.email)
			for step := range strings.SplitSeq(c.moves, ",") {
				tr.do(step)
			}
			_, page := tr.get("/practice/call/score")
			sound(t, page)
			got := tr.score()
			if len(got.Calls) != 1 || got.Points != got.Calls[0].Points {
				t.Fatalf("%+v", got)
			}
			s := got.Calls[0]
			var broken []string
			for _, r := range s.Rules {
				if !r.Kept {
					broken = append(broken, r.Name)
				}
			}
			if s.Ending != c.ending || s.Points != c.points || !slices.Equal(broken, strings.Fields(c.broken)) || (s.Better == "") != (len(broken) == 0) {
				t.Fatalf("%s, %d points, broken %v, %q", s.Ending, s.Points, broken, s.Better)
			}
		})
	}
}

// What the caller sees and says changes with what was done.
func TestCallersDoWhatTheySay(t *testing.T) {
	tr := training(t, practice.Options{}, "slow-clock", "dan@example.com")
	has := func(page string, texts ...string) {
		t.Helper()
		for _, s := range texts {
			if !strings.Contains(html.UnescapeString(page), s) {
				t.Errorf("it does not say %q:\n%s", s, page)
			}
		}
	}
	_, page := tr.get("/desk/users/" + tr.user)
	has(page, "<dt>Wrong codes in a row</dt><dd>3", "12</dd></div>")
	before := tr.do("ask-phrase")
	sound(t, before)
	has(tr.do("next-code"), "this code is not right")
	_, page = tr.get("/desk/users/" + tr.user)
	has(page, "<dt>Wrong codes in a row</dt><dd>4")
	has(tr.do("two-codes"), "I can’t see that on the page.")
	has(tr.do("text-again"), "doesn’t offer me text messages")
	has(tr.do("set-clock"), "jumped forward")
	words := regexp.MustCompile(`<code class="key">([^<]+)</code>`)
	after := words.FindAllStringSubmatch(tr.do("ask-phrase"), -1)
	if len(after) != 2 || after[0][1] == after[1][1] || len(strings.Fields(after[0][1])) != 6 {
		t.Errorf("the phrases are %v", after)
	}
	has(tr.do("set-clock"), "It does that already.")
	if _, page = tr.get("/practice/call/score"); strings.Contains(page, "of 100") {
		t.Error("a call that goes on is scored")
	}
	has(tr.do("next-code"), "100 of 100", "You could not have done better.")
	_, page = tr.get("/desk/users/" + tr.user)
	has(page, "<dt>Wrong codes in a row</dt><dd>0", "<dt>Sessions</dt><dd>1")
	if at, _ := tr.post("/practice/call/press", url.Values{"move": {"next-code"}}); at != "/practice/call" {
		t.Errorf("the line is dead, and the browser is at %s", at)
	}
}

// An app in which nothing is has six words too; one that is gone has none.
func TestAnEmptyAppHasWords(t *testing.T) {
	words := regexp.MustCompile(`<code class="key">([^<]+)</code>`)
	for scenario, want := range map[string]int{"lost-with-codes": 6, "lost-without-codes": 0} {
		said := ""
		if found := words.FindStringSubmatch(training(t, practice.Options{}, scenario, "dan@example.com").do("ask-phrase")); found != nil {
			said = found[1]
		}
		if len(strings.Fields(said)) != want {
			t.Errorf("%s: %q", scenario, said)
		}
	}
}

// Several calls ring one after the other, also about the same person, and all are scored.
func TestCallsInARow(t *testing.T) {
	tr := training(t, practice.Options{Scenarios: practice.Scenarios()}, "slow-clock", "dan@example.com")
	if !strings.HasSuffix(tr.URL, "/practice/call") {
		t.Errorf("it begins at %s", tr.URL)
	}
	for i, moves := range []string{
		"set-clock,next-code", "backup-code", "backup-code,call-back,ask-manager,ask-video,desk bypass-code called-back manager video-id,read-out",
		"ask-blocked,text-again", "ask-manager,refuse",
	} {
		if i > 0 {
			email := "dan@example.com"
			if practice.Scenarios()[i] == "sms-blocked" {
				email = "ela@example.com"
			}
			_, page := tr.get("/practice/call/score")
			if !strings.Contains(page, `name="scenario" value="`+practice.Scenarios()[i]+`"`) {
				t.Fatalf("%s does not ring next", practice.Scenarios()[i])
			}
			tr.answer(practice.Scenarios()[i], email)
		}
		for step := range strings.SplitSeq(moves, ",") {
			tr.do(step)
		}
	}
	if s := tr.score(); len(s.Calls) != 5 || s.Points != 100 {
		t.Errorf("%+v", s)
	}
	tr.answer("lost-with-codes", "dan@example.com") // after Dan set up anew
	tr.do("backup-code")
	if s := tr.score().Calls; len(s) != 6 || s[5].Points != 100 {
		t.Errorf("%+v", s)
	}
}

// Who answers a call again is told how it went at last: neither a bad beginning nor one
// good call, made over and over, is the whole.
func TestSum(t *testing.T) {
	s := practice.Sum([]practice.Score{{Scenario: "slow-clock", Points: 40}, {Scenario: "sms-blocked", Points: 85}, {Scenario: "slow-clock", Points: 100}})
	if s.Points != 93 || len(s.Calls) != 3 {
		t.Errorf("%+v", s)
	}
	if s := practice.Sum(nil); s.Points != 0 || s.Calls == nil {
		t.Errorf("%+v", s)
	}
}

// A call that takes longer than ten minutes loses points.
func TestCallsTakeTime(t *testing.T) {
	var late time.Duration
	tr := training(t, practice.Options{Clock: func() time.Time { return moment.Now().Add(late) }}, "social-engineering", "dan@example.com")
	late = 11 * time.Minute
	tr.do("call-back")
	tr.do("refuse")
	if s := tr.score().Calls; len(s) != 1 || s[0].Points != 95 || s[0].Seconds < 660 {
		t.Errorf("%+v", s)
	}
}

func TestNoSuchCall(t *testing.T) {
	if _, err := practice.Open(t.Context(), practice.Options{Addr: "127.0.0.1:0", Scenarios: []string{"nothing"}}); err == nil {
		t.Error("a scenario that is none was taken")
	}
	l := begin(t, practice.Options{})
	_, page := l.get("/practice/call")
	sound(t, page)
	for path, fields := range map[string]url.Values{
		"/practice/call/answer": {"scenario": {"nothing"}}, "/practice/call/press": {"move": {"shout"}},
	} {
		if r, _ := l.read(l.client.PostForm(l.base+path, fields)); r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.base+"/practice/call/desk", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site") // a page elsewhere
	if resp, _ := l.read(l.client.Do(r)); resp.StatusCode != http.StatusForbidden || len(resp.Cookies()) != 0 {
		t.Errorf("a page elsewhere signs Hana in: %s", resp.Status)
	}
}

// What is done at the desk after the call counts for it still, until the next one rings.
func TestCallsAreNotOverYet(t *testing.T) {
	tr := training(t, practice.Options{}, "social-engineering", "dan@example.com")
	tr.do("call-back")
	tr.do("refuse")
	if s := tr.score().Calls; len(s) != 1 || s[0].Points != 100 {
		t.Fatalf("%+v", s)
	}
	tr.do("desk bypass-code called-back manager video-id")
	if s := tr.score(); len(s.Calls) != 1 || s.Points > 40 {
		t.Errorf("a code that was made after the call: %+v", s)
	}
	tr.answer("slow-clock", "dan@example.com")
	if s := tr.score(); len(s.Calls) != 1 || s.Points > 40 {
		t.Errorf("it is forgotten: %+v", s)
	}
	tr.do("set-clock")
	tr.do("next-code")
	if s := tr.score(); len(s.Calls) != 2 || s.Calls[1].Points != 100 || s.Calls[0].Points > 40 {
		t.Errorf("%+v", s)
	}
}
