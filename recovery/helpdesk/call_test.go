// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/sync/link"
)

func user(role link.Role) link.Subject {
	return link.Subject{Who: link.Who{ID: "ana", Email: "ana@example.com", Name: "Ana"}, Role: role, CallBackOK: true}
}

// asked is a call in which all but the proofs is done.
func asked(t testing.TB, agent link.Role, s link.Subject) *Call {
	t.Helper()
	c := New(Agent{ID: "hana", Role: agent})
	c.Meet(s)
	c.Hear(good(), 1)
	for _, err := range []error{c.Tick(Step, true), c.Tick(Backup, true), c.Answer(Calm, true), c.Answer(Alone, true), c.Skip(Least, "the mail is lost, too")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// says tells whether something of what is missing contains a text.
func says(all []Missing, text string) bool {
	return slices.ContainsFunc(all, func(m Missing) bool { return strings.Contains(m.What, text) })
}

// R58 R59 R60: what each action takes.
func TestProofs(t *testing.T) {
	for _, tt := range []struct {
		checks  []link.Check
		allowed []link.DeskAct
	}{
		{nil, []link.DeskAct{link.ActLookUp, link.ActSignOut}},
		{[]link.Check{link.CalledBack}, []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync}},
		{[]link.Check{link.VideoID, link.InPerson}, []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync}},
		{[]link.Check{link.CalledBack, link.Manager}, []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync}}, // one beside the call back
		{[]link.Check{link.CalledBack, link.VideoID, link.InPerson}, []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync}},
		{[]link.Check{link.CalledBack, link.Manager, link.SecondChannel}, Acts()},
		{[]link.Check{link.CalledBack, link.Manager, link.InPerson}, Acts()},
		{[]link.Check{link.VideoID, link.SecondChannel}, []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync}}, // nobody called back
	} {
		c := asked(t, link.RoleAdmin, user(link.RoleUser))
		for _, check := range tt.checks {
			if err := c.Tick(Item(check), true); err != nil {
				t.Fatal(err)
			}
		}
		for _, act := range Acts() {
			if got := c.Allowed(act); got != slices.Contains(tt.allowed, act) {
				t.Errorf("%v: %s is allowed: %v; missing: %+v", tt.checks, act, got, c.Missing(act))
			}
		}
	}
}

// What is missing comes with what to say to the caller, and with the next thing to do.
func TestMissing(t *testing.T) {
	c := New(Agent{ID: "hana", Role: link.RoleAdmin})
	if !says(c.Missing(link.ActUnlock), "Whose account it is") || c.Missing(link.ActLookUp) != nil {
		t.Errorf("%+v", c.Missing(link.ActUnlock))
	}
	c.Meet(user(link.RoleUser))
	var items []Item
	for _, m := range c.Missing(link.ActReset) {
		items = append(items, m.Item)
		if m.Never || m.What == "" || m.Say == "" && m.Item != Calm {
			t.Errorf("%+v", m)
		}
	}
	if want := []Item{Phrase, Step, Backup, Calm, Alone, Least, Called, Boss}; !slices.Equal(items, want) {
		t.Errorf("%v, want %v", items, want)
	}
	if got := c.Missing(link.ActSignOut); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	s := user(link.RoleUser)
	s.CallBackOK = false
	c = asked(t, link.RoleAdmin, s)
	if err := c.Tick(Called, true); !errors.Is(err, ErrNumber) {
		t.Errorf("the number was changed yesterday: %v", err)
	}
	if got := c.Missing(link.ActBypass); len(got) != 1 || got[0].Item != Boss || !strings.HasPrefix(got[0].What, "Two proofs") || strings.Contains(got[0].Say, "call you back") {
		t.Errorf("%+v", got)
	}
	_ = c.Tick(Boss, true)
	if got := c.Missing(link.ActBypass); len(got) != 1 || got[0].Item != Video || !strings.HasPrefix(got[0].What, "A second proof") {
		t.Errorf("%+v", got)
	}
	c = asked(t, link.RoleAdmin, user(link.RoleUser)) // who was called back, and is not promised that once more
	_ = c.Tick(Called, true)
	if got := c.Missing(link.ActBypass); len(got) != 1 || got[0].Item != Boss || !strings.HasPrefix(got[0].What, "Two proofs") || strings.Contains(got[0].Say, "call you back") {
		t.Errorf("%+v", got)
	}
	if got := c.Missing("suspend"); !says(got, "The helpdesk cannot do that") {
		t.Errorf("%+v", got)
	}
}

