// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// steered: Boot runs as the hardware does.
const steered = false

// Now reads the clocks of the system.
func Now() Times {
	return Times{Wall: time.Now(), Boot: windows.DurationSinceBoot(), BootID: bootID()}
}

// bootID is the number of the system's start, which it counts itself.
var bootID = sync.OnceValue(func() string {
	const path = `SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return ownID()
	}
	defer func() { _ = k.Close() }()
	n, _, err := k.GetIntegerValue("BootId")
	if err != nil {
		return ownID()
	}
	return strconv.FormatUint(n, 10)
})
