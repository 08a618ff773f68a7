// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"fmt"

	"github.com/kutano/authenticator/vault/secret"
)

// maxName is the longest item name, in bytes, with the space's suffix.
const maxName = 40

// checkName holds the rule that keeps a name harmless on every system: on
// macOS a newline in it would start a second command, on Windows a colon
// would end the service's name.
func checkName(name string) error {
	if name == "" || len(name) > maxName {
		return fmt.Errorf("%w: name of %d characters, not 1 to %d", ErrInvalid, len(name), maxName)
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return fmt.Errorf("%w: name with character %#U", ErrInvalid, rune(c))
		}
	}
	return nil
}

// checkValue refuses what has more bytes than most, and what some system's keyring
// would change.
func checkValue(name string, v secret.Value, most int) error {
	if v.Len() > most {
		return fmt.Errorf("%w: %s has %d bytes, more than %d", ErrTooLarge, name, v.Len(), most)
	}
	if v.Len() == 0 {
		return fmt.Errorf("%w: %s is empty", ErrInvalid, name)
	}
	for _, c := range v.Bytes() {
		if (c < ' ' || c > '~') && c != '\n' {
			return fmt.Errorf("%w: %s is not lines of printable ASCII", ErrInvalid, name)
		}
	}
	return nil
}