// An agent who skips checks, who resets oneself, or an owner alone.
func TestRefused(t *testing.T) {
	proved := func(agent link.Role, s link.Subject) *Call {
		c := asked(t, agent, s)
		_, _, _ = c.Tick(Called, true), c.Tick(Boss, true), c.Tick(Video, true)
		return c
	}
	may := func(role link.Role, why string) link.Subject {
		s := user(role)
		s.MayNot = map[link.DeskAct]string{link.ActReset: why}
		return s
	}
	for _, tt := range []struct {
		name string
		call *Call
		act  link.DeskAct
		want Verdict
		what string
	}{
		{"user", proved(link.RoleAdmin, user(link.RoleUser)), link.ActReset, Free, ""},
		{"helpdesk resets", proved(link.RoleHelpdesk, user(link.RoleUser)), link.ActReset, Refused, "Only an administrator"},
		{"helpdesk gives a bypass code", proved(link.RoleHelpdesk, user(link.RoleUser)), link.ActBypass, Free, ""},
		{"owner", proved(link.RoleAdmin, user(link.RoleOwner)), link.ActReset, AskOnly, ""},
		{"admin by an owner", proved(link.RoleOwner, user(link.RoleAdmin)), link.ActReset, AskOnly, ""},
		{"bypass code for an owner", proved(link.RoleOwner, user(link.RoleOwner)), link.ActBypass, Refused, "no bypass codes for administrators"},
		{"admin by helpdesk", proved(link.RoleHelpdesk, user(link.RoleAdmin)), link.ActUnlock, Refused, "Only another administrator"},
		{"admin by whoever", proved("", user(link.RoleAdmin)), link.ActReset, AskOnly, ""},
		{"the service says no", proved("", may(link.RoleUser, "forbidden")), link.ActReset, Refused, "Only an administrator"},
		{"the service says no to an auditor", proved(link.RoleAuditor, may(link.RoleUser, "forbidden")), link.ActReset, Refused, "does not allow"},
		{"the service says oneself", proved("", may(link.RoleUser, "not-for-oneself")), link.ActReset, Refused, "your own account"},
		{"auditor", proved(link.RoleAuditor, user(link.RoleUser)), link.ActUnlock, Refused, "does not allow"},
	} {
		if got := tt.call.Verdict(tt.act); got != tt.want || tt.what != "" && !says(tt.call.Missing(tt.act), tt.what) {
			t.Errorf("%s: %d, %+v", tt.name, got, tt.call.Missing(tt.act))
		}
	}
	c := New(Agent{ID: "ana", Role: link.RoleOwner})
	c.Meet(user(link.RoleOwner))
	if !says(c.Missing(link.ActReset), "your own account") || c.Verdict(link.ActSignOut) != Refused {
		t.Errorf("%+v", c.Missing(link.ActReset))
	}
	c = asked(t, link.RoleAdmin, user(link.RoleUser))
	for _, i := range []Item{Called, Boss, Video, Met, Channel} {
		if err := c.Skip(i, "I know this voice well"); err != nil {
			t.Fatal(err)
		}
	}
	if c.Allowed(link.ActUnlock) || c.Allowed(link.ActReset) || !strings.Contains(Note(c), "Skipped: Called back on the number on record (I know this voice well)") {
		t.Errorf("proofs that were left out count:\n%s", Note(c))
	}
	for _, i := range []Item{Calm, Alone} {
		if err := c.Skip(i, "there is no time for that"); !errors.Is(err, ErrNoSkip) {
			t.Errorf("%s was left out: %v", i, err)
		}
	}
}

// Pressure is not taken back within a call.
func TestUrged(t *testing.T) {
	for _, i := range []Item{Calm, Alone} {
		c := asked(t, link.RoleAdmin, user(link.RoleUser))
		_, _, _ = c.Tick(Called, true), c.Tick(Boss, true), c.Tick(Video, true)
		_ = c.Answer(i, false)
		_ = c.Answer(i, true)
		for _, act := range Acts()[1:] {
			m := c.Missing(act)
			if c.Verdict(act) != Refused || len(m) != 1 || !m[0].Never || len(m[0].Say) < 20 {
				t.Errorf("%s, %s: %+v", i, act, m)
			}
			var missing *MissingError
			if _, err := c.Record(act); !errors.As(err, &missing) || !errors.Is(err, ErrMissing) {
				t.Errorf("%v", err)
			}
		}
		if !strings.Contains(Note(c), "nothing was done") || !strings.Contains(Note(c), "somebody called") {
			t.Error(Note(c))
		}
	}
}

