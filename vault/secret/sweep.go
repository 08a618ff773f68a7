// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Sweep overwrites memory that nothing uses any more and gives it back to the
// system: with it goes what libraries copied of secrets that have been cleared,
// and texts that are no longer shown. Strings that are still in use stay, and
// what the collector cannot know is over.
//
// Go's collector alone leaves such memory as it is until something else needs
// it. So Sweep has it collected, and then asks for memory of every size that Go
// keeps apart until there is no used one left: what is handed out is cleared.
// It takes some twenty milliseconds of one core.
func Sweep() {
	var stats runtime.MemStats
	// Where the goroutine is moved to another processor in between, the one before
	// keeps a piece of memory to itself that is never handed out here. Collecting
	// takes that back, so it is done twice.
	for range 2 {
		runtime.GC()
		runtime.ReadMemStats(&stats)
		for _, class := range stats.BySize {
			if class.Size > 0 {
				overwrite(int(class.Size))
			}
		}
	}
	debug.FreeOSMemory()
}

const (
	batch = 64 << 10 // bytes to ask for at once
	most  = 16 << 20 // of one size: other goroutines go on using memory meanwhile
)

// overwrite asks for blocks of a size until they come from fresh memory.
func overwrite(size int) {
	n := max(batch/size, 1)
	kept := make([][]byte, 0, n)
	for total := 0; total < most; total += n * size {
		before := inUse()
		for range n {
			kept = append(kept, make([]byte, size))
		}
		if inUse()-before >= uint64(n*size) {
			break
		}
	}
	runtime.KeepAlive(kept)
}

// inUse is the size of the blocks in use and of the used ones between them.
func inUse() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() + s[1].Value.Uint64()
}
