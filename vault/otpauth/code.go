// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"encoding/base32"
	"fmt"
	"math"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/kutano/authenticator/vault/secret"
)

// Code returns the code at a time; for HOTP the code of k.Counter, whatever the
// time. Before 1970 there are no codes: ErrClock. A key that is not valid gives
// the error of [Key.Validate].
func (k Key) Code(at time.Time) (Code, error) {
	if err := k.validateNumbers(); err != nil {
		return Code{}, err
	}
	if k.Type == HOTP {
		value, err := k.generate(k.Counter)
		return Code{Value: value, Counter: k.Counter}, err
	}
	now, period := at.Unix(), int64(k.Period)
	if now < 0 || now > math.MaxInt64-MaxPeriod {
		return Code{}, refuse("", ErrClock, "")
	}
	step := now / period
	value, err := k.generate(uint64(step))
	return Code{
		Value:   value,
		From:    time.Unix(step*period, 0),
		Until:   time.Unix((step+1)*period, 0),
		Counter: uint64(step),
	}, err
}

// generate hands the library nothing but validated options: with others it
// panics, hangs or gives a code of no value. What it makes of the key on the
// way is erased in builds that can.
func (k Key) generate(counter uint64) (value string, err error) {
	opts := hotp.ValidateOpts{Digits: otp.Digits(k.Digits), Algorithm: k.Algorithm.hash()}
	if k.Type == Steam {
		opts.Encoder = otp.EncoderSteam
	}
	secret.Do(func() {
		var buf [128]byte // enough for usual keys; written padded, so that the library makes no copies
		text := base32.StdEncoding.AppendEncode(buf[:0], k.Secret.Bytes())
		defer clear(text)
		value, err = hotp.GenerateCodeCustom(string(text), counter, opts)
	})
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return value, nil
}

func (a Algorithm) hash() otp.Algorithm {
	switch a {
	case SHA256:
		return otp.AlgorithmSHA256
	case SHA512:
		return otp.AlgorithmSHA512
	}
	return otp.AlgorithmSHA1
}
