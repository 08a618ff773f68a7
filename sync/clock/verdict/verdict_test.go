// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"pgregory.net/rapid"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
)

var now = time.Date(2026, 11, 25, 18, 0, 7, 0, time.UTC)

const ms = time.Millisecond

// measured is the status after several servers agreed on an offset.
func measured(offset, uncertainty time.Duration) clock.Status {
	e := func(name string) clock.Estimate {
		return clock.Estimate{Offset: offset, Uncertainty: uncertainty, Kind: clock.NTP, Name: name, Operator: name}
	}
	m := clock.Measurement{
		Agreement: clock.Agreement{
			Offset: offset, Uncertainty: uncertainty, Majority: true,
			With: []clock.Estimate{e("a.example"), e("b.example"), e("c.example")},
		},
		At: clock.Times{Wall: now},
	}
	return clock.Status{Measured: &m, Uncertainty: uncertainty}
}

const (
	future = "Someone could be giving you a wrong time to see codes of the future."
	zoned  = "the time zone was probably set by hand, or the clock was set to the time of another zone."
)

func TestSentences(t *testing.T) {
	for _, tc := range []struct {
		offset time.Duration
		tone   Tone
		cause  Cause
		want   string
	}{
		{0, Right, NoCause, "Your clock is right. It is right to within 0.02 seconds."},
		{1900 * ms, Right, NoCause, "Your clock is right. It is right to within 2 seconds."},
		{2 * time.Second, Right, NoCause, "Your clock is 2 seconds slow: that does no harm."},
		{-3 * time.Second, Right, NoCause, "Your clock is 3 seconds fast: that does no harm."},
		{20 * time.Second, Look, NoCause, "Your clock is 20 seconds slow: codes may be refused now and then."},
		{-29 * time.Second, Look, NoCause, "Your clock is 29 seconds fast: codes may be refused now and then."},
		{31 * time.Second, Look, NoCause, "Your clock is 31 seconds slow: codes will be refused now and then. Nearly all codes are still taken."},
		{-31 * time.Second, Look, NoCause, "Your clock is 31 seconds fast: codes will be refused now and then. Nearly all codes are still taken."},
		{44 * time.Second, Look, NoCause, "Your clock is 44 seconds slow: codes will be refused now and then. About 5 of 10 codes are still taken."},
		{45 * time.Second, Look, NoCause, "Your clock is 45 seconds slow: codes will be refused now and then. About 5 of 10 codes are still taken."},
		{47 * time.Second, Fail, NoCause, "Your clock is 47 seconds slow: codes will be refused. About 4 of 10 codes are still taken."},
		{-57 * time.Second, Fail, NoCause, "Your clock is 57 seconds fast: codes will be refused. About 1 of 10 codes is still taken."},
		{59 * time.Second, Fail, NoCause, "Your clock is 59 seconds slow: codes will be refused. Hardly any code is still taken."},
		{120 * time.Second, Fail, NoCause, "Your clock is 2 minutes slow: codes will be refused."},
		{-125 * time.Second, Fail, NoCause, "Your clock is 2 minutes 5 seconds fast: codes will be refused."},
		{time.Hour, Fail, Zone, "Your clock is 1 hour slow: codes will be refused. It is off by exactly 1 hour: " + zoned},
		{-2 * time.Hour, Fail, Zone, "Your clock is 2 hours fast: codes will be refused. It is off by exactly 2 hours: " + zoned},
		{-2*time.Hour - 90*time.Second, Fail, Zone, "Your clock is 2 hours 2 minutes fast: codes will be refused. It is off by nearly 2 hours: " + zoned},
		{5*time.Hour + 30*time.Minute, Fail, Zone, "Your clock is 5 hours 30 minutes slow: codes will be refused. It is off by exactly 5 hours 30 minutes: " + zoned},
		{-(5*time.Hour + 45*time.Minute), Fail, Zone, "Your clock is 5 hours 45 minutes fast: codes will be refused. It is off by exactly 5 hours 45 minutes: " + zoned},
		{2*time.Hour + 20*time.Minute, Fail, NoCause, "Your clock is 2 hours 20 minutes slow: codes will be refused."},
		{24 * time.Hour, Fail, NoCause, "Your clock is 1 day slow: codes will be refused."},
		{-27 * time.Hour, Fail, NoCause, "Your clock is 1 day 3 hours fast: codes will be refused."},
		{3652 * 24 * time.Hour, Fail, Year, "Your clock is 10 years slow: codes will be refused. The date is wrong. Secure web pages do not open either with a date like that."},
	} {
		v := Of(measured(tc.offset, 16*ms), system.Hint{Synced: system.No}, now)
		if got := strings.Join(append([]string{v.Headline}, v.Notes...), " "); got != tc.want {
			t.Errorf("%v:\n got %s\nwant %s", tc.offset, got, tc.want)
		}
		if v.Tone != tc.tone || v.Cause != tc.cause {
			t.Errorf("%v: tone %d, cause %d; want %d, %d", tc.offset, v.Tone, v.Cause, tc.tone, tc.cause)
		}
	}
}

