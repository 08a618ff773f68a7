// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package fromcodes

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

const period = 30 * time.Second

// noon is the beginning of a step and of a minute.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// device makes the clocks of a device that is wrong by an offset: true time is
// so much later than its wall clock.
type device struct{ offset time.Duration }

func (d device) at(truth time.Time) clock.Times {
	return clock.Times{Wall: truth.Add(-d.offset), Boot: 1000*time.Hour + truth.Sub(noon), BootID: "one"}
}

// other is another device: its clock is right and it has the same key.
type other struct{ key otpauth.Key }

func newOther(seed uint64) other {
	b := make([]byte, 20)
	r := rand.New(rand.NewPCG(seed, 4226))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return other{otpauth.Key{Type: otpauth.TOTP, Secret: secret.New(b)}.Normal()}
}

func (o other) code(at time.Time) string {
	c, err := o.key.Code(at)
	if err != nil {
		panic(err)
	}
	return c.Value
}

// find looks as the vault does.
func (o other) find(_ context.Context, code string, at time.Time, reach time.Duration) ([]int64, error) {
	p := int64(o.key.Period)
	return o.key.Steps(code, max(at.Add(-reach).Unix(), 0)/p, at.Add(reach).Unix()/p)
}

// list finds what it was told.
func list(codes map[string][]int64) Find {
	return func(_ context.Context, code string, at time.Time, reach time.Duration) ([]int64, error) {
		var in []int64
		for _, s := range codes[code] {
			if t := time.Unix(s*30, 0); t.Sub(at).Abs() <= reach {
				in = append(in, s)
			}
		}
		return in, nil
	}
}

// table finds what the other device shows within two days of noon, quickly.
func (o other) table() Find {
	steps, now := map[string][]int64{}, noon.Unix()/30
	for s := now - 5760; s <= now+5760; s++ {
		c := o.code(time.Unix(s*30, 0))
		steps[c] = append(steps[c], s)
	}
	return list(steps)
}

