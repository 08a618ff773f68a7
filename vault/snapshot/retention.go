// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import "github.com/kutano/authenticator/vault/atomicfile"

// What is kept of each era.
const (
	keepNewest = 10
	keepMonths = 12
)

// nextEra returns the era of a snapshot with that meta, after the others, the
// newest first. A new one begins where more keys are lost than before, or where
// the vault went back to an older state: what was made before that is what
// somebody may need, and is not pruned for what comes after.
func nextEra(infos []Info, m Meta) int {
	for _, last := range infos {
		if last.Era == 0 {
			continue
		}
		if m.Generation < last.Generation || m.Lost > last.Lost {
			return highest(infos) + 1
		}
		return last.Era
	}
	return 1
}

func highest(infos []Info) int {
	top := 0
	for _, i := range infos {
		top = max(top, i.Era)
	}
	return top
}

// surplus returns the snapshots that need not be kept: in each era all but the
// newest ten and the newest of each of its last twelve months. The infos are in
// order, the newest first.
func surplus(infos []Info) []Info {
	type era struct {
		count  int
		months map[string]bool
	}
	eras := map[int]*era{}
	var out []Info
	for _, i := range infos {
		if i.Era == 0 {
			continue // nobody knows what came after it
		}
		e := eras[i.Era]
		if e == nil {
			e = &era{months: map[string]bool{}}
			eras[i.Era] = e
		}
		month := i.Made.UTC().Format("2006-01")
		monthly := !e.months[month] && len(e.months) < keepMonths
		if monthly {
			e.months[month] = true
		}
		if e.count++; e.count > keepNewest && !monthly {
			out = append(out, i)
		}
	}
	return out
}

// prune removes the surplus. What cannot be removed stays on the list and is
// tried again with the next snapshot.
func (f *Folder) prune(infos []Info) {
	for _, i := range surplus(infos) {
		if _, ours := named(i.Name); ours {
			_ = atomicfile.Remove(f.path(i.Name))
		}
	}
}