func TestSpecialSentences(t *testing.T) {
	with := func(s clock.Status, change func(*clock.Status)) clock.Status {
		change(&s)
		return s
	}
	alone := clock.Single(clock.Estimate{Offset: 47 * time.Second, Uncertainty: 15 * time.Second, Kind: clock.Codes}, clock.Times{Wall: now})
	for name, tc := range map[string]struct {
		s    clock.Status
		h    system.Hint
		now  time.Time
		tone Tone
		want string
	}{
		"nothing known": {want: "Nobody has checked this clock yet."},
		"the system says yes": {
			h:    system.Hint{Synced: system.Yes, MaxError: 41 * ms},
			want: "This device says that it keeps its clock right, to within 0.05 seconds. Nobody else has checked it yet.",
		},
		"the system says no":   {h: system.Hint{Synced: system.No}, want: "Nobody has checked this clock yet. This device says that nothing keeps its clock right."},
		"automatic time off":   {h: system.Hint{Automatic: system.No}, want: "Nobody has checked this clock yet. Setting the time automatically is switched off."},
		"a year in the past":   {now: now.AddDate(-10, 0, 0), tone: Fail, want: "Your clock says 2016: codes will be refused. The date is wrong. Secure web pages do not open either with a date like that."},
		"a year in the future": {now: now.AddDate(80, 0, 0), tone: Fail, want: "Your clock says 2106: codes will be refused. The date is wrong. Secure web pages do not open either with a date like that."},
		"off and not automatic": {
			s: measured(47*time.Second, ms), h: system.Hint{Automatic: system.No}, tone: Fail,
			want: "Your clock is 47 seconds slow: codes will be refused. Setting the time automatically is switched off. About 4 of 10 codes are still taken.",
		},
		"right and not automatic": {
			s: measured(0, ms), h: system.Hint{Automatic: system.No}, tone: Right,
			want: "Your clock is right. It is right to within 0.01 seconds.",
		},
		"corrected": {
			s: with(measured(47*time.Second, ms), func(s *clock.Status) { s.Applied = s.Measured.Offset }), tone: Right,
			want: "Your clock is 47 seconds slow. Your codes are corrected, so they work.",
		},
		"corrected by what is not known well": {
			s: with(measured(-100*time.Second, 40*time.Second), func(s *clock.Status) { s.Applied = s.Measured.Offset }), tone: Look,
			want: "Your clock is 100 seconds fast. Your codes are corrected, but may be refused now and then. That is known to within 40 seconds.",
		},
		"switched off": {
			s: with(measured(47*time.Second, ms), func(s *clock.Status) { s.Off = true }), tone: Fail,
			want: "Your clock is 47 seconds slow: codes will be refused. You have switched the correction off. About 4 of 10 codes are still taken.",
		},
		"stepped": {
			s: with(measured(47*time.Second, ms), func(s *clock.Status) {
				s.Stale, s.Dropped = clock.Stepped, &clock.Dropped{Why: clock.Stepped, Offset: 47 * time.Second}
			}), tone: Look,
			want: "The clock was set since it was last checked. The clock was changed, so the correction of +47 s was dropped.",
		},
		"stepped, nothing dropped": {
			s: with(measured(0, ms), func(s *clock.Status) { s.Stale = clock.Stepped }), h: system.Hint{Synced: system.Yes, MaxError: ms},
			want: "The clock was set since it was last checked. This device says that it keeps its clock right.",
		},
		"restarted": {
			s: with(measured(-65*time.Second, ms), func(s *clock.Status) {
				s.Stale, s.Dropped = clock.Restarted, &clock.Dropped{Why: clock.Restarted, Offset: -65 * time.Second}
			}), tone: Look,
			want: "This device was started anew since its clock was last checked. " +
				"This device was started anew, so the correction of −1 min 5 s was dropped. If nobody has set the clock since, you can go on with it.",
		},
		"more than five minutes": {
			s: with(measured(6*time.Minute, ms), func(s *clock.Status) { s.Ask = true }), tone: Fail,
			want: "Your clock is 6 minutes slow: codes will be refused. That is more than five minutes, so you are asked before your codes are corrected. " + future,
		},
		"more than five minutes fast": {
			s: with(measured(-6*time.Minute, ms), func(s *clock.Status) { s.Ask = true }), tone: Fail,
			want: "Your clock is 6 minutes fast: codes will be refused. That is more than five minutes, so you are asked before your codes are corrected.",
		},
		"one source": {
			s: clock.Status{Measured: &alone, Uncertainty: 15 * time.Second, Ask: true}, tone: Fail,
			want: "Your clock is 47 seconds slow: codes will be refused. " +
				"Only one source says so, so you are asked before your codes are corrected. " + future +
				" About 4 of 10 codes are still taken. That is known to within 15 seconds.",
		},
		"one source, perhaps nothing": {
			s: with(clock.Status{Uncertainty: 15 * time.Second}, func(s *clock.Status) {
				m := alone
				m.Offset = 3 * time.Second
				m.Uncertainty = 15 * time.Second
				s.Measured = &m
			}), tone: Right,
			want: "Your clock is right to within 18 seconds. That is uncertain: it may be anything from 12 seconds fast to 18 seconds slow.",
		},
		"right as far as one can tell": {s: measured(time.Second, 14*time.Second), tone: Right, want: "Your clock is right to within 15 seconds."},
		"a service took codes": {
			s: with(clock.Status{Uncertainty: 50 * time.Second}, func(s *clock.Status) {
				m := clock.Single(clock.Estimate{Offset: 5 * time.Second, Uncertainty: 50 * time.Second, Kind: clock.Tries}, clock.Times{})
				s.Measured = &m
			}), tone: Right,
			want: "A service took your codes: your clock is right to within 55 seconds. That is uncertain: it may be anything from 45 seconds fast to 55 seconds slow.",
		},
		"too little known": {s: measured(time.Second, 40*time.Second), tone: Look, want: "Your clock is right to within 41 seconds: codes may be refused now and then."},
		"old": {
			s: with(measured(0, ms), func(s *clock.Status) { s.Age, s.Uncertainty = 73*time.Hour, 2*time.Second }), tone: Right,
			want: "Your clock is right. It is right to within 2 seconds. That was measured 3 days 1 hour ago.",
		},
		"one of five against": {
			s: with(measured(0, ms), func(s *clock.Status) {
				s.Measured.With = append(s.Measured.With, clock.Estimate{})
				s.Measured.Against = []clock.Estimate{{Offset: time.Hour}}
			}), tone: Right,
			want: "Your clock is right. It is right to within 0.01 seconds. 1 of 5 sources says something else and was not believed.",
		},
		"newer": {
			s:    clock.Status{Newer: true},
			want: "Nobody has checked this clock yet. What was noted of the clock is of a newer version of this program. It was left as it is.",
		},
		"damaged": {
			s:    clock.Status{Damaged: true},
			want: "Nobody has checked this clock yet. What was noted of the clock could not be read, so it starts anew.",
		},
	} {
		if tc.now.IsZero() {
			tc.now = now
		}
		v := Of(tc.s, tc.h, tc.now)
		if got := strings.Join(append([]string{v.Headline}, v.Notes...), " "); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
		if v.Tone != tc.tone {
			t.Errorf("%s: tone %d, want %d", name, v.Tone, tc.tone)
		}
	}
}

