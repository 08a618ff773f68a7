// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import "errors"

// What is wrong with a key, for errors.Is. An [*Error] wraps one of them.
var (
	ErrNotKeyURI  = errors.New("not a key URI")
	ErrTooLong    = errors.New("too long")
	ErrEncoding   = errors.New("not properly encoded")
	ErrControl    = errors.New("holds a control character")
	ErrType       = errors.New("this type of one-time password is not supported")
	ErrNoSecret   = errors.New("there is no secret")
	ErrBadSecret  = errors.New("the secret is not base32")
	ErrTwoSecrets = errors.New("there are two secrets")
	ErrAlgorithm  = errors.New("the algorithm is none of SHA1, SHA256 and SHA512")
	ErrDigits     = errors.New("the number of digits is not between 4 and 10")
	ErrPeriod     = errors.New("the period is not between 1 and 86400 seconds")
	ErrCounter    = errors.New("the counter is missing or not a whole number")
	ErrDuplicate  = errors.New("a parameter is given twice with different values")
	ErrParameter  = errors.New("an extra parameter cannot be written")
	ErrMigration  = errors.New("not a readable Google Authenticator export")
	ErrClock      = errors.New("the clock shows a time for which there are no codes")
	ErrCode       = errors.New("the code is longer or shorter than this account's codes, or has signs that they never have")
	ErrNotTime    = errors.New("this account's codes do not go by the time")
	ErrSpan       = errors.New("too many time steps to look through, or none")
)

// Error says what is wrong with a key and where. Its text holds no secret and
// nothing of the values that were read.
type Error struct {
	Field  string // the parameter or part in question, "" for the whole
	Err    error  // one of the sentinels of this package
	detail string // more for a person, fixed text and numbers only
}

// Error returns the reason in lower case, as in "digits: the number of digits …".
func (e *Error) Error() string {
	s := e.Err.Error()
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.detail != "" {
		s += ": " + e.detail
	}
	return s
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Err }

func refuse(field string, err error, detail string) *Error { return &Error{field, err, detail} }
