// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

package exchange

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// many are accounts of which every target has a place for each.
func many(n int) []foreign.Entry {
	all := make([]foreign.Entry, n)
	for i := range all {
		all[i] = foreign.Fields{
			Issuer: fmt.Sprintf("Shop %d", i/3), Name: fmt.Sprintf("user%d@example.com", i), Raw: fmt.Appendf(nil, "key %016d", i),
		}.Entry()
		all[i].Note = fmt.Sprint("note ", i)
	}
	return all
}

// filesOf writes accounts in every format that is one file and may be plain.
func filesOf(t testing.TB, n int) map[string]*foreign.Source {
	t.Helper()
	files := map[string]*foreign.Source{}
	for _, target := range Targets() {
		if target.Locking == foreign.AlwaysLocked || target.Several {
			continue
		}
		w, err := Write(t.Context(), target.ID, many(n), secret.Value{})
		if err != nil || w.In != n {
			t.Fatalf("%s: %d of %d, %v", target.ID, w.In, n, err)
		}
		files[target.ID] = foreign.NewSource("", w.Files[0].Data)
	}
	return files
}

// TestMany reads 100,000 accounts of every plain format, of which none may be
// missing, in at most 300 MiB beyond the file itself.
func TestMany(t *testing.T) {
	const n = 100_000
	for name, s := range filesOf(t, n) {
		t.Run(name, func(t *testing.T) {
			var r Result
			peak := peakOf(func() {
				var err error
				if r, err = Read(t.Context(), []*foreign.Source{s}, never, nil); err != nil || r.Files[0].Err != nil {
					t.Fatal(err, r.Files)
				}
			})
			if len(r.Entries) != n || r.Entries[n-1].Key.Account != many(n)[n-1].Key.Account {
				t.Errorf("%d accounts", len(r.Entries))
			}
			t.Logf("%.1f MiB of file, %d MiB of memory", float64(len(s.Data))/(1<<20), peak>>20)
			if peak > 300<<20 {
				t.Errorf("%d MiB of memory", peak>>20)
			}
		})
	}
}

// TestHugeKey reads a key that is nearly all of its file: it is refused, and takes
// up no multiple of its size.
func TestHugeKey(t *testing.T) {
	const size = 4 << 20
	s := foreign.NewSource("", []byte(`{"tokenOrder":[],"tokens":[{"label":"ann","secret":[1`+strings.Repeat(",1", size/2)+`]}]}`))
	var r Result
	peak := peakOf(func() {
		var err error
		if r, err = Read(t.Context(), []*foreign.Source{s}, never, nil); err != nil || len(r.Entries) != 1 || r.Entries[0].Err == nil {
			t.Fatal(err, r.Files, len(r.Entries))
		}
	})
	if peak > 8*size {
		t.Errorf("%d MiB of memory", peak>>20)
	}
}

// never is for files that need no password.
func never(context.Context, Question) (secret.Value, error) {
	return secret.Value{}, fmt.Errorf("a password was asked for")
}

// peakOf returns how many bytes of the heap do takes at its most, roughly.
func peakOf(do func()) uint64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapInuse, m.HeapInuse
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	})
	do()
	close(done)
	watching.Wait()
	return most - before
}

// BenchmarkRead is 10,000 accounts of each plain format, to entries.
func BenchmarkRead(b *testing.B) {
	for name, s := range filesOf(b, 10_000) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := Read(b.Context(), []*foreign.Source{foreign.NewSource("", s.Data)}, never, nil)
				if err != nil || len(r.Entries) != 10_000 {
					b.Fatal(err, len(r.Entries))
				}
			}
			b.SetBytes(int64(len(s.Data)))
		})
	}
}