func TestMark(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		0:                            {"", ""},
		47 * time.Second:             {"+47 s", "Codes are corrected: this clock is 47 seconds slow."},
		-65 * time.Second:            {"−1 min 5 s", "Codes are corrected: this clock is 65 seconds fast."},
		59700 * ms:                   {"+1 min", "Codes are corrected: this clock is 60 seconds slow."},
		2 * time.Hour:                {"+2 h", "Codes are corrected: this clock is 2 hours slow."},
		-150 * time.Minute:           {"−2 h 30 min", "Codes are corrected: this clock is 2 hours 30 minutes fast."},
		27 * time.Hour:               {"+1 d 3 h", "Codes are corrected: this clock is 1 day 3 hours slow."},
		-3652 * 24 * time.Hour:       {"−3652 d", "Codes are corrected: this clock is 10 years fast."},
		time.Duration(math.MinInt64): {"−106752 d", "Codes are corrected: this clock is 292 years fast."},
	} {
		if mark, spoken := Mark(d); mark != want[0] || spoken != want[1] {
			t.Errorf("%v: %q, %q", d, mark, spoken)
		}
	}
}

func TestSize(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 seconds", time.Second: "1 second", 119 * time.Second: "119 seconds", 119600 * ms: "2 minutes", 121 * time.Second: "2 minutes 1 second",
		9*time.Minute + 59700*ms: "10 minutes", 59*time.Minute + 45*time.Second: "1 hour", -61 * time.Minute: "1 hour 1 minute",
		24*time.Hour - time.Second: "1 day", 10*24*time.Hour - time.Minute: "10 days", 600 * 24 * time.Hour: "600 days", 731 * 24 * time.Hour: "2 years",
	} {
		if got := Size(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0.01 seconds", 21 * ms: "0.03 seconds", 20 * ms: "0.02 seconds", 300 * ms: "0.3 seconds", time.Second: "1 second", 1100 * ms: "2 seconds", 15 * time.Second: "15 seconds",
	} {
		if got := Within(d); got != want {
			t.Errorf("within %v: %q, want %q", d, got, want)
		}
	}
}

