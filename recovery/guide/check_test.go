// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func load(t testing.TB) *Guide {
	t.Helper()
	g, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// guides are the two that are built in.
func guides(t testing.TB) []*Guide {
	t.Helper()
	r, err := Recover()
	if err != nil {
		t.Fatal(err)
	}
	return []*Guide{load(t), r}
}

func TestTheGuidesAreSound(t *testing.T) {
	for _, g := range guides(t) {
		for _, f := range Check(g, nil) {
			t.Errorf("%s: %s", g.Name, f)
		}
	}
}

func TestTheGuidesAreTranslated(t *testing.T) {
	paths, err := filepath.Glob("../../assets/words/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	languages := map[string]map[string]string{}
	for _, path := range paths {
		lang := strings.TrimSuffix(filepath.Base(path), ".json")
		if lang == "names" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
		languages[lang] = all
	}
	for _, g := range guides(t) {
		faults := Check(g, func(english string) (lack []string) {
			for _, lang := range slices.Sorted(maps.Keys(languages)) {
				if languages[lang][english] == "" {
					lack = append(lack, lang)
				}
			}
			return lack
		})
		for _, f := range faults {
			t.Errorf("%s: %s", g.Name, f)
		}
	}
}

// small is a guide with nothing wrong in it. Tests put one thing wrong.
const small = `
name = "setup"
[[entry]]
name = "setup"
title = "Set it up"
first = "one"
[[step]]
id = "one"
title = "How?"
text = ["Choose."]
picture = "methods"
stuck = "sms"
requires = ["R13"]
[[step.card]]
title = "App"
best = "Best."
pros = ["Safe"]
cons = ["Long"]
recommended = true
[step.card.choice]
label = "App"
to = "two"
[[step.card]]
title = "Text"
best = "Best."
[step.card.choice]
label = "Text"
to = "three"
[[step]]
id = "two"
title = "Scan"
text = ["Scan it."]
live = "scan"
[[step.outcome]]
on = "added"
to = "three"
[[step.outcome]]
on = "kept"
to = "three"
[[step]]
id = "three"
title = "Type it"
text = ["Type it. Press it. Ask {contact}."]
[[step.choice]]
label = "Accepted"
to = "end"
main = true
if = "linked !key_here"
[[step.choice]]
label = "Accepted"
to = "end"
main = true
if = "linked key_here"
[[step.choice]]
label = "Accepted"
to = "end"
main = true
if = "!linked"
[[step.choice]]
label = "Refused"
to = "two"
[step.look]
computer = ["Look at the screen."]
macos = ["Look at the Mac."]
phone = ["Look at the phone.", "Turn it."]
[[step]]
id = "end"
title = "Done"
text = ["You are done."]
live = "summary"
next = ["review"]
end = true
`

func parse(t testing.TB, text string) *Guide {
	t.Helper()
	g, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Each rule refuses what it is for, and only that.
func TestEachRule(t *testing.T) {
	if faults := Check(parse(t, small), nil); len(faults) > 0 {
		t.Fatalf("the sound guide: %v", faults)
	}
	for _, c := range []struct{ name, old, wrong, want string }{
		{"dead end", "to = \"end\"\nmain = true\nif = \"!linked\"", "to = \"end\"\nmain = true\nif = \"!linked service\"", "three: 0 choices are the main one"},
		{"dead end", "[[step.choice]]\nlabel = \"Accepted\"\nto = \"end\"\nmain = true\nif = \"!linked\"\n[[step.choice]]\nlabel = \"Refused\"\nto = \"two\"", "", "three: a dead end: nothing leads on"},
		{"entry astray", `first = "one"`, `first = "none"`, `entry setup begins at "none", which is no step`},
		{"no entry name", "[[entry]]\nname = \"setup\"", `[[entry]]`, `entry "" has no name`},
		{"unreached", `to = "three"` + "\n[[step]]\nid = \"two\"", `to = "end"` + "\n[[step]]\nid = \"five\"\ntitle = \"Five\"\ntext = [\"A.\"]\nend = true\n[[step]]\nid = \"two\"", "five: nothing leads to it"},
		{"no end", "end = true", "[[step.choice]]\nlabel = \"Again\"\nto = \"end\"\nmain = true", "one: no end follows"},
		{"no end under facts", "to = \"end\"\nmain = true\nif = \"!linked\"", "to = \"two\"\nmain = true\nif = \"!linked\"", "two: no end follows"},
		{"an end leads on", "end = true", "end = true\n[[step.choice]]\nlabel = \"Again\"\nto = \"one\"", "end: it is an end and leads on"},
		{"no end to pause at", `live = "scan"`, "live = \"scan\"\npause = true", "two: it is a pause and no end"},
		{"missing outcome", "[[step.outcome]]\non = \"kept\"\nto = \"three\"", "", `two: the outcome "kept" leads to 0 steps`},
		{"outcome twice", "[[step.outcome]]\non = \"kept\"\nto = \"three\"", "[[step.outcome]]\non = \"kept\"\nto = \"three\"\n[[step.outcome]]\non = \"kept\"\nto = \"one\"", `two: the outcome "kept" leads to 2 steps`},
		{"foreign outcome", `on = "kept"`, `on = "sent"`, `two: its live piece never ends in "sent"`},
		{"unknown live piece", `live = "scan"`, `live = "sing"`, `two: there is no live piece "sing"`},
		{"unknown fact", `if = "!linked"`, `if = "!online"`, `three: there is no fact "online"`},
		{"unknown picture", `picture = "methods"`, `picture = "sunset"`, `one: there is no picture "sunset"`},
		{"unknown topic", `stuck = "sms"`, `stuck = "weather"`, `one: there is no recovery topic "weather"`},
		{"unknown requirement", `requires = ["R13"]`, `requires = ["R73"]`, `one: there is no requirement "R73"`},
		{"odd requirement", `requires = ["R13"]`, `requires = ["R1"]`, `one: there is no requirement "R1"`},
		{"leads astray", `label = "Refused"` + "\nto = \"two\"", `label = "Refused"` + "\nto = \"nowhere\"", `three: it leads to "nowhere"`},
		{"two main choices", `label = "Refused"`, "label = \"Refused\"\nmain = true", "three: 2 choices are the main one"},
		{"two of a name", `label = "Refused"`, `label = "Accepted"`, `three: two choices are called "Accepted"`},
		{"no recommendation", "recommended = true", "", "one: there are 2 cards, not two with one recommended"},
		{"too long", "Press it.", "Press it. Wait.", "three: its text has 4 sentences"},
		{"no text", `text = ["Scan it."]`, ``, "two: its text has 0 sentences"},
		{"no title", `title = "Scan"`, ``, "two: the title is empty"},
		{"shouting", "You are done.", "You are done!", "has an exclamation mark"},
		{"jargon", "You are done.", "The token is done.", `says "token"`},
		{"jargon on a card", `pros = ["Safe"]`, `pros = ["Safe TOTP"]`, `says "TOTP"`},
		{"typewriter quotes", "You are done.", "You're done.", "has typewriter quotes"},
		{"no sentence", "You are done.", "You are done", "is no sentence"},
		{"placeholder", "{contact}", "{password}", "has the unknown placeholder {password}"},
		{"in nothing's place", `text = ["Scan it."]`, "text = [\"Scan it.\"]\npoints = [\"Ask {contact}\"]\n[step.without]\ncodes = \"Look for them\"", `two: no point needs "codes"`},
		{"jargon in its place", `text = ["Scan it."]`, "text = [\"Scan it.\"]\npoints = [\"Ask {contact}\"]\n[step.without]\ncontact = \"Ask for the token\"", `says "token"`},
		{"a strange name", `name = "setup"` + "\n[[entry]]", `name = "dance"` + "\n[[entry]]", `a guide is not called "dance"`},
		{"usual of no outcome", "[[entry]]", "[[usual]]\nlive = \"checks\"\non = \"sent\"\nto = \"end\"\n[[entry]]", `the live piece "checks" never ends in "sent"`},
		{"a platform left out", `phone = [`, `android = [`, "three: it says 0 sentences on ios"},
		{"too much to look at", `"Turn it."`, `"Turn it. Shake it. Knock on it. Put it down."`, "three: it says 5 sentences on android"},
		{"what nobody reads", `macos = ["Look at the Mac."]`, `linux = ["A."]` + "\nwindows = [\"B.\"]\nmacos = [\"C.\"]", `three: nobody reads what it says on "computer"`},
		{"no platform", `macos = [`, `beos = [`, `three: nobody reads what it says on "beos"`},
		{"jargon of a platform", "Look at the Mac.", "Look at the OTP.", `says "OTP"`},
		{"nothing that comes next", `next = ["review"]`, `next = ["dance"]`, `end: the set-up has no entry "dance"`},
		{"next in the middle", `live = "scan"`, "live = \"scan\"\nnext = [\"review\"]", "two: it is no end and names what comes next"},
		{"next at a pause", "end = true", "end = true\npause = true", "end: it is no end and names what comes next"},
		{"open placeholder", "{contact}", "{contact", "has the unknown placeholder {contact"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(small, c.old, c.wrong, 1)
			if text == small {
				t.Fatalf("%q is not there", c.old)
			}
			faults := Check(parse(t, text), nil)
			if !slices.ContainsFunc(faults, func(f Fault) bool { return strings.Contains(f.String(), c.want) }) {
				t.Errorf("got %v\nwant %s", faults, c.want)
			}
		})
	}
}

// In the recovery guide an end leads on.
func TestAnEndLeadsOn(t *testing.T) {
	text := strings.Replace(strings.Replace(small, `name = "setup"`, `name = "recover"`, 1), "next = [\"review\"]\n", "", 1)
	want := Fault{"end", "it is an end and names nothing that comes next"}
	if got := Check(parse(t, text), nil); !slices.Equal(got, []Fault{want}) {
		t.Errorf("got %v", got)
	}
}

func TestMissingTranslations(t *testing.T) {
	got := Check(parse(t, small), func(english string) []string {
		if english == "Accepted" {
			return []string{"de", "sw"}
		}
		return nil
	})
	want := []Fault{{"", `"Accepted" is not translated into de`}, {"", `"Accepted" is not translated into sw`}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no TOML":       "= =",
		"unknown field": "[[step]]\nid = \"a\"\ncolour = \"red\"",
		"twice":         "[[step]]\nid = \"a\"\n[[step]]\nid = \"a\"",
		"no id":         "[[step]]\ntitle = \"a\"",
		"another type":  "[[step]]\nid = 1",
		"too large":     strings.Repeat("#\n", MaxBytes),
	} {
		if g, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: no error, %+v", name, g)
		}
	}
}

func TestSentences(t *testing.T) {
	got := parse(t, small).Sentences()
	for _, s := range []string{"Set it up", "How?", "Choose.", "Safe", "Long", "Refused", "App", "Look at the Mac.", "Turn it."} {
		if !slices.Contains(got, s) {
			t.Errorf("%q is missing of %q", s, got)
		}
	}
	if !slices.IsSorted(got) || slices.Contains(got, "two") {
		t.Errorf("%q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("[[step]]\nid = \"a\"\n[[step.choice]]\nto = \"a\"\nif = \"!!linked  linked\""))
	f.Add([]byte("[[entry]]\nfirst = \"a\"\n[[step]]\nid = \"a\"\nlive = \"scan\"\n[[step.outcome]]\non = \"added\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		g, err := Parse(data)
		if err != nil {
			return
		}
		_ = Check(g, nil)
		for _, e := range g.Entries {
			r, err := g.Begin(e.Name, Facts{})
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				if at, of := r.Progress(); at < 1 || of < at {
					t.Fatalf("%d of %d", at, of)
				}
				s := r.Step()
				if len(s.Choices) == 0 {
					break
				}
				_ = r.Choose(s.Choices[len(s.Choices)-1])
			}
		}
	})
}
