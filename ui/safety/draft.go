// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"crypto/rand"
	"math/big"
	"strings"

	"github.com/kutano/authenticator/vault/snapshot"
)

// draft is a recovery key that is being made. Nothing of it is kept anywhere
// until the user has proved to have it.
type draft struct {
	key    snapshot.Key
	copied bool   // printed or saved
	noted  bool   // the user says to have written it down
	prints bool   // there is a printer
	places [2]int // of the words that are asked for, from 0
}

// safe reports whether the key is somewhere else than on this screen.
func (d *draft) safe() bool { return d.copied || d.noted }

func (d *draft) clear() {
	d.key.Clear()
	*d = draft{}
}

// take hands the key over: from now on whoever took it clears it.
func (d *draft) take() snapshot.Key {
	k := d.key
	*d = draft{}
	return k
}

// check compares two words with the key and returns the places, from 1, of
// those that are not right.
func (d *draft) check(typed [2]string) (wrong []int) {
	all := d.key.Words()
	for i, at := range d.places {
		if at >= len(all) || !sameWord(all[at], typed[i]) {
			wrong = append(wrong, at+1)
		}
	}
	return wrong
}

// telling is how many letters tell the words of the list apart.
const telling = 4

// sameWord is as forgiving as reading a recovery key is: case does not matter,
// and the first four letters are enough.
func sameWord(word, typed string) bool {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if len(word) < telling || len(typed) < telling {
		return word == typed
	}
	return word[:telling] == typed[:telling]
}

// twoPlaces draws two different places below n, in their order.
func twoPlaces(n int) [2]int {
	a, b := below(n), below(n-1)
	if b >= a {
		b++
	}
	return [2]int{min(a, b), max(a, b)}
}

func below(n int) int {
	// The system's source of chance does not fail; see crypto/rand.
	i, _ := rand.Int(rand.Reader, big.NewInt(int64(n)))
	return int(i.Int64())
}
