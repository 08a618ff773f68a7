// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import (
	"context"

	"golang.org/x/sys/windows/registry"
)

// look reads the settings from the registry. Whether the clock is kept right
// only an administrator's programs are told.
func look(context.Context) Hint {
	return Hint{
		Automatic:     automatic(keyText(policy, "Type"), keyText(services+`W32Time\Parameters`, "Type"), keyNumber(services+"W32Time", "Start")),
		ZoneAutomatic: started(keyNumber(services+"tzautoupdate", "Start")),
		Zone:          keyText(`SYSTEM\CurrentControlSet\Control\TimeZoneInformation`, "TimeZoneKeyName"),
	}
}

const (
	policy   = `SOFTWARE\Policies\Microsoft\W32Time\Parameters` // what an organisation has set
	services = `SYSTEM\CurrentControlSet\Services\`
)

// keyText returns "" for what is not there.
func keyText(path, name string) string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer func() { _ = k.Close() }()
	s, _, err := k.GetStringValue(name)
	if err != nil {
		return ""
	}
	return s
}

// keyNumber returns none for what is not there.
func keyNumber(path, name string) uint64 {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return none
	}
	defer func() { _ = k.Close() }()
	n, _, err := k.GetIntegerValue(name)
	if err != nil {
		return none
	}
	return n
}