func TestSources(t *testing.T) {
	m := clock.Measurement{Agreement: clock.Agreement{
		With: []clock.Estimate{
			{Offset: 47020 * ms, Uncertainty: 10 * ms, Kind: clock.NTS, Name: "time.cloudflare.com", Operator: "Cloudflare", Proven: true},
			{Offset: 47 * time.Second, Uncertainty: 15 * time.Second, Kind: clock.Codes},
			{Offset: 47100 * ms, Uncertainty: 300 * ms, Kind: clock.Web, Name: "example.com"},
			{Offset: 47100 * ms, Uncertainty: 3 * ms, Kind: clock.Service, Name: "Kutano", Proven: true},
		},
		Against: []clock.Estimate{
			{Offset: -3 * time.Hour, Uncertainty: 20 * ms, Kind: clock.NTP, Name: "liar.example"},
			{Offset: -1500 * ms, Uncertainty: 20 * ms, Kind: clock.NTP},
		},
	}}
	want := []SourceLine{
		{"time.cloudflare.com", "a time server, proven: trusts Cloudflare", "+47.02 s ± 0.01 s", true},
		{"Another device", "its codes: as right as that device", "+47.0 s ± 15.0 s", true},
		{"example.com", "a web server: trusts example.com and the network on the way", "+47.10 s ± 0.30 s", true},
		{"Kutano", "the clock of a service, proven: trusts Kutano", "+47.100 s ± 0.003 s", true},
		{"liar.example", "a time server: trusts liar.example and the network on the way", "−3 h ± 0.02 s", false},
		{"A time server", "a time server: trusts whoever runs it and the network on the way", "−1.50 s ± 0.02 s", false},
	}
	if got := Sources(&m); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if Sources(nil) != nil {
		t.Error("nothing has sources")
	}
}

func TestPicture(t *testing.T) {
	v := Of(measured(47*time.Second, ms), system.Hint{}, now)
	p := v.Picture
	// 18:00:07 + 47 s is 18:00:54, in the step from 18:00:30.
	if p == nil || !p.Start.Equal(time.Date(2026, 11, 25, 17, 59, 30, 0, time.UTC)) || p.Period != 30*time.Second {
		t.Fatalf("picture %+v", p)
	}
	if !slices.Equal(p.Accepted, []bool{false, true, true, true, false}) {
		t.Errorf("accepted %v", p.Accepted)
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
	if !near(p.Service, 2.8) || !near(p.Device, 37.0/30) || p.Codes != p.Device {
		t.Errorf("service %v, device %v, codes %v", p.Service, p.Device, p.Codes)
	}
	if Of(clock.Status{}, system.Hint{}, now).Picture != nil {
		t.Error("there is a picture of nothing")
	}
}

func TestDirectionAndTone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := measured(time.Duration(rapid.Int64().Draw(t, "offset")), time.Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "uncertainty")))
		small := rapid.Bool().Draw(t, "small")
		if small {
			s.Measured.Offset = time.Duration(rapid.Int64Range(-int64(2*time.Minute), int64(2*time.Minute)).Draw(t, "small offset"))
			s.Uncertainty = time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "small uncertainty"))
			s.Measured.Uncertainty = s.Uncertainty
		}
		if rapid.Bool().Draw(t, "applied") {
			s.Applied = s.Measured.Offset
		}
		s.Ask, s.Off = rapid.Bool().Draw(t, "ask"), rapid.Bool().Draw(t, "off")
		s.Measured.Majority = rapid.Bool().Draw(t, "majority")
		s.Stale = rapid.SampledFrom([]clock.Why{"", "", clock.Stepped, clock.Restarted}).Draw(t, "stale")
		if rapid.Bool().Draw(t, "dropped") {
			s.Dropped = &clock.Dropped{Why: s.Stale, Offset: time.Duration(rapid.Int64().Draw(t, "dropped by"))}
		}
		h := system.Hint{Synced: system.Answer(rapid.IntRange(0, 2).Draw(t, "synced")), Automatic: system.Answer(rapid.IntRange(0, 2).Draw(t, "automatic"))}
		at := time.Unix(rapid.Int64Range(-1<<36, 1<<40).Draw(t, "now"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns"))
		v := Of(s, h, at)
		if !strings.HasSuffix(v.Headline, ".") {
			t.Fatalf("headline %q", v.Headline)
		}
		for _, n := range v.Notes {
			if !strings.HasSuffix(n, ".") || strings.Contains(n, "{") {
				t.Fatalf("note %q", n)
			}
		}
		Sources(s.Measured)
		if s.Stale != "" {
			return
		}
		if off := s.Measured.Offset; off.Abs() >= clock.Worth && off.Abs() > s.Measured.Uncertainty { // else it may be right
			if strings.Contains(v.Headline, " slow") != (off > 0) || strings.Contains(v.Headline, " fast") != (off < 0) {
				t.Fatalf("%v: %q", off, v.Headline)
			}
		}
		// The worse of what is possible decides, not the better.
		rest := math.Abs(s.Measured.Offset.Seconds() - s.Applied.Seconds())
		if v.Tone == Right && rest+s.Uncertainty.Seconds() > 30.001 {
			t.Fatalf("%v off, ± %v: %q", rest, s.Uncertainty, v.Headline)
		}
		if rest > 60+s.Uncertainty.Seconds() && v.Tone != Fail && s.Applied == 0 {
			t.Fatalf("%v off: %q", rest, v.Headline)
		}
	})
}

