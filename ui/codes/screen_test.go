// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }

// newTestScreen shows accounts in a window of the size of a laptop's.
func newTestScreen(tb testing.TB, as []vault.Account) (*Screen, fyne.Window) {
	tb.Helper()
	test.NewTempApp(tb)
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(kit.ModeLight, 100))
	m := NewModel(&fakeSource{}, nil)
	tb.Cleanup(m.Close)
	m.SetAccounts(as)
	var w fyne.Window
	toast := kit.NewToast()
	s := New(Around{
		Model: m, Clock: fixed(at(31)), Keeper: func() Keeper { return nil },
		Canvas: func() fyne.Canvas { return w.Canvas() }, Toast: func() *kit.Toast { return toast },
		Copy: func(string) {}, Add: func() {}, Reload: func() {}, Fail: func(error) {},
		Clear: func() time.Duration { return 0 },
	})
	w = test.NewTempWindow(tb, s.Object())
	w.Resize(fyne.NewSize(900, 700))
	m.Settle()
	s.Refresh()
	return s, w
}

// rows returns the views of the rows in view.
func rows(s *Screen) (views []*rowView) {
	for _, o := range test.LaidOutObjects(s.Object()) {
		if v, ok := o.(*rowView); ok && v.drawn {
			views = append(views, v)
		}
	}
	return views
}

func TestNarrowRowsStandInTwoLines(t *testing.T) {
	s, w := newTestScreen(t, many(3))
	v := rows(s)[0]
	if v.code.Position().Y > v.name.Position().Y {
		t.Error("wide: the code stands under the name")
	}
	w.Resize(fyne.NewSize(360, 640))
	s.Tick(at(32))
	v = rows(s)[0]
	if v.code.Position().Y < v.name.Position().Y+v.name.Size().Height/2 {
		t.Error("narrow: the code does not stand under the name")
	}
	for _, o := range []fyne.CanvasObject{v.code, v.ring, v.more, v.title} {
		if right := o.Position().X + o.Size().Width; right > v.Size().Width {
			t.Errorf("%T ends at %v of %v", o, right, v.Size().Width)
		}
	}
}

func TestOnlyRowsInViewAreDrawn(t *testing.T) {
	s, _ := newTestScreen(t, many(10_000))
	if n := len(rows(s)); n == 0 || n > 20 {
		t.Errorf("%d rows drawn", n)
	}
}

func TestMenuEndsOfTheList(t *testing.T) {
	s, _ := newTestScreen(t, many(2))
	for i, want := range []struct{ up, down bool }{{true, false}, {false, true}} {
		a, _ := s.Model.Account(i)
		for _, item := range s.Menu(a).Items {
			switch item.Label {
			case "Move up":
				if item.Disabled != want.up {
					t.Errorf("row %d: up disabled %v", i, item.Disabled)
				}
			case "Move down":
				if item.Disabled != want.down {
					t.Errorf("row %d: down disabled %v", i, item.Disabled)
				}
			}
		}
	}
}

func TestRightClickOpensTheMenu(t *testing.T) {
	s, w := newTestScreen(t, many(2))
	test.TapSecondary(rows(s)[1])
	if w.Canvas().Overlays().Top() == nil {
		t.Error("no menu")
	}
	if a, _ := s.Model.Account(1); s.Selected() != a.ID {
		t.Error("the row is not marked")
	}
}

func TestSplitTags(t *testing.T) {
	for text, want := range map[string]int{"": 0, " , ": 0, "a": 1, "a, A ,b": 2} {
		if got := splitTags(text); len(got) != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// BenchmarkTick10000 is one tick of the whole screen, without painting.
func BenchmarkTick10000(b *testing.B) {
	s, _ := newTestScreen(b, many(10_000))
	sec := int64(31)
	b.ReportAllocs()
	for b.Loop() {
		if sec++; sec == 50 {
			sec = 31
		}
		s.Tick(at(sec))
	}
}

// BenchmarkKeystroke10000 is one letter of a search with everything that it
// draws anew.
func BenchmarkKeystroke10000(b *testing.B) {
	s, _ := newTestScreen(b, many(10_000))
	queries := []string{"user99", "user998", "user9", ""}
	i := 0
	for b.Loop() {
		s.searched(queries[i%len(queries)])
		i++
	}
	s.Model.Settle()
}
