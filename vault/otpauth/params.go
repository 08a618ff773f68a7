// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import "strings"

// params are the parameters of a key URI. Secret and issuer are as they stand
// there, the others decoded. An absent and an empty parameter are the same.
type params struct {
	value [paramCount]string
	given [paramCount]bool
	extra []Param
}

// The known parameters, as indices.
const (
	paramSecret = iota
	paramIssuer
	paramAlgorithm
	paramDigits
	paramPeriod
	paramCounter
	paramEncoder
	paramCount
)

var paramNames = [paramCount]string{"secret", "issuer", "algorithm", "digits", "period", "counter", "encoder"}

// paramIndex returns which known parameter name is, in any case, or -1.
func paramIndex(name string) int {
	for i, n := range paramNames {
		if equalFold(name, n) {
			return i
		}
	}
	return -1
}

// read takes a query apart. A '#' is not special: people name things C#, and a
// key URI has no fragment. A name may begin with "amp;", as in a URI
// copied from the source of a web page.
func (p *params) read(query string) error {
	for query != "" {
		var part string
		part, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(strings.TrimPrefix(part, "amp;"), "=")
		name, err := decode("parameter", name)
		if err != nil {
			return err
		}
		if strings.TrimSpace(name) == "" {
			continue
		}
		i := paramIndex(strings.TrimSpace(name))
		if i < 0 {
			err = p.keep(name, value)
		} else {
			err = p.set(i, value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *params) set(i int, value string) error {
	var err error
	if i != paramSecret && i != paramIssuer {
		if value, err = decode(paramNames[i], value); err != nil {
			return err
		}
		value = strings.TrimSpace(value)
	}
	switch {
	case p.given[i] && i == paramSecret:
		return refuse(paramNames[i], ErrTwoSecrets, "")
	case p.given[i] && p.value[i] != value:
		return refuse(paramNames[i], ErrDuplicate, "")
	}
	p.value[i], p.given[i] = value, true
	return nil
}

// keep keeps an unknown parameter.
func (p *params) keep(name, value string) error {
	value, err := decodeCopy("parameter", plus(value))
	if err != nil {
		return err
	}
	p.extra = append(p.extra, Param{strings.Clone(name), value})
	return nil
}