// Proofs are of one person, and of a number that counts.
func TestMeetAnother(t *testing.T) {
	c := asked(t, link.RoleAdmin, user(link.RoleUser))
	_ = c.Tick(Called, true)
	c.Meet(user(link.RoleUser))
	if s, _ := c.State(Called); s != Done {
		t.Error("looking the same user up again takes a proof back")
	}
	changed := user(link.RoleUser)
	changed.CallBackOK = false
	c.Meet(changed)
	if s, _ := c.State(Called); s != Open {
		t.Error("the number was changed, and the call to it counts")
	}
	_ = c.Tick(Boss, true)
	other := user(link.RoleUser)
	other.Who.ID = "ben"
	c.Meet(other)
	if s, _ := c.State(Boss); s != Open {
		t.Error("the proof of one user counts for another")
	}
	_ = c.Tick(Boss, true)
	c.Unlinked(link.RoleUser)
	if s, _ := c.State(Boss); s != Open {
		t.Error("the proof of a user of the service counts for somebody")
	}
}

// A bypass code for one user opens no way to the reset of another.
func TestBypassForAnother(t *testing.T) {
	for name, meet := range map[string]func(*Call){
		"of the service": func(c *Call) {
			other := user(link.RoleUser)
			other.Who.ID = "ben"
			c.Meet(other)
		},
		"of no service": func(c *Call) { c.Unlinked(link.RoleUser) },
	} {
		c := asked(t, link.RoleAdmin, user(link.RoleUser))
		c.Did(Deed{Act: link.ActBypass, Audit: 7})
		c.Meet(user(link.RoleUser))
		if s, _ := c.State(Least); s != Done {
			t.Error("looking the same user up again forgets the bypass code")
		}
		meet(c)
		if !slices.ContainsFunc(c.Missing(link.ActReset), func(m Missing) bool { return m.Item == Least }) {
			t.Errorf("%s: %+v", name, c.Missing(link.ActReset))
		}
	}
}

// Whatever is ticked, taken back, left out and looked up, in any order.
func TestNoSequenceGetsPast(t *testing.T) {
	proofs := []Item{Called, Boss, Video, Met, Channel}
	rapid.Check(t, func(t *rapid.T) {
		agent := rapid.SampledFrom([]link.Role{"", link.RoleUser, link.RoleAuditor, link.RoleHelpdesk, link.RoleAdmin, link.RoleOwner}).Draw(t, "agent")
		c := New(Agent{ID: rapid.SampledFrom([]string{"", "hana", "ana"}).Draw(t, "id"), Role: agent})
		ticked, did, against, role := map[Item]bool{}, map[link.DeskAct]bool{}, false, link.Role("")
		number := true
		var who string
		for range rapid.IntRange(0, 25).Draw(t, "steps") {
			i := rapid.SampledFrom(Items).Draw(t, "item")
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0, 1:
				done := rapid.IntRange(0, 4).Draw(t, "done") > 0
				if c.Tick(i, done) == nil {
					ticked[i] = done
				}
			case 2:
				if c.Skip(i, "a reason in words") == nil {
					ticked[i] = false
				}
			case 3:
				well := rapid.IntRange(0, 5).Draw(t, "well") > 0
				if c.Answer(i, well) == nil && !well {
					against = true
				}
			case 4:
				s := user(rapid.SampledFrom([]link.Role{link.RoleUser, link.RoleAdmin, link.RoleOwner}).Draw(t, "role"))
				s.Who.ID = rapid.SampledFrom([]string{"ana", "ben"}).Draw(t, "who")
				s.CallBackOK = rapid.Bool().Draw(t, "number")
				if who != s.Who.ID {
					clear(ticked)
					clear(did)
				}
				c.Meet(s)
				who, role, number = s.Who.ID, s.Role, s.CallBackOK
			case 5:
				c.Hear(draw(t, "heard"), 1)
			case 6:
				act, unknown := rapid.SampledFrom(Acts()).Draw(t, "act"), rapid.Bool().Draw(t, "unknown")
				if c.Did(Deed{Act: act, Unknown: unknown}); !unknown {
					did[act] = true
				}
			}
		}
		if !number {
			ticked[Called] = false
		}
		for _, act := range Acts()[1:] {
			kinds := map[string]bool{}
			for _, p := range proofs {
				if ticked[p] && (p != Called || Proofs(act) == 1) {
					kinds[groups[link.Check(p)]] = true
				}
			}
			advice, _ := c.Advice()
			smaller := advice.Act == link.ActUnlock || advice.Act == link.ActResync
			advised, _ := c.State(Advised)
			switch v := c.Verdict(act); {
			case v < AskOnly:
				continue
			case against:
				t.Fatalf("%s under pressure", act)
			case len(kinds) < Proofs(act):
				t.Fatalf("%s with %v", act, kinds)
			case who != "" && who == c.agent.ID:
				t.Fatalf("%s for oneself", act)
			case role.Administrator() && act == link.ActReset && v != AskOnly, role.Administrator() && act == link.ActBypass:
				t.Fatalf("%s of an administrator by one alone", act)
			case agent == link.RoleUser, agent == link.RoleHelpdesk && act == link.ActReset:
				t.Fatalf("%s by %s", act, agent)
			case Proofs(act) == 2 && number && !ticked[Called] && !strings.Contains(Note(c), "Skipped: Called back"):
				t.Fatalf("%s without a call back, and without a word of it:\n%s", act, Note(c))
			case Proofs(act) == 2 && smaller && !did[advice.Act] && advised != Skipped:
				t.Fatalf("%s before %s, which the finding advises", act, advice.Act)
			case Proofs(act) > 0:
				for _, i := range []Item{Phrase, Step, Backup} {
					if s, _ := c.State(i); s == Open {
						t.Fatalf("%s without %s", act, i)
					}
				}
			}
			r, err := c.Record(act)
			if err != nil || !r.Confirmed || len([]rune(r.Reason)) < leastReason || len([]rune(r.Reason)) > mostReason {
				t.Fatalf("%+v, %v", r, err)
			}
		}
	})
}