// What the picture says a service takes is what a service takes.
func TestAcceptedIsWhatServicesTake(t *testing.T) {
	const key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	o := totp.ValidateOpts{Period: 30, Skew: 1, Digits: 10, Algorithm: otp.AlgorithmSHA1}
	rapid.Check(t, func(t *rapid.T) {
		offset := time.Duration(rapid.Int64Range(-int64(100*time.Second), int64(100*time.Second)).Draw(t, "offset"))
		at := now.Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "now")))
		p := Of(measured(offset, ms), system.Hint{}, at).Picture
		code, err := totp.GenerateCodeCustom(key, at, o)
		if err != nil {
			t.Fatal(err)
		}
		taken, err := totp.ValidateCustom(code, key, at.Add(offset), o)
		if err != nil {
			t.Fatal(err)
		}
		step := int(math.Floor(p.Device))
		want := step >= 0 && step < len(p.Accepted) && p.Accepted[step]
		if taken != want {
			t.Fatalf("off by %v: the service takes the code: %v; the picture says %v", offset, taken, want)
		}
		// So often as is said.
		if s := share(offset.Seconds()); taken && s == 0 || !taken && s == 1 {
			t.Fatalf("off by %v: taken %v, though the share is %v", offset, taken, s)
		}
	})
}

// At the edge it is not the last digit that decides.
func TestEdge(t *testing.T) {
	for u := time.Duration(0); u < 2*time.Second; u += 7919 * time.Microsecond {
		for _, off := range []time.Duration{45 * time.Second, -45 * time.Second} {
			if v := Of(measured(off, u), system.Hint{}, now); v.Tone != Look {
				t.Fatalf("%v ± %v: %q", off, u, v.Headline)
			}
		}
	}
}

// The share is what trying every moment of a step gives.
func TestShare(t *testing.T) {
	for _, off := range []float64{0, 20, 29.9, 31, -44, 45, 47, -59, 61, 3600} {
		const n = 3000
		taken := 0
		for i := range n {
			service := 30 * (float64(i) + 0.5) / n
			if math.Abs(math.Floor((service-off)/30)-math.Floor(service/30)) <= 1 {
				taken++
			}
		}
		if got := accepted(off, 0); math.Abs(got-float64(taken)/n) > 1e-3 {
			t.Errorf("off by %v: %v, trying gives %v", off, got, float64(taken)/n)
		}
		// Spread over an uncertainty, it is the mean.
		sum := 0.0
		for i := range n {
			sum += share(off + 20*(2*(float64(i)+0.5)/n-1))
		}
		if got := accepted(off, 20); math.Abs(got-sum/n) > 1e-4 {
			t.Errorf("off by %v ± 20: %v, want %v", off, got, sum/n)
		}
	}
}
