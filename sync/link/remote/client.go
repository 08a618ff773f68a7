// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package remote asks a two-factor service that the user linked: it reads the
// status, sets a method up where the user allowed that separately, and works at the
// service's desk where an agent allowed that.
//
// It is a public client of OAuth 2 (RFC 8252): by the system's browser with PKCE
// and a loopback redirect, or by a code typed in a browser on any machine (RFC
// 8628). [Client.Discover] finds a service (RFC 8414), which asks the user for a
// permission; a [Home] keeps that for one data folder, uses it, and notices what
// changed elsewhere. What is sent and read is described in server/api/openapi.yaml.
//
// Nothing here may be called before the user asked for it: linking is asking. An
// answer is never trusted further than its form: it is bounded, and what does not
// fit is [link.ErrStrange]. Redirections are not followed, nothing goes to another
// host than the one that was named, and no proxy is asked about this machine.
package remote

import (
	"context"
	"crypto/x509"
	"net/http"
	"sync"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// Client asks services. The zero Client is not usable: Clock is required.
type Client struct {
	Clock clock.Clock
	// Roots are whom to believe; nil for those of the system.
	Roots *x509.CertPool
	// Wait waits for d, or until ctx ends and then returns its error; nil for the real time.
	Wait func(ctx context.Context, d time.Duration) error
	// Via stands between the requests and the network; nil for nothing. Tests watch and break requests with it.
	Via func(http.RoundTripper) http.RoundTripper

	once sync.Once
	wire http.RoundTripper
}
