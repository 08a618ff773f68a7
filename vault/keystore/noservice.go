// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !((dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd)

package keystore

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// bulk is the most that an item may hold.
const bulk = MaxItem

// errNoCollection never occurs here.
var errNoCollection = fmt.Errorf("%w: no collection", ErrNoService)

// glance sees nothing: there is no quicker way than go-keyring's here.
func glance(string) (secret.Value, error) { return secret.Value{}, errUnsure }

// Prepare does nothing: there is no connection here.
func Prepare() {}

// ready returns nil: macOS and Windows tell nothing without a call.
func ready() error { return nil }

// unlock does nothing: the system itself asks during a call.
func unlock(context.Context, time.Duration) error { return nil }

func serviceClass(error) error { return ErrNoService }

func interrupted(error) bool { return false }
