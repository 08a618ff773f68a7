// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

func TestSourcesHaveTheirFigures(t *testing.T) {
	b := newBench(t)
	m := agreed(47*time.Second, b.dev.read())
	m.Against = []clock.Estimate{{Offset: time.Hour, Uncertainty: time.Second, Kind: clock.NTP, Name: "time.liar.example"}}
	if err := b.true.Take(m); err != nil {
		t.Fatal(err)
	}
	b.open()
	b.seesNot("time.one.example")
	b.press("Who was asked, and who may be")
	b.sees("time.one.example", "time.two.example", "+47.00 s ± 0.02 s", "time.liar.example", "not believed")
}

// The choice of who may be asked is shown, and kept when it is changed.
func TestNetworkChoice(t *testing.T) {
	b := newBench(t)
	b.open()
	o := b.s.page.sources
	if o.network.SelectedIndex() != -1 {
		t.Error("something is chosen before the user did")
	}
	b.press("Who was asked, and who may be")
	b.sees("Web servers are asked, too")
	o.network.SetSelectedIndex(2)
	if got := b.true.Status().Network; got != clock.Daily {
		t.Errorf("kept %q", got)
	}
	_ = b.true.Allow(clock.Never, nil)
	b.s.Tick()
	if o.network.SelectedIndex() != 0 || b.true.Status().Network != clock.Never {
		t.Error("what another program changed is not shown, or is changed back")
	}
	if b.net.calls != 0 {
		t.Error("the choice alone has somebody asked")
	}
}

func TestOwnServers(t *testing.T) {
	b := newBench(t)
	_ = b.true.Allow(clock.OnDemand, []string{"old.example"})
	b.open()
	b.press("Who was asked, and who may be")
	o := b.s.page.sources
	if o.servers.Text != "old.example" {
		t.Errorf("shows %q", o.servers.Text)
	}
	o.servers.SetText("time.example.org\nnot a server")
	b.press("Use these servers")
	b.sees("“not a server” is no name of a server")
	if got := b.true.Status().Servers; !slices.Equal(got, []string{"old.example"}) {
		t.Errorf("kept %q", got)
	}
	o.servers.SetText("  Time.Example.org \n\n192.0.2.1:123\ntime.example.org")
	b.press("Use these servers")
	b.sees("Kept. They are asked from now on.")
	if got := b.true.Status(); !slices.Equal(got.Servers, []string{"time.example.org", "192.0.2.1:123"}) || got.Network != clock.OnDemand {
		t.Errorf("kept %+v", got)
	}
	o.servers.SetText("")
	b.press("Use these servers")
	b.sees("The usual servers are asked")
	if got := b.true.Status().Servers; len(got) != 0 {
		t.Errorf("kept %q", got)
	}
	_ = b.true.Allow(clock.Never, nil)
	b.press("Use these servers")
	b.sees("Kept. Nobody is asked before you allow it.")
}

func TestServers(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
		bad  string
	}{
		{"", nil, ""},
		{"a.example\r\nb.example:4460\n", []string{"a.example", "b.example:4460"}, ""},
		{"localhost", []string{"localhost"}, ""},
		{"2001:db8::1\n[2001:db8::1]:123\n192.0.2.7", []string{"2001:db8::1", "[2001:db8::1]:123", "192.0.2.7"}, ""},
		{"a.example.", []string{"a.example."}, ""},
		{"https://a.example", nil, "https://a.example"},
		{"a.example:0", nil, "a.example:0"},
		{"a.example:+1", nil, "a.example:+1"},
		{"a.example:65536", nil, "a.example:65536"},
		{"192.0.2.300", nil, "192.0.2.300"},
		{"192.0.2.1:0", nil, "192.0.2.1:0"},
		{"-a.example", nil, "-a.example"},
		{"a..example", nil, "a..example"},
		{strings.Repeat("a", 64) + ".example", nil, strings.Repeat("a", 64) + ".example"},
		{"bücher.example", nil, "bücher.example"},
	} {
		got, bad := servers(c.in)
		if !slices.Equal(got, c.want) || bad != c.bad {
			t.Errorf("%q: %q %q, want %q %q", c.in, got, bad, c.want, c.bad)
		}
	}
	many := ""
	for i := range mostServers + 1 {
		many += "s" + string(rune('a'+i)) + ".example\n"
	}
	if got, bad := servers(many); got != nil || bad != "sq.example" {
		t.Errorf("too many: %q %q", got, bad)
	}
}

// What is taken for a server is in small letters, has no blanks and is read the
// same again.
func FuzzServers(f *testing.F) {
	for _, seed := range []string{"", "a.example", "a.example:123\n192.0.2.1", "[::1]:123", "::1\n:\n", "a b", "a.example:00123"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, bad := servers(text)
		if bad != "" && list != nil || len(list) > mostServers {
			t.Fatalf("%q %q", list, bad)
		}
		for _, s := range list {
			if s == "" || strings.ContainsAny(s, " \t\r\n/@\"") || strings.ToLower(s) != s {
				t.Errorf("%q is taken for a server", s)
			}
		}
		again, bad := servers(strings.Join(list, "\n"))
		if bad != "" || !slices.Equal(again, list) {
			t.Errorf("%q is read as %q %q", list, again, bad)
		}
	})
}