// All by hand: a code of the step [12:00:00, 12:00:30), confirmed when the
// device shows some time.
func TestCompare(t *testing.T) {
	step := noon.Unix() / 30
	right := func(after time.Duration) clock.Times { return device{}.at(noon.Add(after)) }
	const s = time.Second
	find := list(map[string][]int64{
		"111111": {step}, "222222": {step + 1}, "333333": {step + 60}, "444444": {step + 1440}, "555555": {step + 1441},
		"666666": {step, step - 7}, "777777": {step + 5760}, "888888": {step + 5761}, "1111": {step}, "1B1B1": {step},
		"999999": {step + 121},
	})
	for _, tt := range []struct {
		name                string
		readings            []Reading
		offset, uncertainty time.Duration
		err                 error
	}{
		{"right, in the middle", []Reading{{"111111", right(20 * s), false}}, 0, 20 * s, nil},
		{"right, at the start", []Reading{{"111111", right(0), false}}, 20 * s, 20 * s, nil},
		{"right, read and then typed", []Reading{{"111111", right(40 * s), false}}, -20 * s, 20 * s, nil},
		{"a flip, tapped as people do", []Reading{{"111111", right(300 * ms), true}}, 0, 500 * ms, nil},
		{"a flip, tapped at once", []Reading{{"111111", right(0), true}}, 300 * ms, 500 * ms, nil},
		{"47 s slow: shows 11:59:23 at 12:00:10", []Reading{{"111111", right(-37 * s), false}}, 57 * s, 20 * s, nil},
		{"47 s fast", []Reading{{"111111", right(57 * s), false}}, -37 * s, 20 * s, nil},
		{"half an hour slow", []Reading{{"333333", right(20 * s), false}}, 30 * time.Minute, 20 * s, nil},
		// First: offset in [-29, 11]; second: in [-1, 39]. 29 s later a clock of 100 ppm is 2.9 ms off.
		{"two codes", []Reading{{"111111", right(29 * s), false}, {"222222", right(31 * s), false}}, 5 * s, 6*s + 100*us, nil},
		{"a flip after a code", []Reading{{"111111", right(29 * s), false}, {"222222", right(30 * s), true}}, 300 * ms, 500 * ms, nil},
		{"the same code again", []Reading{{"111111", right(5 * s), false}, {"111111", right(29 * s), false}}, 3 * s, 8*s + 1200*us, nil},
		{"over an hour, one code", []Reading{{"999999", right(20 * s), false}}, 0, 0, ErrSecond},
		{"12 hours, one code", []Reading{{"444444", right(20 * s), false}}, 0, 0, ErrSecond},
		{"12 hours, the same code again", []Reading{{"444444", right(20 * s), false}, {"444444", right(21 * s), false}}, 0, 0, ErrSecond},
		{"12 hours, two codes", []Reading{{"444444", right(20 * s), false}, {"555555", right(50 * s), false}}, 12 * time.Hour, 20*s + 1500*us, nil},
		{"two days, two codes", []Reading{{"777777", right(20 * s), false}, {"888888", right(50 * s), false}}, 48 * time.Hour, 20*s + 1500*us, nil},
		{"two that do not fit", []Reading{{"111111", right(20 * s), false}, {"555555", right(50 * s), false}}, 0, 0, ErrNoMatch},
		{"two steps have it", []Reading{{"666666", right(20 * s), false}}, 0, 0, ErrSecond},
		{"a second decides", []Reading{{"666666", right(20 * s), false}, {"222222", right(50 * s), false}}, 0, 20*s + 1500*us, nil},
		{"four digits", []Reading{{"1111", right(20 * s), false}}, 0, 0, ErrSecond},
		{"Steam", []Reading{{"1B1B1", right(20 * s), false}}, 0, 20 * s, nil},
		{"no such code", []Reading{{"123456", right(20 * s), false}}, 0, 0, ErrNoMatch},
		{"the second is no code", []Reading{{"111111", right(20 * s), false}, {"123456", right(50 * s), false}}, 0, 0, ErrNoMatch},
		{"turned a little in between", []Reading{
			{"111111", right(300 * ms), true}, {"222222", device{-600 * ms}.at(noon.Add(30*s + 300*ms)), true},
		}, -600 * ms, 500 * ms, nil},
		{"set in between", []Reading{{"111111", right(20 * s), false}, {"222222", device{5 * s}.at(noon.Add(50 * s)), false}}, 0, 0, ErrStepped},
		{"the other order", []Reading{{"222222", right(50 * s), false}, {"111111", right(20 * s), false}}, 0, 0, ErrStepped},
		{"no boot to tell by, one code", []Reading{{"111111", clock.Times{Wall: noon.Add(20 * s)}, false}}, 0, 20 * s, nil},
		{"none", nil, 0, 0, ErrNoMatch},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Compare(t.Context(), find, period, tt.readings)
			if !errors.Is(err, tt.err) || (e.Offset-tt.offset).Abs() > 3*ms || (e.Uncertainty-tt.uncertainty).Abs() > 3*ms {
				t.Errorf("%v ± %v, %v; want %v ± %v, %v", e.Offset, e.Uncertainty, err, tt.offset, tt.uncertainty, tt.err)
			}
			if err == nil && (e.Kind != clock.Codes || e.Name != "") || err != nil && e != (clock.Estimate{}) {
				t.Errorf("%+v", e)
			}
		})
	}
}

const (
	ms = time.Millisecond
	us = time.Microsecond
)

