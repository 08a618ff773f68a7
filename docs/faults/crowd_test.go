// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"fmt"
	"os/exec"
	"strings"
)

func (r *trial) two() []finding { return r.crowd(2) }
func (r *trial) ten() []finding { return r.crowd(10) }

// crowd has several processes do the operation at once, each on an account of
// its own where it is about one.
func (r *trial) crowd(n int) []finding {
	r.restore(r.base)
	var cmds []*exec.Cmd
	for i := range n {
		o := r.order()
		o.Number = i
		cmd := r.command(o)
		if err := cmd.Start(); err != nil {
			r.t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	var won []int
	for i, cmd := range cmds {
		err := cmd.Wait()
		if err == nil {
			won = append(won, i)
		} else if !r.op().once {
			r.t.Errorf("%s in %s, process %d of %d: %v, %s", r.name, r.kind, i, n, err, said(cmd))
		}
	}
	if err := r.crowded(won); err != nil {
		r.t.Errorf("%s in %s, %d processes: %v", r.name, r.kind, n, err)
		return []finding{failed}
	}
	if r.op().once {
		return []finding{oneWins}
	}
	return []finding{done}
}

// crowded checks that what every winner did is there, once, and all else as it was.
func (r *trial) crowded(won []int) error {
	s, err := r.look()
	if err != nil {
		return err
	}
	if len(won) == 0 || len(s.lost) > 0 || s.aside > 0 || len(s.notices) > 0 {
		return fmt.Errorf("%d came through; %s", len(won), s.summary())
	}
	live := map[string]int{} // by label
	for _, label := range s.live {
		live[label]++
	}
	for label, count := range live {
		if count > 1 {
			return fmt.Errorf("%s stands %d times", label, count)
		}
	}
	want, removed := size, 1
	switch r.name {
	case "found a vault":
		want, removed = len(won), 0
	case "add":
		want += len(won)
	case "take in a backup":
		want += 30
	case "remove":
		want, removed = want-len(won), removed+len(won)
	case "replace a key":
		removed += len(won)
	}
	if len(s.live) != want || len(s.removed) != removed {
		return fmt.Errorf("%d came through; %s", len(won), s.summary())
	}
	for _, i := range won {
		if err := r.came(s, live, i); err != nil {
			return err
		}
	}
	if r.op().once && !s.same(r.after) {
		return fmt.Errorf("it is not as after one: %s", s.summary())
	}
	_, err = r.goesOn(s, usual(true))
	return err
}

// came checks what the process of a number was to do.
func (r *trial) came(s *view, live map[string]int, i int) error {
	label, text := "", ""
	switch r.name {
	case "found a vault", "add":
		text = sample(100 + i).URI().Reveal()
	case "rename":
		label = fmt.Sprintf("Renamed%02d:ana@example.com", i)
	case "replace a key":
		k := sample(i)
		k.Secret = sample(200 + i).Secret
		text = k.URI().Reveal()
	case "remove":
		if s.removed[sample(i).URI().Reveal()] == "" {
			return fmt.Errorf("process %d removed its account, and it is not removed", i)
		}
	}
	if text != "" && s.live[text] == "" || label != "" && live[label] == 0 {
		return fmt.Errorf("what process %d did is not there: %s", i, strings.TrimSpace(s.summary()))
	}
	return nil
}
