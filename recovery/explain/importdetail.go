// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"errors"
	"strconv"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// detailed returns the first sentence of those errors that bring a figure or a
// name, or "".
func detailed(err error) string {
	var cost *foreign.CostError
	var version *foreign.VersionError
	var kind *foreign.TypeError
	var place *foreign.PlaceError
	switch {
	case errors.As(err, &place):
		return placeless(place)
	case errors.As(err, &cost):
		return costly(cost)
	case errors.As(err, &version):
		return ofVersion(version)
	case errors.As(err, &kind) && kind.Name() != "":
		return words.T("{type} codes are not supported here.", "type", typeName(kind.Name()))
	}
	return shareDetail(err)
}

func costly(e *foreign.CostError) string {
	if e.Of == foreign.Memory {
		return words.T("It asks for {asked} of memory to open; at most {most} is allowed here.", "asked", amount(e.Asked), "most", amount(e.Max))
	}
	return words.T("It asks for {asked} rounds of computing to open; at most {most} are allowed here.", "asked", count(e.Asked), "most", count(e.Max))
}

func ofVersion(e *foreign.VersionError) string {
	if errors.Is(e, foreign.ErrOlder) {
		return words.T("It is of version {version}, an old one that is not read here.", "version", e.Version)
	}
	return words.T("It is of version {version}, which is newer than what is known here.", "version", e.Version)
}

// typeName writes a kind of code as its users know it.
func typeName(name string) string {
	switch strings.ToLower(strings.Trim(name, "-_")) {
	case "motp", "mobile-otp", "mobileotp":
		return "mOTP"
	case "yaotp", "yandex":
		return "Yandex"
	case "ocra":
		return "OCRA"
	case "battle", "battlenet", "blizzard":
		return "Battle.net"
	}
	return name
}

// amount writes an amount of memory in the largest unit that makes it 1 or more,
// rounded up to one decimal: what is over a limit never looks as if it were not.
func amount(n uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	unit, size := 0, uint64(1)
	for unit < len(units)-1 && n/size >= 1024 {
		unit, size = unit+1, size<<10
	}
	tenths := n / size * 10
	if rest := n % size; rest > 0 {
		tenths += (rest-1)/(size/10+1) + 1
	}
	text := strconv.FormatUint(tenths/10, 10)
	if tenths%10 != 0 {
		text += "." + strconv.FormatUint(tenths%10, 10)
	}
	return text + " " + units[unit]
}

// count writes a large number with its digits in groups of three, set apart by
// a narrow blank that does not break, which every language reads.
func count(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}