// What find says is said on; nothing it cannot do is asked of it.
func TestCompareErrors(t *testing.T) {
	o := newOther(1)
	at := device{}.at(noon)
	for _, tt := range []struct {
		code   string
		period time.Duration
		want   error
	}{
		{"12345", period, otpauth.ErrCode},
		{"", period, otpauth.ErrCode},
		{"12345x", period, otpauth.ErrCode},
		{"123456", 0, errPeriod},
		{"123456", -period, errPeriod},
		{"123456", 1500 * ms, errPeriod},
	} {
		if _, err := Compare(t.Context(), o.find, tt.period, []Reading{{Code: tt.code, At: at}}); !errors.Is(err, tt.want) {
			t.Errorf("%q, %v: %v, want %v", tt.code, tt.period, err, tt.want)
		}
	}
	var asked []time.Duration
	ask := func(_ context.Context, _ string, _ time.Time, reach time.Duration) ([]int64, error) {
		asked = append(asked, reach)
		return nil, nil
	}
	for p, want := range map[time.Duration][]time.Duration{
		period: {time.Hour, 48 * time.Hour}, time.Second: {2 * time.Minute, 96 * time.Minute}, time.Minute: {time.Hour, 48 * time.Hour},
	} {
		asked = nil
		if _, err := Compare(t.Context(), ask, p, []Reading{{Code: "123456", At: at}}); !errors.Is(err, ErrNoMatch) || !slices.Equal(asked, want) {
			t.Errorf("a period of %v: looked within %v, %v; want %v", p, asked, err, want)
		}
	}
}

// upTo returns any time span from nothing to d, all as likely.
func upTo(r *rand.Rand, d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d) + 1)) }

// read is what an honest person types: read while it was shown, confirmed up to
// ten seconds later; or tapped around the flip. It also returns when that was.
func (o other) read(r *rand.Rand, d device, truth time.Time) (Reading, time.Time) {
	if r.IntN(2) == 0 {
		done := truth.Add(upTo(r, Delay))
		return Reading{Code: o.code(truth), At: d.at(done)}, done
	}
	flip := truth.Add(Haste).Truncate(period).Add(period)
	tap := flip.Add(Reaction - Haste + upTo(r, 2*Haste))
	return Reading{Code: o.code(flip), At: d.at(tap), Flip: true}, tap
}

// The truth is always within what comes out for honest readings.
func TestTruthIsWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		o := newOther(r.Uint64())
		within := rapid.SampledFrom([]time.Duration{time.Minute, 59 * time.Minute, 47 * time.Hour}).Draw(t, "within")
		d := device{upTo(r, 2*within) - within}
		truth := noon.Add(upTo(r, time.Hour))
		var readings []Reading
		for range rapid.IntRange(1, 4).Draw(t, "codes") {
			one, done := o.read(r, d, truth)
			readings, truth = append(readings, one), done.Add(upTo(r, time.Minute))
		}
		e, err := Compare(t.Context(), o.find, period, readings)
		if errors.Is(err, ErrSecond) {
			return // by chance, or rightly so
		}
		if err != nil {
			t.Fatal(err)
		}
		if d.offset < e.Low() || d.offset > e.High() {
			if len(readings) == 1 && d.offset.Abs() > 59*time.Minute {
				return // the chance that Compare tells of: one in 4,000
			}
			t.Fatalf("%v is not within %v ± %v", d.offset, e.Offset, e.Uncertainty)
		}
		if e.Uncertainty > period/2+Delay/2+time.Second {
			t.Fatalf("± %v", e.Uncertainty)
		}
	})
}

// More codes narrow it as they should: k codes at random phases, typed at once,
// to about 60/(k+1) s, of which the delay leaves ten seconds more.
func TestMoreCodesNarrow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	o, d := newOther(7), device{-100 * time.Second}
	for k := 1; k <= 4; k++ {
		const runs = 200
		var sum time.Duration
		for range runs {
			truth := noon.Add(time.Duration(r.Int64N(int64(time.Hour))))
			var readings []Reading
			for range k {
				readings = append(readings, Reading{Code: o.code(truth), At: d.at(truth)})
				truth = truth.Add(period + time.Duration(r.Int64N(int64(period))))
			}
			e, err := Compare(t.Context(), o.find, period, readings)
			if err != nil {
				t.Fatal(err)
			}
			sum += 2 * e.Uncertainty
		}
		want := 60*time.Second/time.Duration(k+1) + Delay
		if mean := sum / runs; mean < want-3*time.Second || mean > want+3*time.Second {
			t.Errorf("%d codes: %v wide on average, want about %v", k, mean, want)
		}
	}
}

