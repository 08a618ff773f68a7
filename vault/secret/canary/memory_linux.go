// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
)

// chunk is how much memory is looked at in one go, and overlap how much of it
// twice, so that nothing is cut in two.
const (
	chunk   = 256 << 10
	overlap = 64
)

// Memory counts, for each secret, the pieces of it in the memory that a process
// can write to. It needs the right to read it: the programs here are closed
// to their own user, so only root has it.
func (m *Marks) Memory(pid int) (map[string]int, error) {
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil, err
	}
	defer func() { _ = maps.Close() }()
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return nil, err
	}
	defer func() { _ = mem.Close() }()
	pages, err := os.Open(fmt.Sprintf("/proc/%d/pagemap", pid))
	if err != nil {
		return nil, err
	}
	defer func() { _ = pages.Close() }()
	count, size := map[string]int{}, int64(0)
	lines := bufio.NewScanner(maps)
	buf := make([]byte, chunk+overlap)
	for lines.Scan() {
		var from, to int64
		var rights string
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &rights); n != 3 || !strings.HasPrefix(rights, "rw-p") {
			continue
		}
		for at := from; at < to; at += chunk {
			if !touched(pages, at, min(to-at, chunk)) {
				continue
			}
			n, err := mem.ReadAt(buf[:min(to-at, chunk+overlap)], at)
			if n == 0 && err != nil {
				break // memory of a device
			}
			size += int64(min(n, chunk))
			m.scan(buf[:n], func(p, place int) {
				if place < chunk {
					count[m.patterns[p].mark]++
				}
			})
		}
	}
	if size == 0 {
		return nil, errors.New("no memory could be read")
	}
	return count, lines.Err()
}

// touched tells whether any page there has ever been used: much of what a Go
// program has reserved was not.
func touched(pages *os.File, at, size int64) bool {
	page := int64(os.Getpagesize())
	flags := make([]byte, (size+page-1)/page*8)
	n, _ := pages.ReadAt(flags, at/page*8)
	for i := 7; i < n; i += 8 {
		if flags[i]&0xC0 != 0 { // present, or swapped out
			return true
		}
	}
	return false
}
