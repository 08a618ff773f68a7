// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"errors"
	"fmt"
	"strings"
)

// What Decode and Encode return. The errors with more to say wrap these.
var (
	// ErrEmpty: there is no word in it.
	ErrEmpty = errors.New("no words")
	// ErrTooLong: the text is longer than a phrase can be.
	ErrTooLong = errors.New("the text is too long")
	// ErrMissing: there are fewer than six words; see [CountError].
	ErrMissing = errors.New("words are missing")
	// ErrTooMany: there are more than six; see [CountError].
	ErrTooMany = errors.New("too many words")
	// ErrUnknown: words are on no list; see [WordsError].
	ErrUnknown = errors.New("not on the list of words")
	// ErrCheck: the check word does not go with the others; see [CheckError].
	ErrCheck = errors.New("the check word does not fit")
	// ErrAmbiguous: the words make sense in several languages; see [AmbiguousError].
	ErrAmbiguous = errors.New("right in several languages")
	// ErrOlder: an app made it that is older than this one can read.
	ErrOlder = errors.New("made by an older version")
	// ErrNewer: an app made it that is newer than this one, and says what this one does not know.
	ErrNewer = errors.New("made by a newer version")
	// ErrRange: the format cannot say this standing.
	ErrRange = errors.New("a value is out of range")
)

// CountError says how many words there are in place of six.
type CountError struct{ Have int }

// Error says the number.
func (e *CountError) Error() string { return fmt.Sprintf("%v: %d of %d", e.Unwrap(), e.Have, Length) }

// Unwrap returns [ErrMissing] or [ErrTooMany].
func (e *CountError) Unwrap() error {
	if e.Have < Length {
		return ErrMissing
	}
	return ErrTooMany
}

// Unknown is a word that is on no list, or a group of digits that is no place in one.
type Unknown struct {
	Place int    // from 1
	Typed string // as it was typed, in small letters; it may be anything
	Near  []string
	// Fits is the one of those that sound like it with which all the others go
	// together, or empty. Where it is there it is the first of Near.
	Fits string
}

// WordsError names the words that are on no list, in the language in which the
// others are. Its text has the places and no word.
type WordsError struct {
	Lang  string
	Words []Unknown
}

// Error names the places.
func (e *WordsError) Error() string {
	var places []string
	for _, w := range e.Words {
		places = append(places, fmt.Sprint(w.Place))
	}
	return fmt.Sprintf("word %s: %v", strings.Join(places, ", "), ErrUnknown)
}

// Unwrap returns [ErrUnknown].
func (e *WordsError) Unwrap() error { return ErrUnknown }

// CheckError says that all words are on the list and do not go together: one was
// misheard, or two changed places.
type CheckError struct {
	Lang string // empty where all are digits
	// Suggest is the one way to make it fit by a word that sounds like the typed one,
	// or by changing two neighbours; nil where there is none or more than one. It is
	// to be asked, never to be taken.
	Suggest *Suggestion
}

// Suggestion is what to ask for: whether the word at Place was this one, or whether
// the words at Place and With changed places.
type Suggestion struct {
	Place int // from 1
	With  int // 0, or the place after Place
	Word  string
}

// Error says nothing of the words.
func (e *CheckError) Error() string { return ErrCheck.Error() }

// Unwrap returns [ErrCheck].
func (e *CheckError) Unwrap() error { return ErrCheck }

// AmbiguousError names the languages in which the words make sense, and differ.
type AmbiguousError struct{ Langs []string }

// Error names the languages.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%v: %s", ErrAmbiguous, strings.Join(e.Langs, ", "))
}

// Unwrap returns [ErrAmbiguous].
func (e *AmbiguousError) Unwrap() error { return ErrAmbiguous }