// typos returns a code with one digit wrong or two neighbours swapped.
func typos(code string) []string {
	all := map[string]bool{}
	for i := range code {
		for d := range 10 {
			all[code[:i]+strconv.Itoa(d)+code[i+1:]] = true
		}
		if i > 0 {
			all[code[:i-1]+string(code[i])+string(code[i-1])+code[i+1:]] = true
		}
	}
	delete(all, code)
	return slices.Sorted(maps.Keys(all))
}

// However a code is mistyped: nothing beyond an hour is believed of one code, and
// hardly anything within.
func TestTypos(t *testing.T) {
	all, taken := 0, 0
	for seed := range uint64(12) {
		o, d := newOther(seed), device{time.Duration(seed) * time.Minute}
		find := o.table()
		truth := noon.Add(time.Duration(seed) * 7 * time.Second)
		next := Reading{Code: o.code(truth.Add(period)), At: d.at(truth.Add(period))}
		for _, typo := range typos(o.code(truth)) {
			all++
			wrong := Reading{Code: typo, At: d.at(truth)}
			e, err := Compare(t.Context(), find, period, []Reading{wrong})
			switch {
			case err == nil && e.Offset.Abs() > time.Hour+20*time.Second:
				t.Errorf("%v ± %v is believed of a mistyped code", e.Offset, e.Uncertainty)
			case err == nil:
				taken++
			case !errors.Is(err, ErrNoMatch) && !errors.Is(err, ErrSecond):
				t.Error(err)
			}
			if _, err := Compare(t.Context(), find, period, []Reading{wrong, next}); !errors.Is(err, ErrNoMatch) {
				t.Errorf("a mistyped code and a right one: %v", err)
			}
		}
	}
	if taken*200 > all { // 241 in a million are expected
		t.Errorf("%d of %d mistyped codes were taken for others", taken, all)
	}
}

// All of the million codes, each as if typed: the odds that Compare promises.
func TestOdds(t *testing.T) {
	o := newOther(11)
	find, at := o.table(), device{}.at(noon)
	taken, second, none := 0, 0, 0
	for n := range 1_000_000 {
		e, err := Compare(t.Context(), find, period, []Reading{{Code: fmt.Sprintf("%06d", n), At: at}})
		switch {
		case err == nil && e.Offset.Abs() <= time.Hour+20*time.Second:
			taken++
		case errors.Is(err, ErrSecond):
			second++
		case errors.Is(err, ErrNoMatch):
			none++
		default:
			t.Fatalf("%v ± %v, %v", e.Offset, e.Uncertainty, err)
		}
	}
	// Few of the steps share a code with another.
	if taken < 200 || taken > 241 || second < 10_000 || taken+second > 11_521 || taken+second+none != 1_000_000 {
		t.Errorf("%d taken, %d need another, %d fit nothing", taken, second, none)
	}
}

// Whatever the texts and the steps that are found: no panic, and an estimate that
// one of the steps gives.
func FuzzCompare(f *testing.F) {
	f.Add("123 456", "654-321", int64(0), int64(1), int64(30), false)
	f.Add("", "FR8RV", int64(-1), int64(1)<<62, int64(86400), true)
	f.Add("１２３４５６", "\xff", int64(1)<<34, int64(-1)<<63, int64(1), true)
	f.Fuzz(func(t *testing.T, a, b string, one, two, seconds int64, flip bool) {
		find := func(_ context.Context, code string, _ time.Time, _ time.Duration) ([]int64, error) {
			if code == a {
				return []int64{one, two}, nil
			}
			return []int64{two}, nil
		}
		p := time.Duration(max(1, min(seconds, 86400))) * time.Second
		readings := []Reading{{a, device{}.at(noon), flip}, {b, device{}.at(noon.Add(p)), false}}
		e, err := Compare(t.Context(), find, p, readings)
		if err == nil && (e.Uncertainty < 0 || e.Kind != clock.Codes) {
			t.Errorf("%+v", e)
		}
		if err != nil && strings.Contains(err.Error(), a) && len(a) > 3 {
			t.Errorf("the error repeats the code: %v", err)
		}
	})
}