// What makes the caller's own device work again comes after a backup code, too, and
// what leads past it after the call back; each can be left out in writing.
func TestWhatComesBefore(t *testing.T) {
	before := map[link.DeskAct][]Item{
		link.ActSignOut: nil, link.ActUnlock: {Phrase, Step, Backup}, link.ActResync: {Phrase, Step, Backup},
		link.ActBypass: {Phrase, Step, Backup, Called}, link.ActReset: {Phrase, Step, Backup, Least, Called},
	}
	for act, want := range before {
		c := New(Agent{ID: "amir", Role: link.RoleAdmin})
		c.Meet(user(link.RoleUser))
		for _, err := range []error{c.Answer(Calm, true), c.Answer(Alone, true), c.Tick(Boss, true), c.Tick(Video, true)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var got []Item
		for _, m := range c.Missing(act) {
			if got = append(got, m.Item); !m.Skip || m.What == "" || m.Say == "" {
				t.Errorf("%s: %+v", act, m)
			}
			if err := c.Skip(m.Item, "a reason in words"); err != nil {
				t.Error(err)
			}
		}
		if !slices.Equal(got, want) || !c.Allowed(act) || strings.Count(Note(c), "(a reason in words)") != len(want) {
			t.Errorf("%s: %v, want %v; then %+v\n%s", act, got, want, c.Missing(act), Note(c))
		}
	}
}

// Where the number does not count there is nothing to leave out, and the note says so.
func TestNoCallBack(t *testing.T) {
	for number, says := range map[string]string{
		"": "- Calling back was not possible: there is no number on record\n", "•••• 1234": "- Calling back was not possible: the number on record was changed within the last seven days\n",
	} {
		s := user(link.RoleUser)
		s.CallBack, s.CallBackOK = number, false
		c := asked(t, link.RoleAdmin, s)
		_, _ = c.Tick(Boss, true), c.Tick(Video, true)
		if !c.Allowed(link.ActReset) || !strings.Contains(Note(c), says) {
			t.Errorf("%+v\n%s", c.Missing(link.ActReset), Note(c))
		}
	}
	c := asked(t, link.RoleAdmin, user(link.RoleUser))
	if strings.Contains(Note(c), "not possible") {
		t.Error(Note(c))
	}
}

// Nobody helps themselves, also where no service knows the agent.
func TestOwn(t *testing.T) {
	c := asked(t, "", user(link.RoleUser))
	_, _ = c.Tick(Called, true), c.Tick(Boss, true)
	c.Own()
	for _, act := range Acts()[1:] {
		if c.Verdict(act) != Refused || !says(c.Missing(act), "your own account") {
			t.Errorf("%s: %+v", act, c.Missing(act))
		}
	}
	c.Unlinked(link.RoleUser)
	if s, _ := c.State(Boss); s != Open || c.Verdict(link.ActUnlock) != Lacking {
		t.Errorf("%d, %+v", s, c.Missing(link.ActUnlock))
	}
}

func TestNext(t *testing.T) {
	c := New(Agent{})
	c.Unlinked(link.RoleUser)
	var order []Item
	for i := c.Next(); i != ""; i = c.Next() {
		order = append(order, i)
		switch i {
		case Phrase:
			c.Hear(good(), 1)
		case Calm, Alone:
			_ = c.Answer(i, true)
		case Video:
			_ = c.Skip(i, "no camera here")
		default:
			if err := c.Tick(i, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	if want := slices.DeleteFunc(slices.Clone(Items), func(i Item) bool { return i == Advised || i == Least }); !slices.Equal(order, want) {
		t.Errorf("%v", order)
	}
	if !c.Allowed(link.ActBypass) || c.Allowed(link.ActReset) {
		t.Error("a reset before a bypass code")
	}
	c.Did(Deed{Act: link.ActBypass, Audit: 3})
	if !c.Allowed(link.ActReset) {
		t.Errorf("%+v", c.Missing(link.ActReset))
	}
}
